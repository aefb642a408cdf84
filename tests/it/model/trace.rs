//! A field walks back to its rows, and leaves as a file.

use clap::Parser;
use fourfold::cli::export::{self, ExportArgs};
use fourfold::cli::trace::{self as cli_trace, TraceArgs};
use fourfold::config::Config;
use fourfold::error::ErrorKind;
use fourfold::model::trace::trace;
use fourfold::warehouse::{DuckDb, DuckDbOptions, Warehouse};

use super::fixture::{published, run, warehouse};

fn ready() -> DuckDb {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    warehouse
}

#[test]
fn revenue_walks_to_its_subscriptions_and_adds_up() {
    let warehouse = ready();
    let found = trace(&warehouse, "fourfold", "account:acc_acme", "arr").unwrap();
    assert_eq!(found.value.as_deref(), Some("9600.000000"));
    assert!(found.round_trips <= 3);
    let check = found.check.unwrap();
    assert!(check.agrees, "{check:?}");
    let own: Vec<_> = found.parts.iter().filter(|part| part.of.is_none()).collect();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].pk.as_str(), own[0].contribution.as_deref()), ("sub_1", Some("9600.000000")));
    let below: Vec<_> = found.parts.iter().filter(|part| part.of.as_deref() == Some("stripe:sub_1")).collect();
    assert!(below.iter().any(|part| part.pk == "price_pm" && part.value.as_deref() == Some("10000")));
    assert!(below.iter().any(|part| part.pk == "si_1" && part.value.as_deref() == Some("8")));
    assert_eq!(found.losers[0].value.as_deref(), Some("12000.000000"));
    assert_eq!(found.losers[0].column.as_deref(), Some("arr_c"));
    assert_eq!(found.links.len(), 5);
    assert_eq!(found.winner.unwrap().sync_id, None);
}

#[test]
fn a_plain_field_shows_its_row_and_what_changed_since() {
    let warehouse = ready();
    run(&warehouse, "UPDATE salesforce.account SET name = 'Acme Renamed' WHERE id = '001A'");
    let found = trace(&warehouse, "fourfold", "ACME.com", "accounts.name").unwrap();
    assert_eq!(found.entity_id, "acc_acme");
    let winner = found.winner.unwrap();
    assert_eq!(
        (winner.value.as_deref(), winner.now.as_deref(), winner.changed),
        (Some("Acme, Inc."), Some("Acme Renamed"), Some(true))
    );
    assert_eq!(winner.age_hours, Some(35));
    assert_eq!(found.losers.len(), 4);
    assert_eq!(found.losers[0].changed, Some(false));
    assert_eq!(found.losers[0].sync_id.as_deref(), Some("77"));
    let origin: Vec<_> = found.source_row.iter().filter(|field| field.is_origin).collect();
    assert_eq!((origin[0].column.as_str(), origin[0].value.as_deref()), ("name", Some("Acme Renamed")));
    assert!(found.source_row.iter().any(|field| field.column == "website"));
}

#[test]
fn use_of_the_product_is_counted_again() {
    let warehouse = ready();
    let found = trace(&warehouse, "fourfold", "acc_acme", "usage_events_28d").unwrap();
    assert!(found.check.unwrap().agrees);
    assert!(found.notes.iter().any(|note| note == "the source still counts 4 events"), "{:?}", found.notes);
    run(&warehouse, "INSERT INTO product.tracks VALUES ('e9','u2','Opened','2026-06-29 10:00:00')");
    let found = trace(&warehouse, "fourfold", "acc_acme", "usage_events_28d").unwrap();
    assert!(
        found.notes.iter().any(|note| note == "the source counts 5 events now, the run counted 4"),
        "{:?}",
        found.notes
    );
}

#[test]
fn people_behind_events_are_counted_one_by_one() {
    let warehouse = ready();
    let check = || trace(&warehouse, "fourfold", "acc_acme", "active_users_28d").unwrap().check.unwrap();
    assert_eq!((check().rows_give.as_str(), check().agrees), ("2", true));
    run(&warehouse, "INSERT INTO product.tracks VALUES ('e9','u2','Opened','2026-06-29 10:00:00')");
    assert_eq!((check().rows_give.as_str(), check().agrees), ("2", true));
    run(&warehouse, "DELETE FROM product.tracks WHERE user_id = 'u2'");
    assert_eq!((check().rows_give.as_str(), check().agrees), ("1", false));
}

#[test]
fn rows_counts_and_own_fields_walk_too() {
    let warehouse = ready();
    let invoice = trace(&warehouse, "fourfold", "invoice:stripe:in_1", "amount").unwrap();
    assert_eq!(invoice.value.as_deref(), Some("800.000000"));
    assert_eq!(invoice.winner.unwrap().column.as_deref(), Some("total"));
    let open = trace(&warehouse, "fourfold", "acc_acme", "tickets_open").unwrap();
    assert_eq!((open.part_count, open.check.unwrap().agrees), (2, true));
    let none = trace(&warehouse, "fourfold", "acc_beta", "tickets_open").unwrap();
    assert_eq!((none.value.as_deref(), none.check.unwrap().agrees), (Some("0"), true));
    let own = trace(&warehouse, "fourfold", "acc_zwei", "parent_entity_id").unwrap();
    assert!(own.rule.starts_with("fourfold:hierarchy"), "{}", own.rule);
    let empty = trace(&warehouse, "fourfold", "acc_gamma", "arr").unwrap();
    assert_eq!((empty.value, empty.notes.len()), (None, 1));
}

