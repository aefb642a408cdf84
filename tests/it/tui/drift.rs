//! Does the weekly walkthrough go from finding to finding, with evidence, rows and answers one key away?

use fourfold::drift::cause::group;
use fourfold::drift::finding::{Finding, FindingKind, Plot, Rename, Severity};
use fourfold::drift::impact::EntityImpact;
use fourfold::drift::report::Report;
use fourfold::drift::store::{ActionKind, DriftStore};
use fourfold::snapshot::Snapshot;
use fourfold::tui::command::TABLE;

use super::company::company;
use super::drive::Drive;

fn report() -> Report {
    let mut renamed = Finding::new(
        FindingKind::ColumnRenamed,
        Severity::High,
        ("salesforce", "account", "seats_c"),
        "seats_c seems to be called licensed_seats_c now (99 % sure)".into(),
    )
    .changed("seats_c", "licensed_seats_c")
    .because("values in common", "100 %");
    renamed.rename = Some(Rename {
        what: fourfold::config::Renamed::Column,
        from: "seats_c".into(),
        to: "licensed_seats_c".into(),
        concepts: vec![],
        role: None,
        primary_key: vec![],
        confidence: 0.99,
    });
    renamed.impact.concepts = vec!["account.seats".into()];
    renamed.impact.fields = vec!["accounts.seats_bought".into()];
    renamed.impact.entities = 212;
    renamed.impact.money = vec![("EUR".into(), 1_240_000.0)];
    renamed.impact.examples = vec![EntityImpact {
        id: "acc_1".into(),
        label: "Hollowbrook \u{1b}[31mGroup".into(),
        arr: Some(96_000.0),
        currency: Some("EUR".into()),
    }];
    let mut volume = Finding::new(
        FindingKind::Volume,
        Severity::Medium,
        ("product", "tracks", ""),
        "24 % of the usual rows by timestamp on 3 days".into(),
    )
    .changed("1200 rows usual", "290 rows");
    volume.plot = Some(Plot {
        title: "rows by day, against a week before".into(),
        labels: (1..=14).map(|day| format!("2026-02-{day:02}")).collect(),
        before: vec![100.0; 14],
        now: (0..14).map(|day| if day < 11 { 100.0 } else { 24.0 }).collect(),
    });
    let added = Finding::new(
        FindingKind::ColumnAdded,
        Severity::Low,
        ("zendesk", "ticket", "is_ai_handled"),
        "the column is_ai_handled is new, 100 % filled".into(),
    );
    Report {
        run_id: "20260302T060000000000Z".into(),
        reference: Some("20260223T060000000000Z".into()),
        as_of: 1_772_431_200,
        reference_as_of: Some(1_771_826_400),
        published: true,
        health: vec!["the run of 2026-02-25 06:00 failed: the disk is full".into()],
        causes: group(vec![renamed, volume, added]),
        ..Report::default()
    }
}

fn drive(size: (u16, u16), theme: &str) -> Drive {
    let directory = tempfile::tempdir().unwrap();
    Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(30)).unwrap();
    let store = DriftStore::open(&directory.path().join("drift.sqlite")).unwrap();
    store.put_report(&report()).unwrap();
    Drive::at(directory, size, theme, |_| {})
}

fn look(name: &str, drive: &mut Drive) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("tui_{name}"), drive.text());
    });
}

fn actions(drive: &Drive) -> Vec<(ActionKind, String, Option<String>)> {
    let store = DriftStore::open_read_only(&drive.directory.path().join("drift.sqlite")).unwrap();
    store.actions().unwrap().into_iter().map(|action| (action.kind, action.text, action.until)).collect()
}

#[test]
fn the_screen_looks_so() {
    let mut small = drive((80, 24), "dark");
    small.keys("5");
    look("small_drift", &mut small);
    small.keys("<enter>");
    look("small_drift_one", &mut small);
    small.keys("w");
    look("small_drift_rows", &mut small);
    let mut large = drive((200, 50), "dark");
    large.keys("5j<enter>");
    look("large_drift_one", &mut large);
    let mut mono = drive((80, 24), "mono");
    mono.keys("5");
    look("small_drift_mono", &mut mono);
}

#[test]
fn answers_are_on_disk_and_lead_to_the_next_finding() {
    let mut drive = drive((80, 24), "dark");
    drive.keys("5a");
    assert_eq!(actions(&drive), [(ActionKind::Accept, String::new(), None)]);
    let text = drive.text();
    assert!(text.contains("accepted") && text.contains("▸ medium"), "{text}");
    drive.keys("@bo<enter>nasked the admin<enter>s3<enter>");
    let told = actions(&drive);
    assert_eq!(told[1], (ActionKind::Assign, "bo".to_owned(), None));
    assert_eq!(told[2], (ActionKind::Note, "asked the admin".to_owned(), None));
    assert_eq!(told[3].0, ActionKind::Snooze);
    assert!(told[3].2.as_deref().unwrap().starts_with("2026-03-05"), "{told:?}");
    drive.keys("s999<enter>");
    assert_eq!(actions(&drive).len(), 4, "a thousand days are refused");
    drive.keys("<esc>s<enter>");
    assert!(actions(&drive)[4].2.as_deref().unwrap().starts_with("2026-03-09"), "a week unless told");
}

#[test]
fn a_rename_is_confirmed_and_only_where_one_is_proposed() {
    let mut drive = drive((80, 24), "dark");
    drive.keys("5c");
    let text = drive.text();
    assert!(text.contains("written to fourfold.toml"), "{text}");
    drive.keys("jc");
    let text = drive.text();
    assert!(text.contains("no rename is proposed here"), "{text}");
}

#[test]
fn rows_are_shown_and_nothing_of_a_source_commands_the_terminal() {
    let mut drive = drive((80, 24), "dark");
    drive.keys("5<enter><enter>");
    let text = drive.text();
    assert!(text.contains("0015g1") && text.contains("licensed_seats_c"), "{text}");
    assert!(!text.contains('\u{1b}'));
    drive.keys("<esc>");
    assert!(drive.text().contains("values in common"));
    drive.keys("<esc>");
    assert!(drive.text().contains("is_ai_handled"));
}

#[test]
fn read_only_answers_nothing_and_says_why() {
    let directory = tempfile::tempdir().unwrap();
    Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(30)).unwrap();
    DriftStore::open(&directory.path().join("drift.sqlite")).unwrap().put_report(&report()).unwrap();
    let mut drive = Drive::at(directory, (80, 24), "dark", |setting| setting.read_only = true);
    drive.keys("5a");
    assert!(drive.text().contains("read-only"), "{}", drive.text());
    assert!(actions(&drive).is_empty());
}

#[test]
fn without_a_report_it_says_what_to_do() {
    let mut drive = Drive::new(&company(30), (80, 24), "dark");
    drive.keys("5");
    let text = drive.text();
    assert!(text.contains("fourfold run"), "{text}");
    let keys: Vec<&str> =
        TABLE.iter().filter(|command| command.name.ends_with("-finding")).map(|command| command.name).collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
}
