//! Verdicts, undo, skips, implications, masks, blind labelling: the review screen as a person uses it.

use std::sync::Arc;

use fourfold::review::{ReviewLog, Side, Verdict};
use fourfold::tui::effect::{Effect, Write};
use fourfold::tui::event::{Answer, Failure};
use fourfold::tui::runtime::Direct;
use fourfold::tui::state::Screen;
use fourfold::tui::update::update;

use super::backend::backend;
use super::company::{account_pair, company, entity};
use super::drive::{Drive, parse};

#[test]
fn a_verdict_is_stored_counted_and_the_next_pair_comes() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2a");
    let state = &drive.state;
    assert_eq!(state.review.here(), Some(1));
    assert_eq!((state.review.decided(), state.review.left()), (1, 11));
    assert_eq!(state.review.sitting.same, 1);
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    let effective = log.effective().unwrap();
    assert_eq!(effective.must_link().count(), 1);
    drive.keys("xu ");
    assert_eq!((drive.state.review.decided(), drive.state.review.sitting.skipped), (3, 1));
    assert!(drive.shows("3 decided"), "{}", drive.text());
}

#[test]
fn a_verdict_is_not_shown_as_decided_before_it_is_on_disk() {
    let mut drive = Drive::new(&company(6), (160, 40), "mono");
    drive.keys("2");
    let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('a'));
    let effects = update(&mut drive.state, fourfold::tui::event::Event::Key(key));
    let Some(Effect::Store(ticket, Write::Decide(decision))) =
        effects.into_iter().find(|effect| matches!(effect, Effect::Store(..)))
    else {
        panic!("nothing is stored");
    };
    assert_eq!(decision.verdict, Verdict::Same);
    assert_eq!(drive.state.review.decided(), 0);
    assert!(drive.shows("storing 1"), "{}", drive.text());
    assert!(!drive.shows("= Northwind"));
    // Keys stay live meanwhile.
    drive.keys("jk?<esc>");
    let failure = Failure { message: "the disk is full".into(), hints: vec!["free some space".into()], missing: false };
    drive.answer(Answer::Stored { ticket, outcome: Err(failure) });
    assert_eq!(drive.state.review.here(), Some(0), "the pair is back, still open");
    assert!(drive.state.review.verdicts.is_empty());
    assert!(drive.shows("NOT stored, the pair is still open: the disk is full · free some space"), "{}", drive.text());
}

#[test]
fn undo_and_redo_work_also_after_a_restart() {
    let data = company(9);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2ax");
    assert_eq!(drive.state.review.decided(), 2);
    let Drive { directory, state, direct, .. } = drive;
    drop((state, direct));
    let mut drive = Drive::at(directory, (80, 24), "mono", |_| {});
    assert_eq!(drive.state.review.decided(), 2, "what was decided is known again");
    drive.keys("2");
    assert_eq!(drive.state.review.here(), Some(2), "it resumes where it stopped");
    drive.keys("z");
    assert_eq!((drive.state.review.here(), drive.state.review.decided()), (Some(1), 1));
    drive.keys("z");
    assert_eq!((drive.state.review.here(), drive.state.review.decided()), (Some(0), 0));
    drive.keys("zZ");
    assert_eq!(drive.state.review.decided(), 1);
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    assert!(log.verify(None).is_ok_and(|report| report.is_intact()));
}

#[test]
fn relations_ask_which_way() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2c");
    assert!(drive.shows("Which one is the child?"));
    drive.keys("<esc>");
    assert_eq!(drive.state.review.decided(), 0);
    drive.keys("c<right>b<left>s2");
    let given: Vec<Verdict> = (0..3).map(|position| drive.state.review.verdicts[&position].verdict).collect();
    assert_eq!(
        given,
        [
            Verdict::ChildOf { child: Side::Right },
            Verdict::BillsFor { payer: Side::Left },
            Verdict::SuccessorOf { successor: Side::Right }
        ]
    );
}

#[test]
fn people_stand_in_no_company_relation() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2Gc");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "child-of: only accounts stand in such a relation");
}

#[test]
fn pairs_that_verdicts_imply_are_not_asked() {
    let mut data = company(9);
    // 0: A-B, 1: B-C, 2: A-C follows from both; 3: C-D different, 4: A-D follows.
    for (index, (left, right)) in [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)].into_iter().enumerate() {
        data.pairs[index].left_entity = entity(left);
        data.pairs[index].right_entity = entity(right);
    }
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2aa");
    assert_eq!(drive.state.review.here(), Some(3), "pair 2 is passed");
    assert!(drive.shows("2 decided · 1 implied · 9 left"), "{}", drive.text());
    drive.keys("x");
    assert_eq!(drive.state.review.here(), Some(5), "pair 4 is passed");
    assert_eq!((drive.state.review.decided(), drive.state.review.left()), (3, 7));
    // Taking back what they follow from opens them again.
    drive.keys("zz");
    assert_eq!((drive.state.review.decided(), drive.state.review.left()), (1, 11));
    drive.keys("jj");
    assert!(!drive.shows("answered by other verdicts"));
}

