//! Files resolve together: dbt's target directory, and plain directories of SQL.

use std::fs;
use std::path::Path;

use fourfold::sql::dbt;
use fourfold::sql::project::{fed_by, resolve_files};
use fourfold::sql::{Origin, SqlDialect, StandInKind, Tables};

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_manifest_gives_order_sources_dialect_and_exposures() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("target");
    let staging = "with source as (select * from \"db\".\"crm\".\"account\"), filled as (select id, name, cast(null as text) as phone from source) select * from filled";
    let manifest = serde_json::json!({
        "metadata": {"adapter_type": "duckdb"},
        "nodes": {
            "model.p.dim": {"resource_type": "model", "name": "dim_accounts", "alias": "dim_accounts", "database": "db", "schema": "marts",
                "compiled_code": "select id as account_id, upper(name) as name, phone from \"db\".\"staging\".\"stg_accounts\"",
                "compiled_path": "target/compiled/p/models/dim_accounts.sql", "original_file_path": "models/dim_accounts.sql"},
            "model.p.stg": {"resource_type": "model", "name": "stg_accounts", "alias": "stg_accounts", "database": "db", "schema": "staging",
                "compiled_path": "target/compiled/p/models/stg_accounts.sql", "original_file_path": "models/stg_accounts.sql"},
            "model.p.new": {"resource_type": "model", "name": "new", "schema": "x", "original_file_path": "models/new.sql"},
            "test.p.t": {"resource_type": "test", "name": "t", "compiled_code": "select 1"},
        },
        "sources": {"source.p.crm.account": {"resource_type": "source", "name": "account", "identifier": "account", "database": "db", "schema": "crm"}},
        "exposures": {"exposure.p.board": {"name": "weekly_board", "type": "dashboard", "depends_on": {"nodes": ["model.p.dim"]}}},
    });
    let catalog = serde_json::json!({"sources": {"source.p.crm.account": {"columns": {
        "ID": {"name": "id", "index": 1, "type": "text"}, "NAME": {"name": "name", "index": 2, "type": "text"}}}}});
    write(&target, "manifest.json", &manifest.to_string());
    write(&target, "catalog.json", &catalog.to_string());
    write(&target, "compiled/p/models/stg_accounts.sql", staging);
    let project = dbt::read(directory.path()).unwrap();
    assert_eq!(
        (project.dialect, project.uncompiled.as_slice()),
        (Some(SqlDialect::DuckDb), &["models/new.sql".to_owned()][..])
    );
    assert_eq!(project.exposures[0].0, "db.marts.dim_accounts");
    let mut tables = Tables::trusting();
    dbt::add_sources(&project, &mut tables);
    let files = resolve_files(project.files, SqlDialect::DuckDb, tables);
    assert!(files.iter().all(|file| file.faults.is_empty()), "{files:?}");
    let staged = files.iter().find(|file| file.makes.ends_with("stg_accounts")).unwrap();
    assert_eq!(staged.orphans.len(), 1);
    assert_eq!((staged.orphans[0].column.as_str(), staged.orphans[0].kind), ("phone", StandInKind::Null));
    let mart = files.iter().find(|file| file.makes.ends_with("dim_accounts")).unwrap();
    assert!(mart.orphans.is_empty(), "named once, where it is written");
    assert!(mart.resolved.columns[2].provenance.is_orphan(), "and still known to come from nowhere");
    let origin = Origin { table: "db.crm.account".into(), column: "name".into() };
    assert_eq!(
        fed_by(&files, &origin),
        [
            ("db.marts.dim_accounts".to_owned(), "name".to_owned()),
            ("db.staging.stg_accounts".to_owned(), "name".to_owned())
        ]
    );
}

#[test]
fn a_directory_resolves_by_names_also_in_circles() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(root, "a.sql", "select x, y from b where x > (select max(x) from a)");
    write(root, "sub/b.sql", "select id as x, null as y from raw.t");
    write(root, "c.sql", "select * from d");
    write(root, "d.sql", "select * from c");
    write(root, "models.yml/not_null.sql", "select broken from");
    let project = dbt::read(root).unwrap();
    let files = resolve_files(project.files, SqlDialect::Generic, Tables::trusting());
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|file| file.faults.is_empty()), "{files:?}");
    let a = files.iter().find(|file| file.makes == "a").unwrap();
    assert_eq!(
        a.resolved.columns[0].provenance.origins.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["raw.t.id"]
    );
    assert!(a.resolved.columns[1].provenance.is_orphan());
}

#[test]
fn a_broken_file_spoils_no_other() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "a.sql", "select colour from b");
    write(directory.path(), "b.sql", "select colour, {{ x }} from t");
    let project = dbt::read(directory.path()).unwrap();
    let files = resolve_files(project.files, SqlDialect::Generic, Tables::trusting());
    assert_eq!(files.iter().map(|file| file.faults.len()).collect::<Vec<_>>(), [0, 1]);
    assert!(dbt::read(&directory.path().join("missing")).is_err());
    let empty = tempfile::tempdir().unwrap();
    assert!(dbt::read(empty.path()).unwrap_err().hints[0].contains("dbt compile"));
    fs::write(empty.path().join("manifest.json"), "{\"nodes\": 3}").unwrap();
    let broken = dbt::read(empty.path()).unwrap_err();
    assert!(broken.message.contains("manifest.json:1:"), "{}", broken.message);
}
