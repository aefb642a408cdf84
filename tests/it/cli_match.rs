//! `fourfold match` as a user types it: one table or two, with and without what a person knows.

use std::fmt::Write;
use std::path::Path;

use tempfile::TempDir;

use crate::support::workspace::{fail, rows, succeed};

/// Two lists of 120 customers each; every second one of the first is in the second, its name spelt another way.
fn lists(directory: &Path) {
    const TOWNS: [&str; 5] = ["Bergen", "Malmö", "Turku", "Aarhus", "Tromsø"];
    const FIRST: [&str; 12] = [
        "Alder", "Basalt", "Cobalt", "Delta", "Ember", "Fjord", "Garnet", "Harbor", "Ivory", "Juniper", "Krill",
        "Lumen",
    ];
    const SECOND: [&str; 10] =
        ["Freight", "Optics", "Dental", "Marine", "Timber", "Textil", "Foods", "Energi", "Motor", "Papir"];
    let (mut left, mut right) = ("id,name,city,phone\n".to_owned(), "id,company,town,telephone\n".to_owned());
    for number in 0..120 {
        let (first, second) = (FIRST[number % 12], SECOND[number / 12]);
        let (town, phone) =
            (TOWNS[number * 7 % 5], format!("+47 22 {:02} {:02} {:02}", number, number * 37 % 100, number * 61 % 100));
        writeln!(left, "a{number},{first} {second} AS,{town},{phone}").unwrap();
        let (name, phone) = if number % 2 == 0 {
            (format!("{} {second}", first.to_uppercase()), phone)
        } else {
            (
                format!("{second} & {first} Partner Ltd"),
                format!("+46 31 {:02} {:02} {:02}", number * 13 % 100, number, number * 29 % 100),
            )
        };
        writeln!(right, "b{number},{name},{},{phone}", if number % 2 == 0 { town } else { TOWNS[number * 3 % 5] })
            .unwrap();
    }
    std::fs::write(directory.join("crm.csv"), left).unwrap();
    std::fs::write(directory.join("billing.csv"), right).unwrap();
}

fn folder() -> TempDir {
    let root = TempDir::new().unwrap();
    lists(root.path());
    root
}

fn pairs(text: &str) -> Vec<(String, String)> {
    rows(text).into_iter().skip(1).map(|row| (row[0].clone(), row[1].clone())).collect()
}

#[test]
fn two_tables_are_linked_without_configuration() {
    let root = folder();
    let written = succeed(root.path(), &["match", "crm.csv", "billing.csv"]);
    assert!(written.starts_with("left_id,right_id,weight,probability\n"));
    let found = pairs(&written);
    let right =
        found.iter().filter(|(left, right)| left[1..] == right[1..] && left[1..].parse::<u32>().unwrap() % 2 == 0);
    assert!(right.clone().count() >= 58 && found.len() <= 62, "{} of {} pairs are right", right.count(), found.len());
    let report = succeed(
        root.path(),
        &["match", "crm.csv", "billing.csv", "--json", "--out", "pairs.csv", "--clusters", "clusters.csv"],
    );
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["one_to_one"], true, "no customer is in a list twice");
    assert!(report["precision"].as_f64().unwrap() > 0.9 && report["recall"].as_f64().unwrap() > 0.8, "{report}");
    assert_eq!(pairs(&std::fs::read_to_string(root.path().join("pairs.csv")).unwrap()), found);
    let clusters = std::fs::read_to_string(root.path().join("clusters.csv")).unwrap();
    assert_eq!(rows(&clusters).len(), 241, "every row has a cluster");
}

#[test]
fn a_pair_and_a_cluster_explain_themselves() {
    let root = folder();
    let said = succeed(root.path(), &["match", "crm.csv", "billing.csv", "--explain", "a4", "b4"]);
    let weights: Vec<f64> = said.lines().map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    let (total, bars) = weights.split_last().unwrap();
    assert!((bars.iter().sum::<f64>() - total).abs() < 0.01 * weights.len() as f64, "{said}");
    let said = succeed(root.path(), &["match", "crm.csv", "billing.csv", "--explain-cluster", "a4"]);
    assert!(said.contains("2 rows are one cluster") && said.contains("would split at a4 - b4"), "{said}");
    let json = succeed(root.path(), &["match", "crm.csv", "billing.csv", "--explain-cluster", "a4", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["rows"].as_array().unwrap().len(), json["split"]["pairs_above_threshold"].as_u64()), (2, Some(1)));
}

#[test]
fn what_a_person_knows_is_heeded() {
    let root = folder();
    let write = |name: &str, text: &str| std::fs::write(root.path().join(name), text).unwrap();
    write("labels.csv", "left_id,right_id,verdict\na1,b3,same\na4,b4,different\n");
    let found = pairs(&succeed(root.path(), &["match", "crm.csv", "billing.csv", "--labels", "labels.csv"]));
    let has = |left: &str, right: &str| found.iter().any(|(one, other)| one == left && other == right);
    assert!(has("a1", "b3") && !has("a4", "b4"), "decided pairs stay as decided");
    write("asked.csv", "left_id,right_id\na1,b1\na6,b6\n");
    let asked = succeed(root.path(), &["match", "crm.csv", "billing.csv", "--pairs", "asked.csv"]);
    let asked = rows(&asked);
    assert_eq!(asked.len(), 3, "every pair asked for is answered");
    assert!(asked[1][3].parse::<f64>().unwrap() < 0.5 && asked[2][3].parse::<f64>().unwrap() > 0.5, "{asked:?}");
    write(
        "rules.toml",
        "[[must_not_match]]\nname = \"one phone\"\nsame = [\"phone\"]\nsources = [\"crm\", \"billing\"]\n",
    );
    let found = pairs(&succeed(root.path(), &["match", "crm.csv", "billing.csv", "--rules", "rules.toml"]));
    assert!(!found.iter().any(|(left, right)| left == "a4" && right == "b4"), "{found:?}");
}

#[test]
fn mistakes_are_named_with_their_place() {
    let root = folder();
    std::fs::write(root.path().join("rules.toml"), "[[must_match]]\nsame = [\"vat\"]\n").unwrap();
    std::fs::write(root.path().join("pairs.csv"), "left_id,right_id\na1,nobody\n").unwrap();
    for (arguments, code, what) in [
        (&["--rules", "rules.toml"][..], 2, "rules.toml:2:9"),
        (&["--rules", "none.toml"][..], 1, "none.toml"),
        (&["--pairs", "pairs.csv"][..], 1, "pairs.csv, line 2"),
        (&["--map", "naem=company_name"][..], 2, "there is no column `naem`"),
        (&["--map", "name=corporation"][..], 2, "`corporation` is no concept"),
        (&["--threshold", "7"][..], 2, "between 0 and 1"),
        (&["--explain", "a1", "zz"][..], 2, "no row has the id `zz`"),
        (&["--explain-cluster", "zz"][..], 2, "no row has the id `zz`"),
    ] {
        let mut all = vec!["match", "crm.csv", "billing.csv"];
        all.extend(arguments);
        let said = fail(root.path(), code, &all);
        assert!(said.contains(what), "{arguments:?}: {said}");
    }
}
