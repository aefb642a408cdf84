//! The SQL that a walk hands out gives the stored value, for every filled cell, on every engine.

use std::collections::{BTreeMap, BTreeSet};

use fourfold::config::Config;
use fourfold::model::trace::trace;
use fourfold::warehouse::Warehouse;

use super::fixture::{load, one, published, run};
use crate::support::engines::both;

const TABLES: [(&str, &str, &str); 5] = [
    ("accounts", "account", "entity_id"),
    ("people", "person", "entity_id"),
    ("subscriptions", "subscription", "subscription_id"),
    ("invoices", "invoice", "invoice_id"),
    ("tickets", "ticket", "ticket_id"),
];

/// What only fourfold.toml says, and the names of the row's own place: no SQL gives them.
const BY_NO_SQL: [&str; 13] = [
    "accounts.fx_date",
    "accounts.fx_rate",
    "accounts.is_internal",
    "accounts.reporting_currency",
    "invoices._pk",
    "invoices.is_open",
    "people.is_internal",
    "tickets.is_satisfied",
    "_source",
    "_table",
    "_synced_at",
    "_sync_id",
    "_pk",
];

fn config() -> Config {
    let text = "own_domains = [\"acme.com\"]\n[money]\nreporting_currency = \"USD\"\n[money.rates]\nEUR = { rate = \"1.0837\", date = \"2026-06-30\" }\n";
    Config::parse(text, "fourfold.toml").unwrap()
}

/// Every filled cell: kind, id, field, text.
fn cells(warehouse: &dyn Warehouse) -> Vec<(&'static str, &'static str, String, String, String)> {
    let dialect = warehouse.dialect();
    let shapes = warehouse.tables("fourfold").unwrap();
    let mut found = Vec::new();
    for (table, kind, id) in TABLES {
        let shape = shapes.iter().find(|shape| shape.name.table == table).unwrap();
        let columns: Vec<String> =
            shape.columns.iter().map(|column| dialect.text(&dialect.quote(&column.name))).collect();
        let sql = format!("SELECT t.{id}, {} FROM fourfold.{table} AS t ORDER BY t.{id}", columns.join(", "));
        let rows = warehouse.query(&sql, &[]).unwrap();
        for row in 0..rows.len() {
            for (place, column) in shape.columns.iter().enumerate() {
                if let Some(text) = rows.text(row, place + 1) {
                    let key = rows.text(row, 0).unwrap().to_owned();
                    found.push((table, kind, key, column.name.clone(), text.to_owned()));
                }
            }
        }
    }
    found
}

#[test]
fn the_sql_of_every_filled_cell_gives_the_stored_value() {
    let mut given: Vec<BTreeMap<String, u32>> = Vec::new();
    for warehouse in both() {
        let warehouse = warehouse.as_ref();
        load(warehouse);
        published(warehouse, &config());
        let mut fields: BTreeMap<String, u32> = BTreeMap::new();
        let mut silent = BTreeSet::new();
        for (table, kind, id, field, stored) in cells(warehouse) {
            let path = format!("{table}.{field}");
            let walked = trace(warehouse, "fourfold", &format!("{kind}:{id}"), &field).unwrap();
            assert_eq!(walked.value.as_deref(), Some(stored.as_str()), "{path} of {id}");
            assert!(walked.round_trips <= 3, "{path} took {} round trips", walked.round_trips);
            let Some(sql) = walked.sql else {
                silent.insert(path);
                continue;
            };
            let text = warehouse.dialect().text(&format!("q.{}", warehouse.dialect().quote(&field)));
            let again = one(warehouse, &format!("SELECT {text} FROM (\n{sql}\n) q"));
            assert_eq!(again.as_deref(), Some(stored.as_str()), "{path} of {id} by\n{sql}");
            *fields.entry(path).or_default() += 1;
        }
        for path in silent {
            let known = BY_NO_SQL.iter().any(|known| path == *known || path.ends_with(&format!(".{known}")));
            assert!(known, "no SQL gives {path}");
        }
        assert!(fields.len() > 120, "only {} fields were tried", fields.len());
        given.push(fields);
    }
    assert_eq!(given[0], given[1], "both engines give the same cells");
}

#[test]
fn hostile_names_and_values_stay_names_and_values() {
    for warehouse in both() {
        let warehouse = warehouse.as_ref();
        load(warehouse);
        run(
            warehouse,
            "UPDATE salesforce.account SET name = 'O''Brien \"; DROP TABLE x; --', website = 'https://xn--bcher-kva.example/''' WHERE id = '001A'",
        );
        published(warehouse, &config());
        for field in ["name", "website", "domain"] {
            let walked = trace(warehouse, "fourfold", "account:acc_acme", field).unwrap();
            let sql = walked.sql.unwrap();
            let again = one(warehouse, &format!("SELECT CAST(q.{field} AS VARCHAR(500)) FROM (\n{sql}\n) q"));
            assert_eq!(again, walked.value, "{sql}");
        }
    }
}

#[test]
fn a_value_that_changed_since_gives_what_the_source_says_now() {
    for warehouse in both() {
        let warehouse = warehouse.as_ref();
        load(warehouse);
        published(warehouse, &config());
        run(warehouse, "UPDATE salesforce.account SET name = 'Acme Renamed' WHERE id = '001A'");
        let walked = trace(warehouse, "fourfold", "account:acc_acme", "name").unwrap();
        assert_eq!(walked.value.as_deref(), Some("Acme, Inc."));
        assert_eq!(walked.winner.as_ref().unwrap().now.as_deref(), Some("Acme Renamed"));
        let again = one(warehouse, &format!("SELECT q.name FROM (\n{}\n) q", walked.sql.unwrap()));
        assert_eq!(again.as_deref(), Some("Acme Renamed"));
    }
}

#[test]
fn an_empty_field_says_which_rule_left_it_empty() {
    let warehouse = super::fixture::warehouse();
    published(&warehouse, &config());
    for (entity, field, expected) in [
        ("acc_gamma", "arr", "no record offers a value: the entity has records in salesforce"),
        ("acc_beta", "usage_events_7d", "no product row gives a value"),
        ("acc_gamma", "tickets_open", "no support row gives a value"),
        ("acc_beta", "annual_revenue", "no record offers a value"),
        ("acc_acme", "former_name", "no source gives accounts.former_name to anybody"),
        ("acc_acme", "parent_entity_id", "fourfold:hierarchy child_of (table hierarchy) gives nothing here"),
        ("acc_acme", "street", "no source gives accounts.street to anybody"),
        ("acc_acme", "usage_change_28d", "no event in the 28 days before"),
        (
            "invoice:stripe:in_1",
            "paid_at",
            "stripe.invoice.paid_at is empty in this row, or holds nothing that reads as timestamp",
        ),
    ] {
        let walked = trace(&warehouse, "fourfold", entity, field).unwrap();
        assert_eq!(walked.value, None, "{field}");
        assert!(walked.rule.contains(expected), "{field}: {}", walked.rule);
        assert!(walked.sql.is_none());
    }
    let text = "[survivorship.\"accounts.phone\"]\nrule = \"source\"\nsources = [\"billing\"]\n[survivorship.\"accounts.name\"]\nrule = \"source\"\nsources = [\"billing\"]\n";
    let other = super::fixture::warehouse();
    published(&other, &Config::parse(text, "fourfold.toml").unwrap());
    let walked = trace(&other, "fourfold", "acc_gamma", "name").unwrap();
    assert_eq!((walked.value.as_deref(), walked.losers.len()), (None, 1));
    assert!(walked.rule.contains("left empty by source:billing (fourfold.toml)"), "{}", walked.rule);
}
