//! Does the plays screen lead from a play to an account, to its fields, and back?

use std::sync::{Arc, Mutex};

use fourfold::plays::explain::{Explanation, FieldValue, SignalRow};
use fourfold::plays::preview::{Change, Fired, Preview, TierCount};
use fourfold::plays::walk::SourceRow;
use fourfold::plays::{Library, tune};
use fourfold::tui::play_desk::{Draft, PlayAnswer, PlayQuestion, PlayView};
use fourfold::tui::state::Screen;
use fourfold::tui::state::plays::PlaysDepth;

use super::company::company;
use super::drive::Drive;

/// The screen must show each of some texts.
fn shows(drive: &mut Drive, wanted: &[&str]) {
    let text = drive.text();
    for part in wanted {
        assert!(text.contains(part), "{part:?} is not on the screen:\n{text}");
    }
}

fn preview(green: u64, before: u64) -> Preview {
    let tier = |tier: &str, rows: u64, before: u64, fires: bool| TierCount { tier: tier.into(), rows, before, fires };
    Preview {
        play: "health".into(),
        title: "Account health".into(),
        compared_with: Some("20260301".into()),
        rows: 161,
        tiers: vec![
            tier("green", green, before, false),
            tier("yellow", 154 - green, 154 - before, false),
            tier("red", 7, 7, true),
        ],
        bars: (0..20).map(|bar| bar * 3 % 17).collect(),
        bars_before: (0..20).map(|bar| bar * 5 % 17).collect(),
        known_share: Some(0.84),
        fired: vec![Fired {
            key: "acc_1".into(),
            entity_id: "acc_1".into(),
            name: Some("Città-Ferro Ltd".into()),
            owner: Some("Ann Lee".into()),
            score: Some(44.9),
            tier: "red".into(),
            drivers: "3 of 57 seats in use (0 of 31); overdue: 12.0 months of revenue (0 of 19)".into(),
            known_share: Some(0.8),
        }],
        fired_count: 7,
        changes: vec![Change {
            key: "acc_2".into(),
            name: Some("Northwind".into()),
            tier_before: Some("green".into()),
            tier: Some("yellow".into()),
            ..Change::default()
        }],
        tier_changes: green.abs_diff(before),
        ..Preview::default()
    }
}

fn explanation() -> Explanation {
    let field = |field: &str, value: &str| FieldValue {
        table: "accounts".into(),
        field: field.into(),
        value: Some(value.into()),
    };
    Explanation {
        play: "health".into(),
        entity_id: "acc_1".into(),
        name: Some("Città-Ferro Ltd".into()),
        score: Some(44.9),
        tier: "red".into(),
        known_share: Some(0.8),
        run_id: "20260302".into(),
        signals: vec![
            SignalRow {
                signal: "habit".into(),
                points: Some(25.0),
                words: Some("used on 25 of 28 days".into()),
                fields: vec![field("active_days_28d", "25")],
                ..SignalRow::default()
            },
            SignalRow {
                signal: "support".into(),
                fields: vec![
                    field("tickets_90d", ""),
                    FieldValue { table: "subscriptions".into(), field: "is_live".into(), value: None },
                ],
                ..SignalRow::default()
            },
        ],
        ..Explanation::default()
    }
}

fn screen(size: (u16, u16), theme: &str) -> (Drive, Arc<Mutex<Vec<PlayQuestion>>>) {
    let asked: Arc<Mutex<Vec<PlayQuestion>>> = Arc::default();
    let notes = asked.clone();
    let directory = tempfile::tempdir().unwrap();
    fourfold::snapshot::Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(40)).unwrap();
    let log = directory.path().join("review.sqlite");
    let backend = super::backend::backend(&log).with_plays(Box::new(move |question, _| {
        notes.lock().unwrap().push(question.clone());
        let library = Library::shipped()?;
        Ok(match question {
            PlayQuestion::All => PlayAnswer::All(
                library
                    .entries
                    .iter()
                    .filter(|entry| ["health", "routing"].contains(&entry.play.name.as_str()))
                    .map(|entry| PlayView {
                        play: entry.play.clone(),
                        enabled: true,
                        changed: false,
                        preview: preview(20, 20),
                    })
                    .collect(),
            ),
            PlayQuestion::Explain { .. } => PlayAnswer::Explained(vec![explanation()]),
            PlayQuestion::Rows { entity, table, field, .. } => {
                assert_eq!((entity.as_str(), table.as_str(), field.as_str()), ("acc_1", "subscriptions", "is_live"));
                let row = |pk: &str, value: Option<&str>| SourceRow {
                    id: format!("stripe_eu:{pk}"),
                    source: "stripe_eu".into(),
                    table: "subscription".into(),
                    pk: pk.into(),
                    value: value.map(str::to_owned),
                };
                PlayAnswer::Rows(vec![row("sub_1", Some("true")), row("sub_\u{1b}[2J2", None)])
            }
            PlayQuestion::Preview { play, values } => {
                tune::changed(&library.get(play)?.play, values)?;
                PlayAnswer::Previewed(Box::new(preview(14, 20)))
            }
            PlayQuestion::Save { .. } => PlayAnswer::Saved("fourfold.toml".into()),
            PlayQuestion::Draft { .. } => PlayAnswer::Drafted(Some(Draft {
                branch: "fourfold/health".into(),
                files: vec![("models/marts/fourfold/health.sql".into(), true)],
                diff: vec![
                    "diff --git a/x b/x".into(),
                    "+-- fourfold play: health".into(),
                    "+\u{1b}[2Jselect 1".into(),
                ],
            })),
            PlayQuestion::Ship { .. } => PlayAnswer::Shipped("on branch fourfold/health of ../shop".into()),
        })
    }));
    let mut drive = Drive::on(directory, backend, size, theme, |_| {});
    drive.keys("4");
    (drive, asked)
}

