//! Does the chart see what is where, whatever the tables hold?

#[path = "chart/conflicts.rs"]
mod conflicts;
#[path = "chart/interview.rs"]
mod interview;
#[path = "chart/profile.rs"]
mod profile;
#[path = "chart/world.rs"]
mod world;

use fourfold::catalog::Role;
use fourfold::chart::source_map::Origin;
use fourfold::config::TableSettings;
use fourfold::error::ErrorKind;
use fourfold::ident::Surface;
use world::World;

#[test]
fn an_unknown_schema_is_read_by_names_types_and_values() {
    let mut world = World::new();
    world.source("erp", Surface::Billing).sql(
        "CREATE TABLE erp.kunden AS SELECT i AS id, 'Firma ' || i || ' GmbH' AS firma, 'https://firma' || i || '.de' AS webseite, \
         i * 1000 AS umsatz, 'Berlin' AS ort FROM range(1, 41) AS r(i); \
         CREATE TABLE erp.rechnungen AS SELECT 5000 + i AS id, 1 + i % 40 AS kunden_id, i * 10.5 AS betrag, 'EUR' AS waehrung, \
         DATE '2026-01-01' AS rechnungsdatum FROM range(1, 101) AS r(i); \
         CREATE TABLE erp.notes AS SELECT 'x' AS remark FROM range(3)",
    );
    let chart = world.chart();
    let kunden = world::table(&chart, "erp", "kunden");
    assert_eq!(kunden.role, Role::Account);
    assert_eq!(kunden.origin, Origin::Inferred);
    assert!(kunden.confidence < 0.9 && kunden.confidence >= 0.5, "{}", kunden.confidence);
    assert_eq!(kunden.primary_key, ["id"]);
    for (column, concept) in [
        ("firma", "account.name"),
        ("webseite", "account.website"),
        ("umsatz", "account.annual_revenue"),
        ("ort", "account.city"),
    ] {
        let found = kunden.columns.iter().find(|own| own.name == column).unwrap();
        assert_eq!(found.concept.as_deref(), Some(concept));
        assert!(found.confidence < 0.9);
    }
    let rechnungen = world::table(&chart, "erp", "rechnungen");
    assert_eq!(rechnungen.role, Role::Invoice);
    assert_eq!(rechnungen.column_of("invoice.account_id").unwrap().name, "kunden_id");
    assert_eq!(rechnungen.column_of("invoice.amount").unwrap().name, "betrag");
    assert_eq!(world::table(&chart, "erp", "notes").role, Role::Other);
    let key = chart.foreign_keys.iter().find(|key| key.column == "kunden_id").unwrap();
    assert_eq!((key.filled, key.orphans), (100, 0));
}

#[test]
fn custom_columns_and_ids_of_other_systems_are_understood() {
    let mut world = World::new();
    world.source("salesforce", Surface::Crm).sql(
        "CREATE TABLE salesforce.sf_account_data AS SELECT '0015g00000000' || i AS id, 'Name ' || i AS name, 'name' || i || '.com' AS website, \
         false AS is_deleted, NULL::VARCHAR AS master_record_id, 1200.5 AS arr_c, 'cus_ABCDEFGH' || i AS stripe_customer_id_c, \
         5 AS licensed_seats_c, TIMESTAMP '2026-01-05 03:00:00' AS _fivetran_synced FROM range(10, 60) AS r(i)",
    );
    let chart = world.chart();
    let source = &chart.map.sources[0];
    assert_eq!(source.system.as_deref(), Some("salesforce"));
    assert_eq!(source.loader.as_deref(), Some("fivetran"));
    let table = &source.tables[0];
    assert_eq!((table.role, table.origin), (Role::Account, Origin::CatalogName));
    assert_eq!(table.system_table.as_deref(), Some("account"));
    assert_eq!(table.newest_sync.as_deref(), Some("2026-01-05 03:00:00"));
    assert_eq!(table.deleted_columns, ["is_deleted"]);
    assert_eq!(table.column_of("account.arr").unwrap().name, "arr_c");
    assert_eq!(table.column_of("account.seats").unwrap().name, "licensed_seats_c");
    let foreign = table.columns.iter().find(|column| column.name == "stripe_customer_id_c").unwrap();
    assert_eq!(foreign.refers_to.as_deref(), Some("stripe"));
    assert_eq!(foreign.concept.as_deref(), Some("account.external_id"));
}

