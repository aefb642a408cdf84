//! The interview, the cells of the map, what is done about conflicts, and the reviewers' disagreements.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fourfold::config::Config;
use fourfold::engine::desk::Desk;
use fourfold::ident::EntityKind;
use fourfold::review::{NewDecision, ReviewLog, Verdict};
use fourfold::snapshot::Snapshot;
use fourfold::tui::LogBackend;
use fourfold::tui::runtime::Direct;
use fourfold::tui::state::Screen;
use fourfold::tui::state::interview::Stage;
use fourfold::tui::state::map::{MapDepth, MapTable};
use fourfold::tui::state::overlay::Overlay;

use super::company::company;
use super::drive::{Drive, now};

const FILE: &str = "# ours\n[sources.salesforce]\nsurface = \"crm\"\n[sources.stripe_eu]\nsurface = \"billing\"\n\
    [sources.zendesk]\nsurface = \"support\"\n";

/// A terminal UI on a workspace with rules to write.
fn desk(size: (u16, u16)) -> (Drive, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fourfold.toml");
    std::fs::write(&file, FILE).unwrap();
    let state = directory.path().join(".fourfold");
    std::fs::create_dir(&state).unwrap();
    let snapshot = state.join("snapshot.sqlite");
    Snapshot::write(&snapshot, &company(30)).unwrap();
    Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(30)).unwrap();
    let log = directory.path().join("review.sqlite");
    let backend = LogBackend::open(&log).unwrap().with_desk(Desk::new(directory.path(), 1, Duration::from_secs(1)));
    let mut drive = Drive::at(directory, size, "mono", |_| {});
    drive.direct = Direct::new(snapshot, Arc::new(backend));
    drive.keys("<ctrl-r>");
    (drive, file)
}

#[test]
fn a_question_is_answered_after_a_look_at_its_effect() {
    let (mut drive, file) = desk((80, 24));
    drive.keys("i");
    assert!(matches!(drive.state.overlay, Some(Overlay::Interview)));
    assert!(drive.shows("open, 0 answered") && drive.shows("(recommended)"), "{}", drive.text());
    // The weightiest is about the status: billing has the first word and is recommended.
    assert!(drive.shows("▸ 1  stripe_eu"), "{}", drive.text());
    drive.keys("1");
    assert_eq!(drive.state.interview.draft.as_ref().unwrap().stage, Stage::Why);
    drive.keys("billing knows<enter>");
    assert!(drive.shows("conflicts are closed"), "{}", drive.text());
    assert!(drive.shows("accounts.status"), "{}", drive.text());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FILE, "nothing is written before yes");
    drive.keys("y");
    let config = Config::read(&file).unwrap();
    let rule = &config.survivorship["accounts.status"];
    assert_eq!((rule.who.as_str(), rule.why.as_str()), ("rae", "billing knows"));
    assert!(drive.state.toast.as_ref().unwrap().text.contains("saved in fourfold.toml"));
    assert!(drive.shows("1 answered"), "{}", drive.text());
    // The conflicts of that kind are closed at once, on the map too.
    drive.keys("<esc><tab><enter><enter>");
    assert!(drive.shows("closed") && drive.shows("billing knows"), "{}", drive.text());
}

#[test]
fn an_answer_is_taken_back_and_given_anew() {
    let (mut drive, file) = desk((200, 50));
    drive.keys("i1why<enter>y");
    assert!(Config::read(&file).unwrap().survivorship.contains_key("accounts.status"));
    drive.keys("G");
    assert!(drive.shows("answered: stripe_eu"), "{}", drive.text());
    // Anew: the other source.
    drive.keys("2<enter>y");
    assert_eq!(Config::read(&file).unwrap().survivorship["accounts.status"].sources[0], "salesforce");
    assert_eq!(Config::read(&file).unwrap().answers.len(), 1, "the earlier answer is gone");
    drive.keys("Gw");
    assert!(drive.shows("take the answer and its rules out"), "{}", drive.text());
    drive.keys("n");
    assert_eq!(Config::read(&file).unwrap().answers.len(), 1);
    drive.keys("wy");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FILE);
    assert!(drive.shows("0 answered"), "{}", drive.text());
}

#[test]
fn esc_drops_an_answer_and_read_only_takes_none() {
    let (mut drive, file) = desk((80, 24));
    drive.keys("i4<esc>");
    assert!(drive.state.interview.draft.is_none() && drive.state.overlay.is_some());
    drive.keys("4");
    assert_eq!(drive.state.interview.draft.as_ref().unwrap().stage, Stage::Until);
    drive.keys("tomorrow<enter>");
    assert!(drive.state.toast.as_ref().unwrap().text.contains("no such day"));
    drive.keys("<ctrl-u>2027-01-31<enter><enter>y");
    assert_eq!(Config::read(&file).unwrap().accepted[0].until.as_deref(), Some("2027-01-31"));
    drive.state.setting.read_only = true;
    drive.keys("g1");
    assert!(drive.state.interview.draft.is_none());
    assert!(drive.state.toast.as_ref().unwrap().text.contains("--read-only"));
}

#[test]
fn a_preview_that_cannot_be_made_says_why() {
    let (mut drive, _) = desk((80, 24));
    drive.keys("i1<enter>p");
    assert!(drive.shows("there is no warehouse file"), "{}", drive.text());
}

#[test]
fn without_a_workspace_the_interview_says_so() {
    let mut drive = Drive::new(&company(6), (80, 24), "mono");
    drive.keys("i");
    assert!(drive.shows("there is no fourfold.toml"), "{}", drive.text());
    drive.keys("<esc>");
    assert!(drive.state.overlay.is_none());
}

