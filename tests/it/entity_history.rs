//! Do the events of identity say where every record went, and do names that ended come back to their bearers alone?

use std::collections::{BTreeMap, BTreeSet};

use fourfold::ident::{EntityId, EntityKind, RecordKey};
use fourfold::model::publish::history::{records_of, records_text};
use fourfold::resolve::graph::EntityEvent;
use fourfold::resolve::identity::assign::{Assignment, assign};
use fourfold::resolve::identity::history::{events, renames};
use fourfold::resolve::{PreviousEntity, PreviousGraph};
use proptest::prelude::*;

fn key(number: u32) -> RecordKey {
    RecordKey::new("crm", "account", format!("{number:04}"))
}

fn entity(id: &EntityId, members: &[RecordKey]) -> PreviousEntity {
    PreviousEntity { members: members.to_vec(), ..PreviousEntity::new(id.clone(), EntityKind::Account) }
}

/// Where each record is.
type Places = BTreeMap<RecordKey, EntityId>;

fn places(entities: &[Vec<RecordKey>], ids: &[EntityId]) -> Places {
    entities
        .iter()
        .zip(ids)
        .flat_map(|(records, id)| records.iter().map(|record| (record.clone(), id.clone())))
        .collect()
}

/// Replays events over old places.
pub fn replay(places: &mut Places, events: &[EntityEvent]) {
    for event in events {
        match event.event.as_str() {
            "born" | "revived" | "gained" | "moved" | "split_from" => {
                for record in &event.records {
                    places.insert(record.clone(), event.entity.clone());
                }
            }
            "merged_into" => {
                for record in &event.records {
                    places.insert(record.clone(), event.other.clone().unwrap());
                }
            }
            "lost" | "ended" => {
                for record in &event.records {
                    assert_eq!(
                        places.remove(record).as_ref(),
                        Some(&event.entity),
                        "{record} was not of {}",
                        event.entity
                    );
                }
            }
            "renamed" => {}
            other => panic!("an event {other} that nobody knows"),
        }
    }
}

fn run(entities: &[Vec<RecordKey>], previous: &PreviousGraph) -> (Assignment, Vec<EntityEvent>) {
    let names = assign(EntityKind::Account, entities, Some(previous));
    let events = events(Some(previous), entities, &names);
    (names, events)
}

#[test]
fn a_merge_that_is_taken_back_leaves_everybody_with_the_name_they_had() {
    let apart = vec![vec![key(1)], vec![key(2), key(3)]];
    let ids = assign(EntityKind::Account, &apart, None).ids;
    let before =
        PreviousGraph { entities: vec![entity(&ids[0], &apart[0]), entity(&ids[1], &apart[1])], retired: Vec::new() };
    let whole = vec![vec![key(1), key(2), key(3)]];
    let (names, told) = run(&whole, &before);
    assert_eq!(names.ids, [ids[1].clone()]);
    assert_eq!((told[0].event.as_str(), &told[0].entity), ("merged_into", &ids[0]));
    // Weeks later it is taken back.
    let merged =
        PreviousGraph { entities: vec![entity(&ids[1], &whole[0])], retired: vec![entity(&ids[0], &told[0].records)] };
    let (names, told) = run(&apart, &merged);
    assert_eq!(names.ids, ids);
    assert_eq!(
        (told[0].event.as_str(), &told[0].entity, &told[0].other),
        ("split_from", &ids[0], &Some(ids[1].clone()))
    );
    // Somebody else's records never get the name.
    let other = vec![vec![key(2)], vec![key(3), key(1)]];
    let (names, _) = run(&other, &merged);
    assert!(names.ids.iter().filter(|id| **id == ids[0]).count() <= 1);
    assert_ne!(names.ids[0], ids[0]);
}

#[test]
fn an_entity_whose_records_come_back_is_the_same_one() {
    let first = vec![vec![key(1), key(2)], vec![key(9)]];
    let ids = assign(EntityKind::Account, &first, None).ids;
    let gone = PreviousGraph { entities: vec![entity(&ids[1], &first[1])], retired: vec![entity(&ids[0], &first[0])] };
    let (names, told) = run(&first, &gone);
    assert_eq!(names.ids, ids);
    assert_eq!((told.len(), told[0].event.as_str()), (1, "revived"));
    // The record it was named after comes back alone, with others that are new: another customer, another name.
    let other = vec![vec![key(1), key(5), key(6)], vec![key(9)]];
    let (names, told) = run(&other, &gone);
    assert_ne!(names.ids[0], ids[0]);
    assert_eq!(told[0].event, "born");
}

