//! Does the embedded engine share, wait, stop and refuse as it should?

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::support::engines::number;

use fourfold::error::ErrorKind;
use fourfold::progress::{CancelToken, Progress, Silent};
use fourfold::warehouse::{DuckDb, DuckDbOptions, TableName, Warehouse};
use tempfile::TempDir;

const READ: DuckDbOptions = DuckDbOptions { read_only: true, threads: None, memory: None };

fn write() -> DuckDbOptions {
    DuckDbOptions::default()
}

/// Another process that holds a file until it is killed: this test binary again, told by its environment.
fn holder(file: &std::path::Path, seconds: &str) -> Child {
    hold(file, seconds, "write")
}

fn hold(file: &std::path::Path, seconds: &str, how: &str) -> Child {
    let ready = file.with_extension("ready");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "warehouse_duckdb::in_another_process_hold_a_file"])
        .env("FOURFOLD_TEST_HOLD", file)
        .env("FOURFOLD_TEST_SECONDS", seconds)
        .env("FOURFOLD_TEST_HOW", how)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !ready.exists() {
        assert!(Instant::now() < deadline, "the other process never opened the file");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

#[test]
fn in_another_process_hold_a_file() {
    let Some(file) = std::env::var_os("FOURFOLD_TEST_HOLD").map(std::path::PathBuf::from) else { return };
    let seconds: f64 = std::env::var("FOURFOLD_TEST_SECONDS").unwrap().parse().unwrap();
    let how = if std::env::var("FOURFOLD_TEST_HOW").unwrap() == "read" { READ } else { write() };
    let engine = DuckDb::open(&file, &how).unwrap();
    if !how.read_only {
        engine.execute("CREATE TABLE main.held (x BIGINT)", &[]).unwrap();
    }
    std::fs::write(file.with_extension("ready"), "").unwrap();
    std::thread::sleep(Duration::from_secs_f64(seconds));
}

#[test]
fn a_held_file_names_its_holder() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    let mut child = holder(&file, "60");
    for options in [write(), READ] {
        let error = DuckDb::open(&file, &options).err().expect("the file is held");
        assert_eq!(error.kind, ErrorKind::Locked, "{error}");
        assert!(error.message.contains(&format!("process {}", child.id())), "{error}");
        assert!(!error.hints.is_empty());
    }
    let started = Instant::now();
    let error = DuckDb::open_waiting(&file, &write(), Duration::from_millis(300), &Silent, &CancelToken::new());
    assert_eq!(error.err().unwrap().kind, ErrorKind::Locked);
    assert!(started.elapsed() >= Duration::from_millis(300));
    let cancel = CancelToken::new();
    cancel.cancel();
    let error = DuckDb::open_waiting(&file, &write(), Duration::from_mins(1), &Silent, &cancel);
    assert_eq!(error.err().unwrap().kind, ErrorKind::Cancelled);
    child.kill().unwrap();
    child.wait().unwrap();
    // A holder that was killed leaves nothing in the way, and what it had committed is there.
    let engine = DuckDb::open(&file, &READ).unwrap();
    assert_eq!(number(&engine, "SELECT count(*) FROM main.held"), 0);
}

#[test]
fn two_processes_may_look_at_once_and_nobody_writes_meanwhile() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    DuckDb::open(&file, &write()).unwrap().execute("CREATE TABLE main.t AS SELECT 1::BIGINT AS x", &[]).unwrap();
    let mut child = hold(&file, "60", "read");
    let reader = DuckDb::open(&file, &READ).unwrap();
    assert_eq!(number(&reader, "SELECT x FROM main.t"), 1);
    drop(reader);
    assert_eq!(DuckDb::open(&file, &write()).err().unwrap().kind, ErrorKind::Locked);
    child.kill().unwrap();
    child.wait().unwrap();
    DuckDb::open(&file, &write()).unwrap();
}