#[test]
fn a_missing_schema_table_or_column_is_a_finding() {
    let mut world = World::new();
    world
        .source("crm", Surface::Crm)
        .sql("CREATE TABLE crm.accounts AS SELECT 1 AS id, 'A' AS name, 'a.com' AS domain");
    world.absent("billing", Surface::Billing);
    let stated =
        TableSettings { concepts: [("gone".to_owned(), "account.name".to_owned())].into(), ..TableSettings::default() };
    world.state("crm", "accounts", stated);
    world.state("crm", "contacts", TableSettings::default());
    let chart = world.chart();
    let details: Vec<&str> = chart
        .conflicts
        .iter()
        .filter(|conflict| conflict.kind == "missing_table")
        .map(|conflict| conflict.detail.as_str())
        .collect();
    assert_eq!(details.len(), 3, "{details:?}");
    assert!(details.iter().any(|detail| detail.contains("schema billing")));
    assert!(details.iter().any(|detail| detail.contains("column gone")));
    assert!(details.iter().any(|detail| detail.contains("table contacts")));
}

#[test]
fn empty_tables_and_schemas_are_findings() {
    let mut world = World::new();
    world.source("stripe", Surface::Billing).sql(
        "CREATE TABLE stripe.customer (id VARCHAR, email VARCHAR, name VARCHAR, metadata VARCHAR, delinquent BOOLEAN)",
    );
    world.source("zendesk", Surface::Support);
    let chart = world.chart();
    let empty: Vec<&str> = chart
        .conflicts
        .iter()
        .filter(|conflict| conflict.kind == "empty_table")
        .map(|conflict| conflict.detail.as_str())
        .collect();
    assert_eq!(empty.len(), 2, "{empty:?}");
    let customer = world::table(&chart, "stripe", "customer");
    assert_eq!((customer.role, customer.rows), (Role::Account, 0));
}

#[test]
fn keys_that_are_none_are_named() {
    let mut world = World::new();
    world.source("crm", Surface::Crm).sql(
        "CREATE TABLE crm.accounts AS SELECT CASE WHEN i = 7 THEN NULL WHEN i = 9 THEN 8 ELSE i END AS id, 'Name ' || i AS name, \
         'name' || i || '.com' AS domain, 'x' AS industry FROM range(1, 101) AS r(i); \
         CREATE TABLE crm.companies AS SELECT 'Same' AS name, 'same.com' AS domain, 'it' AS industry FROM range(5)",
    );
    let state = TableSettings { role: Some("account".to_owned()), ..TableSettings::default() };
    world.state("crm", "companies", state);
    let chart = world.chart();
    let of = |kind: &str| chart.conflicts.iter().filter(|conflict| conflict.kind == kind).collect::<Vec<_>>();
    assert_eq!(world::table(&chart, "crm", "accounts").primary_key, ["id"]);
    assert_eq!(of("duplicate_key").len(), 1);
    assert_eq!(of("duplicate_key")[0].side_a.as_ref().unwrap().record.pk, "8");
    assert!(of("null_key")[0].detail.contains("1 of 100 rows"));
    assert!(world::table(&chart, "crm", "companies").primary_key.is_empty());
    assert_eq!(of("no_primary_key").len(), 1);
}

#[test]
fn two_columns_together_may_be_the_key() {
    let mut world = World::new();
    world.source("crm", Surface::Crm).sql(
        "CREATE TABLE crm.accounts AS SELECT i // 10 AS region_id, i % 10 AS store_no, 'Name ' || i AS name, 'n' || i || '.com' AS domain, \
         'x' AS industry FROM range(100) AS r(i)",
    );
    let state = TableSettings { role: Some("account".to_owned()), ..TableSettings::default() };
    world.state("crm", "accounts", state);
    let chart = world.chart();
    assert_eq!(world::table(&chart, "crm", "accounts").primary_key, ["region_id", "store_no"]);
}

