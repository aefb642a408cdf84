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

#[test]
fn everything_about_a_pair_can_be_asked_for_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let (_, out) = ask(directory.path(), "h\ne\nw\ni\nd\nq\n", &rae());
    assert!(out.contains("b  bills-for: one pays for the other"), "{out}");
    assert!(out.contains("speaks for one entity"), "{out}");
    assert!(out.contains("Sum: ") && out.contains("bits, probability"), "{out}");
    assert!(out.contains("Left entity: Northwind Analytics"), "{out}");
    assert!(out.contains("Nobody has decided this pair yet."), "{out}");
    let (_, out) = ask(directory.path(), "w\nq\n", &PlainOptions { blind: true, ..rae() });
    assert!(out.contains("(--blind)") && !out.contains("Sum: "), "{out}");
}

#[test]
fn a_note_is_stored_with_the_next_verdict_as_it_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let (_, out) = ask(directory.path(), "n\nSame VAT Number\na\nn Checked by Phone\nx\nu\nq\n", &rae());
    assert_eq!(out.matches("Stored with your note").count(), 2, "{out}");
    let log = ReviewLog::open_read_only(&directory.path().join("review.sqlite")).unwrap();
    let notes: Vec<_> = log
        .history(&fourfold::review::Filter { decisions_only: true, ..fourfold::review::Filter::default() })
        .unwrap()
        .iter()
        .map(|entry| entry.decision().unwrap().note.clone())
        .collect();
    assert_eq!(notes, [None, Some("Checked by Phone".to_owned()), Some("Same VAT Number".to_owned())]);
}

#[test]
fn undone_verdicts_are_put_back() {
    let directory = tempfile::tempdir().unwrap();
    let (report, out) = ask(directory.path(), "a\nz\ny\nq\n", &rae());
    assert!(out.contains("Taken back: same.") && out.contains("Put back: same."), "{out}");
    assert_eq!((report.decided, report.left), (1, 3));
}

#[test]
fn only_the_pairs_asked_for_are_asked() {
    let directory = tempfile::tempdir().unwrap();
    let (report, out) =
        ask(directory.path(), "q\n", &PlainOptions { kind: Some(fourfold::ident::EntityKind::Person), ..rae() });
    assert!(out.contains(": person,"), "{out}");
    assert_eq!(report.left, 1);
    let (report, _) = ask(directory.path(), "", &PlainOptions { source: Some("nowhere".into()), ..rae() });
    assert_eq!(report.left, 0);
}

#[test]
fn disagreements_are_a_queue_of_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let ada = PlainOptions { reviewer: "ada".into(), ..PlainOptions::default() };
    ask(directory.path(), "a\nq\n", &ada);
    // The other reviewer works beside: decided by agreement, the pair is not asked again, so the log says it.
    let log = ReviewLog::open(&directory.path().join("review.sqlite")).unwrap();
    let first = log.effective().unwrap().standings().next().unwrap().pair().unwrap();
    let at = super::drive::now();
    let verdict = fourfold::review::Verdict::Different;
    log.append(&fourfold::review::NewDecision::new(first, fourfold::ident::EntityKind::Account, verdict, "mo", at))
        .unwrap();
    drop(log);
    let (report, out) = ask(directory.path(), "x\n", &PlainOptions { disagreements: true, ..rae() });
    assert!(out.contains("Reviewers differ on 1 pair.") && out.contains("ada said same; mo said different"), "{out}");
    assert!(out.contains("It settles the disagreement."), "{out}");
    assert_eq!((report.decided, report.left), (1, 0));
    let blind = PlainOptions { disagreements: true, blind: true, ..rae() };
    let (_, out) = ask(directory.path(), "", &blind);
    assert!(out.contains("Reviewers differ on 0 pairs."), "{out}");
}
