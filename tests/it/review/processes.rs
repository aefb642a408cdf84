//! Several programs write to one log, and all of them succeed.

use std::thread;

use fourfold::error::ErrorKind;
use fourfold::review::{ReviewLog, Target, Verdict};

use super::support::{TestLog, at, decision, pair};

#[test]
fn writers_with_connections_of_their_own_all_succeed() {
    let test = TestLog::new();
    let path = test.path();
    thread::scope(|scope| {
        for (writer, reviewer) in (0_u32..).zip(["ann", "bo", "cy"]) {
            let path = &path;
            scope.spawn(move || {
                let log = ReviewLog::open(path).unwrap();
                for n in 0..40 {
                    let entry = log.append(&decision(pair(writer, n), Verdict::Same, reviewer, 0)).unwrap();
                    if n % 10 == 0 {
                        log.undo(&Target::Entry(entry.id), reviewer, at(1)).unwrap();
                    }
                    if n % 20 == 0 {
                        log.effective().unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(test.log.effective().unwrap().len(), 3 * 36);
    let report = test.log.verify(None).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, 1 + 3 * 44, "one beginning, and one chain for all");
}

#[test]
fn opening_a_new_log_at_once_from_many_sides_makes_one() {
    for _ in 0..5 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new").join("review.db");
        thread::scope(|scope| {
            for n in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    ReviewLog::open(path).unwrap().append(&decision(pair(n, n), Verdict::Same, "jo", 0)).unwrap();
                });
            }
        });
        let log = ReviewLog::open(&path).unwrap();
        assert_eq!(log.effective().unwrap().len(), 4);
        assert!(log.verify(None).unwrap().is_intact());
    }
}

#[test]
fn one_log_serves_many_threads() {
    let test = TestLog::new();
    thread::scope(|scope| {
        for writer in 0..4 {
            let log = &test.log;
            scope.spawn(move || {
                for n in 0..15 {
                    log.append(&decision(pair(writer, n), Verdict::Same, "jo", 0)).unwrap();
                }
            });
        }
    });
    assert_eq!(test.log.effective().unwrap().len(), 60);
}

#[test]
fn a_reader_sees_what_others_write_and_cannot_write() {
    let test = TestLog::new();
    let reader = ReviewLog::open_read_only(&test.path()).unwrap();
    test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    assert_eq!(reader.effective().unwrap().len(), 1);
    assert!(!reader.is_writable());
    let refused = reader.append(&decision(pair(2, 2), Verdict::Same, "jo", 0)).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Log);
    assert!(refused.hints[0].contains("--read-only"));
}

#[test]
fn a_log_that_is_not_there_is_not_made_by_a_reader() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("review.db");
    assert_eq!(ReviewLog::open_read_only(&path).unwrap_err().kind, ErrorKind::NotFound);
    assert!(!path.exists());
}
