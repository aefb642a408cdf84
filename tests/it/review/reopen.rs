//! A decision is asked again when, and only when, what it rested on has changed.

use fourfold::resolve::graph::ComparedField;
use fourfold::review::{Reopened, Target, Verdict};

use super::support::{TestLog, at, behind_its_back, decision, number, pair};

pub fn field(name: &str, left: &str, right: &str) -> ComparedField {
    ComparedField { field: name.to_owned(), left: left.to_owned(), right: right.to_owned(), personal: false }
}

fn reopened(test: &TestLog, now: &[ComparedField]) -> Vec<Reopened> {
    let effective = test.log.effective().unwrap();
    test.log.reopened(&effective, &|_| Some(now.to_vec())).unwrap()
}

fn seen() -> Vec<ComparedField> {
    vec![field("name", "Acme", "ACME Inc"), field("domain", "acme.com", ""), field("phone", "", "")]
}

fn log_with(verdict: Verdict) -> TestLog {
    let test = TestLog::new();
    let mut decision = decision(pair(1, 1), verdict, "jo", 0);
    decision.fields = seen();
    test.log.append(&decision).unwrap();
    test
}

#[test]
fn nothing_changed_asks_nothing() {
    let test = log_with(Verdict::Same);
    assert_eq!(reopened(&test, &seen()), []);
    let mut reordered = seen();
    reordered.reverse();
    reordered.push(field("vat", "1", "2"));
    assert_eq!(reopened(&test, &reordered), [], "a field that was not compared then asks nothing");
    assert_eq!(reopened(&test, &[]), [], "nor one that is no longer compared");
}

#[test]
fn what_changed_is_named_with_its_side() {
    let test = log_with(Verdict::Different);
    let now = [field("name", "Acme", "Apex"), field("domain", "acme.com", "acme.com"), field("phone", "1", "1")];
    let found = reopened(&test, &now);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].pair.clone(), found[0].verdict, found[0].reviewer.as_str()),
        (pair(1, 1), Verdict::Different, "jo")
    );
    let changed: Vec<_> =
        found[0].changed.iter().map(|changed| (changed.field.as_str(), changed.left, changed.right)).collect();
    assert_eq!(changed, [("name", false, true), ("domain", false, true), ("phone", true, true)]);
    assert_eq!(test.log.effective().unwrap().cannot_link().count(), 1, "it stands until somebody answers");
}

#[test]
fn a_record_that_is_gone_asks_nothing() {
    let test = log_with(Verdict::Same);
    let effective = test.log.effective().unwrap();
    assert_eq!(test.log.reopened(&effective, &|_| None).unwrap(), []);
}

#[test]
fn only_the_last_word_counts() {
    let test = log_with(Verdict::Same);
    let now = [field("name", "Acme Ltd", "ACME Inc")];
    assert_eq!(reopened(&test, &now).len(), 1);
    let mut again = decision(pair(1, 1), Verdict::Same, "jo", 1);
    again.fields = now.to_vec();
    let entry = test.log.append(&again).unwrap();
    assert_eq!(reopened(&test, &now), []);
    test.log.undo(&Target::Entry(entry.id), "jo", at(2)).unwrap();
    assert_eq!(reopened(&test, &now).len(), 1, "the answer to the change was taken back");
}

#[test]
fn values_are_not_kept_and_equal_values_do_not_look_equal() {
    let test = log_with(Verdict::Same);
    let mut other = decision(pair(2, 2), Verdict::Same, "jo", 1);
    other.fields = seen();
    test.log.append(&other).unwrap();
    assert_eq!(number(&test.path(), "SELECT count(*) FROM entry WHERE fields LIKE '%acme%'"), 0);
    assert_eq!(number(&test.path(), "SELECT count(DISTINCT fields) FROM entry"), 2, "each row has a salt of its own");
    assert!(behind_its_back(&test.path(), "SELECT 1").is_ok());
}
