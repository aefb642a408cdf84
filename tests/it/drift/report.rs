//! Does a report read the same in every form, and stay text whatever a source wrote?

use std::collections::BTreeMap;

use fourfold::drift::cause::group;
use fourfold::drift::finding::{Finding, FindingKind, Plot, Severity};
use fourfold::drift::impact::EntityImpact;
use fourfold::drift::invariant::Broken;
use fourfold::drift::report::{Report, View, html, markdown, text};
use fourfold::drift::store::Standing;

/// What a hostile source could call a column.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'&`|*_[x](javascript:alert(2))\u{1b}[31m\u{202e}";

/// A report with a bit of everything; `name` stands wherever a source could have written it.
pub fn view(name: &str) -> View {
    let mut volume =
        Finding::new(FindingKind::Volume, Severity::High, (name, "tracks", ""), format!("few rows of {name}"))
            .changed("100 rows usual", name)
            .because(name, name);
    volume.plot = Some(Plot {
        title: name.to_owned(),
        labels: (0..21).map(|day| format!("{name} {day}")).collect(),
        before: (0..21).map(|day| f64::from(100 + day)).collect(),
        now: (0..21).map(|day| if day < 18 { f64::from(100 + day) } else { 20.0 }).collect(),
    });
    volume.impact.fields = vec![format!("accounts.{name}")];
    volume.impact.entities = 12;
    volume.impact.money = vec![("EUR".to_owned(), 1_250_000.0)];
    volume.impact.examples = vec![EntityImpact {
        id: "acc_1".into(),
        label: name.to_owned(),
        arr: Some(90_000.0),
        currency: Some("EUR".into()),
    }];
    let accepted =
        Finding::new(FindingKind::ColumnAdded, Severity::Low, ("crm", name, "x"), "the column x is new".into());
    let standing = Standing { state: "accepted".into(), who: name.to_owned(), ..Standing::default() };
    let report = Report {
        run_id: "20260112T060000000000Z".into(),
        reference: Some("20260105T060000000000Z".into()),
        as_of: 1_768_197_600,
        reference_as_of: Some(1_767_592_800),
        published: false,
        broken: vec![Broken { what: name.to_owned(), why: format!("why {name}") }],
        stays: Some(name.to_owned()),
        mappings: vec![format!("mapping {name}")],
        health: vec![format!("health {name}")],
        proposals: vec![format!("proposal {name}")],
        causes: group(vec![volume, accepted.clone()]),
        ..Report::default()
    };
    View { report, standing: BTreeMap::from([(accepted.id, standing)]), first_seen: BTreeMap::new() }
}

#[test]
fn the_page_holds_no_markup_of_a_source_and_asks_for_nothing() {
    let page = html(&view(HOSTILE));
    assert!(!page.contains("<script"), "a script got through");
    assert!(!page.contains("[x](javascript:alert(2))\u{1b}"), "a control character got through");
    assert!(!page.contains('\u{202e}'));
    for word in ["http://", "https://", " src=", "href=", "@import", "url(", "onload", "onclick"] {
        let outside = page.replace("&quot;", "").matches(word).count();
        assert_eq!(outside, 0, "the page would ask for {word}");
    }
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
    assert!(page.contains("<svg"), "the plot is drawn in the page");
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn markdown_stays_a_table_whatever_a_name_holds() {
    let text = markdown(&view(HOSTILE));
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    for row in &rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 4, "{row}");
    }
    assert!(!text.contains("<script"));
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn a_terminal_is_never_commanded() {
    for line in text(&view(HOSTILE), true) {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn the_report_reads_so() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("drift_report_text", text(&view("tracks"), true).join("\n"));
        insta::assert_snapshot!("drift_report_markdown", markdown(&view("tracks")));
    });
}

#[test]
fn accepted_causes_are_counted_and_not_listed() {
    let view = view("x");
    assert_eq!(view.counts(), [1, 0, 0]);
    assert_eq!(view.quiet().count(), 1);
    assert!(!text(&view, false).join("\n").contains("the column x is new"));
}

#[test]
fn a_finding_is_found_by_the_beginning_of_its_id() {
    let view = view("x");
    let id = view.report.findings().next().unwrap().id.clone();
    assert_eq!(view.report.finding(&id[..6]).unwrap().id, id);
    assert!(view.report.finding("f").is_none());
    assert!(view.report.finding("fffffffff").is_none());
}
