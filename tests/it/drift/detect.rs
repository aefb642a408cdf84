//! Is each type of drift named, at the strengths at which people would call it drift, and nothing in ordinary weeks?

use fourfold::config::{ConfirmedRename, DriftSettings, Ignored, Renamed};
use fourfold::drift::baseline::{ColumnBaseline, TableBaseline};
use fourfold::drift::detect::{Past, unusual_days};
use fourfold::drift::finding::{FindingKind, Severity};
use fourfold::warehouse::ColumnType::{Decimal, Integer, Text, Timestamp};
use proptest::prelude::*;

use super::fixture::{DAY, MONDAY, baseline, cells, column, dated, moved, moved_with, rate, table, told, week};

fn seats(rows: usize, name: &str, concept: Option<&str>) -> ColumnBaseline {
    column(name, Integer, concept, &cells(rows, |row| (row % 3 > 0).then(|| (row * 7 % 97 + 1).to_string())))
}

#[test]
fn nothing_moved_is_nothing_told() {
    let same = || table(300, vec![seats(300, "seats_c", Some("account.seats"))]);
    assert_eq!(told(&week(same(), same())), []);
}

#[test]
fn a_renamed_column_is_proposed_and_not_told_as_gone_and_new() {
    let before = table(300, vec![seats(300, "seats_c", Some("account.seats"))]);
    let now = table(304, vec![seats(304, "places_c", None)]);
    let findings = week(before, now);
    assert_eq!(told(&findings), [("column_renamed".to_owned(), "seats_c".to_owned())]);
    let rename = findings[0].rename.as_ref().unwrap();
    assert_eq!((rename.from.as_str(), rename.to.as_str()), ("seats_c", "places_c"));
    assert_eq!(rename.concepts, [("seats_c".to_owned(), "places_c".to_owned(), "account.seats".to_owned())]);
    assert!(!findings[0].evidence.is_empty());
    assert_eq!(findings[0].severity, Severity::High);
}

#[test]
fn the_position_alone_is_no_rename() {
    let before = table(300, vec![seats(300, "seats_c", Some("account.seats"))]);
    // At the same place, of the same type, with other values.
    let other = column("budget_c", Integer, None, &cells(300, |row| Some((1_000_000 + row * 13).to_string())));
    let findings = week(before, table(300, vec![other]));
    assert_eq!(
        told(&findings),
        [("column_removed".to_owned(), "seats_c".to_owned()), ("column_added".to_owned(), "budget_c".to_owned())]
    );
}

#[test]
fn of_two_candidates_the_one_with_the_values_is_proposed() {
    let name = |n: usize| Some(format!("Company {}", n * 31 % 977));
    let before = table(200, vec![column("title", Text, None, &cells(200, name))]);
    let now = table(
        200,
        vec![
            column("caption", Text, None, &cells(200, |row| Some(format!("Other {row}")))),
            column("heading", Text, None, &cells(200, name)),
        ],
    );
    let findings = week(before, now);
    let rename = findings.iter().find_map(|finding| finding.rename.as_ref()).unwrap();
    assert_eq!(rename.to, "heading");
}

#[test]
fn a_confirmed_rename_goes_on_with_its_history() {
    let before = table(300, vec![seats(300, "seats_c", Some("account.seats"))]);
    let mut empty = seats(300, "places_c", Some("account.seats"));
    empty.nulls = 300;
    let settings = DriftSettings {
        renames: vec![ConfirmedRename {
            source: "crm".into(),
            table: "account".into(),
            value_of: None,
            what: Renamed::Column,
            from: "seats_c".into(),
            to: "places_c".into(),
            who: "ann".into(),
            when: "2026-01-12T08:00:00Z".into(),
        }],
        ..DriftSettings::default()
    };
    let now = baseline(7, vec![table(300, vec![seats(300, "places_c", Some("account.seats"))])]);
    assert_eq!(told(&moved_with(&baseline(0, vec![before.clone()]), &now, &[], &settings)), []);
    let silent = baseline(7, vec![table(300, vec![empty])]);
    let findings = moved_with(&baseline(0, vec![before]), &silent, &[], &settings);
    assert_eq!(told(&findings), [("silent_null".to_owned(), "places_c".to_owned())]);
}

