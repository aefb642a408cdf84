//! What became of the entities of the last run?

use rustc_hash::FxHashSet;

use super::PreviousGraph;
use super::assign::Assignment;
use crate::ident::{EntityId, RecordKey};
use crate::resolve::graph::EntityEvent;

/// The events between two runs, in no order; none on the first run, when nothing was there before.
///
/// * `born`: a new entity none of whose records was linked before.
/// * `revived`: the same under the name of an entity that ended earlier.
/// * `merged_into`: an old name ended because another entity now holds most of its records.
/// * `split_from`: a new entity whose records were linked to another one before.
/// * `moved`: records went from one entity to another that lives on.
/// * `gained`, `lost`: records that nobody had joined an entity; records of it are gone.
/// * `ended`: none of an old entity's records is left.
///
/// Together they say of every record where it went: whoever replays them over the old links has the new ones.
#[must_use]
pub fn events(previous: Option<&PreviousGraph>, entities: &[Vec<RecordKey>], names: &Assignment) -> Vec<EntityEvent> {
    let Some(previous) = previous.filter(|graph| !graph.entities.is_empty()) else { return Vec::new() };
    let told = Told { names, previous, entities };
    let mut events = Vec::new();
    let ended = told.ends(&mut events);
    told.news(&ended, &mut events);
    events
}

/// Entities that are called otherwise now. `labels` are the names of the new entities for people.
#[must_use]
pub fn renames(previous: Option<&PreviousGraph>, labels: &[String], names: &Assignment) -> Vec<EntityEvent> {
    let Some(previous) = previous else { return Vec::new() };
    let mut events = Vec::new();
    for (new, heir) in names.heir_of.iter().enumerate() {
        let Some(heir) = heir else { continue };
        let Some(before) = previous.entities[names.old[*heir as usize]].label.as_ref() else { continue };
        if *before != labels[new] && !before.is_empty() {
            let reason = format!("{before} is called {} now", labels[new]);
            events.push(event(names, names.ids[new].clone(), "renamed", None, Vec::new(), &reason));
        }
    }
    events
}

struct Told<'a> {
    names: &'a Assignment,
    previous: &'a PreviousGraph,
    entities: &'a [Vec<RecordKey>],
}

impl Told<'_> {
    fn old_id(&self, number: u32) -> EntityId {
        self.previous.entities[self.names.old[number as usize]].id.clone()
    }

    fn old_members(&self, number: u32) -> &[RecordKey] {
        &self.previous.entities[self.names.old[number as usize]].members
    }

    /// Old names that ended or lost records. Returns where the records of each merged one mostly went.
    fn ends(&self, events: &mut Vec<EntityEvent>) -> Vec<Option<u32>> {
        let count = self.names.old.len();
        let mut lives = vec![false; count];
        for old in self.names.heir_of.iter().flatten() {
            lives[*old as usize] = true;
        }
        let mut children: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
        for (old, new, shared) in &self.names.overlaps {
            children[*old as usize].push((*new, *shared));
        }
        let held: FxHashSet<&RecordKey> = self.entities.iter().flatten().collect();
        let mut merged = vec![None; count];
        for number in 0..count as u32 {
            let members = self.old_members(number);
            let most =
                children[number as usize].iter().max_by_key(|(new, count)| (*count, std::cmp::Reverse(*new))).copied();
            let mut gone: Vec<RecordKey> = members.iter().filter(|record| !held.contains(record)).cloned().collect();
            gone.sort();
            if !lives[number as usize] {
                let Some((new, _)) = most else {
                    events.push(self.event(self.old_id(number), "ended", None, gone, "its records are gone"));
                    continue;
                };
                merged[number as usize] = Some(new);
                let moved = shared(members, &self.entities[new as usize]);
                let into = Some(self.names.ids[new as usize].clone());
                let reason = "its records now belong to another entity";
                events.push(self.event(self.old_id(number), "merged_into", into, moved, reason));
            }
            if !gone.is_empty() {
                events.push(self.event(self.old_id(number), "lost", None, gone, "these records are gone"));
            }
        }
        merged
    }

    /// New entities, and records that came to others.
    fn news(&self, merged: &[Option<u32>], events: &mut Vec<EntityEvent>) {
        let mut parents: Vec<Vec<u32>> = vec![Vec::new(); self.entities.len()];
        for (old, new, _) in &self.names.overlaps {
            parents[*new as usize].push(*old);
        }
        let known: FxHashSet<&RecordKey> =
            self.names.old.iter().flat_map(|at| &self.previous.entities[*at].members).collect();
        for (new, records) in self.entities.iter().enumerate() {
            let id = &self.names.ids[new];
            let back = self.names.revives[new].is_some();
            if parents[new].is_empty() {
                let (word, reason) = if back {
                    ("revived", "most of the records it had when it ended are back")
                } else {
                    ("born", "its records are new")
                };
                events.push(self.event(id.clone(), word, None, records.clone(), reason));
                continue;
            }
            for old in &parents[new] {
                if self.names.heir_of[new] == Some(*old) || merged[*old as usize] == Some(new as u32) {
                    continue;
                }
                let moved = shared(self.old_members(*old), records);
                let (word, reason) = match (self.names.heir_of[new].is_none(), back) {
                    (true, true) => ("split_from", "these records stand alone again, under the name they had before"),
                    (true, false) => ("split_from", "part of another entity's records stands alone now"),
                    (false, _) => ("moved", "records went from the other entity to this one"),
                };
                events.push(self.event(id.clone(), word, Some(self.old_id(*old)), moved, reason));
            }
            let fresh: Vec<RecordKey> = records.iter().filter(|record| !known.contains(record)).cloned().collect();
            if !fresh.is_empty() {
                events.push(self.event(
                    id.clone(),
                    "gained",
                    None,
                    fresh,
                    "records that were not there before joined it",
                ));
            }
        }
    }

    fn event(
        &self,
        entity: EntityId,
        word: &str,
        other: Option<EntityId>,
        records: Vec<RecordKey>,
        reason: &str,
    ) -> EntityEvent {
        event(self.names, entity, word, other, records, reason)
    }
}

fn event(
    names: &Assignment,
    entity: EntityId,
    word: &str,
    other: Option<EntityId>,
    records: Vec<RecordKey>,
    reason: &str,
) -> EntityEvent {
    EntityEvent {
        kind: names.kind,
        entity,
        event: word.to_owned(),
        other,
        records,
        reason: reason.to_owned(),
        evidence: None,
    }
}

/// The records of an old entity that are among the sorted records of a new one, sorted.
fn shared(members: &[RecordKey], records: &[RecordKey]) -> Vec<RecordKey> {
    let mut shared: Vec<RecordKey> =
        members.iter().filter(|member| records.binary_search(member).is_ok()).cloned().collect();
    shared.sort();
    shared
}
