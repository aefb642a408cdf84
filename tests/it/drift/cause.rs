//! Is one cause one line, with its consequences under it?

use fourfold::drift::cause::group;
use fourfold::drift::finding::{Finding, FindingKind, Severity};
use fourfold::drift::impact::values::Accounts;

fn finding(kind: FindingKind, place: (&str, &str, &str)) -> Finding {
    Finding::new(kind, Severity::Medium, place, format!("{} of {}", kind.as_str(), place.2))
}

#[test]
fn a_renamed_value_in_four_columns_is_one_line() {
    let places = [
        ("us", "product", "name"),
        ("eu", "product", "name"),
        ("us", "price", "nickname"),
        ("eu", "price", "nickname"),
    ];
    let findings =
        places.map(|place| finding(FindingKind::ValueRenamed, place).about("a b").changed("Business", "Scale"));
    let causes = group(findings.to_vec());
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].findings.len(), 4);
    assert_eq!(causes[0].title, "Business seems to be called Scale now, in 4 columns");
    let other = finding(FindingKind::ValueRenamed, ("us", "product", "name")).about("c d").changed("Team", "Start");
    assert_eq!(group([findings.to_vec(), vec![other]].concat()).len(), 1, "both are told of one column");
}

#[test]
fn totals_follow_what_their_fields_are_read_from() {
    let mut unit = finding(FindingKind::UnitChanged, ("eu", "invoice", "amount_due"));
    unit.impact.fields = vec!["accounts.overdue_amount".to_owned()];
    unit.impact.entities = 40;
    let mut total = finding(FindingKind::ModelMoved, ("", "accounts", "overdue_amount"));
    total.impact.fields = vec!["accounts.overdue_amount".to_owned()];
    let mut other = finding(FindingKind::ModelMoved, ("", "accounts", "status"));
    other.impact.fields = vec!["accounts.status".to_owned()];
    let causes = group(vec![total, other, unit]);
    assert_eq!(causes.len(), 2);
    let money = causes.iter().find(|cause| cause.findings.len() == 2).unwrap();
    assert_eq!(money.findings[0].kind, FindingKind::UnitChanged, "what explains is the headline");
    assert_eq!(money.impact.entities, 40);
}

#[test]
fn matches_that_fall_follow_the_broken_key_of_their_table() {
    let mut key = finding(FindingKind::KeyFormat, ("desk", "organization", "external_id"));
    key.impact.concepts = vec!["account.external_id".to_owned()];
    let rates =
        [("desk", "organization", ""), ("product", "groups", "")].map(|place| finding(FindingKind::MatchRate, place));
    let mut findings = rates.to_vec();
    findings.push(key);
    let causes = group(findings);
    assert_eq!(causes.len(), 1, "the only broken key explains the fall elsewhere too");
    assert_eq!(causes[0].findings[0].kind, FindingKind::KeyFormat);
}

#[test]
fn the_order_of_findings_does_not_show() {
    let mut findings: Vec<Finding> = [("a", "t", "x"), ("a", "t", "y"), ("b", "t", "x"), ("b", "u", "")]
        .into_iter()
        .zip([FindingKind::SilentNull, FindingKind::SilentNull, FindingKind::KeyFormat, FindingKind::Volume])
        .map(|(place, kind)| finding(kind, place))
        .collect();
    let one = group(findings.clone());
    findings.reverse();
    assert_eq!(one, group(findings));
    assert!(one.iter().any(|cause| cause.findings.len() == 2), "columns that fall silent together are one cause");
}

#[test]
fn a_play_that_moves_follows_the_field_it_reads() {
    use fourfold::drift::baseline::PlayOutput;
    let play = |fired, mean| PlayOutput {
        play: "expansion".into(),
        fields: vec!["accounts.seats_bought".into()],
        fired,
        scored: fired,
        mean,
    };
    assert!(fourfold::drift::detect::plays(&[play(100, 50.0)], &[play(103, 52.0)], &[]).is_empty());
    let moved = fourfold::drift::detect::plays(&[play(100, 50.0)], &[play(40, 50.0)], &[]);
    assert_eq!(moved.len(), 1);
    assert_eq!(fourfold::drift::detect::plays(&[play(100, 50.0)], &[play(100, 20.0)], &[]).len(), 1);
    // Its score and its number stay, and a quarter of its accounts change tier.
    let tier = |entity: usize| fourfold::drift::detect::TierMove {
        play: "expansion".into(),
        entity: format!("acc_{entity}"),
        before: "watch".into(),
        now: "ready".into(),
    };
    let tiers: Vec<_> = (0..25).map(tier).collect();
    let same = [play(100, 50.0)];
    assert!(fourfold::drift::detect::plays(&same, &same, &tiers[..15]).is_empty());
    let mut moved = [moved, fourfold::drift::detect::plays(&same, &same, &tiers)].concat();
    assert!(moved[1].evidence.iter().any(|(_, seen)| seen == "25 from watch to ready"), "{:?}", moved[1].evidence);
    let mut renamed = finding(FindingKind::ColumnRenamed, ("crm", "account", "seats_c"));
    renamed.impact.fields = vec!["accounts.seats_bought".to_owned(), "accounts.name".to_owned()];
    let mut other = finding(FindingKind::Volume, ("product", "tracks", ""));
    other.impact.fields = vec!["account_usage_daily.events".to_owned()];
    let found = [renamed, other];
    fourfold::drift::impact::attribute_plays(&mut moved, &found, &same, &tiers, &Accounts::default());
    for play in &moved {
        assert_eq!(play.impact.fields, ["accounts.seats_bought"], "of what it reads, what moved");
        assert_eq!(play.impact.entities, 25);
        let by: Vec<&str> =
            play.evidence.iter().filter(|(what, _)| what == "moved by").map(|(_, seen)| seen.as_str()).collect();
        assert_eq!(by, ["crm.account.seats_c: column renamed (through accounts.seats_bought)"]);
    }
    let causes = group([found.to_vec(), moved[..1].to_vec()].concat());
    assert_eq!(causes.len(), 2);
    let causes: Vec<_> = causes.into_iter().filter(|cause| cause.findings.len() == 2).collect();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].impact.plays, ["expansion"]);
}