#[test]
fn a_renamed_table_is_proposed_with_its_role() {
    let before = table(200, vec![seats(200, "seats_c", Some("account.seats"))]);
    let mut now = before.clone();
    now.table = "accounts_v2".to_owned();
    now.role = "other".to_owned();
    let findings = week(before, now);
    assert_eq!(told(&findings), [("table_renamed".to_owned(), String::new())]);
    assert_eq!(findings[0].rename.as_ref().unwrap().role.as_deref(), Some("account"));
}

#[test]
fn a_column_that_is_landed_and_empty_is_silent() {
    let before = table(300, vec![seats(300, "seats_c", Some("account.seats"))]);
    let mut gone = seats(300, "seats_c", Some("account.seats"));
    (gone.nulls, gone.buckets, gone.values, gone.formats) = (300, vec![], vec![], vec![]);
    assert_eq!(told(&week(before, table(300, vec![gone]))), [("silent_null".to_owned(), "seats_c".to_owned())]);
}

#[test]
fn a_pointer_that_empties_is_a_join_and_an_attribute_falls_silent() {
    let fill = |name: &str, concept: &str, every: usize| {
        column(name, Text, Some(concept), &cells(400, |row| (row % 10 < every).then(|| format!("K{row:05}"))))
    };
    let before = table(400, vec![fill("owner", "account.owner_id", 9), fill("industry", "account.industry", 9)]);
    let now = table(400, vec![fill("owner", "account.owner_id", 3), fill("industry", "account.industry", 3)]);
    let mut kinds = told(&week(before, now));
    kinds.sort();
    assert_eq!(
        kinds,
        [("join_rate".to_owned(), "owner".to_owned()), ("silent_null".to_owned(), "industry".to_owned())]
    );
}

#[test]
fn new_rows_without_a_value_are_a_rate_and_values_taken_from_old_rows_are_silence() {
    let industry = |rows: usize, filled: &dyn Fn(usize) -> bool| {
        let made = cells(rows, |row| filled(row).then(|| format!("K{row:05}")));
        table(rows, vec![column("industry", Text, Some("account.industry"), &made)])
    };
    let kinds = |before, now| told(&week(before, now)).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    let all = || industry(400, &|row| row % 10 < 9);
    // Nothing was taken away: the rows that came since have no value.
    assert_eq!(kinds(all(), industry(900, &|row| row < 400 && row % 10 < 9)), ["null_rate"]);
    // A part of the values is gone, from rows that are still there.
    assert_eq!(kinds(all(), industry(410, &|row| row % 10 < 5)), ["silent_null"]);
    // Values that went with their rows are not missed.
    assert!(!kinds(all(), industry(250, &|row| row % 10 < 9)).contains(&"silent_null".to_owned()));
}

#[test]
fn cents_become_units_wholly_or_for_new_rows_alone() {
    let amount = |row: usize| (row * 137 % 9000 + 500) * 100;
    let cents =
        |rows| column("amount", Decimal, Some("invoice.amount"), &cells(rows, |row| Some(amount(row).to_string())));
    let units =
        column("amount", Decimal, Some("invoice.amount"), &cells(420, |row| Some((amount(row) / 100).to_string())));
    assert_eq!(
        told(&week(table(400, vec![cents(400)]), table(420, vec![units]))),
        [("unit_changed".to_owned(), "amount".to_owned())]
    );
    let mixed = column(
        "amount",
        Decimal,
        Some("invoice.amount"),
        &cells(460, |row| Some(if row < 400 { amount(row) } else { amount(row) / 100 }.to_string())),
    );
    assert_eq!(
        told(&week(table(400, vec![cents(400)]), table(460, vec![mixed]))),
        [("unit_changed".to_owned(), "amount".to_owned())]
    );
    assert_eq!(told(&week(table(400, vec![cents(400)]), table(460, vec![cents(460)]))), []);
}