#[test]
fn who_is_meant_is_never_guessed() {
    let warehouse = ready();
    let several = trace(&warehouse, "fourfold", "beta", "name").unwrap_err();
    assert_eq!(several.kind, ErrorKind::NotFound);
    assert!(
        several.hints[0].contains("account:acc_beta") && several.hints[0].contains("account:acc_zwei"),
        "{:?}",
        several.hints
    );
    let nobody = trace(&warehouse, "fourfold", "Gama", "name").unwrap_err();
    assert!(nobody.hints.iter().any(|hint| hint.contains("acc_gamma")), "{:?}", nobody.hints);
    let field = trace(&warehouse, "fourfold", "acc_acme", "nmae").unwrap_err();
    assert!(field.hints[0].contains("name"), "{:?}", field.hints);
    let hostile = trace(&warehouse, "fourfold", "'; DROP TABLE fourfold.accounts; --", "name").unwrap_err();
    assert_eq!(hostile.kind, ErrorKind::NotFound);
    assert!(trace(&warehouse, "fourfold", "acc_acme", "name").is_ok());
}

#[derive(Parser)]
struct Export {
    #[command(flatten)]
    args: ExportArgs,
}

#[derive(Parser)]
struct Walk {
    #[command(flatten)]
    args: TraceArgs,
}

fn exported(warehouse: &dyn Warehouse, words: &[&str]) -> String {
    let args = Export::parse_from(std::iter::once("export").chain(words.iter().copied())).args;
    let mut out = Vec::new();
    assert_eq!(export::run_to(&args, warehouse, "fourfold", &mut out).unwrap(), 0);
    String::from_utf8(out).unwrap()
}

#[test]
fn exports_keep_the_columns_of_the_contract() {
    let warehouse = ready();
    for (what, expected) in [
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
    ] {
        let text = exported(&warehouse, &[what]);
        let header = text.lines().next().unwrap();
        assert!(header == expected || header.starts_with(&format!("{expected},")), "{what}: {header}");
    }
    let links = exported(&warehouse, &["links"]);
    assert!(links.contains("acc_acme,account,salesforce,account,001A,match,12.5,engine"), "{links}");
}

#[test]
fn a_spreadsheet_runs_nothing_and_keys_stay_exact() {
    let warehouse = ready();
    let tickets = exported(&warehouse, &["tickets"]);
    assert!(tickets.contains("'=cmd|'"), "{tickets}");
    let raw = exported(&warehouse, &["tickets", "--raw"]);
    assert!(raw.contains(",=cmd|'") && !raw.contains("'=cmd"), "{raw}");
    run(&warehouse, "UPDATE fourfold.links SET pk = '=1+1' WHERE pk = '001B'");
    assert!(exported(&warehouse, &["links"]).contains(",=1+1,"), "keys are never changed");
    let json: serde_json::Value =
        serde_json::from_str(&exported(&warehouse, &["accounts", "--format", "json"])).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 4);
    assert_eq!(json[0]["arr"], "9600.000000");
    assert_eq!(json[0]["is_internal"], false);
    let unknown = Export::parse_from(["export", "secrets"]).args;
    assert_eq!(
        export::run_to(&unknown, &warehouse, "fourfold", &mut Vec::new()).unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[test]
fn parquet_holds_the_types() {
    let warehouse = ready();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("accounts.parquet");
    exported(&warehouse, &["accounts", "--out", file.to_str().unwrap()]);
    let reader = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
    let sql = format!(
        "SELECT CAST(arr AS VARCHAR), CAST(typeof(arr) AS VARCHAR), CAST(typeof(renewal_date) AS VARCHAR) FROM '{}' WHERE entity_id = 'acc_acme'",
        file.display()
    );
    let rows = reader.query(&sql, &[]).unwrap();
    assert_eq!(
        [rows.text(0, 0), rows.text(0, 1), rows.text(0, 2)],
        [Some("9600.000000"), Some("DECIMAL(38,6)"), Some("DATE")]
    );
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "nothing half-written is left");
}

#[test]
fn the_shell_shows_the_walk() {
    let warehouse = ready();
    let walk = |words: &[&str]| {
        let args = Walk::parse_from(std::iter::once("trace").chain(words.iter().copied())).args;
        let mut out = Vec::new();
        cli_trace::run_to(&args, &warehouse, "fourfold", &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let text = walk(&["Acme, Inc.", "arr"]);
    for expected in [
        "arr = 9600.000000",
        "sum of 1 contributions",
        "agrees",
        "stripe.price:price_pm.unit_amount = 10000",
        "12000.000000",
    ] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
    let json: serde_json::Value = serde_json::from_str(&walk(&["acc_acme", "name", "--json"])).unwrap();
    assert_eq!(json["winner"]["source"], "salesforce");
}