#[test]
fn views_that_say_the_name_of_the_file_work() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("analytics.duckdb");
    let engine = DuckDb::open(&file, &write()).unwrap();
    engine.execute("CREATE TABLE main.t AS SELECT 7::BIGINT AS x", &[]).unwrap();
    engine.execute("CREATE VIEW main.v AS SELECT x FROM \"analytics\".\"main\".\"t\"", &[]).unwrap();
    assert_eq!(number(&engine, "SELECT x FROM main.v"), 7);
}

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Progress for Notes {
    fn step(&self, _name: &str) {}
    fn advance(&self, _done: u64, _total: u64) {}
    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

#[test]
fn whoever_waits_is_told_for_whom_and_gets_in() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    let mut child = holder(&file, "1.0");
    let notes = Notes::default();
    let engine = DuckDb::open_waiting(&file, &write(), Duration::from_secs(30), &notes, &CancelToken::new()).unwrap();
    child.wait().unwrap();
    engine.execute("CREATE TABLE main.mine (x BIGINT)", &[]).unwrap();
    let notes = notes.0.into_inner().unwrap();
    assert_eq!(notes.len(), 1, "told once: {notes:?}");
    assert!(notes[0].contains(&format!("process {}", child.id())), "{notes:?}");
}

#[test]
fn one_process_may_open_a_file_twice() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    let one = DuckDb::open(&file, &write()).unwrap();
    one.execute("CREATE TABLE main.t AS SELECT 1::BIGINT AS x", &[]).unwrap();
    let other = DuckDb::open(&file, &write()).unwrap();
    other.execute("INSERT INTO main.t VALUES (2)", &[]).unwrap();
    let reader = DuckDb::open(&file, &READ).unwrap();
    assert_eq!(number(&reader, "SELECT count(*) FROM main.t"), 2);
    assert!(reader.execute("INSERT INTO main.t VALUES (3)", &[]).is_err(), "a reader does not write");
    drop((one, other));
    assert_eq!(number(&reader, "SELECT count(*) FROM main.t"), 2);
    drop(reader);
    let reader = DuckDb::open(&file, &READ).unwrap();
    assert_eq!(DuckDb::open(&file, &write()).err().unwrap().kind, ErrorKind::Locked);
    assert_eq!(number(&reader, "SELECT count(*) FROM main.t"), 2);
    // The file is closed whole: no write-ahead log is left beside it.
    drop(reader);
    drop(DuckDb::open(&file, &write()).unwrap());
    assert!(!directory.path().join("w.duckdb.wal").exists());
}

#[test]
fn many_threads_open_and_close_one_file() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("w.duckdb");
    DuckDb::open(&file, &write()).unwrap().execute("CREATE TABLE main.t (x BIGINT)", &[]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let engine = DuckDb::open(&file, &write()).unwrap();
                    engine.execute("INSERT INTO main.t VALUES (1)", &[]).unwrap();
                }
            });
        }
    });
    let engine = DuckDb::open(&file, &READ).unwrap();
    assert_eq!(number(&engine, "SELECT count(*) FROM main.t"), 40);
}

#[test]
fn what_cannot_be_opened_is_named() {
    let directory = TempDir::new().unwrap();
    let missing = directory.path().join("missing.duckdb");
    assert_eq!(DuckDb::open(&missing, &READ).err().unwrap().kind, ErrorKind::NotFound);
    assert!(!missing.exists(), "looking creates nothing");
    let nowhere = directory.path().join("no/such/directory/w.duckdb");
    assert_eq!(DuckDb::open(&nowhere, &write()).err().unwrap().kind, ErrorKind::NotFound);
    let text = directory.path().join("text.duckdb");
    std::fs::write(&text, "this is not a database, and long enough to be looked at as one ".repeat(200)).unwrap();
    let error = DuckDb::open(&text, &write()).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Warehouse);
    assert!(error.message.contains("text.duckdb") && !error.hints.is_empty(), "{error}");
}

#[test]
fn hostile_names_are_no_trouble_and_names_like_the_file_soon_are_not() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("it's a \"salesforce\".duckdb");
    for round in 0..2 {
        let engine = DuckDb::open(&file, &write()).unwrap();
        for schema in ["fourfold", "'; drop table x; --", "it's a \"salesforce\""] {
            engine.execute(&engine.dialect().create_schema(schema), &[]).unwrap();
            let table = engine.dialect().table(&TableName::new(schema, "account\"; --"));
            let created = engine.execute(&format!("CREATE OR REPLACE TABLE {table} AS SELECT 1::BIGINT AS x"), &[]);
            if round == 0 && schema.contains("salesforce") {
                // The schema is as new as its name is ambiguous; the next time the file has another name.
                assert!(created.unwrap_err().hints[0].contains("run again"));
                continue;
            }
            created.unwrap();
            assert_eq!(number(&engine, &format!("SELECT x FROM {table}")), 1);
            assert_eq!(engine.tables(schema).unwrap()[0].name.table, "account\"; --");
        }
        assert_eq!(engine.schemas().unwrap(), ["'; drop table x; --", "fourfold", "it's a \"salesforce\"", "main"]);
    }
    let own = DuckDb::open(&directory.path().join("fourfold.duckdb"), &write()).unwrap();
    own.execute("CREATE SCHEMA fourfold; CREATE TABLE fourfold.t AS SELECT 1::BIGINT AS x", &[]).unwrap();
    assert_eq!(number(&own, "SELECT x FROM fourfold.t"), 1);
}

