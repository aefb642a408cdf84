//! A sitting: its goal, its pace, its estimates, and that it goes on where it stopped.

use fourfold::ident::EntityKind;
use fourfold::resolve::graph::PairStatus;
use fourfold::review::ReviewLog;
use fourfold::snapshot::ReopenedNote;
use fourfold::tui::effect::{Effect, Write};
use fourfold::tui::state::review::Panel;

use super::company::company;
use super::drive::Drive;

fn again(drive: Drive, size: (u16, u16)) -> Drive {
    let Drive { directory, state, direct, .. } = drive;
    drop((state, direct));
    Drive::at(directory, size, "mono", |_| {})
}

#[test]
fn it_goes_on_where_it_stopped() {
    let mut drive = Drive::new(&company(24), (160, 40), "mono");
    drive.keys("2t12<enter>");
    assert_eq!(drive.state.review.sitting.goal, Some(12));
    drive.keys("ax u/analytics<enter>jp");
    let here = drive.state.review.here();
    let (tally, decided) = (drive.state.review.sitting.tally.clone(), drive.state.review.sitting.decided);
    let left = drive.state.review.left();
    assert_eq!(decided, 3);
    // As after a kill: nothing was said to the program.
    let mut drive = again(drive, (160, 40));
    drive.keys("2");
    let review = &drive.state.review;
    assert_eq!(review.here(), here, "the pair that was looked at");
    assert_eq!(review.filter.as_ref().map(|filter| filter.typed.as_str()), Some("analytics"));
    assert_eq!((review.sitting.goal, review.panel), (Some(12), Panel::Prior));
    assert_eq!((review.sitting.decided, review.sitting.skipped), (3, 1));
    assert_eq!(review.left(), left);
    assert_eq!(review.sitting.tally, tally, "what the sitting changed is known again");
    assert!(review.skipped.contains(&2), "what was passed over comes back at the end");
    assert!(drive.shows("3 of 12"), "{}", drive.text());
    drive.keys("<esc>t<ctrl-u><enter>");
    assert_eq!(drive.state.review.sitting.goal, None);
    drive.keys("tx<enter>");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "a goal is a number of verdicts, such as 40");
}

#[test]
fn another_reviewer_starts_their_own_sitting() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2t40<enter>aa");
    let Drive { directory, state, direct, .. } = drive;
    drop((state, direct));
    let drive = Drive::at(directory, (80, 24), "mono", |setting| setting.reviewer = "sam".into());
    assert_eq!((drive.state.review.sitting.goal, drive.state.review.sitting.decided), (None, 0));
}

#[test]
fn a_reopened_decision_is_asked_again_and_says_why() {
    let mut data = company(9);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2a");
    let entry =
        ReviewLog::open_read_only(&drive.log).unwrap().history(&fourfold::review::Filter::default()).unwrap().remove(0);
    data.pairs[0].reason = "reopened".into();
    data.pairs[0].pair.status = PairStatus::Accepted;
    data.pairs[0].reopened = Some(ReopenedNote {
        seq: entry.seq,
        verdict: "same".into(),
        reviewer: "rae".into(),
        changed: vec!["domain".into()],
    });
    let path = drive.directory.path().join("snapshot.sqlite");
    fourfold::snapshot::Snapshot::write(&path, &data).unwrap();
    let mut drive = again(drive, (80, 24));
    drive.keys("2g");
    assert!(drive.shows("asked again: domain changed since same by rae"), "{}", drive.text());
    assert_eq!(drive.state.review.decided(), 0);
    drive.keys("x");
    assert_eq!(drive.state.review.decided(), 1);
    let mut drive = again(drive, (80, 24));
    drive.keys("2g");
    assert!(drive.shows("decided: different by rae"), "{}", drive.text());
}