#[test]
fn some_amounts_in_another_unit_are_told_from_any_other_change() {
    let amount = |row: usize| (row * 137 % 9000 + 500) * 100;
    let of = |change: &dyn Fn(usize) -> usize| {
        let made = cells(420, |row| Some(change(row).to_string()));
        table(420, vec![column("amount", Decimal, Some("invoice.amount"), &made)])
    };
    let found = week(of(&amount), of(&|row| if row % 4 == 1 { amount(row) / 100 } else { amount(row) }));
    assert_eq!(told(&found), [("unit_changed".to_owned(), "amount".to_owned())]);
    assert!(found[0].detail.contains("in about 25 % of the rows"), "{}", found[0].detail);
    // Ten times as small is a discount, not a unit; the same amounts once more are nothing.
    let kinds = |now| told(&week(of(&amount), now)).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    let tenth = kinds(of(&|row| if row % 4 == 1 { amount(row) / 10 } else { amount(row) }));
    assert!(!tenth.contains(&"unit_changed".to_owned()), "{tenth:?}");
    assert!(kinds(of(&|row| amount(row + 7))).is_empty());
}

#[test]
fn ids_of_another_shape_and_ids_of_the_same_shape_that_are_others() {
    let ids = |form: &dyn Fn(usize) -> String| {
        column("crm_id", Text, Some("account.external_id"), &cells(200, |row| Some(form(row))))
    };
    let plain = || table(200, vec![ids(&|row| format!("{row:08}"))]);
    let prefixed = table(200, vec![ids(&|row| format!("sf:{row:08}"))]);
    assert_eq!(told(&week(plain(), prefixed)), [("key_format".to_owned(), "crm_id".to_owned())]);
    // Zeros in front are lost: both are whole numbers.
    let short = table(200, vec![ids(&|row| row.to_string())]);
    let findings = week(plain(), short);
    assert_eq!(told(&findings), [("key_format".to_owned(), "crm_id".to_owned())]);
    assert!(findings[0].detail.contains("other ids"), "{}", findings[0].detail);
}

#[test]
fn deleted_rows_are_told_although_others_came() {
    let ids = |range: std::ops::Range<usize>| -> TableBaseline {
        let list: Vec<Option<String>> = range.map(|row| Some(format!("00Q{row:012}"))).collect();
        let mut made = table(list.len(), vec![]);
        made.columns[0] = column("id", Text, Some("account.id"), &list);
        made.keys = fourfold::chart::profile::sketch(list.iter().flatten().map(String::as_str));
        made
    };
    // 400 rows, of which 120 are gone and 130 came: the number of rows alone says nothing.
    assert_eq!(told(&week(ids(0..400), ids(120..530))), [("bulk_delete".to_owned(), String::new())]);
    assert_eq!(told(&week(ids(0..400), ids(4..430))), []);
}

#[test]
fn keys_that_repeat_are_told_from_the_first_handful_on() {
    let mut now = table(2000, vec![]);
    now.duplicates = 24;
    assert_eq!(told(&week(table(1900, vec![]), now.clone())), [("key_uniqueness".to_owned(), "id".to_owned())]);
    now.duplicates = 2;
    assert_eq!(told(&week(table(1900, vec![]), now)), []);
}

