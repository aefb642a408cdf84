//! Which edges do sources and reviewers name?

use rustc_hash::FxHashMap;

use crate::ident::RecordKey;
use crate::resolve::entities::Resolved;
use crate::resolve::entities::decisions::{DecidedRelation, Decisions};
use crate::resolve::evidence::staff::Staff;
use crate::resolve::extract::record::Field;
use crate::resolve::graph::HierarchyEdge;
use crate::resolve::normalise;

/// An edge between two entities by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The lower one.
    pub child: u32,
    /// The upper one.
    pub parent: u32,
    /// How sure: 0 a decision, 1 a source's own column, 2 read from names.
    pub rank: u8,
    /// `child_of`, `bills_for`, `successor_of`.
    pub relation: &'static str,
    /// What says so.
    pub basis: String,
}

impl Edge {
    /// The edge with the stable names of its ends.
    #[must_use]
    pub fn named(&self, accounts: &Resolved<'_>) -> HierarchyEdge {
        HierarchyEdge {
            child: accounts.ids[self.child as usize].clone(),
            parent: accounts.ids[self.parent as usize].clone(),
            relation: self.relation.to_owned(),
            basis: self.basis.clone(),
        }
    }
}

/// The edges of parent columns: of living records, for an entity whose records are all dead of those.
pub fn of_columns(accounts: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let extract = &accounts.extract;
    for (position, record) in extract.records.iter().enumerate() {
        let position = position as u32;
        let child = accounts.entity(position);
        let dead = |record: u32| extract.records[record as usize].deleted || accounts.is_redirected(record);
        if dead(position) && accounts.records(child).iter().any(|other| !dead(*other)) {
            continue;
        }
        let table = extract.table(position);
        for cell in record.cells.iter().filter(|cell| cell.field == Field::ParentId) {
            let Some(found) = extract.directory.find(&table.source.id, &cell.value) else { continue };
            let parent = accounts.entity(found);
            if parent == child {
                continue;
            }
            let column = table.entry.columns.get(usize::from(cell.column)).map_or("", |column| column.name.as_str());
            let basis = format!("{}.{}.{column}", table.source.id, table.entry.name.table);
            edges.push(Edge { child, parent, rank: 1, relation: "child_of", basis });
        }
    }
}

/// The edges of reviewers.
pub fn of_decisions(accounts: &Resolved<'_>, decisions: &Decisions, edges: &mut Vec<Edge>) {
    let lists: [(&[DecidedRelation], &'static str, bool); 3] = [
        (&decisions.child_of, "child_of", true),
        // The payer stands above the one it pays for.
        (&decisions.bills_for, "bills_for", false),
        (&decisions.successor_of, "successor_of", true),
    ];
    if lists.iter().all(|(list, _, _)| list.is_empty()) {
        return;
    }
    let mut positions: FxHashMap<RecordKey, u32> = FxHashMap::default();
    for record in 0..accounts.extract.records.len() as u32 {
        positions.insert(accounts.extract.key(record), record);
    }
    for (list, relation, subject_is_child) in lists {
        for decided in list {
            let (Some(subject), Some(object)) = (positions.get(&decided.subject), positions.get(&decided.object))
            else {
                continue;
            };
            let (subject, object) = (accounts.entity(*subject), accounts.entity(*object));
            if subject == object {
                continue;
            }
            let (child, parent) = if subject_is_child { (subject, object) } else { (object, subject) };
            edges.push(Edge { child, parent, rank: 0, relation, basis: format!("decision by {}", decided.reviewer) });
        }
    }
}

/// Sales regions that stand alone: `Acme - EMEA` under `Acme` where both share the name, a domain and a source, and are
/// still two entities.
pub fn of_regions(accounts: &Resolved<'_>, staff: &Staff, edges: &mut Vec<Edge>) {
    let extract = &accounts.extract;
    // By name without region and domain: the units with and without a region.
    let mut found: FxHashMap<(String, String), (Vec<u32>, Vec<u32>)> = FxHashMap::default();
    for unit in 0..accounts.units.len() as u32 {
        let survivor = accounts.units.survivor(unit);
        let record = &extract.records[survivor as usize];
        let Some(name) = record.first(Field::Name).filter(|_| !record.deleted) else { continue };
        let name = normalise::company_name(name);
        let key = name.text();
        for domain in staff.telling_domains(unit, std::slice::from_ref(&key)) {
            let slot = found.entry((key.clone(), domain.to_owned())).or_default();
            if name.region.is_some() { slot.1.push(unit) } else { slot.0.push(unit) }
        }
    }
    for (whole, regions) in found.into_values() {
        for region in regions {
            let family = extract.table(accounts.units.survivor(region)).family;
            let child = accounts.settled.entity_of[region as usize];
            let above = whole
                .iter()
                .filter(|unit| extract.table(accounts.units.survivor(**unit)).family == family)
                .map(|unit| accounts.settled.entity_of[*unit as usize])
                .filter(|parent| *parent != child)
                .min();
            if let Some(parent) = above {
                let basis = "region in the name".to_owned();
                edges.push(Edge { child, parent, rank: 2, relation: "child_of", basis });
            }
        }
    }
}