#[test]
fn the_estimates_follow_the_answers_of_the_draw() {
    let mut data = company(24);
    // Six drawn pairs: matches that are right, matches that are wrong, others.
    for index in 0..8 {
        let pair = &mut data.pairs[index];
        pair.reason = "audit".into();
        pair.pair.status = if index < 4 { PairStatus::Matched } else { PairStatus::Rejected };
        pair.pair.probability = if index % 2 == 0 { 0.6 } else { 0.995 };
        if index >= 4 {
            pair.pair.probability = if index % 2 == 0 { 0.1 } else { 0.4 };
        }
    }
    let mut drive = Drive::new(&data, (80, 30), "mono");
    drive.keys("2m");
    let measured = |drive: &Drive| drive.state.review.measures.measured(EntityKind::Account).unwrap();
    assert_eq!(measured(&drive).precision, None);
    assert!(drive.shows("after an answer in:"), "{}", drive.text());
    drive.keys("aaaxxxxx");
    let found = measured(&drive);
    assert_eq!(found.checked.0, 8);
    let precision = found.precision.unwrap();
    assert!(precision.low < precision.value && precision.value < precision.high, "{precision:?}");
    // 90 close calls all right, of 800 clear ones half.
    assert!((precision.value - (90.0 + 400.0) / 890.0).abs() < 1e-9, "{precision:?}");
    assert!(found.recall.unwrap().value > 0.999);
    assert!(drive.shows("precision  55.1%"), "{}", drive.text());
    drive.keys("z");
    assert_eq!(measured(&drive).checked.0, 7, "an undo takes its answer back");
    drive.keys("Z");
    assert_eq!(measured(&drive).checked.0, 8);
}

#[test]
fn groups_are_listed_and_looked_at() {
    let mut drive = Drive::new(&company(24), (80, 24), "mono");
    drive.keys("2v");
    assert!(drive.shows("name and country") && drive.shows("same domain"), "{}", drive.text());
    drive.keys("<enter>");
    let review = &drive.state.review;
    assert_eq!(review.filter.as_ref().unwrap().typed, "rule:\"name and country\"");
    assert_eq!(review.list.len(), 16);
    drive.keys("v<tab>");
    assert!(drive.shows("salesforce and stripe_eu"), "{}", drive.text());
    drive.keys("j<enter>");
    assert_eq!(drive.state.review.filter.as_ref().unwrap().typed, "between:segment+zendesk");
    assert_eq!(drive.state.review.list.len(), 8);
    drive.keys("v<backtab><enter>");
    assert!(drive.state.review.filter.as_ref().unwrap().typed.starts_with("is:"));
    drive.keys("/<ctrl-u>cluster:3<enter>");
    assert_eq!(drive.state.review.list.len(), 1);
    drive.keys("/<ctrl-u>stripe_eu+salesforce<enter>/<ctrl-u>between:stripe_eu+salesforce<enter>");
    assert_eq!(drive.state.review.list.len(), 24, "the order of the two does not matter");
}

#[test]
fn decisions_say_what_weights_should_be_and_nothing_changes_without_a_yes() {
    let mut drive = Drive::new(&company(24), (100, 30), "mono");
    drive.keys("2aaK");
    assert!(drive.shows("5 of each are needed"), "{}", drive.text());
    drive.keys("<esc>aaaaaxxxxxxxK");
    assert!(drive.shows("fitted to 14 decisions"), "{}", drive.text());
    assert!(drive.shows("would rise above even odds"), "{}", drive.text());
    drive.keys("n");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "the weights stay as they are");
    drive.keys("Ky");
    // This workspace has nowhere to write it; the screen says so and goes on.
    assert!(drive.shows("keeps no calibration"), "{}", drive.text());
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    assert_eq!(log.effective().unwrap().len(), 14);
}

#[test]
fn nothing_can_be_accepted_in_a_read_only_log() {
    let mut drive = Drive::new(&company(24), (100, 30), "mono");
    drive.keys("2aaaaaaxxxxxx");
    let Drive { directory, state, direct, .. } = drive;
    drop((state, direct));
    let mut drive = Drive::at(directory, (100, 30), "mono", |setting| setting.read_only = true);
    drive.keys("2Ky");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "accept: opened with --read-only");
    assert!(!drive.outside.iter().any(|effect| matches!(effect, Effect::Store(_, Write::Accept { .. }))));
}