#[test]
fn twin_tables_are_read_once() {
    let mut world = World::new();
    let columns = "'name' || i AS name, 'd' AS details, '1' AS external_id, false AS shared_tickets, false AS shared_comments, 'u' AS url";
    world.source("zendesk", Surface::Support).sql(&format!(
        "CREATE TABLE zendesk.organization_data AS SELECT i AS id, {columns} FROM range(10) AS r(i); \
         CREATE TABLE zendesk.organization_data_snowflake AS SELECT i AS id, {columns} FROM range(10) AS r(i); \
         CREATE TABLE zendesk.organization_archive_data AS SELECT 100 + i AS id, {columns} FROM range(10) AS r(i)"
    ));
    let chart = world.chart();
    assert_eq!(world::table(&chart, "zendesk", "organization_data").role, Role::Account);
    assert_eq!(world::table(&chart, "zendesk", "organization_data_snowflake").role, Role::Other);
    // Nothing in common: an archive of older records is read too.
    assert_eq!(world::table(&chart, "zendesk", "organization_archive_data").role, Role::Account);
    assert_eq!(chart.conflicts.iter().filter(|conflict| conflict.kind == "duplicate_table").count(), 1);
}

#[test]
fn a_history_speaks_only_where_its_table_is_missing() {
    let mut world = World::new();
    let account = "'00100000000000' || i AS id, 'n' || i AS name, 'n.com' AS website, false AS is_deleted, NULL::VARCHAR AS master_record_id, 'x' AS industry";
    let history = format!(
        "CREATE TABLE {{}}.account_history AS SELECT {account}, true AS _fivetran_active, TIMESTAMP '2026-01-01' + INTERVAL (v) DAY AS _fivetran_start \
         FROM range(5) AS r(i), range(3) AS s(v)"
    );
    world.source("salesforce", Surface::Crm).sql(&history.replace("{}", "salesforce"));
    world.source("salesforce_two", Surface::Crm).sql(&history.replace("{}", "salesforce_two"));
    world.sql(&format!("CREATE TABLE salesforce_two.account AS SELECT {account} FROM range(5) AS r(i)"));
    let chart = world.chart();
    let alone = world::table(&chart, "salesforce", "account_history");
    assert_eq!((alone.role, alone.version_column.as_deref()), (Role::Account, Some("_fivetran_start")));
    assert_eq!(alone.primary_key, ["id"]);
    assert!(!chart.conflicts.iter().any(|conflict| conflict.kind == "duplicate_key"), "versions are no duplicates");
    assert_eq!(world::table(&chart, "salesforce_two", "account_history").role, Role::Other);
    assert_eq!(world::table(&chart, "salesforce_two", "account").role, Role::Account);
}

#[test]
fn what_a_person_states_rules_over_the_catalog() {
    let mut world = World::new();
    world.source("stripe", Surface::Billing).sql(
        "CREATE TABLE stripe.customer AS SELECT 'cus_0000000' || i AS id, 'k' || i AS other_key, 'N' || i AS name, 'N' || i AS company_nm, \
         'a@b' || i || '.com' AS email, '{}' AS metadata, false AS delinquent FROM range(10, 30) AS r(i)",
    );
    let stated = TableSettings {
        role: None,
        primary_key: Some(vec!["other_key".to_owned()]),
        concepts: [("company_nm".to_owned(), "account.former_name".to_owned()), ("name".to_owned(), String::new())]
            .into(),
    };
    world.state("stripe", "customer", stated);
    let chart = world.chart();
    let table = world::table(&chart, "stripe", "customer");
    assert_eq!(table.primary_key, ["other_key"]);
    assert_eq!(table.column_of("account.former_name").unwrap().origin, Some(Origin::Operator));
    assert!(table.column_of("account.name").is_none());
    let wrong =
        TableSettings { concepts: [("name".to_owned(), "account.nmae".to_owned())].into(), ..TableSettings::default() };
    world.state("stripe", "customer", wrong);
    let error = world.try_chart().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
    assert!(error.hints.iter().any(|hint| hint.contains("account.name")), "{:?}", error.hints);
}