#[test]
fn who_is_called_otherwise_is_renamed() {
    let entities = vec![vec![key(1)], vec![key(2)]];
    let ids = assign(EntityKind::Account, &entities, None).ids;
    let mut before = PreviousGraph {
        entities: vec![entity(&ids[0], &entities[0]), entity(&ids[1], &entities[1])],
        retired: Vec::new(),
    };
    before.entities[0].label = Some("Acme".to_owned());
    before.entities[1].label = Some("Brightwater".to_owned());
    let names = assign(EntityKind::Account, &entities, Some(&before));
    let told = renames(Some(&before), &["Acme Group".to_owned(), "Brightwater".to_owned()], &names);
    assert_eq!((told.len(), told[0].event.as_str(), &told[0].entity), (1, "renamed", &ids[0]));
    assert_eq!(told[0].reason, "Acme is called Acme Group now");
}

#[test]
fn records_are_kept_with_any_letter_in_their_keys() {
    let records = [RecordKey::new("a.b", "c:d", "e\n\"f\u{1f}"), RecordKey::new("", "", "")];
    assert_eq!(records_of(&records_text(&records)), records);
    assert_eq!(records_of("no list"), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Ten weeks of records that come, go and move: whoever replays the events has the entities of the last week.
    #[test]
    fn the_events_of_ten_weeks_replay_to_the_last_one(
        start in prop::collection::btree_map(0..30_u32, 0..10_u8, 1..30),
        weeks in prop::collection::vec(prop::collection::vec((0..30_u32, 0..11_u8), 0..10), 10),
    ) {
        let groups = |partition: &BTreeMap<u32, u8>| -> Vec<Vec<RecordKey>> {
            let mut groups: BTreeMap<u8, Vec<RecordKey>> = BTreeMap::new();
            for (record, group) in partition {
                groups.entry(*group).or_default().push(key(*record));
            }
            groups.into_values().collect()
        };
        let mut partition = start;
        let mut entities = groups(&partition);
        let mut ids = assign(EntityKind::Account, &entities, None).ids;
        let mut told = places(&entities, &ids);
        let mut retired: BTreeMap<EntityId, Vec<RecordKey>> = BTreeMap::new();
        let mut ever: BTreeMap<EntityId, BTreeSet<RecordKey>> = BTreeMap::new();
        for week in weeks {
            for (id, records) in ids.iter().zip(&entities) {
                ever.entry(id.clone()).or_default().extend(records.iter().cloned());
            }
            let previous = PreviousGraph {
                entities: ids.iter().zip(&entities).map(|(id, records)| entity(id, records)).collect(),
                retired: retired.iter().map(|(id, records)| entity(id, records)).collect(),
            };
            for (record, group) in week {
                if group == 10 { partition.remove(&record); } else { partition.insert(record, group); }
            }
            entities = groups(&partition);
            let (names, events) = run(&entities, &previous);
            if previous.entities.is_empty() {
                told = places(&entities, &names.ids);
            } else {
                replay(&mut told, &events);
            }
            prop_assert_eq!(&told, &places(&entities, &names.ids));
            let distinct: BTreeSet<&EntityId> = names.ids.iter().collect();
            prop_assert_eq!(distinct.len(), names.ids.len(), "a name is borne once");
            // A name that anybody ever bore is borne by nobody who shares no record with its bearers.
            for (id, records) in names.ids.iter().zip(&entities) {
                if let Some(bearers) = ever.get(id) {
                    prop_assert!(records.iter().any(|record| bearers.contains(record)), "{} went to a stranger", id);
                }
            }
            for event in events.iter().filter(|event| matches!(event.event.as_str(), "merged_into" | "ended")) {
                retired.insert(event.entity.clone(), event.records.clone());
            }
            ids = names.ids;
            retired.retain(|id, _| !ids.contains(id));
        }
    }
}