#[test]
fn what_was_passed_over_comes_back_at_the_end() {
    let mut drive = Drive::new(&company(3), (80, 24), "mono");
    drive.keys("2 axx");
    assert_eq!(drive.state.review.here(), Some(0), "the one that was passed over");
    drive.keys("u");
    assert_eq!(drive.state.review.left(), 0);
    assert!(drive.shows("that was the last one"), "{}", drive.text());
    drive.keys("j");
    assert!(drive.shows("All 4 pairs are answered"), "{}", drive.text());
}

#[test]
fn personal_data_is_masked_until_revealed_and_the_log_knows() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2");
    assert!(!drive.shows("+49 30 5550 0"));
    drive.keys("<tab><tab><tab><tab><tab>r");
    assert!(drive.shows("+49 30 5550 0"), "{}", drive.text());
    assert!(!drive.shows("finance@"), "other fields stay masked");
    drive.keys("R");
    assert!(drive.text().contains("[-"), "{}", drive.text());
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    let filter = fourfold::review::Filter::default();
    let reveals = log.history(&filter).unwrap().iter().filter(|entry| entry.what.as_str() == "reveal").count();
    assert_eq!(reveals, 6, "two fields and the names in the evidence, of two records");
    drive.keys("j");
    assert!(!drive.shows("+49 30 5550 0"), "the next pair is masked again");
}

#[test]
fn blind_hides_the_score_until_the_verdict() {
    let mut drive = Drive::with(&company(9), (80, 24), "mono", |setting| setting.blind = true);
    drive.keys("2");
    assert!(!drive.shows("bits p"));
    assert!(drive.shows("hidden until your verdict"));
    drive.keys("a");
    assert!(drive.shows("the score was"), "{}", drive.text());
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    let entry = log.history(&fourfold::review::Filter::default()).unwrap().remove(0);
    assert_eq!(entry.decision().unwrap().weight_shown, None);
}

#[test]
fn a_note_goes_with_its_verdict() {
    let mut drive = Drive::new(&company(9), (80, 24), "mono");
    drive.keys("2nasked their CFO<enter>");
    assert!(drive.shows("note: asked their CFO"));
    drive.keys("q");
    assert!(drive.shows("not stored yet"), "leaving would lose it");
    drive.keys("na");
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    let entry = log.history(&fourfold::review::Filter::default()).unwrap().remove(0);
    assert_eq!(entry.decision().unwrap().note.as_deref(), Some("asked their CFO"));
    drive.keys("q");
    assert_eq!(drive.outside, [Effect::Quit]);
}

#[test]
fn the_queue_is_filtered_as_one_types() {
    let mut drive = Drive::new(&company(24), (160, 40), "mono");
    drive.keys("2/blauwerk");
    let count = |drive: &Drive| drive.state.review.list.len();
    assert_eq!(count(&drive), 2);
    drive.keys("<enter>a");
    assert_eq!(drive.state.review.here(), Some(13), "the next one that matches");
    drive.keys("<esc>");
    assert_eq!(count(&drive), 32);
    drive.keys("/kind:person is:bridge<enter>");
    assert_eq!(count(&drive), 2);
    drive.keys("/<ctrl-u>is:decided<enter>");
    assert_eq!(count(&drive), 1);
    drive.keys("/<ctrl-u>qqqqq<enter>");
    assert!(drive.shows("No pair matches the filter"), "{}", drive.text());
    drive.keys("<esc>");
    assert_eq!(count(&drive), 32);
}

#[test]
fn reviewers_who_differ_leave_the_pair_open_and_a_verdict_settles_it() {
    let data = company(6);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2a");
    let Drive { directory, direct, state, .. } = drive;
    drop((direct, state));
    let mut drive = Drive::at(directory, (80, 24), "mono", |setting| setting.reviewer = "sam".into());
    drive.keys("2k");
    drive.keys("x");
    let Drive { directory, direct, state, .. } = drive;
    drop((direct, state));
    let mut drive = Drive::at(directory, (80, 24), "mono", |setting| setting.reviewer = "ina".into());
    drive.keys("2");
    assert_eq!(drive.state.review.here(), Some(0));
    assert!(drive.shows("reviewers differ"), "{}", drive.text());
    drive.keys("x");
    let effective = ReviewLog::open_read_only(&drive.log).unwrap().effective().unwrap();
    assert_eq!(effective.disagreements().count(), 0);
    assert_eq!(effective.cannot_link().count(), 1);
}

