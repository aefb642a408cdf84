//! Does a confirmed rename reach `fourfold.toml` without losing a comment?

use fourfold::config::{Config, Renamed};
use fourfold::drift::finding::Rename;
use fourfold::drift::remember::{Confirmed, remember};

const FILE: &str = r#"# ours
[warehouse]
engine = "duckdb" # embedded

[sources.salesforce] # the CRM
surface = "crm"
system = "salesforce"

[sources.salesforce.tables.account.concepts]
seats_c = "account.seats" # by hand
arr_c = "account.arr"

# the end
"#;

fn rename(what: Renamed) -> Rename {
    Rename {
        what,
        from: "seats_c".into(),
        to: "licensed \"seats\".c".into(),
        concepts: vec![("seats_c".into(), "licensed \"seats\".c".into(), "account.seats".into())],
        role: None,
        primary_key: Vec::new(),
        confidence: 0.9,
    }
}

fn confirmed<'a>(rename: &'a Rename, column: &'a str) -> Confirmed<'a> {
    Confirmed { source: "salesforce", table: "account", column, rename, who: "ann", when: "2026-01-12T08:00:00Z" }
}

#[test]
fn comments_and_order_stay_and_the_new_name_means_what_the_old_one_did() {
    let rename = rename(Renamed::Column);
    let (text, said) = remember(FILE, &confirmed(&rename, "")).unwrap();
    for comment in ["# ours", "# embedded", "# the CRM", "# the end"] {
        assert!(text.contains(comment), "{comment} is gone:\n{text}");
    }
    assert_eq!(said.len(), 2, "{said:?}");
    let config = Config::parse(&text, "fourfold.toml").unwrap();
    let concepts = &config.sources["salesforce"].tables["account"].concepts;
    assert_eq!(concepts["licensed \"seats\".c"], "account.seats");
    assert!(!concepts.contains_key("seats_c"));
    assert_eq!(concepts["arr_c"], "account.arr");
    assert_eq!(config.drift.renames[0].from, "seats_c");
    assert_eq!(config.drift.renames[0].who, "ann");
    // A second one is added to the first.
    let (twice, _) = remember(&text, &confirmed(&rename, "")).unwrap();
    assert_eq!(Config::parse(&twice, "fourfold.toml").unwrap().drift.renames.len(), 2);
}

#[test]
fn a_value_is_remembered_with_its_column_and_maps_nothing() {
    let rename = Rename { from: "Business".into(), to: "Scale".into(), ..rename(Renamed::Value) };
    let (text, _) = remember(FILE, &confirmed(&rename, "plan_c")).unwrap();
    let config = Config::parse(&text, "fourfold.toml").unwrap();
    assert_eq!(config.drift.renames[0].value_of.as_deref(), Some("plan_c"));
    assert_eq!(config.sources["salesforce"].tables["account"].concepts.len(), 2);
}

#[test]
fn a_renamed_table_takes_its_settings_along() {
    let rename = Rename {
        from: "account".into(),
        to: "accounts_v2".into(),
        role: Some("account".into()),
        primary_key: vec!["id".into()],
        concepts: Vec::new(),
        ..rename(Renamed::Table)
    };
    let place = Confirmed { table: "accounts_v2", ..confirmed(&rename, "") };
    let (text, _) = remember(FILE, &place).unwrap();
    let config = Config::parse(&text, "fourfold.toml").unwrap();
    let tables = &config.sources["salesforce"].tables;
    assert!(!tables.contains_key("account"));
    assert_eq!(tables["accounts_v2"].role.as_deref(), Some("account"));
    assert_eq!(tables["accounts_v2"].concepts["arr_c"], "account.arr");
}

#[test]
fn what_cannot_be_edited_is_an_error_with_a_hint() {
    let rename = rename(Renamed::Column);
    assert!(remember("not [toml", &confirmed(&rename, "")).is_err());
    let missing = remember("[warehouse]\nengine = \"duckdb\"\n", &confirmed(&rename, "")).unwrap_err();
    assert!(!missing.hints.is_empty());
    let odd = remember("drift = 3\n[sources.salesforce]\nsurface = \"crm\"\n", &confirmed(&rename, "")).unwrap_err();
    assert!(odd.message.contains("drift"), "{}", odd.message);
}
