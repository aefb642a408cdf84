//! Keys, notes and files that mean harm are kept as they are or refused, and break nothing.

use fourfold::error::ErrorKind;
use fourfold::ident::{EntityKind, PairKey, RecordKey};
use fourfold::review::{Filter, NewDecision, ReviewLog, Verdict};
use proptest::prelude::*;

use super::interchange::export;
use super::support::{TestLog, at, behind_its_back, decision, pair};

#[test]
fn names_with_control_characters_are_refused() {
    let test = TestLog::new();
    for reviewer in ["", "  ", "jo\u{1b}[2J", "jo\nann", "jo\0"] {
        let refused = test.log.append(&decision(pair(1, 1), Verdict::Same, reviewer, 0)).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Config, "{reviewer:?}");
    }
    let mut ruled = decision(pair(1, 1), Verdict::Same, "jo", 0);
    ruled.rule = Some("a\u{7}b".to_owned());
    assert_eq!(test.log.append(&ruled).unwrap_err().kind, ErrorKind::Config);
    assert!(test.log.is_empty().unwrap());
}

#[test]
fn a_note_keeps_its_lines_and_loses_its_escapes() {
    let test = TestLog::new();
    let mut noted = decision(pair(1, 1), Verdict::Same, "jo", 0);
    noted.note = Some("one\ntwo\u{1b}[31m\0 '); DROP TABLE entry; --".to_owned());
    let entry = test.log.append(&noted).unwrap();
    assert_eq!(entry.decision().unwrap().note.as_deref(), Some("one\ntwo[31m '); DROP TABLE entry; --"));
    assert_eq!(test.log.entry(entry.seq).unwrap(), Some(entry));
}

#[test]
fn a_weight_that_is_no_number_is_refused() {
    let test = TestLog::new();
    for weight in [f64::NAN, f64::INFINITY] {
        let mut shown = decision(pair(1, 1), Verdict::Same, "jo", 0);
        shown.weight_shown = Some(weight);
        assert!(test.log.append(&shown).is_err());
    }
    let mut zero = decision(pair(1, 1), Verdict::Same, "jo", 0);
    zero.weight_shown = Some(-0.0);
    test.log.append(&zero).unwrap();
    assert!(test.log.verify(None).unwrap().is_intact(), "the sign of zero does not break the chain");
}

#[test]
fn a_key_of_a_megabyte_is_refused_and_says_so() {
    let test = TestLog::new();
    let long = PairKey::new(RecordKey::new("crm", "account", "x".repeat(1 << 20)), pair(1, 1).right);
    let refused = test.log.append(&decision(long, Verdict::Same, "jo", 0)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Data);
    assert!(refused.message.contains("bytes") && !refused.hints.is_empty());
    assert!(test.log.is_empty().unwrap());
}

#[test]
fn a_file_that_is_no_log_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("review.db");
    let text = "Dear diary, this is not a database at all. ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let refused = ReviewLog::open(&path).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Log);
    assert!(refused.message.contains("review.db") && !refused.hints.is_empty(), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_context_nobody_knows_is_an_error_that_names_verify() {
    let test = TestLog::new();
    test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    let change = "UPDATE context SET verdict = 'perhaps' WHERE action = 'decide'";
    behind_its_back(&test.path(), &format!("{} {change}", super::support::UNGUARD)).unwrap();
    for refused in [test.log.effective().unwrap_err(), test.log.history(&Filter::default()).unwrap_err()] {
        assert_eq!(refused.kind, ErrorKind::Log);
        assert!(refused.hints.iter().any(|hint| hint.contains("log verify")));
    }
}

#[test]
fn calling_it_from_an_asynchronous_task_is_an_error_and_no_panic() {
    let test = TestLog::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let refused = runtime.block_on(async { test.log.effective().unwrap_err() });
    assert_eq!(refused.kind, ErrorKind::Internal);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_a_key(
        keys in prop::collection::vec(any::<(String, String, String)>(), 2),
        note in any::<String>(),
    ) {
        let record = |key: &(String, String, String)| RecordKey::new(&key.0, &key.1, &key.2);
        let pair = PairKey::new(record(&keys[0]), record(&keys[1]));
        let mut decided = NewDecision::new(pair.clone(), EntityKind::Person, Verdict::Same, "jo", at(0));
        decided.note = Some(note);
        let test = TestLog::new();
        let entry = test.log.append(&decided).unwrap();
        prop_assert_eq!(entry.decision().unwrap().pair.as_ref(), Some(&pair));
        let effective = test.log.effective().unwrap();
        prop_assert_eq!(effective.must_link().map(|decided| decided.pair).collect::<Vec<_>>(), [pair.clone()]);
        prop_assert!(effective.of(&pair).is_some());
        prop_assert!(test.log.verify(None).unwrap().is_intact());
        let other = TestLog::new();
        other.log.import(&mut export(&test.log).as_slice(), "ann", at(1)).unwrap();
        prop_assert!(other.log.effective().unwrap().of(&pair).is_some());
        let found = test.log.history(&Filter { pair: Some(pair.clone()), ..Filter::default() }).unwrap();
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(test.log.erase(std::slice::from_ref(&pair.left), "jo", "", at(2)).unwrap().entries, 1);
    }
}
