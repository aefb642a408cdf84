//! Whoever is forgotten leaves no trace in the file, and the log stays whole.

use fourfold::review::{Filter, Target, Verdict};

use super::interchange::export;
use super::support::{TestLog, at, decision, pair, standing_of};

fn personal_log() -> TestLog {
    let test = TestLog::new();
    for (n, verdict) in [(1, Verdict::Different), (2, Verdict::Same), (3, Verdict::Same)] {
        let mut decision = decision(pair(n, n), verdict, "jo", i64::from(n));
        decision.note = Some(format!("phoned Wilhelmina{n}"));
        decision.fields = vec![super::reopen::field("email", &format!("w{n}@example.com"), "")];
        test.log.append(&decision).unwrap();
    }
    test.log.reveal(&pair(1, 1).left, "email", "jo", at(4)).unwrap();
    test.log.skip(&pair(1, 5), "jo", at(5)).unwrap();
    test
}

/// Every byte of the log's files.
fn bytes(test: &TestLog) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(test.directory.path()).unwrap() {
        all.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    all
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn nothing_of_the_forgotten_is_left_in_the_files() {
    let test = personal_log();
    let forgotten = pair(1, 1).left;
    assert!(holds(&bytes(&test), &forgotten.pk), "it was there before");
    let report = test.log.erase(std::slice::from_ref(&forgotten), "jo", "ticket 12", at(9)).unwrap();
    assert_eq!((report.entries, report.tombstones, report.wiped), (3, 1, true));
    let left = bytes(&test);
    assert!(!holds(&left, &forgotten.pk));
    assert!(!holds(&left, "Wilhelmina1"));
    assert!(holds(&left, "Wilhelmina2"), "others are untouched");
    let verified = test.log.verify(None).unwrap();
    assert!(verified.is_intact(), "{verified:?}");
    assert_eq!(verified.erased, 3);
}

#[test]
fn the_pair_is_recognised_and_not_asked_again() {
    let test = personal_log();
    test.log.erase(&[pair(1, 1).left], "jo", "", at(9)).unwrap();
    let effective = test.log.effective().unwrap();
    assert!(effective.of(&pair(1, 1)).is_none());
    assert!(effective.erased().contains(&pair(1, 1)));
    assert!(effective.is_answered(&pair(1, 1), "anyone"));
    assert!(!effective.erased().contains(&pair(1, 5)), "it was skipped, not decided");
    assert!(!effective.is_answered(&pair(1, 5), "jo"));
    assert_eq!(effective.len(), 2);
}

#[test]
fn what_was_undone_leaves_no_tombstone() {
    let test = TestLog::new();
    let entry = test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    test.log.undo(&Target::Entry(entry.id), "jo", at(1)).unwrap();
    let report = test.log.erase(&[pair(1, 1).left], "jo", "", at(2)).unwrap();
    assert_eq!((report.entries, report.tombstones), (1, 0));
    assert!(!test.log.effective().unwrap().is_answered(&pair(1, 1), "jo"));
}

#[test]
fn erasing_again_or_somebody_unknown_changes_nothing() {
    let test = personal_log();
    test.log.erase(&[pair(1, 1).left], "jo", "", at(9)).unwrap();
    let before = export(&test.log);
    assert_eq!(test.log.erase(&[pair(1, 1).left, pair(77, 77).left], "jo", "", at(10)).unwrap().entries, 0);
    assert_eq!(export(&test.log), before);
}

#[test]
fn a_key_that_is_part_of_another_is_not_mistaken_for_it() {
    let test = TestLog::new();
    let short = fourfold::ident::RecordKey::new("crm", "account", "1");
    let long = fourfold::ident::RecordKey::new("crm", "account", "11");
    let other = pair(5, 5).right;
    for key in [&short, &long] {
        let pair = fourfold::ident::PairKey::new(key.clone(), other.clone());
        test.log.append(&decision(pair, Verdict::Same, "jo", 0)).unwrap();
    }
    assert_eq!(test.log.erase(&[short], "jo", "", at(1)).unwrap().entries, 1);
    assert_eq!(test.log.effective().unwrap().len(), 1);
}

#[test]
fn an_erasure_travels_and_nothing_brings_the_data_back() {
    let (from, to) = (personal_log(), TestLog::new());
    let full = export(&from.log);
    to.log.import(&mut full.as_slice(), "ann", at(20)).unwrap();
    assert!(holds(&bytes(&to), "Wilhelmina1"));
    from.log.erase(&[pair(1, 1).left], "jo", "", at(21)).unwrap();
    let report = to.log.import(&mut export(&from.log).as_slice(), "ann", at(22)).unwrap();
    assert_eq!((report.added, report.erased), (1, 3));
    let again = to.log.import(&mut full.as_slice(), "ann", at(23)).unwrap();
    assert_eq!((again.added, again.erased), (0, 0));
    let entries = to.log.history(&Filter::default()).unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.erased).count(), 3);
    assert!(to.log.effective().unwrap().erased().contains(&pair(1, 1)), "the tombstone came along");
    assert!(to.log.verify(None).unwrap().is_intact());
    assert_eq!(standing_of(&to.log), standing_of(&from.log));

    let fresh = TestLog::new();
    fresh.log.import(&mut export(&to.log).as_slice(), "bo", at(24)).unwrap();
    assert!(fresh.log.verify(None).unwrap().is_intact(), "what is erased can be passed on");
    assert_eq!(fresh.log.import(&mut full.as_slice(), "bo", at(25)).unwrap().added, 0);
    assert!(!holds(&bytes(&fresh), "Wilhelmina1"));
}
