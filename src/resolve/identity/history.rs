//! What became of the entities of the last run?

use super::PreviousGraph;
use super::assign::Assignment;
use crate::ident::{EntityId, RecordKey};
use crate::resolve::graph::EntityEvent;

/// The events between two runs, in no order; none on the first run, when nothing was there before.
///
/// * `born`: a new entity none of whose records was linked before.
/// * `merged_into`: an old name ended because another entity now holds most of its records.
/// * `split_from`: a new entity whose records were linked to another one before.
/// * `moved`: records went from one living entity to another.
/// * `ended`: none of an old entity's records is left.
#[must_use]
pub fn events(previous: Option<&PreviousGraph>, entities: &[Vec<RecordKey>], names: &Assignment) -> Vec<EntityEvent> {
    let Some(previous) = previous.filter(|graph| !graph.entities.is_empty()) else { return Vec::new() };
    let old_id = |number: u32| previous.entities[names.old[number as usize]].id.clone();
    let mut events = Vec::new();
    let mut heir: Vec<Option<u32>> = vec![None; names.old.len()];
    for (new, old) in names.heir_of.iter().enumerate() {
        if let Some(old) = old {
            heir[*old as usize] = Some(new as u32);
        }
    }
    let mut parents: Vec<Vec<(u32, u32)>> = vec![Vec::new(); entities.len()];
    let mut children: Vec<Vec<(u32, u32)>> = vec![Vec::new(); names.old.len()];
    for (old, new, count) in &names.overlaps {
        parents[*new as usize].push((*old, *count));
        children[*old as usize].push((*new, *count));
    }
    for (number, at) in names.old.iter().enumerate() {
        let number = number as u32;
        let members = &previous.entities[*at].members;
        if heir[number as usize].is_some() {
            continue;
        }
        let most = children[number as usize].iter().max_by_key(|(new, count)| (*count, std::cmp::Reverse(*new)));
        events.push(match most {
            Some((new, _)) => event(
                old_id(number),
                "merged_into",
                Some(names.ids[*new as usize].clone()),
                shared(members, &entities[*new as usize]),
                "its records now belong to another entity",
            ),
            None => event(old_id(number), "ended", None, sorted(members), "its records are gone"),
        });
    }
    for (new, records) in entities.iter().enumerate() {
        let id = &names.ids[new];
        if parents[new].is_empty() {
            events.push(event(id.clone(), "born", None, records.clone(), "its records are new"));
            continue;
        }
        for (old, _) in &parents[new] {
            if names.heir_of[new] == Some(*old) {
                continue;
            }
            let members = &previous.entities[names.old[*old as usize]].members;
            let moved = shared(members, records);
            let ended = heir[*old as usize].is_none();
            if names.heir_of[new].is_none() {
                let reason = "part of another entity's records stands alone now";
                events.push(event(id.clone(), "split_from", Some(old_id(*old)), moved, reason));
            } else if !ended {
                let reason = "records went from the other entity to this one";
                events.push(event(id.clone(), "moved", Some(old_id(*old)), moved, reason));
            }
        }
    }
    events
}

fn event(entity: EntityId, event: &str, other: Option<EntityId>, records: Vec<RecordKey>, reason: &str) -> EntityEvent {
    EntityEvent { entity, event: event.to_owned(), other, records, reason: reason.to_owned() }
}

/// The records of an old entity that are among the sorted records of a new one, sorted.
fn shared(members: &[RecordKey], records: &[RecordKey]) -> Vec<RecordKey> {
    let mut shared: Vec<RecordKey> =
        members.iter().filter(|member| records.binary_search(member).is_ok()).cloned().collect();
    shared.sort();
    shared
}

fn sorted(members: &[RecordKey]) -> Vec<RecordKey> {
    let mut members = members.to_vec();
    members.sort();
    members
}
