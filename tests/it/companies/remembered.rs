//! Does a run that remembers give the same graph as one that does not, and does it save work where nothing changed?

use fourfold::ident::{EntityKind, PairKey};
use fourfold::resolve::memory::{Memory, Remembered};
use fourfold::resolve::{DecidedPair, Decisions};
use proptest::prelude::*;

use super::world::{World, bytes, record};

/// One change between two runs.
#[derive(Debug, Clone)]
enum Edit {
    Rewrite(usize, usize),
    Clear(usize, usize),
    Remove(usize),
    Restore,
    Same(usize, usize),
    Different(usize),
    Undo,
    Floor(u8),
    Threshold(u8),
    Nothing,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..400_usize, 1..6_usize).prop_map(|(row, cell)| Edit::Rewrite(row, cell)),
        (0..400_usize, 1..6_usize).prop_map(|(row, cell)| Edit::Clear(row, cell)),
        (0..400_usize).prop_map(Edit::Remove),
        Just(Edit::Restore),
        (0..400_usize, 0..400_usize).prop_map(|(one, other)| Edit::Same(one, other)),
        (0..400_usize).prop_map(Edit::Different),
        Just(Edit::Undo),
        (1..40_u8).prop_map(Edit::Floor),
        (30..99_u8).prop_map(Edit::Threshold),
        Just(Edit::Nothing),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn a_run_that_remembers_gives_the_same_graph(seed in 0..1_000_000_u64, edits in prop::collection::vec(edit(), 5)) {
        let mut world = World::new(seed);
        let mut removed = Vec::new();
        let mut decisions = Decisions::default();
        let mut memory = Memory::empty("test");
        let (mut floor, mut threshold) = (0.05, None);
        for edit in edits {
            let count = world.rows.len();
            match edit {
                Edit::Rewrite(row, cell) => {
                    let cells = &mut world.rows[row % count].cells;
                    let cell = cell % cells.len();
                    if cell > 0 && !matches!(cells[cell].as_str(), "true" | "false") {
                        cells[cell].push_str(" x");
                    }
                }
                Edit::Clear(row, cell) => {
                    let cells = &mut world.rows[row % count].cells;
                    let cell = cell % cells.len();
                    if cell > 0 && !matches!(cells[cell].as_str(), "true" | "false") {
                        cells[cell].clear();
                    }
                }
                Edit::Remove(row) => removed.push(world.rows.remove(row % count)),
                Edit::Restore => world.rows.extend(removed.pop()),
                Edit::Same(one, other) => {
                    let accounts: Vec<_> = world.rows.iter().filter(|row| row.table == "salesforce.account").collect();
                    let pair = [one, other].map(|at| record(accounts[at % accounts.len()]));
                    let [left, right] = pair;
                    if left != right {
                        let key = PairKey::new(left, right);
                        decisions.same.push(DecidedPair { key, reviewer: "sam".to_owned() });
                    }
                }
                Edit::Different(at) => {
                    let graph = world.load().resolve(&decisions, 2);
                    let pair = &graph.pairs[at % graph.pairs.len()];
                    decisions.different.push(DecidedPair { key: pair.key.clone(), reviewer: "kim".to_owned() });
                }
                Edit::Undo => {
                    decisions.same.pop();
                    decisions.different.pop();
                }
                Edit::Floor(percent) => floor = f64::from(percent) / 100.0,
                Edit::Threshold(percent) => threshold = Some(f64::from(percent) / 100.0),
                Edit::Nothing => {}
            }
            let mut loaded = world.load();
            loaded.config.resolve.review_floor = floor;
            loaded.config.resolve.account_threshold = threshold;
            let full = bytes(&loaded.resolve(&decisions, 1));
            let (graph, _) = loaded.remembering(&decisions, &mut memory);
            prop_assert!(bytes(&graph) == full, "the run that remembered differs");
            // What goes to disk comes back; a second run over the same takes everything over.
            memory = Memory::read(&memory.bytes().unwrap(), "test").unwrap();
            let (again, steps) = loaded.remembering(&decisions, &mut memory);
            prop_assert!(bytes(&again) == full, "the run that took everything over differs");
            let taken = steps.iter().filter(|step| step.ends_with("as before")).count();
            prop_assert_eq!(taken, 2, "{:?}", steps);
            prop_assert!(!steps.iter().any(|step| step.starts_with("match:")), "{:?}", steps);
        }
    }
}

#[test]
fn what_did_not_change_is_taken_over_and_what_did_is_compared() {
    let mut world = World::new(5);
    let mut memory = Memory::empty("one");
    let none = Decisions::default();
    world.load().remembering(&none, &mut memory);
    // A telephone number of a contact says nothing about accounts.
    let contact = world.rows.iter().position(|row| row.table == "salesforce.contact").unwrap();
    "+44 117 496 9999".clone_into(&mut world.rows[contact].cells[5]);
    let (_, steps) = world.load().remembering(&none, &mut memory);
    assert!(steps.iter().any(|step| step == "resolve: accounts as before"), "{steps:?}");
    assert!(!steps.iter().any(|step| step == "resolve: people as before"), "{steps:?}");
    // A subscription says nothing about either.
    let subscription = world.rows.iter().position(|row| row.table == "stripe.subscription").unwrap();
    "canceled".clone_into(&mut world.rows[subscription].cells[2]);
    let (_, steps) = world.load().remembering(&none, &mut memory);
    assert_eq!(steps.iter().filter(|step| step.ends_with("as before")).count(), 2, "{steps:?}");
    // Another program compares again, and so does whoever is told to.
    let bytes = memory.bytes().unwrap();
    let mut other = Memory::read(&bytes, "two").unwrap();
    let (_, steps) = world.load().remembering(&none, &mut other);
    assert!(!steps.iter().any(|step| step.ends_with("as before")), "{steps:?}");
    let mut forgetful = Memory::forgetful("one");
    let (_, steps) = world.load().remembering(&none, &mut forgetful);
    assert!(!steps.iter().any(|step| step.ends_with("as before")), "{steps:?}");
    assert_eq!(forgetful.bytes().unwrap(), bytes, "a full run keeps the same memory");
}

#[test]
fn a_broken_memory_is_none() {
    let mut memory = Memory::empty("test");
    assert_eq!(memory.bytes(), None);
    let found = Remembered {
        entity_of: vec![0, 0, 1],
        strongest: vec![(0, 1.5, true), (1, f64::MIN_POSITIVE, false)],
        warnings: vec!["few".to_owned(), "few".to_owned()],
        pairs: Vec::new(),
    };
    memory.keep(EntityKind::Person, [7; 32], &found);
    let bytes = memory.bytes().unwrap();
    let whole = Memory::read(&bytes, "test").unwrap();
    assert_eq!(whole.recall(EntityKind::Person, &[7; 32]), Some(found));
    assert_eq!(whole.recall(EntityKind::Person, &[8; 32]), None);
    assert_eq!(whole.recall(EntityKind::Account, &[7; 32]), None);
    for cut in 0..bytes.len() {
        assert!(Memory::read(&bytes[..cut], "test").is_none(), "cut at {cut}");
    }
    for at in 0..bytes.len() {
        let mut turned = bytes.clone();
        turned[at] ^= 1;
        assert!(Memory::read(&turned, "test").is_none(), "a bit turned at {at}");
    }
}