#[test]
fn without_a_run_the_screen_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let mut drive = Drive::at(directory, (80, 24), "mono", |_| {});
    assert!(drive.shows("There is no run to show yet"));
    assert!(drive.shows("fourfold run"));
    drive.keys("2axz/<esc>Bjk3<enter>w41r?<esc>:<esc>");
    assert_eq!(drive.state.review.sitting.decided, 0);
}

#[test]
fn an_empty_queue_says_what_is_next() {
    let mut data = company(6);
    data.pairs.clear();
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2");
    assert!(drive.shows("Nothing to review"));
    drive.keys("axzB");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "batch: no pair is left to look at");
}

#[test]
fn a_hostile_name_cannot_touch_the_screen() {
    let mut data = company(6);
    data.pairs[0].left_label = "\u{1b}[31mAcme\u{202e}".into();
    data.pairs[0].pair.fields[0].left = "\u{1b}[2J'; drop table pairs; --".into();
    data.pairs[0].pair.rule = "rule\u{1b}[0m".into();
    let mut drive = Drive::new(&data, (160, 40), "dark");
    drive.keys("2");
    let buffer = drive.frame();
    assert!(buffer.content().iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
    assert!(drive.shows("␛[2J'; drop table"), "{}", drive.text());
    drive.keys("a");
    assert_eq!(drive.state.review.decided(), 1, "{:?}", drive.state.toast);
}

#[test]
fn keys_typed_ahead_are_taken_in_order() {
    let data = company(12);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2");
    // Nothing is answered in between: all stores come after all keys.
    let mut stores = Vec::new();
    for key in parse("axau") {
        let event = crossterm::event::KeyEvent::from(key.code);
        let effects = update(&mut drive.state, fourfold::tui::event::Event::Key(event));
        stores.extend(effects.into_iter().filter(|effect| matches!(effect, Effect::Store(..))));
    }
    let mut direct = Direct::new(drive.directory.path().join("snapshot.sqlite"), Arc::new(backend(&drive.log)));
    assert_eq!(stores.len(), 4);
    for store in &stores {
        let answer = direct.perform(store).unwrap();
        drive.answer(answer);
    }
    let given: Vec<Verdict> = (0..4).map(|position| drive.state.review.verdicts[&position].verdict).collect();
    assert_eq!(given, [Verdict::Same, Verdict::Different, Verdict::Same, Verdict::Unsure]);
    assert_eq!(drive.state.screen, Screen::Review);
}

#[test]
fn the_bars_add_up_as_they_are_shown() {
    use fourfold::tui::screens::review::{steps, tenths};
    let pair = account_pair(3).pair;
    for most in 1..8 {
        let steps = steps(&pair.waterfall.bars, most);
        assert!(steps.len() <= most.min(6));
        assert_eq!(steps.iter().map(|step| step.tenths).sum::<i64>(), tenths(pair.waterfall.weight()));
    }
}

#[test]
fn keys_pressed_before_the_pair_is_at_hand_wait_for_it() {
    let data = company(60);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2");
    // Every question and every write waits until all keys are pressed.
    let mut waiting: std::collections::VecDeque<Effect> = std::collections::VecDeque::new();
    for key in parse("axaxaxaxaxaxc<right>u") {
        let event = crossterm::event::KeyEvent::from(key.code);
        waiting.extend(update(&mut drive.state, fourfold::tui::event::Event::Key(event)));
    }
    assert!(!drive.state.typed_ahead.is_empty(), "only the first pairs were at hand");
    let mut direct = Direct::new(drive.directory.path().join("snapshot.sqlite"), Arc::new(backend(&drive.log)));
    direct.perform(&Effect::Ask(fourfold::tui::effect::Question::Open { reviewer: "rae".into() }));
    while let Some(effect) = waiting.pop_front() {
        if let Some(answer) = direct.perform(&effect) {
            waiting.extend(update(&mut drive.state, fourfold::tui::event::Event::Answer(answer)));
        }
    }
    let given: Vec<&str> = (0..14).map(|position| drive.state.review.verdicts[&position].verdict.as_str()).collect();
    assert_eq!(given[..12], ["same", "different"].repeat(6));
    assert_eq!(given[12..], ["child-of:right", "unsure"]);
}
