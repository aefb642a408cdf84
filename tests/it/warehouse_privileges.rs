//! Does the doctor see what a role may do, and do masked keys stop a run?

use crate::support::engines::{both, texts};
use crate::support::postgres::{Server, database};

use fourfold::error::ErrorKind;
use fourfold::warehouse::{
    Dialect, DuckDb, DuckDbOptions, KeyColumn, Postgres, TableName, Warehouse, check_cardinality, grant_script,
    privileges,
};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_grant_script_gives_exactly_what_is_needed() {
    let server = Server::start(&[]);
    let url = server.database().url;
    let database = url.split('/').next_back().unwrap().split('?').next().unwrap().to_owned();
    let owner = Postgres::connect(&url).unwrap();
    owner
        .execute(
            "CREATE ROLE \"four'fold\" LOGIN PASSWORD 'pw'; CREATE SCHEMA sales; CREATE SCHEMA billing; \
             CREATE TABLE sales.account (id TEXT); CREATE VIEW sales.v AS SELECT * FROM sales.account; \
             CREATE TABLE billing.invoice (id TEXT); GRANT USAGE ON SCHEMA billing TO \"four'fold\"; \
             GRANT INSERT ON billing.invoice TO \"four'fold\"",
            &[],
        )
        .unwrap();
    let role = Postgres::connect(&server.url("four%27fold", "pw", &database)).unwrap();
    let sources = names(&["sales", "billing", "missing"]);
    let before = privileges(&role, &sources, "fourfold").unwrap();
    assert_eq!(before.role, "four'fold");
    assert_eq!(before.unseen_schemas, ["sales", "missing"]);
    assert_eq!(before.unreadable, [TableName::new("billing", "invoice")]);
    assert_eq!(before.writable, [TableName::new("billing", "invoice")]);
    assert!(!before.can_create && !before.suffice());
    let sources = names(&["sales", "billing"]);
    owner.execute(&grant_script(Dialect::Postgres, "four'fold", &sources, "fourfold"), &[]).unwrap();
    owner
        .execute("REVOKE INSERT ON billing.invoice FROM \"four'fold\"; CREATE TABLE sales.later (id TEXT)", &[])
        .unwrap();
    let after = privileges(&role, &sources, "fourfold").unwrap();
    assert!(after.suffice(), "{after:?}");
    assert!(after.writable.is_empty() && after.writable_schemas.is_empty() && after.notes.is_empty(), "{after:?}");
    assert!(texts(&role, "SELECT id FROM sales.later").is_empty(), "tables still to come are readable");
    role.execute("CREATE TABLE fourfold.mine (x BIGINT)", &[]).unwrap();
    assert!(role.execute("INSERT INTO sales.account VALUES ('1')", &[]).is_err());
    let all = privileges(&owner, &sources, "fourfold").unwrap();
    assert!(all.notes[0].contains("superuser") && all.writable_schemas == sources, "{all:?}");
}

#[test]
fn an_embedded_file_is_judged_by_its_permissions() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    let engine = DuckDb::open(&file, &DuckDbOptions::default()).unwrap();
    engine.execute("CREATE SCHEMA sales", &[]).unwrap();
    let found = privileges(&engine, &names(&["sales", "missing"]), "fourfold").unwrap();
    assert!(found.can_create && !found.suffice());
    assert_eq!(found.unseen_schemas, ["missing"]);
    drop(engine);
    let mut permissions = file.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    let engine = DuckDb::open(&file, &DuckDbOptions { read_only: true, ..DuckDbOptions::default() }).unwrap();
    let found = privileges(&engine, &names(&["sales"]), "fourfold").unwrap();
    assert!(!found.can_create && found.notes.iter().any(|note| note.contains("cannot be written")), "{found:?}");
    assert!(grant_script(Dialect::DuckDb, "x", &[], "fourfold").starts_with("--"));
}

#[test]
fn masked_keys_stop_a_run() {
    for engine in both() {
        let engine = engine.as_ref();
        let create = |table: &str, expression: &str, rows: u32| {
            let series = match engine.dialect() {
                Dialect::DuckDb => format!("(SELECT range AS n FROM range({rows})) AS series"),
                Dialect::Postgres => format!("generate_series(1, {rows}) AS series(n)"),
            };
            let create = engine.dialect().create_schema("keys");
            engine.execute(&create, &[]).unwrap();
            engine
                .execute(&format!("CREATE TABLE keys.{table} AS SELECT {expression} AS \"e'mail\" FROM {series}"), &[])
                .unwrap();
            let key = KeyColumn { table: TableName::new("keys", table), column: "e'mail".into() };
            check_cardinality(engine, &[key])
        };
        for (table, expression) in [
            ("same", "CAST('x' AS VARCHAR)"),
            ("stars", "'***' || n"),
            ("mail", "'a' || n || '***@example.com'"),
            ("crosses", "CASE WHEN n < 60 THEN 'XXXXXX' ELSE 'a' || n END"),
            ("numbers", "0"),
            ("words", "CASE WHEN n < 90 THEN '**MASKED**' END"),
        ] {
            let error = create(table, expression, 100).expect_err(table);
            assert_eq!(error.kind, ErrorKind::Data);
            assert!(error.message.contains(&format!("keys.{table}.e'mail")) && error.hints.len() == 2, "{error}");
        }
        create("honest", "'user' || n || '@example.com'", 100).unwrap();
        create("few", "CAST('x' AS VARCHAR)", 5).unwrap();
        create("none", "CAST(NULL AS VARCHAR)", 100).unwrap();
        create("nobody", "CAST('x' AS VARCHAR)", 0).unwrap();
    }
    let missing = KeyColumn { table: TableName::new("public", "missing"), column: "id".into() };
    let server = Postgres::connect(&database().url).unwrap();
    assert_eq!(check_cardinality(&server, &[missing]).unwrap_err().kind, ErrorKind::Warehouse);
}
