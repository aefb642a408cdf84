//! Columns that come from nowhere are named by the command line, with exit codes for CI; fields walk back as text, SQL and events.

use std::fs;

use tempfile::TempDir;

use crate::support::workspace::{demo, fail, run, succeed};

#[test]
fn sql_is_checked_without_a_workspace() {
    let directory = TempDir::new().unwrap();
    let models = directory.path().join("models");
    fs::create_dir(&models).unwrap();
    fs::write(
        models.join("stg.sql"),
        "select id, cast(null as text) as phone,\n'eu' as region -- fourfold: constant\nfrom raw.t",
    )
    .unwrap();
    fs::write(models.join("mart.sql"), "select id, phone, region from stg").unwrap();
    let text = succeed(directory.path(), &["lineage", "check", "models"]);
    assert!(text.contains("stg.sql:1:"), "{text}");
    assert!(text.contains("phone comes from nowhere: NULL stands in for a column: CAST(NULL AS TEXT)"), "{text}");
    assert!(text.contains("and with it mart.phone"), "{text}");
    assert!(text.contains("[meant]"), "{text}");
    assert!(
        text.contains("2 files of generic SQL, 6 columns, 2 lead to a column or rows of a table; 1 to look at"),
        "{text}"
    );
    let found = run(directory.path(), &["lineage", "check", "models", "--check", "--json"]);
    assert_eq!(found.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(report["orphans"][0]["column"], "phone");
    assert_eq!(report["orphans"][0]["reaches"][0], "mart.phone");
    assert_eq!(
        run(directory.path(), &["lineage", "check", "models", "--check", "--allow", "null"]).status.code(),
        Some(0)
    );
    fs::write(models.join("broken.sql"), "select a,, b from x").unwrap();
    let text = run(directory.path(), &["lineage", "check", "models", "--check"]);
    assert_eq!(text.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&text.stdout).contains("broken.sql:1:"));
}

#[test]
fn mistakes_say_what_to_do() {
    let directory = TempDir::new().unwrap();
    for (arguments, expected) in [
        (&["lineage", "check", "nowhere"][..], "there is no file or directory nowhere"),
        (&["lineage", "check", "."], "dbt compile"),
        (&["lineage", "check"], "no fourfold.toml"),
        (&["lineage", "check", ".", "--dialect", "cobol"], "bigquery"),
        (&["lineage", "check", ".", "--allow", "everything"], "null, constant, generated"),
        (&["open", "fourfold://trace/Acme/arr"], "fourfold trace NAME FIELD"),
    ] {
        let errors = fail(directory.path(), 2, arguments);
        assert!(errors.contains(expected), "{arguments:?}: {errors}");
    }
}

#[test]
fn the_demo_has_an_origin_for_every_value_and_checks_sql_against_it() {
    let directory = TempDir::new().unwrap();
    let sql = directory.path().join("risk.sql");
    fs::write(&sql, "select entity_id, arr, churn_risk from fourfold.accounts where tickets_open > 0").unwrap();
    let text = run(demo(), &["lineage", "check", sql.to_str().unwrap(), "--check"]);
    assert_eq!(text.status.code(), Some(3));
    let out = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(out.contains("risk.sql:1:24: there is no column churn_risk here"), "{out}");
    fs::write(&sql, "select entity_id, arr from fourfold.accounts where tickets_open > 0").unwrap();
    let clean = succeed(demo(), &["lineage", "check", sql.to_str().unwrap(), "--check"]);
    assert!(clean.contains("2 lead to a column or rows of a table; 0 to look at"), "{clean}");
    assert!(!clean.contains("published "), "{clean}");
    let accounts = succeed(demo(), &["export", "accounts", "--format", "json"]);
    let accounts: serde_json::Value = serde_json::from_str(&accounts).unwrap();
    let customer = accounts
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["overdue_amount"].as_str().is_some_and(|owed| owed != "0.000000"))
        .unwrap();
    let id = format!("account:{}", customer["entity_id"].as_str().unwrap());
    let walk = succeed(demo(), &["trace", &id, "overdue_amount"]);
    for expected in
        ["agrees", "feeds", "accounts.overdue_reporting", "those that contribute most first", "invoice_of_account"]
    {
        assert!(walk.contains(expected), "{expected} in\n{walk}");
    }
    let sql = succeed(demo(), &["trace", &id, "overdue_amount", "--sql"]);
    assert!(sql.contains("FROM \"fourfold\".\"invoices\""), "{sql}");
    let event: serde_json::Value =
        serde_json::from_str(&succeed(demo(), &["trace", &id, "overdue_amount", "--openlineage"])).unwrap();
    assert_eq!(event["outputs"][0]["name"], "fourfold.accounts");
    let whole: serde_json::Value =
        serde_json::from_str(&succeed(demo(), &["export", "lineage", "--format", "openlineage"])).unwrap();
    assert!(whole["outputs"].as_array().unwrap().len() >= 6);
    let page: serde_json::Value =
        serde_json::from_str(&succeed(demo(), &["trace", &id, "overdue_amount", "--json", "--limit", "1"])).unwrap();
    assert_eq!(page["parts"].as_array().unwrap().len(), 1);
}