#[test]
fn from_a_play_to_an_account_to_its_field() {
    for (size, theme) in [((80, 24), "dark"), ((200, 50), "dark"), ((80, 24), "mono")] {
        let (mut drive, _) = screen(size, theme);
        shows(
            &mut drive,
            &["▸ health", "7 fire", "routing", "How well is each customer doing?", "84 % of the weight known"],
        );
        drive.keys("<enter>");
        shows(
            &mut drive,
            &["who fires: 1 of 1 listed, 7 in all", "44.9 red", "Città-Ferro Ltd", "3 of 57 seats in use (0 of 31)"],
        );
        drive.keys("<enter>");
        assert_eq!(drive.state.plays.depth, PlaysDepth::Account);
        shows(
            &mut drive,
            &[
                "on 80 % of the weight",
                "used on 25 of 28 days",
                "← accounts.active_days_28d = 25",
                "not known, and not counted",
            ],
        );
        drive.keys("<enter>");
        assert_eq!(drive.state.screen, Screen::Trace, "a signal leads to its field");
    }
}

#[test]
fn a_field_of_another_table_leads_to_its_source_rows_and_back() {
    for size in [(80, 24), (200, 50)] {
        let (mut drive, _) = screen(size, "dark");
        drive.keys("<enter><enter><down><down><down><down>");
        drive.keys("<enter>");
        assert_eq!(drive.state.plays.depth, PlaysDepth::Rows);
        shows(
            &mut drive,
            &["subscriptions.is_live: 2 rows of the sources", "true", "stripe_eu.subscription sub_1", "(empty)"],
        );
        assert!(!drive.text().contains('\u{1b}'), "a control character reached the screen");
        drive.keys("<enter>");
        assert_eq!(drive.state.plays.depth, PlaysDepth::Rows, "there is nothing below a source row");
        drive.keys("<esc>");
        assert_eq!(drive.state.plays.depth, PlaysDepth::Account);
    }
}

#[test]
fn the_effect_of_other_numbers_is_shown_before_they_are_saved() {
    let (mut drive, asked) = screen((80, 24), "dark");
    drive.keys("w<right><right><down>");
    shows(&mut drive, &["seats weight", "27", "what it would say", "14  -6", "6 change tier", "green → yellow"]);
    let count =
        |wanted: fn(&PlayQuestion) -> bool| asked.lock().unwrap().iter().filter(|question| wanted(question)).count();
    assert_eq!(count(|question| matches!(question, PlayQuestion::Save { .. })), 0);
    drive.keys("<enter>");
    let last =
        asked.lock().unwrap().iter().rev().find(|question| matches!(question, PlayQuestion::Save { .. })).cloned();
    assert_eq!(last, Some(PlayQuestion::Save { play: "health".into(), values: vec![("seats_weight".into(), 27.0)] }));
    assert_eq!(drive.state.plays.depth, PlaysDepth::One);
}

#[test]
fn a_diff_is_read_before_anything_is_shipped() {
    let (mut drive, asked) = screen((80, 24), "dark");
    drive.keys("s../shop<enter>");
    assert_eq!(drive.state.plays.depth, PlaysDepth::Ship);
    shows(&mut drive, &["enter makes the branch fourfold/health", "+-- fourfold play: health", "select 1"]);
    assert!(!drive.text().contains('\u{1b}'), "a control character reached the screen");
    assert!(!asked.lock().unwrap().iter().any(|question| matches!(question, PlayQuestion::Ship { .. })));
    drive.keys("<enter>");
    let shipped = PlayQuestion::Ship { play: "health".into(), repository: "../shop".into() };
    assert!(asked.lock().unwrap().contains(&shipped));
}
