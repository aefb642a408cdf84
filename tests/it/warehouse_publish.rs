//! Do readers see the last whole run or the new one, whatever happens to the run?

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::engines::{both, number, texts};
use crate::support::postgres::{Server, database};

use duckdb::arrow::array::{Int64Array, StringArray};
use duckdb::arrow::record_batch::RecordBatch;
use fourfold::error::{Error, ErrorKind};
use fourfold::warehouse::{Column, ColumnType, DuckDb, DuckDbOptions, Postgres, Publication, Warehouse};
use tempfile::TempDir;

const SCHEMA: &str = "fourfold";

fn columns() -> Vec<Column> {
    vec![Column::new("run", ColumnType::Integer), Column::new("name", ColumnType::Text)]
}

fn batch(run: i64, rows: usize) -> RecordBatch {
    RecordBatch::try_from_iter([
        ("run", Arc::new(Int64Array::from(vec![run; rows])) as _),
        ("name", Arc::new(StringArray::from(vec!["x".repeat(100); rows])) as _),
    ])
    .unwrap()
}

/// Publishes three tables that all say the same run.
fn publish(warehouse: &dyn Warehouse, run: i64, rows: usize) -> Result<(), Error> {
    let mut publication = Publication::begin(warehouse, SCHEMA, &format!("run{run}"))?;
    publication.load("accounts", &columns(), &mut std::iter::repeat_with(|| Ok(batch(run, 100))).take(rows / 100))?;
    publication.load("people", &columns(), &mut std::iter::once(Ok(batch(run, 50))))?;
    let accounts = publication.staged("accounts")?;
    publication
        .create_as("totals", &format!("SELECT run, CAST(count(*) AS BIGINT) AS n FROM {accounts} GROUP BY run"))?;
    publication.commit()
}

/// The one run that all three tables say, and the number of accounts.
fn seen(warehouse: &dyn Warehouse) -> (i64, i64) {
    let runs = "SELECT CAST(run AS VARCHAR) FROM (SELECT run FROM fourfold.accounts UNION SELECT run FROM fourfold.people \
        UNION SELECT run FROM fourfold.totals) AS runs";
    let runs = texts(warehouse, runs);
    assert_eq!(runs.len(), 1, "a mix of runs: {runs:?}");
    let accounts = number(warehouse, "SELECT count(*) FROM fourfold.accounts");
    assert_eq!(accounts, number(warehouse, "SELECT n FROM fourfold.totals"));
    (runs[0].parse().unwrap(), accounts)
}

fn tables(warehouse: &dyn Warehouse) -> Vec<String> {
    let sql =
        "SELECT CAST(table_name AS VARCHAR) FROM information_schema.tables WHERE table_schema = 'fourfold' ORDER BY 1";
    texts(warehouse, sql)
}

#[test]
fn a_run_replaces_the_one_before() {
    for engine in both() {
        publish(engine.as_ref(), 1, 300).unwrap();
        assert_eq!(seen(engine.as_ref()), (1, 300));
        publish(engine.as_ref(), 2, 500).unwrap();
        assert_eq!(seen(engine.as_ref()), (2, 500), "{}", engine.describe());
        let mut names = tables(engine.as_ref());
        names.sort();
        assert_eq!(names, ["accounts", "people", "totals"], "nothing is left over");
    }
}

#[test]
fn a_run_that_fails_or_stops_leaves_no_trace() {
    for engine in both() {
        publish(engine.as_ref(), 1, 300).unwrap();
        let mut publication = Publication::begin(engine.as_ref(), SCHEMA, "run2").unwrap();
        publication.load("accounts", &columns(), &mut std::iter::once(Ok(batch(2, 10)))).unwrap();
        assert!(publication.load("people", &columns(), &mut std::iter::once(Err(Error::data("broken")))).is_err());
        drop(publication);
        assert_eq!(seen(engine.as_ref()), (1, 300));
        // The last statement fails: what came before it in the commit is taken back.
        let mut publication = Publication::begin(engine.as_ref(), SCHEMA, "run3").unwrap();
        publication.load("accounts", &columns(), &mut std::iter::once(Ok(batch(3, 10)))).unwrap();
        publication.remove("people");
        publication.finally("SELECT * FROM no_such_table");
        assert!(publication.commit().is_err());
        assert_eq!(seen(engine.as_ref()), (1, 300), "{}", engine.describe());
        assert_eq!(tables(engine.as_ref()).len(), 3, "{}", engine.describe());
    }
}

