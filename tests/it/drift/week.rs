//! Is the demo's second week told, all of it and hardly anything else, and does the join go on?

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::workspace::{demo_copy, fail, rows, run, succeed};

fn findings(directory: &Path) -> Vec<Vec<String>> {
    rows(&succeed(directory, &["export", "findings"])).into_iter().skip(1).collect()
}

#[test]
fn the_second_week_is_told_confirmed_and_gone_on_with() {
    let copy = demo_copy();
    let directory = copy.path();
    let first = succeed(directory, &["drift"]);
    assert!(first.contains("first baseline"), "{first}");
    succeed(directory, &["load", "data/week2"]);
    succeed(directory, &["run"]);

    let table = rows(&succeed(directory, &["export", "findings"]));
    let contract = "finding_id,kind,severity,source,table,column,detail,before,after,entities_touched,decisions_touched,plays_touched";
    assert!(table[0].join(",").starts_with(contract), "{:?}", table[0]);
    let found = findings(directory);
    let place =
        |row: &[String], at: usize| [row[at].clone(), row[at + 1].clone(), row[at + 2].clone(), row[at + 3].clone()];
    let told: BTreeSet<[String; 4]> =
        found.iter().map(|row| [row[1].clone(), row[3].clone(), row[4].clone(), row[5].clone()]).collect();
    let truth: Vec<[String; 4]> = rows(&std::fs::read_to_string(directory.join("data/truth/drift.csv")).unwrap())
        .iter()
        .skip(1)
        .map(|row| place(row, 0))
        .collect();
    assert_eq!(truth.len(), 18);
    let missed: Vec<&[String; 4]> = truth.iter().filter(|planted| !told.contains(*planted)).collect();
    assert!(missed.is_empty(), "not told: {missed:?}\ntold: {told:#?}");
    // A cause is right when one of its findings was planted.
    let causes: BTreeSet<&String> = found.iter().map(|row| &row[12]).collect();
    let right: BTreeSet<&String> = found
        .iter()
        .filter(|row| truth.contains(&[row[1].clone(), row[3].clone(), row[4].clone(), row[5].clone()]))
        .map(|row| &row[12])
        .collect();
    assert!(causes.len() - right.len() <= 1, "false causes: {:?}", causes.difference(&right));
    let touched = found.iter().find(|row| row[1] == "column_renamed").unwrap();
    assert!(touched[9].parse::<u64>().unwrap() > 10, "the rename touches accounts: {touched:?}");
    assert!(touched[13].contains("accounts.seats_bought"), "{touched:?}");

    answers(directory, &found);
    formats(directory);
    confirmation(directory, &found);
}

fn answers(directory: &Path, found: &[Vec<String>]) {
    assert_eq!(run(directory, &["drift", "--check"]).status.code(), Some(3));
    let cause = &found[0][12];
    succeed(directory, &["drift", "accept", cause, "this is meant"]);
    succeed(directory, &["drift", "snooze", &found.last().unwrap()[12], "--days", "3"]);
    succeed(directory, &["drift", "assign", cause, "--to", "bo"]);
    let text = succeed(directory, &["drift"]);
    assert!(!text.contains(cause.as_str()) && text.contains("accepted or snoozed"), "{text}");
    let all = succeed(directory, &["drift", "--all"]);
    assert!(all.contains("this is meant") && all.contains("assigned to bo"), "{all}");
    for id in found.iter().map(|row| &row[12]).collect::<BTreeSet<_>>() {
        succeed(directory, &["drift", "accept", id]);
    }
    assert_eq!(run(directory, &["drift", "--check"]).status.code(), Some(0), "everything is accepted");
    succeed(directory, &["drift", "reopen", cause]);
    assert!(succeed(directory, &["drift"]).contains(cause.as_str()));
    let errors = fail(directory, 2, &["drift", "accept", "fnothing"]);
    assert!(errors.contains("hint:"), "{errors}");
    let errors = fail(directory, 2, &["drift", "note", cause]);
    assert!(errors.contains("remark"), "{errors}");
}

