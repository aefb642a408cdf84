//! Do both engines give the same results on the same records?

use crate::support::workspace::{demo, fourfold};

use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::{Postgres, files};

/// Everything that is exported, and must not depend on the engine.
const EXPORTS: &[&str] = &[
    "links",
    "relations",
    "hierarchy",
    "pairs",
    "conflicts",
    "lineage",
    "accounts",
    "people",
    "subscriptions",
    "invoices",
    "tickets",
    "account_usage_daily",
];

#[test]
fn the_demo_gives_the_same_exports_on_duckdb_and_postgresql() {
    let database = crate::support::postgres::database();
    let server = Postgres::connect(&database.url).unwrap();
    files::load_directory(&server, &demo().join("data/week1"), &Silent, &CancelToken::new()).unwrap();
    drop(server);

    let directory = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(demo().join("fourfold.toml")).unwrap();
    let text = text
        .replace("engine = \"duckdb\"", "engine = \"postgres\"")
        .replace("path = \".fourfold/warehouse.duckdb\"", "url_env = \"FOURFOLD_TEST_URL\"");
    std::fs::write(directory.path().join("fourfold.toml"), text).unwrap();
    let run = |arguments: &[&str]| {
        let output = fourfold()
            .current_dir(directory.path())
            .env("FOURFOLD_TEST_URL", &database.url)
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["run"]);
    for what in EXPORTS {
        let embedded = without_run(&crate::support::workspace::succeed(demo(), &["export", what]));
        let server = without_run(&run(&["export", what]));
        assert!(embedded.lines().count() > 1, "{what} is empty");
        if embedded != server {
            let first = embedded.lines().zip(server.lines()).find(|(one, other)| one != other);
            panic!(
                "{what} differs: {} rows on DuckDB, {} on PostgreSQL; first difference {first:#?}",
                embedded.lines().count(),
                server.lines().count()
            );
        }
    }
}

/// A text without the id of the run, which differs from run to run: day, `T`, time of day to the microsecond, `Z`.
fn without_run(text: &str) -> String {
    let is_id = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() == 22
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                8 => *byte == b'T',
                21 => *byte == b'Z',
                _ => byte.is_ascii_digit(),
            })
    };
    let line =
        |line: &str| line.split(',').map(|cell| if is_id(cell) { "RUN" } else { cell }).collect::<Vec<_>>().join(",");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
