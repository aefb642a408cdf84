//! Undo takes back exactly what it names, also after a restart.

use fourfold::error::ErrorKind;
use fourfold::review::{Action, BatchId, Filter, Outcome, ReviewLog, Target, Verdict};
use proptest::prelude::*;

use super::support::{Stands, TestLog, at, decision, pair, standing_of, stands};

#[test]
fn a_decision_is_taken_back_and_put_back() {
    let test = TestLog::new();
    let first = test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    let second = test.log.append(&decision(pair(1, 1), Verdict::Different, "jo", 1)).unwrap();
    let outcome = || test.log.effective().unwrap().of(&pair(1, 1)).map(|standing| standing.outcome());
    assert_eq!(outcome(), Some(Outcome::Agreed(Verdict::Different)));
    test.log.undo(&Target::Entry(second.id), "jo", at(2)).unwrap();
    assert_eq!(outcome(), Some(Outcome::Agreed(Verdict::Same)), "the verdict before it stands again");
    test.log.undo(&Target::Entry(first.id), "jo", at(3)).unwrap();
    assert_eq!(outcome(), None);
    test.log.redo(&Target::Entry(second.id), "jo", at(4)).unwrap();
    assert_eq!(outcome(), Some(Outcome::Agreed(Verdict::Different)));
    let history = test.log.history(&Filter { pair: Some(pair(1, 1)), ..Filter::default() }).unwrap();
    assert_eq!(history.iter().map(|entry| entry.undone).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn what_cannot_be_undone_says_why() {
    let test = TestLog::new();
    let entry = test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    let undo = test.log.undo(&Target::Entry(entry.id), "jo", at(1)).unwrap();
    let twice = test.log.undo(&Target::Entry(entry.id), "jo", at(2)).unwrap_err();
    assert_eq!(twice.kind, ErrorKind::Data);
    let of_an_undo = test.log.undo(&Target::Entry(undo.id), "jo", at(2)).unwrap_err();
    assert_eq!(of_an_undo.kind, ErrorKind::NotFound);
    let unknown = test.log.undo(&Target::Batch(BatchId("b0000000000000000".to_owned())), "jo", at(2)).unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::NotFound);
    assert_eq!(test.log.len().unwrap(), 3, "nothing was written for what failed");
}

#[test]
fn a_batch_is_undone_as_one_and_a_member_by_itself() {
    let test = TestLog::new();
    let decisions: Vec<_> = (0..40).map(|n| decision(pair(n, n), Verdict::Same, "jo", 0)).collect();
    let (batch, entries) = test.log.append_batch("same domain", &decisions).unwrap();
    assert_eq!(entries.len(), 40);
    assert!(entries.iter().all(|entry| entry.decision().unwrap().batch.as_ref() == Some(&batch)));
    test.log.undo(&Target::Entry(entries[3].id), "jo", at(1)).unwrap();
    assert_eq!(test.log.effective().unwrap().len(), 39);
    test.log.undo(&Target::Batch(batch.clone()), "jo", at(2)).unwrap();
    assert!(test.log.effective().unwrap().is_empty());
    test.log.redo(&Target::Entry(entries[5].id), "jo", at(3)).unwrap();
    assert_eq!(standing_of(&test.log).into_keys().collect::<Vec<_>>(), [pair(5, 5)]);
    test.log.redo(&Target::Batch(batch), "jo", at(4)).unwrap();
    assert_eq!(test.log.effective().unwrap().len(), 40, "the latest word on each is that of the batch");
}

#[test]
fn an_empty_batch_is_refused() {
    assert_eq!(TestLog::new().log.append_batch("none", &[]).unwrap_err().kind, ErrorKind::Config);
}

#[test]
fn undo_and_redo_walk_back_and_forth_after_a_restart() {
    let test = TestLog::new();
    let one = test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    let batch: Vec<_> = (2..9).map(|n| decision(pair(n, n), Verdict::Different, "jo", 1)).collect();
    let (batch, _) = test.log.append_batch("rule", &batch).unwrap();
    let other = test.log.append(&decision(pair(20, 20), Verdict::Same, "ann", 2)).unwrap();
    let path = test.path();
    let TestLog { directory: _keep, log } = test;
    drop(log);

    let log = ReviewLog::open(&path).unwrap();
    assert_eq!(log.redoable("jo").unwrap(), None);
    let expected = [Target::Batch(batch), Target::Entry(one.id)];
    for target in &expected {
        assert_eq!(log.undoable("jo").unwrap().as_ref(), Some(target));
        log.undo(target, "jo", at(3)).unwrap();
    }
    assert_eq!(log.undoable("jo").unwrap(), None);
    assert_eq!(log.undoable("ann").unwrap(), Some(Target::Entry(other.id)), "others keep their own");
    for target in expected.iter().rev() {
        assert_eq!(log.redoable("jo").unwrap().as_ref(), Some(target));
        log.redo(target, "jo", at(4)).unwrap();
    }
    assert_eq!(log.redoable("jo").unwrap(), None);
    log.undo(&expected[0], "jo", at(5)).unwrap();
    log.append(&decision(pair(30, 30), Verdict::Same, "jo", 6)).unwrap();
    assert_eq!(log.redoable("jo").unwrap(), None, "a new decision ends what could be put back");
}

#[test]
fn events_are_entries_too() {
    let test = TestLog::new();
    let skip = test.log.skip(&pair(1, 1), "jo", at(0)).unwrap();
    let reveal = test.log.reveal(&pair(1, 1).left, "email", "jo", at(1)).unwrap();
    assert_eq!(skip.what, Action::Skip { pair: Some(pair(1, 1)) });
    assert_eq!(reveal.what, Action::Reveal { record: Some(pair(1, 1).left), field: "email".to_owned() });
    assert!(test.log.effective().unwrap().is_empty());
    assert_eq!(test.log.history(&Filter { decisions_only: true, ..Filter::default() }).unwrap(), []);
    assert!(test.log.verify(None).unwrap().is_intact());
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop::sample::select(Verdict::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn undo_after_decide_is_as_if_nothing_was_said(
        before in prop::collection::vec((0_u32..3, verdicts(), 0_usize..2), 0..6),
        added in prop::collection::vec((0_u32..4, verdicts(), 0_usize..2), 1..4),
        as_batch in any::<bool>(),
    ) {
        let test = TestLog::new();
        let reviewers = ["ann", "jo"];
        let decide = |(n, verdict, reviewer): &(u32, Verdict, usize)| {
            decision(pair(*n, *n), *verdict, reviewers[*reviewer], 0)
        };
        for step in &before {
            test.log.append(&decide(step)).unwrap();
        }
        let stood = standing_of(&test.log);
        let added: Vec<_> = added.iter().map(decide).collect();
        let targets = if as_batch {
            vec![Target::Batch(test.log.append_batch("batch", &added).unwrap().0)]
        } else {
            added.iter().map(|decision| Target::Entry(test.log.append(decision).unwrap().id)).collect()
        };
        let decided = standing_of(&test.log);
        let some: Vec<_> = [0, 2, 2, 7].map(|n| pair(n, n)).into();
        let narrow: Stands = decided.iter().filter(|(pair, _)| some.contains(pair)).map(|(pair, stands)| {
            (pair.clone(), stands.clone())
        }).collect();
        prop_assert_eq!(stands(&test.log.effective_of(&some).unwrap()), narrow);
        for target in &targets {
            test.log.undo(target, "jo", at(9)).unwrap();
        }
        prop_assert_eq!(standing_of(&test.log), stood);
        for target in &targets {
            test.log.redo(target, "jo", at(10)).unwrap();
        }
        prop_assert_eq!(standing_of(&test.log), decided);
        prop_assert!(test.log.verify(None).unwrap().is_intact());
    }
}
