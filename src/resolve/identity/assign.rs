//! Who inherits which name?

use rustc_hash::{FxHashMap, FxHashSet};

use super::{PreviousEntity, PreviousGraph};
use crate::ident::{EntityId, EntityKind, RecordKey, short_hash};

/// The names of the new entities, and how they hang together with the old ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Accounts or people.
    pub kind: EntityKind,
    /// The name of each new entity.
    pub ids: Vec<EntityId>,
    /// For each old entity (in the order of [`Assignment::old`]) and new entity that share records: old, new, how many.
    pub overlaps: Vec<(u32, u32, u32)>,
    /// The positions of the old entities of this kind in [`PreviousGraph::entities`], sorted by name.
    pub old: Vec<usize>,
    /// For each new entity the old one (an index into `old`) whose name it bears.
    pub heir_of: Vec<Option<u32>>,
    /// For each new entity the one that ended earlier (an index into [`PreviousGraph::retired`]) whose name came back.
    pub revives: Vec<Option<u32>>,
}

/// Names the new entities of one kind; `entities` holds the records of each, sorted.
///
/// Old and new entities are paired by the number of records they share, the greatest first; of equals the older name
/// wins, then the one that had more records, then the smaller name. So a merge keeps the name of its largest part and a
/// split leaves the name with its larger part, whatever the order of the input. Whoever inherits no name but holds more
/// than half of the records of an entity that ended in an earlier run bears that one's name: a wrong merge that is taken
/// back leaves everybody with the name they had.
#[must_use]
pub fn assign(kind: EntityKind, entities: &[Vec<RecordKey>], previous: Option<&PreviousGraph>) -> Assignment {
    let all: &[PreviousEntity] = previous.map_or(&[], |graph| &graph.entities);
    let mut old: Vec<usize> = (0..all.len()).filter(|at| all[*at].kind == kind).collect();
    old.sort_by(|one, other| all[*one].id.cmp(&all[*other].id));
    let mut bearer: FxHashMap<&RecordKey, u32> = FxHashMap::default();
    for (number, at) in old.iter().enumerate() {
        for record in &all[*at].members {
            bearer.insert(record, number as u32);
        }
    }
    let mut counts: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (new, records) in entities.iter().enumerate() {
        for record in records {
            if let Some(number) = bearer.get(record) {
                *counts.entry((*number, new as u32)).or_default() += 1;
            }
        }
    }
    let mut overlaps: Vec<(u32, u32, u32)> = counts.into_iter().map(|((old, new), count)| (old, new, count)).collect();
    overlaps.sort_unstable();
    let mut order = overlaps.clone();
    let age = |number: u32| all[old[number as usize]].born.as_deref();
    order.sort_by(|one, other| {
        other
            .2
            .cmp(&one.2)
            .then_with(|| age(one.0).is_none().cmp(&age(other.0).is_none()))
            .then_with(|| age(one.0).cmp(&age(other.0)))
            .then_with(|| all[old[other.0 as usize]].members.len().cmp(&all[old[one.0 as usize]].members.len()))
            .then_with(|| one.0.cmp(&other.0))
            .then_with(|| entities[one.1 as usize].cmp(&entities[other.1 as usize]))
    });
    let mut heir_of: Vec<Option<u32>> = vec![None; entities.len()];
    let mut inherited = vec![false; old.len()];
    for (number, new, _) in order {
        if heir_of[new as usize].is_none() && !inherited[number as usize] {
            heir_of[new as usize] = Some(number);
            inherited[number as usize] = true;
        }
    }
    let revives = revived(kind, entities, previous, &heir_of);
    let retired: &[PreviousEntity] = previous.map_or(&[], |graph| &graph.retired);
    let mut taken: FxHashSet<EntityId> = all.iter().chain(retired).map(|entity| entity.id.clone()).collect();
    let ids = heir_of
        .iter()
        .zip(&revives)
        .zip(entities)
        .map(|((heir, revived), records)| match (heir, revived) {
            (Some(number), _) => all[old[*number as usize]].id.clone(),
            (None, Some(number)) => retired[*number as usize].id.clone(),
            (None, None) => born(kind, records, &mut taken),
        })
        .collect();
    Assignment { kind, ids, overlaps, old, heir_of, revives }
}

/// Which new entities without an heir bear the name of one that ended earlier.
fn revived(
    kind: EntityKind,
    entities: &[Vec<RecordKey>],
    previous: Option<&PreviousGraph>,
    heir_of: &[Option<u32>],
) -> Vec<Option<u32>> {
    let mut revives = vec![None; entities.len()];
    let Some(previous) = previous.filter(|graph| !graph.retired.is_empty()) else { return revives };
    let living: FxHashSet<&EntityId> = previous.entities.iter().map(|entity| &entity.id).collect();
    let mut bearers: FxHashMap<&RecordKey, Vec<u32>> = FxHashMap::default();
    for (number, entity) in previous.retired.iter().enumerate() {
        if entity.kind == kind && !living.contains(&entity.id) {
            for record in &entity.members {
                bearers.entry(record).or_default().push(number as u32);
            }
        }
    }
    let mut counts: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    for (new, records) in entities.iter().enumerate().filter(|(new, _)| heir_of[*new].is_none()) {
        for number in records.iter().filter_map(|record| bearers.get(record)).flatten() {
            *counts.entry((*number, new as u32)).or_default() += 1;
        }
    }
    let mut order: Vec<(u32, u32, usize)> = counts
        .into_iter()
        .filter(|((number, _), count)| *count * 2 > previous.retired[*number as usize].members.len())
        .map(|((number, new), count)| (number, new, count))
        .collect();
    let id = |number: u32| &previous.retired[number as usize].id;
    order.sort_by(|one, other| {
        other
            .2
            .cmp(&one.2)
            .then_with(|| id(one.0).cmp(id(other.0)))
            .then_with(|| entities[one.1 as usize].cmp(&entities[other.1 as usize]))
    });
    let mut given: FxHashSet<&EntityId> = FxHashSet::default();
    for (number, new, _) in order {
        if revives[new as usize].is_none() && given.insert(id(number)) {
            revives[new as usize] = Some(number);
        }
    }
    revives
}

/// A name that nobody bears or ever bore: after the smallest record, numbered where that one is taken.
fn born(kind: EntityKind, records: &[RecordKey], taken: &mut FxHashSet<EntityId>) -> EntityId {
    let prefix = match kind {
        EntityKind::Account => "acc",
        EntityKind::Person => "per",
    };
    let key =
        records.first().map(|key| format!("{}\u{1f}{}\u{1f}{}", key.source, key.table, key.pk)).unwrap_or_default();
    let mut attempt = 0_u32;
    loop {
        let text = if attempt == 0 { key.clone() } else { format!("{key}\u{1f}{attempt}") };
        let id = EntityId::new(format!("{prefix}_{}", short_hash(&text)));
        if taken.insert(id.clone()) {
            return id;
        }
        attempt += 1;
    }
}