#[test]
fn every_cell_of_the_map_leads_to_the_entities_behind_it() {
    let (mut drive, _) = desk((80, 24));
    drive.keys("v");
    assert_eq!(drive.state.map.shows, MapTable::Surfaces);
    assert!(drive.shows("crm ↔ billing") && drive.shows("account.status"), "{}", drive.text());
    let here = drive.state.map.facing.rows.iter().position(|row| row.field == "account.status").unwrap();
    for _ in 0..here {
        drive.keys("j");
    }
    let count = drive.state.map.facing.here().unwrap().count;
    drive.keys("<enter>");
    assert_eq!(drive.state.map.depth, MapDepth::Kind);
    assert_eq!(drive.state.map.conflicts.len() as u64, count);
    assert!(drive.shows("account.status crm ↔ billing: 1 of"), "{}", drive.text());
    drive.keys("j<enter>t");
    assert_eq!(drive.state.screen, Screen::Trace);
    drive.keys("[");
    assert_eq!((drive.state.screen, drive.state.map.depth), (Screen::Map, MapDepth::One));
    assert_eq!(drive.state.map.conflicts.selected, 1);
    drive.keys("<esc><esc>v");
    assert_eq!((drive.state.map.depth, drive.state.map.shows), (MapDepth::Overview, MapTable::Sources));
    // A cell of concepts by sources opens its conflicts too, also when there are none.
    drive.keys("<enter>");
    assert_eq!(drive.state.map.depth, MapDepth::Kind);
    drive.keys("<esc>");
    assert_eq!(drive.state.map.depth, MapDepth::Overview);
}

#[test]
fn a_conflict_gets_an_owner_a_note_an_end_and_is_opened_again() {
    let (mut drive, file) = desk((200, 50));
    drive.keys("a");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "accept: open a conflict first");
    drive.keys("<tab><enter><enter>omo<enter>nasked finance<enter>");
    assert!(drive.shows("looked after by mo") && drive.shows("asked finance"), "{}", drive.text());
    drive.keys("a2099-12-31 a trial<enter>");
    let accepted = Config::read(&file).unwrap().accepted[0].clone();
    assert_eq!(accepted.why, "a trial");
    assert!(accepted.until.is_some() && drive.shows("accepted, until"), "{}", drive.text());
    drive.keys("x");
    assert!(Config::read(&file).unwrap().accepted.is_empty());
    drive.keys("x");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "reopen: it is open");
    drive.keys(">they told us<enter>");
    let choice = Config::read(&file).unwrap().choices[0].clone();
    assert_eq!(
        (choice.source.as_str(), choice.field.as_str(), choice.why.as_str()),
        ("stripe_eu", "accounts.status", "they told us")
    );
    assert!(drive.shows("stripe_eu counts for this one"), "{}", drive.text());
    drive.keys("<esc>");
    assert!(drive.shows("(closed)"), "{}", drive.text());
}

#[test]
fn reviewers_who_differ_make_a_queue_and_a_verdict_settles_it() {
    let (mut drive, _) = desk((200, 50));
    let pair = drive.state.review.list.get(2).unwrap().key.clone();
    let other = drive.state.review.list.get(3).unwrap().key.clone();
    {
        let log = ReviewLog::open(&drive.log).unwrap();
        for (who, verdict, key) in [
            ("ada", Verdict::Same, &pair),
            ("mo", Verdict::Different, &pair),
            ("ada", Verdict::Same, &other),
            ("mo", Verdict::Same, &other),
        ] {
            log.append(&NewDecision::new(key.clone(), EntityKind::Account, verdict, who, now())).unwrap();
        }
    }
    drive.keys("<ctrl-r>6");
    assert!(drive.shows("reviewers differ on 1 pair"), "{}", drive.text());
    drive.keys("d");
    assert!(drive.shows("ada and mo: 2 pairs in common, 1 alike, kappa"), "{}", drive.text());
    assert!(drive.shows("ada same · mo different"), "{}", drive.text());
    drive.keys("<enter>");
    assert_eq!((drive.state.screen, drive.state.review.here()), (Screen::Review, Some(2)));
    drive.keys("x6");
    assert!(drive.shows("Nothing waits to be settled."), "{}", drive.text());
    let effective = ReviewLog::open_read_only(&drive.log).unwrap().effective().unwrap();
    assert_eq!(effective.disagreements().count(), 0);
    drive.keys("d");
    assert!(!drive.state.log.shows_disputes);
}

#[test]
fn one_decision_of_a_batch_or_all_of_it_is_taken_back() {
    let (mut drive, _) = desk((200, 50));
    let keys: Vec<_> = (0..3).map(|index| drive.state.review.list.get(index).unwrap().key.clone()).collect();
    {
        let log = ReviewLog::open(&drive.log).unwrap();
        let decisions: Vec<_> = keys
            .iter()
            .map(|key| NewDecision::new(key.clone(), EntityKind::Account, Verdict::Same, "rae", now()))
            .collect();
        log.append_batch("rule domain", &decisions).unwrap();
    }
    let decided =
        |drive: &Drive| ReviewLog::open_read_only(&drive.log).unwrap().effective().unwrap().must_link().count();
    drive.keys("<ctrl-r>6z");
    assert_eq!(decided(&drive), 2, "only the one under the cursor");
    drive.keys("jjB");
    assert!(drive.shows("Take back every verdict of batch"), "{}", drive.text());
    drive.keys("n");
    assert_eq!(decided(&drive), 2);
    drive.keys("By");
    assert_eq!(decided(&drive), 0);
    drive.keys("gB");
    assert!(drive.state.toast.as_ref().unwrap().text.starts_with("undo-batch: "));
}
