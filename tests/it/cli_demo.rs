//! Does the worked example work, from the first command to the last?

use std::collections::BTreeMap;

use crate::support::workspace::{demo, demo_copy, fail, rows, run, succeed};

/// The first columns of each export, as the command line contract states them.
const CONTRACT: &[(&str, &str)] = &[
    ("links", "entity_id,kind,source,table,pk,rule,weight,decided_by"),
    ("relations", "source,table,pk,relation,entity_id,rule,weight"),
    ("hierarchy", "child_entity_id,parent_entity_id,relation,basis"),
    (
        "pairs",
        "pair_id,kind,left_source,left_table,left_pk,right_source,right_table,right_pk,weight,probability,status,rule",
    ),
    (
        "conflicts",
        "conflict_id,kind,severity,entity_id,field,source_a,table_a,pk_a,column_a,value_a,source_b,table_b,pk_b,column_b,value_b,money_at_stake,currency,status",
    ),
    ("lineage", "entity_kind,entity_id,field,value,source,table,pk,column,sync_id,synced_at,rule"),
];

#[test]
fn the_exports_keep_their_first_columns() {
    for (what, columns) in CONTRACT {
        let text = succeed(demo(), &["export", what]);
        let header = text.lines().next().unwrap_or_default();
        assert!(header.starts_with(columns), "{what}: {header}");
        let table = rows(&text);
        assert!(table.len() > 10, "{what} is nearly empty");
        assert!(table.iter().all(|row| row.len() == table[0].len()), "{what} is ragged");
    }
}

#[test]
fn a_second_demo_uses_the_first_and_changes_nothing() {
    let copy = demo_copy();
    let before = succeed(copy.path(), &["export", "links"]);
    succeed(copy.path(), &["run"]);
    assert_eq!(before, succeed(copy.path(), &["export", "links"]), "a run over the same data moved links");
    let conflicts = succeed(demo(), &["export", "conflicts"]);
    assert_eq!(conflicts, succeed(copy.path(), &["export", "conflicts"]));
}

#[test]
fn entities_keep_their_ids_over_a_week() {
    let copy = demo_copy();
    let by_record = |text: &str| -> BTreeMap<(String, String, String), String> {
        rows(text)
            .into_iter()
            .skip(1)
            .map(|row| ((row[2].clone(), row[3].clone(), row[4].clone()), row[0].clone()))
            .collect()
    };
    let before = by_record(&succeed(copy.path(), &["export", "links"]));
    succeed(copy.path(), &["load", "data/week2"]);
    succeed(copy.path(), &["run"]);
    let after = by_record(&succeed(copy.path(), &["export", "links"]));
    let both: Vec<_> = before.iter().filter_map(|(key, id)| after.get(key).map(|new| (id, new))).collect();
    let kept = both.iter().filter(|(old, new)| old == new).count();
    assert!(both.len() > 1000, "only {} records are in both weeks", both.len());
    assert!(kept * 100 >= both.len() * 99, "{kept} of {} records kept their entity", both.len());
    assert_ne!(before, after, "the second week changed nothing at all");
}

#[test]
fn a_number_walks_back_to_its_rows() {
    let accounts = succeed(demo(), &["export", "accounts"]);
    let table = rows(&accounts);
    let column =
        |name: &str| table[0].iter().position(|header| header == name).unwrap_or_else(|| panic!("no column {name}"));
    let (id, arr) = (column("entity_id"), column("arr"));
    let paying = table.iter().skip(1).find(|row| row[arr].parse::<f64>().is_ok_and(|value| value > 0.0)).unwrap();
    let trace: serde_json::Value =
        serde_json::from_str(&succeed(demo(), &["trace", &paying[id], "arr", "--json"])).unwrap();
    let text = trace.to_string();
    assert!(text.contains("stripe_"), "the ARR of {} does not lead to billing: {text}", paying[id]);
    let told = succeed(demo(), &["trace", &paying[id], "arr"]);
    assert!(told.contains("stripe_"), "{told}");
}

#[test]
fn what_is_not_there_is_a_usage_error_with_a_hint() {
    let errors = fail(demo(), 2, &["trace", "acc_nothing", "arr"]);
    assert!(errors.contains("error:") && errors.contains("hint:"), "{errors}");
    let errors = fail(demo(), 2, &["export", "nonsense"]);
    assert!(errors.contains("links"), "the error lists what can be exported: {errors}");
    let errors = fail(std::path::Path::new("/"), 2, &["run"]);
    assert!(errors.contains("fourfold init"), "{errors}");
}

#[test]
fn json_is_json_and_narration_stays_off_standard_output() {
    let output = run(demo(), &["chart", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let chart: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(chart.is_object());
    let output = run(demo(), &["doctor", "--json"]);
    let doctor: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(doctor.is_object());
}

#[test]
fn a_directory_with_other_things_in_it_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("mine")).unwrap();
    std::fs::write(directory.path().join("mine/notes.txt"), "keep me").unwrap();
    let errors = fail(directory.path(), 2, &["demo", "mine", "--no-tui"]);
    assert!(errors.contains("not empty"), "{errors}");
    assert_eq!(std::fs::read_to_string(directory.path().join("mine/notes.txt")).unwrap(), "keep me");
    assert!(!directory.path().join("mine/fourfold.toml").exists());
}