fn formats(directory: &Path) {
    let json: serde_json::Value = serde_json::from_str(&succeed(directory, &["drift", "--json"])).unwrap();
    assert!(json["report"]["causes"].as_array().unwrap().len() > 5);
    assert!(succeed(directory, &["drift", "--format", "markdown"]).starts_with("# What drifted"));
    succeed(directory, &["drift", "--out", "drift.html"]);
    let page = std::fs::read_to_string(directory.join("drift.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    let history = succeed(directory, &["drift", "history"]);
    assert!(history.matches("published").count() >= 2, "{history}");
    let errors = fail(directory, 2, &["drift", "--since", "1999"]);
    assert!(errors.contains("hint:"), "{errors}");
    let unit = succeed(directory, &["schedule", "cron", "--at", "07:15", "--on", "friday"]);
    assert!(unit.contains("15 7 * * 5"), "{unit}");
}

fn confirmation(directory: &Path, found: &[Vec<String>]) {
    let id = |kind: &str| found.iter().find(|row| row[1] == kind).unwrap()[0].clone();
    let errors = fail(directory, 2, &["drift", "confirm", &id("silent_null")]);
    assert!(errors.contains("no rename"), "{errors}");
    let mismatches = || {
        let conflicts = rows(&succeed(directory, &["export", "conflicts"]));
        conflicts.iter().filter(|row| row[1] == "plan_mismatch").count()
    };
    let before = mismatches();
    succeed(directory, &["drift", "confirm", &id("column_renamed")]);
    succeed(directory, &["drift", "confirm", &id("value_renamed")]);
    let file = std::fs::read_to_string(directory.join("fourfold.toml")).unwrap();
    assert!(file.contains("licensed_seats_c = \"account.seats\""), "{file}");
    assert!(file.contains("# What this team decided"), "comments stay");
    assert_eq!(file.matches("to = \"Scale\"").count(), 4, "all four places of the plan:\n{file}");
    succeed(directory, &["run"]);
    let again = findings(directory);
    assert!(again.iter().all(|row| row[1] != "column_renamed" && row[1] != "value_renamed"), "it was confirmed");
    let after = mismatches();
    assert!(
        after * 2 < before,
        "the plan under its old name in the CRM is no mismatch any more: {before}, then {after}"
    );
    let report = succeed(directory, &["drift"]);
    assert!(report.contains("licensed_seats_c stands for seats_c as account.seats"), "{report}");
    let seats = rows(&succeed(directory, &["export", "lineage"]));
    assert!(
        seats.iter().any(|row| row[2] == "seats_bought" && row[7] == "licensed_seats_c"),
        "seats are read from the column under its new name"
    );
}

#[test]
fn a_run_that_lost_its_accounts_is_not_published() {
    let copy = demo_copy();
    let directory = copy.path();
    let before = succeed(directory, &["export", "accounts"]);
    let header = std::fs::read_to_string(directory.join("data/week1/salesforce/account.csv")).unwrap();
    let header = header.lines().next().unwrap().to_owned() + "\n";
    let empty = directory.join("broken/salesforce");
    std::fs::create_dir_all(&empty).unwrap();
    std::fs::write(empty.join("account.csv"), header).unwrap();
    succeed(directory, &["load", "broken"]);
    let errors = fail(directory, 1, &["run"]);
    assert!(errors.contains("NOT PUBLISHED") && errors.contains("salesforce.account"), "{errors}");
    assert_eq!(before, succeed(directory, &["export", "accounts"]), "the last good run stays");
    let report = succeed(directory, &["drift"]);
    assert!(report.contains("FROZEN"), "{report}");
    assert_eq!(run(directory, &["drift", "--check"]).status.code(), Some(3));
    let history = succeed(directory, &["drift", "history"]);
    assert!(history.contains("frozen"), "{history}");
    succeed(directory, &["run", "--force"]);
    assert_ne!(before, succeed(directory, &["export", "accounts"]));
    assert!(succeed(directory, &["drift"]).contains("published nevertheless"));
}
