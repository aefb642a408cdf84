//! Which entity does a source row belong to, and how are entities numbered here?
//!
//! Entities are numbered in the order of their ids, so that everything built from them has one order.

use rustc_hash::FxHashMap;

use super::source_rows::TableRows;
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::resolve::graph::{Entity, EntityGraph, Link, Relation};

/// A numbered entity: its place in [`GraphIndex::accounts`] or [`GraphIndex::people`].
pub type EntityNumber = u32;

type ByKey<'graph> = FxHashMap<&'graph str, EntityNumber>;
type ByTable<'graph> = FxHashMap<&'graph str, FxHashMap<&'graph str, ByKey<'graph>>>;

/// Look-ups into an [`EntityGraph`].
pub struct GraphIndex<'graph> {
    /// The accounts, by id.
    pub accounts: Vec<&'graph Entity>,
    /// The people, by id.
    pub people: Vec<&'graph Entity>,
    account_numbers: FxHashMap<&'graph str, EntityNumber>,
    account_links: ByTable<'graph>,
    person_links: ByTable<'graph>,
    relations: FxHashMap<&'graph str, ByTable<'graph>>,
    /// The account above each account.
    pub parents: Vec<Option<EntityNumber>>,
    /// The account that pays for each account.
    pub payers: Vec<Option<EntityNumber>>,
    /// How many accounts stand directly below each account.
    pub children: Vec<u32>,
    /// What says so, for [`GraphIndex::parents`].
    pub bases: Vec<Option<&'graph str>>,
}

impl<'graph> GraphIndex<'graph> {
    /// Numbers the entities and indexes links, relations and the hierarchy.
    #[must_use]
    pub fn new(graph: &'graph EntityGraph) -> Self {
        let of_kind = |kind: EntityKind| {
            let mut entities: Vec<&Entity> = graph.entities.iter().filter(|entity| entity.kind == kind).collect();
            entities.sort_by(|one, other| one.id.cmp(&other.id));
            entities.dedup_by(|one, other| one.id == other.id);
            entities
        };
        let accounts = of_kind(EntityKind::Account);
        let people = of_kind(EntityKind::Person);
        let account_numbers = numbers(&accounts);
        let person_numbers = numbers(&people);
        let links = |kind: EntityKind, numbers: &FxHashMap<&str, EntityNumber>| {
            let mut index: ByTable<'graph> = FxHashMap::default();
            for link in graph.links.iter().filter(|link: &&Link| link.kind == kind) {
                if let Some(number) = numbers.get(link.entity.as_str()) {
                    insert(&mut index, &link.record, *number);
                }
            }
            index
        };
        let account_links = links(EntityKind::Account, &account_numbers);
        let person_links = links(EntityKind::Person, &person_numbers);
        let mut relations: FxHashMap<&str, ByTable<'graph>> = FxHashMap::default();
        for relation in &graph.relations {
            let relation: &'graph Relation = relation;
            let numbers = if relation.relation == "ticket_of_person" { &person_numbers } else { &account_numbers };
            if let Some(number) = numbers.get(relation.entity.as_str()) {
                insert(relations.entry(relation.relation.as_str()).or_default(), &relation.record, *number);
            }
        }
        let mut index = Self {
            parents: vec![None; accounts.len()],
            payers: vec![None; accounts.len()],
            bases: vec![None; accounts.len()],
            children: vec![0; accounts.len()],
            accounts,
            people,
            account_numbers,
            account_links,
            person_links,
            relations,
        };
        index.place(graph);
        index
    }

    fn place(&mut self, graph: &'graph EntityGraph) {
        for edge in &graph.hierarchy {
            let (Some(child), Some(parent)) = (self.account(&edge.child), self.account(&edge.parent)) else { continue };
            if child == parent {
                continue;
            }
            let slot = child as usize;
            match edge.relation.as_str() {
                "child_of" if self.parents[slot].is_none() => {
                    self.parents[slot] = Some(parent);
                    self.children[parent as usize] += 1;
                    self.bases[slot] = Some(&edge.basis);
                }
                "bills_for" if self.payers[slot].is_none() => self.payers[slot] = Some(parent),
                _ => {}
            }
        }
    }

    /// The number of an account.
    #[must_use]
    pub fn account(&self, id: &EntityId) -> Option<EntityNumber> {
        self.account_numbers.get(id.as_str()).copied()
    }

    /// The account above all others above this one; itself when it stands alone. A circle ends where it began.
    #[must_use]
    pub fn ultimate(&self, account: EntityNumber) -> EntityNumber {
        let mut seen = vec![account];
        let mut current = account;
        while let Some(parent) = self.parents[current as usize] {
            if seen.contains(&parent) {
                return seen.iter().copied().min().unwrap_or(account);
            }
            seen.push(parent);
            current = parent;
        }
        current
    }

    /// How many accounts stand above this one; in a circle every other one does.
    #[must_use]
    pub fn level(&self, account: EntityNumber) -> u32 {
        let mut seen = vec![account];
        let mut current = account;
        while let Some(parent) = self.parents[current as usize].filter(|parent| !seen.contains(parent)) {
            seen.push(parent);
            current = parent;
        }
        seen.len() as u32 - 1
    }

    /// The account that each row of a table is.
    #[must_use]
    pub fn account_rows(&self, rows: &TableRows<'_>) -> RowEntities {
        RowEntities::new(rows, table_of(&self.account_links, rows))
    }

    /// The account that one row of a table is.
    #[must_use]
    pub fn account_rows_of(&self, rows: &TableRows<'_>, row: u32) -> Option<EntityNumber> {
        table_of(&self.account_links, rows)?.get(rows.key(row)).copied()
    }

    /// The person that each row of a table is.
    #[must_use]
    pub fn person_rows(&self, rows: &TableRows<'_>) -> RowEntities {
        RowEntities::new(rows, table_of(&self.person_links, rows))
    }

    /// The entity that a relation gives to each row of a table.
    #[must_use]
    pub fn related_rows(&self, relation: &str, rows: &TableRows<'_>) -> RowEntities {
        RowEntities::new(rows, self.relations.get(relation).and_then(|index| table_of(index, rows)))
    }
}

/// The entity of each row of one table.
pub struct RowEntities(FxHashMap<u32, EntityNumber>);

impl RowEntities {
    fn new(rows: &TableRows<'_>, keys: Option<&ByKey<'_>>) -> Self {
        let mut found = FxHashMap::default();
        for (key, number) in keys.into_iter().flatten() {
            if let Some(row) = rows.find(key) {
                found.insert(row, *number);
            }
        }
        Self(found)
    }

    /// The entity of a row.
    #[must_use]
    pub fn of(&self, row: u32) -> Option<EntityNumber> {
        self.0.get(&row).copied()
    }
}

fn numbers<'graph>(entities: &[&'graph Entity]) -> FxHashMap<&'graph str, EntityNumber> {
    entities.iter().enumerate().map(|(number, entity)| (entity.id.as_str(), number as EntityNumber)).collect()
}

/// The first entity stays when a record is named twice: the graph is sorted, so that is always the same one.
fn insert<'graph>(index: &mut ByTable<'graph>, record: &'graph RecordKey, number: EntityNumber) {
    index
        .entry(record.source.as_str())
        .or_default()
        .entry(record.table.as_str())
        .or_default()
        .entry(record.pk.as_str())
        .or_insert(number);
}

fn table_of<'index, 'graph>(index: &'index ByTable<'graph>, rows: &TableRows<'_>) -> Option<&'index ByKey<'graph>> {
    index.get(rows.source.id.as_str())?.get(rows.table.name.table.as_str())
}