#[test]
fn values_come_go_and_are_renamed() {
    let plans = |names: [&'static str; 3]| {
        table(
            300,
            vec![column("plan", Text, Some("account.plan"), &cells(300, move |row| Some(names[row % 3].to_owned())))],
        )
    };
    let findings = week(plans(["Team", "Business", "Enterprise"]), plans(["Team", "Scale", "Enterprise"]));
    assert_eq!(told(&findings), [("value_renamed".to_owned(), "plan".to_owned())]);
    assert_eq!((findings[0].before.as_str(), findings[0].after.as_str()), ("Business", "Scale"));

    let grown = |extra: usize, value: &'static str| {
        let cell = move |row: usize| Some(if row < 300 { ["a", "b", "c"][row % 3] } else { value }.to_owned());
        table(300 + extra, vec![column("status", Text, Some("account.status"), &cells(300 + extra, cell))])
    };
    assert_eq!(told(&week(grown(0, ""), grown(40, "paused"))), [("new_value".to_owned(), "status".to_owned())]);
    assert_eq!(told(&week(grown(0, ""), grown(6, "paused"))), [], "ten occurrences at least");
    assert_eq!(told(&week(grown(40, "paused"), grown(40, "a"))), [("vanished_value".to_owned(), "status".to_owned())]);
}

#[test]
fn rates_of_relations_fall_or_stay() {
    let with = |days, hits| {
        let mut made = baseline(days, vec![table(500, vec![])]);
        made.joins = vec![rate("", "match", hits, 500), rate("owner", "foreign_key", hits, 500)];
        made
    };
    let mut kinds = told(&moved(&with(0, 450), &with(7, 300)));
    kinds.sort();
    assert_eq!(kinds, [("join_rate".to_owned(), "owner".to_owned()), ("match_rate".to_owned(), String::new())]);
    assert_eq!(told(&moved(&with(0, 450), &with(7, 445))), []);
}

#[test]
fn a_stopped_sync_is_told_of_a_lively_table_and_not_of_a_resting_one() {
    let synced = |days: &[(i32, u64)], newest: i64| {
        let mut made = table(300, vec![dated("modified", "account.updated_at", days)]);
        made.newest_sync = Some(newest);
        made
    };
    let today = (MONDAY / DAY) as i32;
    let lively: Vec<(i32, u64)> = (1..60).rev().map(|ago| (today - ago, 2)).collect();
    let resting: Vec<(i32, u64)> = (60..120).rev().map(|ago| (today - ago, 2)).collect();
    let findings = week(synced(&lively, MONDAY - 3600), synced(&lively, MONDAY - 3600));
    assert_eq!(told(&findings), [("freshness".to_owned(), "_fivetran_synced".to_owned())]);
    assert_eq!(told(&week(synced(&resting, MONDAY - 3600), synced(&resting, MONDAY - 3600))), []);
    assert_eq!(told(&week(synced(&lively, MONDAY - 3600), synced(&lively, MONDAY + 6 * DAY))), []);
}

#[test]
fn a_long_past_says_whether_a_table_ever_rests() {
    let at = |days: i64, newest: i64| {
        let mut made = table(300, vec![]);
        made.newest_sync = Some(newest);
        baseline(days, vec![made])
    };
    let past: Vec<Past> = (-10..=0).map(|week| Past::from(&at(0, MONDAY + week * 7 * DAY))).collect();
    let findings = moved_with(&at(0, MONDAY), &at(7, MONDAY), &past, &DriftSettings::default());
    assert_eq!(told(&findings), [("freshness".to_owned(), "_fivetran_synced".to_owned())]);
    let resting: Vec<Past> = (-10..=0).map(|_| Past::from(&at(0, MONDAY))).collect();
    assert_eq!(told(&moved_with(&at(0, MONDAY), &at(7, MONDAY), &resting, &DriftSettings::default())), []);
}

/// Events of ten weeks up to a day, with quiet weekends.
fn weeks(until: i32, growth: f64, count: impl Fn(i32, f64) -> f64) -> Vec<(i32, u64)> {
    (until - 70..until)
        .map(|day| {
            let usual = [126.0, 134.0, 132.0, 130.0, 118.0, 32.0, 28.0][(day + 3).rem_euclid(7) as usize];
            let grown = usual * growth.powf(f64::from(day - until) / 7.0);
            (day, count(day, grown).round() as u64)
        })
        .collect()
}