#[test]
fn a_running_statement_stops() {
    let engine = DuckDb::in_memory(&write()).unwrap();
    let stop = engine.canceller();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| engine.query("SELECT count(*) FROM range(100000000) a, range(100000000) b", &[]));
        while !running.is_finished() {
            std::thread::sleep(Duration::from_millis(50));
            stop();
            assert!(started.elapsed() < Duration::from_secs(20), "it does not stop");
        }
        assert_eq!(running.join().unwrap().unwrap_err().kind, ErrorKind::Cancelled);
    });
    assert_eq!(number(&engine, "SELECT 1::BIGINT"), 1, "the next statement runs");
}

#[test]
fn statements_run_inside_a_sink_and_a_sink_may_stop_one() {
    let engine = DuckDb::in_memory(&write()).unwrap();
    let mut inner = 0;
    engine
        .stream("SELECT range FROM range(5000)", &[], &mut |batch| {
            inner += number(&engine, &format!("SELECT {}::BIGINT", batch.num_rows()));
            Ok(())
        })
        .unwrap();
    assert_eq!(inner, 5000);
    let error =
        engine.stream("SELECT range FROM range(100000000)", &[], &mut |_| Err(fourfold::error::Error::cancelled()));
    assert_eq!(error.unwrap_err().kind, ErrorKind::Cancelled);
    assert_eq!(number(&engine, "SELECT 1::BIGINT"), 1);
}

#[test]
fn odd_types_read_as_text() {
    let engine = DuckDb::in_memory(&write()).unwrap();
    let sql = "SELECT 170141183460469231731687303715884105727::HUGEINT, 18446744073709551615::UBIGINT, [1, 2], {'a': 1}, \
        TIME '12:00:00', 'x'::ENUM('x', 'y'), NULL, TIMESTAMP_NS '2026-01-05 12:00:00.123456789', 1::UTINYINT, INTERVAL 1 DAY";
    let rows = engine.query(sql, &[]).unwrap();
    assert_eq!(rows.text(0, 0), Some("170141183460469231731687303715884105727"));
    assert_eq!(rows.text(0, 1), Some("18446744073709551615"));
    for column in 2..6 {
        assert!(rows.text(0, column).is_some(), "column {column}");
    }
    assert_eq!(rows.text(0, 6), None);
    assert_eq!(rows.text(0, 7), Some("2026-01-05 12:00:00.123456"));
    assert_eq!(rows.integer(0, 8), Some(1));
    assert!(rows.text(0, 9).is_some());
}

#[test]
fn nothing_is_fetched_from_outside() {
    let engine = DuckDb::in_memory(&write()).unwrap();
    let started = Instant::now();
    let error = engine.query("SELECT * FROM read_csv('https://example.invalid/x.csv')", &[]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Warehouse);
    assert!(started.elapsed() < Duration::from_secs(2), "it tried to download something");
}

#[test]
fn a_failed_transaction_changes_nothing() {
    let engine = DuckDb::in_memory(&write()).unwrap();
    engine.execute("CREATE TABLE main.t (x BIGINT)", &[]).unwrap();
    let statements = ["INSERT INTO main.t VALUES (1)".to_owned(), "INSERT INTO main.missing VALUES (1)".to_owned()];
    let error = engine.transaction(&statements).unwrap_err();
    assert!(error.message.contains("INSERT INTO main.missing"), "{error}");
    assert_eq!(number(&engine, "SELECT count(*) FROM main.t"), 0);
    engine.transaction(&statements[..1]).unwrap();
    assert_eq!(number(&engine, "SELECT count(*) FROM main.t"), 1);
}