#[test]
fn hostile_names_and_cells_are_only_names_and_cells() {
    let mut world = World::new();
    let evil = r#"x"; DROP TABLE victim; --"#;
    world.source(evil, Surface::Crm);
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let schema = quoted(evil);
    world.sql("CREATE TABLE main.victim AS SELECT 1 AS id");
    world.sql(&format!(
        "CREATE TABLE {schema}.{table} AS SELECT i AS id, CASE i WHEN 3 THEN '''; DROP TABLE main.victim; --' WHEN 4 THEN chr(27) || '[2J' \
         WHEN 5 THEN repeat('a', 10000000) ELSE 'Name ' || i END AS name, 'd' || i || '.com' AS domain, 'x' AS {column} FROM range(30) AS r(i)",
        table = quoted("accounts'; drop table y"),
        column = quoted("industry\"'; drop"),
    ));
    let state = TableSettings { role: Some("account".to_owned()), ..TableSettings::default() };
    world.state(evil, "accounts'; drop table y", state);
    let chart = world.chart();
    let table = world::table(&chart, evil, "accounts'; drop table y");
    assert_eq!(table.rows, 30);
    let longest = table
        .columns
        .iter()
        .flat_map(|column| [&column.profile.min, &column.profile.max])
        .flatten()
        .map(String::len)
        .max();
    assert!(longest.unwrap() <= 800, "a profile keeps no long cell");
    assert_eq!(world.count("SELECT count(*) FROM main.victim"), 1);
}

#[test]
fn a_cancelled_chart_stops() {
    let mut world = World::new();
    world
        .source("crm", Surface::Crm)
        .sql("CREATE TABLE crm.accounts AS SELECT 1 AS id, 'A' AS name, 'a.com' AS domain");
    world.cancel.cancel();
    assert_eq!(world.try_chart().unwrap_err().kind, ErrorKind::Cancelled);
}

#[test]
fn both_engines_give_the_same_chart() {
    let directory = tempfile::tempdir().unwrap();
    let options = fourfold::demo::DemoOptions { accounts: 40, ..Default::default() };
    let silent = fourfold::progress::Silent;
    let token = fourfold::progress::CancelToken::new();
    fourfold::demo::generate(directory.path(), &options, &silent, &token).unwrap();
    let mut charts = Vec::new();
    for warehouse in crate::support::engines::both() {
        let week = directory.path().join("week1");
        fourfold::warehouse::files::load_directory(warehouse.as_ref(), &week, &silent, &token).unwrap();
        let mut config = fourfold::config::Config::default();
        for (name, surface) in [
            ("salesforce", Surface::Crm),
            ("stripe_us", Surface::Billing),
            ("stripe_eu", Surface::Billing),
            ("zendesk", Surface::Support),
            ("product", Surface::Product),
        ] {
            config.sources.insert(name.to_owned(), world::settings(surface));
        }
        let chart = fourfold::chart::chart(warehouse.as_ref(), &config, &silent, &token).unwrap();
        assert!(chart.conflicts.len() > 10);
        charts.push(chart);
    }
    let (duck, postgres) = (&charts[0], &charts[1]);
    for (one, other) in duck.map.sources.iter().zip(&postgres.map.sources) {
        for (one, other) in one.tables.iter().zip(&other.tables) {
            for (one, other) in one.columns.iter().zip(&other.columns) {
                assert_eq!(serde_json::to_string(one).unwrap(), serde_json::to_string(other).unwrap());
            }
        }
    }
    assert_eq!(serde_json::to_string(&duck.map).unwrap(), serde_json::to_string(&postgres.map).unwrap());
    assert_eq!(duck.conflicts, postgres.conflicts);
    assert_eq!(duck.foreign_keys, postgres.foreign_keys);
}