#[test]
fn weekends_and_growth_are_no_drift_and_a_quiet_weekend_is() {
    let until = (MONDAY / DAY) as i32 + 7;
    for growth in [0.95, 1.0, 1.05, 1.15] {
        let days = weeks(until, growth, |_, usual| usual);
        assert_eq!(unusual_days(&days, until - 7, until, 3.0), [], "growth of {growth} a week");
    }
    let days = weeks(until, 1.0, |day, usual| if day >= until - 3 { usual * 0.3 } else { usual });
    let found = unusual_days(&days, until - 7, until, 3.0);
    assert_eq!(found.iter().map(|day| day.day).collect::<Vec<_>>(), [until - 3, until - 2, until - 1]);
    let doubled = weeks(until, 1.0, |day, usual| if day >= until - 4 { usual * 3.0 } else { usual });
    assert!(!unusual_days(&doubled, until - 7, until, 3.0).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn noise_of_a_tenth_is_never_volume_drift(seed in any::<u64>()) {
        let until = (MONDAY / DAY) as i32 + 7;
        let noise = |day: i32| {
            let mixed = (u64::from(day.unsigned_abs()) ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            1.0 + ((mixed >> 40) % 200) as f64 / 1000.0 - 0.1
        };
        let days = weeks(until, 1.03, |day, usual| usual * noise(day));
        prop_assert_eq!(unusual_days(&days, until - 7, until, 3.0), []);
    }

    #[test]
    fn a_baseline_against_itself_is_silent(rows in 20..200_usize, modulus in 2..30_usize) {
        let made = || table(rows, vec![
            column("plan", Text, Some("account.plan"), &cells(rows, |row| Some(format!("p{}", row % modulus)))),
            column("seats", Integer, Some("account.seats"), &cells(rows, |row| (row % 4 > 0).then(|| row.to_string()))),
        ]);
        prop_assert_eq!(told(&week(made(), made())), []);
    }
}

#[test]
fn a_type_that_changes_is_told_unless_the_column_was_empty() {
    let numbers =
        |rows| column("employees", Integer, Some("account.employees"), &cells(rows, |row| Some((row + 1).to_string())));
    let bands = column("employees", Text, Some("account.employees"), &cells(100, |_| Some("51-200".to_owned())));
    assert_eq!(
        told(&week(table(100, vec![numbers(100)]), table(100, vec![bands.clone()]))),
        [("column_retyped".to_owned(), "employees".to_owned())]
    );
    let mut empty = column("employees", Timestamp, None, &cells(100, |_| None));
    empty.nulls = 100;
    let filled = told(&week(table(100, vec![empty]), table(100, vec![bands])));
    assert_eq!(filled, [("null_rate".to_owned(), "employees".to_owned())], "an empty column has no type to change");
}

#[test]
fn what_the_team_ignores_is_left_out() {
    let settings = DriftSettings {
        ignore: vec![Ignored {
            kind: Some("column_added".into()),
            source: "crm".into(),
            table: None,
            column: None,
            reason: String::new(),
        }],
        ..DriftSettings::default()
    };
    let before = baseline(0, vec![table(100, vec![])]);
    let now = baseline(7, vec![table(100, vec![seats(100, "x", None)])]);
    assert_eq!(told(&moved(&before, &now)).len(), 1);
    assert_eq!(told(&moved_with(&before, &now, &[], &settings)), []);
}

#[test]
fn a_noisy_past_makes_a_move_usual() {
    let with = |days: i64, percent: usize| {
        let cell = move |row: usize| (row % 100 >= percent).then(|| format!("v{row}"));
        baseline(days, vec![table(1000, vec![column("note", Text, Some("account.description"), &cells(1000, cell))])])
    };
    let (before, now) = (with(0, 30), with(7, 60));
    assert_eq!(moved(&before, &now)[0].kind, FindingKind::SilentNull);
    let past: Vec<Past> = [60, 30, 65, 28, 62, 30].iter().map(|percent| Past::from(&with(0, *percent))).collect();
    assert_eq!(told(&moved_with(&before, &now, &past, &DriftSettings::default())), []);
}