#[test]
fn tables_may_go_and_change_their_columns() {
    for engine in both() {
        publish(engine.as_ref(), 1, 300).unwrap();
        let mut publication = Publication::begin(engine.as_ref(), SCHEMA, "run2").unwrap();
        publication.create_as("accounts", "SELECT CAST(2 AS BIGINT) AS run, 'x' AS name, TRUE AS added").unwrap();
        publication.create_as("people", "SELECT CAST('2' AS VARCHAR) AS other").unwrap();
        publication.remove("totals");
        publication.commit().unwrap();
        assert_eq!(texts(engine.as_ref(), "SELECT CAST(added AS VARCHAR) FROM fourfold.accounts"), ["true"]);
        assert_eq!(texts(engine.as_ref(), "SELECT other FROM fourfold.people"), ["2"]);
        assert_eq!(tables(engine.as_ref()), ["accounts", "people"]);
    }
}

#[test]
fn views_and_grants_on_postgresql_survive() {
    let server = Postgres::connect(&database().url).unwrap();
    publish(&server, 1, 300).unwrap();
    server
        .execute(
            "CREATE VIEW public.report AS SELECT run FROM fourfold.accounts; CREATE ROLE reader_of_runs; \
             GRANT SELECT ON fourfold.accounts, fourfold.people TO reader_of_runs",
            &[],
        )
        .unwrap();
    publish(&server, 2, 500).unwrap();
    assert_eq!(number(&server, "SELECT count(*) FROM public.report WHERE run = 2"), 500);
    // The same table, not another of its name: it kept its grants, and `people` gets them back when it changes its columns.
    let mut publication = Publication::begin(&server, SCHEMA, "run3").unwrap();
    publication.create_as("people", "SELECT CAST('3' AS VARCHAR) AS other").unwrap();
    publication.commit().unwrap();
    let may = "SELECT CAST(has_table_privilege('reader_of_runs', $1, 'SELECT') AS TEXT)";
    for table in ["fourfold.accounts", "fourfold.people"] {
        assert_eq!(server.query(may, &[table.into()]).unwrap().text(0, 0), Some("true"), "{table}");
    }
    let mut publication = Publication::begin(&server, SCHEMA, "run4").unwrap();
    publication.create_as("accounts", "SELECT CAST('4' AS VARCHAR) AS other").unwrap();
    let error = publication.commit().unwrap_err();
    assert!(error.message.contains("report") && !error.hints.is_empty(), "{error}");
    assert_eq!(number(&server, "SELECT count(*) FROM public.report WHERE run = 2"), 500);
}

#[test]
fn a_reader_of_postgresql_keeps_its_run_while_another_is_published() {
    let url = database().url;
    let server = Postgres::connect(&url).unwrap();
    publish(&server, 1, 300).unwrap();
    let reader = Postgres::connect(&url).unwrap();
    let both_counts = "BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TEMP TABLE before AS SELECT count(*) AS n, max(run) AS run FROM fourfold.people; \
        SELECT pg_sleep(1.5); CREATE TEMP TABLE after AS SELECT count(*) AS n, max(run) AS run FROM fourfold.accounts; COMMIT; \
        CREATE TABLE public.seen AS SELECT b.n AS people, b.run AS run, a.n AS accounts, a.run AS run2 FROM before b, after a";
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| reader.execute(both_counts, &[]).unwrap());
        std::thread::sleep(Duration::from_millis(400));
        let started = Instant::now();
        publish(&server, 2, 500).unwrap();
        assert!(started.elapsed() < Duration::from_secs(1), "publishing waited for a reader");
        reading.join().unwrap();
    });
    let rows = server.query("SELECT people, run, accounts, run2 FROM public.seen", &[]).unwrap();
    let seen: Vec<i64> = (0..4).map(|column| rows.integer(0, column).unwrap()).collect();
    assert_eq!(seen, [50, 1, 300, 1], "one transaction saw two runs");
}

/// This test binary again, publishing run after run until it is killed.
#[test]
fn in_another_process_publish_without_end() {
    let Ok(target) = std::env::var("FOURFOLD_TEST_PUBLISH") else { return };
    let warehouse = open(&target);
    let first = std::env::var("FOURFOLD_TEST_RUN").unwrap().parse::<i64>().unwrap();
    for run in first.. {
        publish(warehouse.as_ref(), run, 20_000).unwrap();
    }
}

