//! Does dbt build what `fourfold ship` writes, and are its rows those of fourfold's own preview, on both engines?

use std::path::{Path, PathBuf};
use std::process::Command;

use fourfold::warehouse::{DuckDb, DuckDbOptions, Postgres, TableName, Warehouse};

use super::previews::rows;
use super::ship::{drafted, git, published, repository};
use super::world::SCHEMA;

/// The environment that `tests/dbt/environment` makes.
fn environment() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dbt/environment");
    let output = Command::new("bash").arg(&script).output().expect("bash starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

fn dbt(project: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new(environment().join("bin/dbt"))
        .args(["--no-use-colors", "--no-send-anonymous-usage-stats"])
        .args(arguments)
        .args(["--profiles-dir", ".", "--threads", "2"])
        .current_dir(project)
        .envs(variables.iter().copied())
        .env("DO_NOT_TRACK", "1")
        .output()
        .expect("dbt starts");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "dbt {arguments:?} failed:\n{told}");
    told
}

const PROJECT: &str =
    "name: shop\nversion: '1.0'\nprofile: shop\nconfig-version: 2\nmodels:\n  shop:\n    +materialized: view\n";
const IGNORED: &str = "target/\nlogs/\ndbt_packages/\n.user.yml\n";

/// Ships every play as a patch of its own, applies them one after the other, builds, and compares every row.
fn proof(profile: &str, variables: &[(&str, &str)], open: &dyn Fn() -> Box<dyn Warehouse>) {
    let project = repository(&[
        ("dbt_project.yml", PROJECT),
        ("profiles.yml", profile),
        (".gitignore", IGNORED),
        ("models/marts/core/customers.sql", "select entity_id from {{ source('joined', 'accounts') }}\n"),
        (
            "models/marts/core/_core__sources.yml",
            "version: 2\n\nsources:\n  - name: joined\n    schema: fourfold\n    tables:\n      - name: accounts\n",
        ),
    ]);
    let warehouse = open();
    let (library, published) = published(warehouse.as_ref(), 400);
    let names: Vec<String> = library.entries.iter().map(|entry| entry.play.name.clone()).collect();
    for name in &names {
        let draft = drafted(warehouse.as_ref(), &library, &published, &[name], project.path(), None).unwrap().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        draft.to_patch(file.path()).unwrap();
        git(project.path(), &["am", "-q", file.path().to_str().unwrap()]);
        assert_eq!(git(project.path(), &["status", "--porcelain"]), "");
    }
    drop(warehouse);
    let told = dbt(project.path(), &["build"], variables);
    assert!(told.contains("WARN=0 ERROR=0 SKIP=0"), "{told}");
    let warehouse = open();
    for name in &names {
        let play = &library.get(name).unwrap().play;
        let dialect = warehouse.dialect();
        let built = rows(warehouse.as_ref(), play, &dialect.table(&TableName::new("dbt", name)));
        let own = rows(warehouse.as_ref(), play, &dialect.table(&TableName::new(SCHEMA, play.table())));
        assert!(built.len() > 20, "{name} has {} rows", built.len());
        for (built, own) in built.iter().zip(&own) {
            assert_eq!(built, own, "dbt's row of {name} differs from fourfold's");
        }
        assert_eq!(built.len(), own.len(), "{name}");
    }
}

#[test]
fn dbt_builds_every_shipped_play_on_duckdb() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("warehouse.duckdb");
    let profile = format!(
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: {}\n      schema: dbt\n",
        file.display()
    );
    proof(&profile, &[], &|| Box::new(DuckDb::open(&file, &DuckDbOptions::default()).unwrap()));
}

#[test]
fn dbt_builds_every_shipped_play_on_postgresql() {
    let database = crate::support::postgres::database();
    let rest = database.url.strip_prefix("postgres://").unwrap();
    let (login, place) = rest.split_once('@').unwrap();
    let (user, password) = login.split_once(':').unwrap();
    let (host, name) = place.split_once('/').unwrap();
    let (host, port) = host.split_once(':').unwrap();
    let name = name.split('?').next().unwrap();
    let profile = format!(
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: postgres\n      host: {host}\n      port: {port}\n      user: {user}\n      \
         password: \"{{{{ env_var('FOURFOLD_TEST_PASSWORD') }}}}\"\n      dbname: {name}\n      schema: dbt\n      threads: 2\n"
    );
    let url = database.url.clone();
    proof(&profile, &[("FOURFOLD_TEST_PASSWORD", password)], &|| Box::new(Postgres::connect(&url).unwrap()));
}
