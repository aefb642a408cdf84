//! The queue as a prompt loop.

use fourfold::review::ReviewLog;
use fourfold::snapshot::{Snapshot, SnapshotReader};
use fourfold::tui::plain::{PlainOptions, PlainReport, review};

use super::backend::backend;
use super::company::company;

fn ask(directory: &std::path::Path, typed: &str, options: &PlainOptions) -> (PlainReport, String) {
    let snapshot = directory.join("snapshot.sqlite");
    if !snapshot.exists() {
        Snapshot::write(&snapshot, &company(3)).unwrap();
    }
    let reader = SnapshotReader::open(&snapshot).unwrap();
    let log = backend(&directory.join("review.sqlite"));
    let mut out = Vec::new();
    let report = review(&reader, &log, options, &mut typed.as_bytes(), &mut out).unwrap();
    (report, String::from_utf8(out).unwrap())
}

fn rae() -> PlainOptions {
    PlainOptions { reviewer: "rae".into(), ..PlainOptions::default() }
}

#[test]
fn a_pipe_can_answer_the_whole_queue() {
    let directory = tempfile::tempdir().unwrap();
    let (report, out) = ask(directory.path(), "a\nx\nc\nl\nu\n", &rae());
    assert_eq!(report, PlainReport { decided: 4, skipped: 0, left: 0 });
    assert!(out.contains("Pair 1 of 4: account"));
    assert!(out.contains("name: Northwind Analytics | Northwind Analytics{+ GmbH} (similar)"), "{out}");
    assert!(out.contains("Stored: child-of:left."));
    assert!(!out.contains("+49 30 5550 0"), "personal data is masked");
    assert!(!out.chars().any(|letter| letter.is_control() && letter != '\n'));
    let effective = ReviewLog::open_read_only(&directory.path().join("review.sqlite")).unwrap().effective().unwrap();
    assert_eq!(effective.len(), 4);
}

#[test]
fn the_end_of_the_input_is_no_mistake_and_it_resumes() {
    let directory = tempfile::tempdir().unwrap();
    let (report, _) = ask(directory.path(), "a\n", &rae());
    assert_eq!(report, PlainReport { decided: 1, skipped: 0, left: 3 });
    let (report, out) = ask(directory.path(), "x\nq\n", &rae());
    assert!(out.contains("Pair 2 of 4"), "{out}");
    assert_eq!(report, PlainReport { decided: 1, skipped: 0, left: 2 });
}

#[test]
fn undo_goes_back_to_the_pair_and_nonsense_is_asked_again() {
    let directory = tempfile::tempdir().unwrap();
    let (report, out) = ask(directory.path(), "a\nmaybe\nz\nx\ns\nq\n", &rae());
    assert!(out.contains("`maybe` is no answer."));
    assert!(out.contains("Taken back: same."));
    assert_eq!(report, PlainReport { decided: 1, skipped: 1, left: 3 });
    let effective = ReviewLog::open_read_only(&directory.path().join("review.sqlite")).unwrap().effective().unwrap();
    assert_eq!(effective.cannot_link().count(), 1);
}

#[test]
fn blind_says_the_score_afterwards_and_values_are_shown_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let options = PlainOptions { blind: true, ..rae() };
    let (_, out) = ask(directory.path(), "v\na\n", &options);
    let before = out.split("Stored").next().unwrap();
    assert!(!before.contains("bits"), "{before}");
    assert!(out.contains("The score was"));
    assert!(out.contains("+49 30 5550 0"));
}