fn open(target: &str) -> Box<dyn Warehouse> {
    if target.starts_with("postgres://") {
        return Box::new(Postgres::connect(target).unwrap());
    }
    Box::new(DuckDb::open(Path::new(target), &DuckDbOptions::default()).unwrap())
}

/// Kills a publishing process at several moments and looks each time.
fn kill_in_the_middle(target: &str) {
    publish(open(target).as_ref(), 1, 20_000).unwrap();
    let mut published = 1;
    for moment in [5, 40, 90, 150, 230, 330, 450] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "warehouse_publish::in_another_process_publish_without_end"])
            .env("FOURFOLD_TEST_PUBLISH", target)
            .env("FOURFOLD_TEST_RUN", (published + 1).to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(100 + moment));
        child.kill().unwrap();
        child.wait().unwrap();
        let warehouse = open(target);
        let (run, accounts) = seen(warehouse.as_ref());
        assert!(run >= published, "run {run} came after {published}");
        assert_eq!(accounts, 20_000);
        published = run;
    }
    let warehouse = open(target);
    publish(warehouse.as_ref(), published + 1, 300).unwrap();
    assert_eq!(seen(warehouse.as_ref()), (published + 1, 300));
    let mut names = tables(warehouse.as_ref());
    names.sort();
    assert_eq!(names, ["accounts", "people", "totals"], "the next run swept up after the killed ones");
}

#[test]
fn kill_9_leaves_a_whole_run_on_duckdb() {
    let directory = TempDir::new().unwrap();
    kill_in_the_middle(directory.path().join("w.duckdb").to_str().unwrap());
}

#[test]
fn kill_9_leaves_a_whole_run_on_postgresql() {
    kill_in_the_middle(&database().url);
}

/// A full disk, simulated the same way for everyone: no file of the child may grow beyond a limit, and the signal that
/// says so is ignored, so that writing fails as it does on a full disk.
#[test]
fn a_full_disk_leaves_the_last_run_on_duckdb() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    publish(open(file.to_str().unwrap()).as_ref(), 1, 300).unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$0\" --exact warehouse_publish::in_another_process_fill_the_disk --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .env("FOURFOLD_TEST_FILL", &file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && file.with_extension("failed").exists(), "the disk was never full\n{said}");
    let warehouse = open(file.to_str().unwrap());
    assert_eq!(seen(warehouse.as_ref()), (1, 300));
    publish(warehouse.as_ref(), 2, 500).unwrap();
    assert_eq!(seen(warehouse.as_ref()), (2, 500));
}

#[test]
fn in_another_process_fill_the_disk() {
    let Ok(file) = std::env::var("FOURFOLD_TEST_FILL") else { return };
    let warehouse = open(&file);
    let words: Vec<String> =
        (0..1_000_000_u64).map(|n| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let mut publication = Publication::begin(warehouse.as_ref(), SCHEMA, "full").unwrap();
    let batches = words.chunks(10_000).map(|chunk| {
        Ok(RecordBatch::try_from_iter([
            ("run", Arc::new(Int64Array::from(vec![2; chunk.len()])) as _),
            ("name", Arc::new(StringArray::from(chunk.to_vec())) as _),
        ])
        .unwrap())
    });
    let outcome =
        publication.load("accounts", &columns(), &mut { batches }).map(drop).and_then(|()| publication.commit());
    let error = outcome.expect_err("the disk is full");
    assert_eq!(error.kind, ErrorKind::Warehouse, "{error}");
    assert!(error.hints.iter().any(|hint| hint.contains("disk is full")), "{error} {:?}", error.hints);
    // What follows in this process must not damage the file either.
    drop(warehouse);
    std::fs::write(Path::new(&file).with_extension("failed"), error.message).unwrap();
}

#[test]
fn a_full_disk_leaves_the_last_run_on_postgresql() {
    let own = Server::start_limited(40_000);
    let server = Postgres::connect(&own.database().url).unwrap();
    publish(&server, 1, 300).unwrap();
    let mut publication = Publication::begin(&server, SCHEMA, "full").unwrap();
    let batches = &mut std::iter::repeat_with(|| Ok(batch(2, 10_000))).take(40);
    let error = publication.load("accounts", &columns(), batches).unwrap_err();
    assert!(error.hints.iter().any(|hint| hint.contains("disk is full")), "{error} {:?}", error.hints);
    drop(publication);
    assert_eq!(seen(&server), (1, 300));
    publish(&server, 2, 500).unwrap();
    assert_eq!(seen(&server), (2, 500));
}
