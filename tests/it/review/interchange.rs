//! Logs travel and merge without losing, repeating or bending anything.

use fourfold::error::ErrorKind;
use fourfold::review::{NewDecision, ReviewLog, Target, Verdict};
use proptest::prelude::*;

use super::support::{TestLog, at, decision, pair, standing_of};

pub fn export(log: &ReviewLog) -> Vec<u8> {
    let mut out = Vec::new();
    log.export(&mut out).unwrap();
    out
}

fn import(log: &ReviewLog, export: &[u8]) -> fourfold::review::ImportReport {
    log.import(&mut &*export, "jo", at(1000)).unwrap()
}

fn some_log(reviewer: &str, first: u32) -> TestLog {
    let test = TestLog::new();
    let mut rich = decision(pair(first, first), Verdict::Same, reviewer, 1);
    rich.weight_shown = Some(0.1 + 0.2);
    rich.note = Some("both say \"Acme\"\nin the footer".to_owned());
    rich.fields = vec![super::reopen::field("name", "Acme", "ACME")];
    let entry = test.log.append(&rich).unwrap();
    let batch: Vec<_> = (1..5).map(|n| decision(pair(first + n, first), Verdict::Different, reviewer, 2)).collect();
    test.log.append_batch("rule", &batch).unwrap();
    test.log.undo(&Target::Entry(entry.id), reviewer, at(3)).unwrap();
    test.log.redo(&Target::Entry(entry.id), reviewer, at(4)).unwrap();
    test
}

#[test]
fn importing_an_export_gives_the_same_standing() {
    let (from, to) = (some_log("ann", 0), TestLog::new());
    let written = export(&from.log);
    assert_eq!(written, export(&from.log), "the same log gives the same bytes");
    let report = import(&to.log, &written);
    assert_eq!((report.read, report.added), (8, 8));
    assert_eq!(standing_of(&to.log), standing_of(&from.log));
    assert!(to.log.verify(None).unwrap().is_intact());
    let back = import(&from.log, &export(&to.log));
    assert_eq!(back.added, 2, "only the entries of the merge itself are new to the one it came from");
    assert!(from.log.verify(None).unwrap().is_intact());
}

#[test]
fn importing_twice_is_importing_once() {
    let (from, to) = (some_log("ann", 0), some_log("bo", 3));
    let written = export(&from.log);
    import(&to.log, &written);
    let once = export(&to.log);
    assert_eq!(import(&to.log, &written).added, 0);
    assert_eq!(export(&to.log), once, "not a byte changes");
}

#[test]
fn what_is_decided_after_a_merge_comes_after_it() {
    let (from, to) = (TestLog::new(), TestLog::new());
    from.log.append(&decision(pair(1, 1), Verdict::Same, "ann", 5000)).unwrap();
    import(&to.log, &export(&from.log));
    // The clock here is behind that of the other log, yet this reviewer had seen what came.
    to.log.append(&decision(pair(1, 1), Verdict::Different, "ann", 10)).unwrap();
    assert_eq!(to.log.effective().unwrap().cannot_link().count(), 1);
}

#[test]
fn two_copies_of_one_log_that_went_on_separately_merge() {
    let one = some_log("ann", 0);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("copy.db");
    super::support::behind_its_back(&one.path(), &format!("VACUUM INTO '{}'", path.display())).unwrap();
    let other = ReviewLog::open(&path).unwrap();
    one.log.append(&decision(pair(50, 50), Verdict::Same, "ann", 10)).unwrap();
    other.append(&decision(pair(60, 60), Verdict::Same, "bo", 11)).unwrap();
    assert_eq!(import(&one.log, &export(&other)).added, 1);
    import(&other, &export(&one.log));
    assert_eq!(standing_of(&one.log), standing_of(&other));
    assert!(one.log.verify(None).unwrap().is_intact());
    assert!(other.verify(None).unwrap().is_intact());
    assert!(standing_of(&one.log).contains_key(&pair(60, 60)));
}

#[test]
fn a_bent_export_is_refused_whole() {
    let (from, to) = (some_log("ann", 0), some_log("bo", 3));
    let before = export(&to.log);
    let text = String::from_utf8(export(&from.log)).unwrap();
    let bent = [
        (text.replacen("\"different\"", "\"same\"", 1), "line 3"),
        (text.replacen("\"ann\"", "\"eve\"", 1), "line 2"),
        (text.split_inclusive('\n').filter(|line| !line.contains("footer")).collect(), "line 2"),
        (format!("{text}{{\"fourfold_log\":1}}\n"), "line 9"),
        (format!("{text}not json\n"), "line 9"),
        (text.replacen("\"fourfold_log\":1", "\"fourfold_log\":9", 1), "line 1"),
        (text.replacen("\"hash\":\"", "\"hash\":\"zz", 1), "line 1"),
        (text.replacen("\"kind\":", "\"sort\":", 1), "line 2"),
    ];
    for (export_text, named) in bent {
        assert_ne!(export_text, text);
        let refused = to.log.import(&mut export_text.as_bytes(), "jo", at(9)).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Data);
        assert!(refused.message.starts_with(named), "{}", refused.message);
        assert!(!refused.hints.is_empty());
    }
    assert_eq!(export(&to.log), before, "nothing of it came in");
}

#[test]
fn empty_lines_and_an_empty_export_are_fine() {
    let to = TestLog::new();
    assert_eq!(import(&to.log, b"\n\n").read, 0);
    assert!(to.log.is_empty().unwrap(), "nothing happened, nothing is recorded");
}

fn history() -> impl Strategy<Value = Vec<(u32, Verdict, bool)>> {
    prop::collection::vec((0_u32..3, prop::sample::select(Verdict::ALL.to_vec()), any::<bool>()), 1..6)
}

fn told(reviewer: &str, history: &[(u32, Verdict, bool)]) -> TestLog {
    let test = TestLog::new();
    // Every log begins at the same microsecond: ties between logs must not depend on who came first.
    let decisions: Vec<NewDecision> =
        history.iter().map(|(n, verdict, _)| decision(pair(*n, *n), *verdict, reviewer, 0)).collect();
    let (_, entries) = test.log.append_batch("told", &decisions).unwrap();
    for (entry, (_, _, undone)) in entries.iter().zip(history) {
        if *undone {
            test.log.undo(&Target::Entry(entry.id), reviewer, at(0)).unwrap();
        }
    }
    test
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_merging_does_not_show(histories in prop::collection::vec(history(), 3)) {
        // The first and the last are the same person on two machines.
        let logs: Vec<TestLog> =
            histories.iter().zip(["ann", "bo", "ann"]).map(|(history, reviewer)| told(reviewer, history)).collect();
        let exports: Vec<Vec<u8>> = logs.iter().map(|test| export(&test.log)).collect();
        let mut seen = Vec::new();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let merged = TestLog::new();
            for place in order {
                import(&merged.log, &exports[place]);
            }
            prop_assert!(merged.log.verify(None).unwrap().is_intact());
            let effective = merged.log.effective().unwrap();
            let listed: Vec<_> = effective.must_link().map(|decided| (decided.pair, decided.reviewers)).collect();
            seen.push((standing_of(&merged.log), listed));
        }
        prop_assert_eq!(&seen[0], &seen[1]);
        prop_assert_eq!(&seen[0], &seen[2]);
    }
}
