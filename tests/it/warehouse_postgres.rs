//! Does PostgreSQL answer, stop, refuse and go away as it should?

use std::time::{Duration, Instant};

use crate::support::engines::{number, texts};
use crate::support::postgres::{PASSWORD, Server, database};

use fourfold::error::{Error, ErrorKind};
use fourfold::warehouse::{Column, ColumnType, Postgres, TableName, Warehouse};

/// Everything an error shows: a password must be in none of it.
fn whole(error: &Error) -> String {
    format!("{error} {error:?} {}", error.hints.join(" "))
}

#[test]
fn a_refused_connection_is_explained_without_its_password() {
    let good = database().url;
    let port = good.split(':').nth(3).unwrap().split('/').next().unwrap();
    let cases = [
        (format!("postgres://fourfold:not-{PASSWORD}@127.0.0.1:{port}/postgres"), "password"),
        (format!("postgres://nobody-here:{PASSWORD}@127.0.0.1:{port}/postgres"), "password"),
        (format!("postgres://fourfold:{PASSWORD}@127.0.0.1:{port}/no_such_database"), "no_such_database"),
        (format!("postgres://fourfold:{PASSWORD}@127.0.0.1:1/postgres"), "refused"),
        (format!("postgres://fourfold:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=verify-full"), ""),
    ];
    for (url, expected) in cases {
        let error = Postgres::connect(&url).err().unwrap_or_else(|| panic!("{expected}"));
        assert_eq!(error.kind, ErrorKind::Warehouse);
        assert!(error.message.contains(expected), "{error}");
        assert!(!error.hints.is_empty(), "{error}");
        assert!(!whole(&error).contains(PASSWORD), "{}", whole(&error));
    }
    for url in [
        format!("postgres://fourfold:{PASSWORD}@host:notaport/x"),
        format!("mysql://u:{PASSWORD}@h/x"),
        PASSWORD.to_owned(),
    ] {
        let error = Postgres::connect(&url).err().unwrap();
        assert_eq!(error.kind, ErrorKind::Config);
        assert!(!whole(&error).contains(PASSWORD), "{}", whole(&error));
    }
    let server = Postgres::connect(&good).unwrap();
    assert!(!server.describe().contains(PASSWORD) && server.describe().starts_with("postgres fourfold@127.0.0.1:"));
}

#[test]
fn sessions_are_set_up_as_promised() {
    let server = Postgres::connect(&database().url).unwrap();
    let setting = |name: &str| texts(&server, &format!("SELECT current_setting('{name}')"))[0].clone();
    assert_eq!(setting("application_name"), "fourfold");
    assert_eq!(setting("TimeZone"), "UTC");
    assert!(setting("DateStyle").starts_with("ISO"));
    assert_eq!(setting("standard_conforming_strings"), "on");
    assert_eq!(setting("lock_timeout"), "1min");
}

#[test]
fn statements_run_inside_a_sink_and_a_sink_may_stop_one() {
    let server = Postgres::connect(&database().url).unwrap();
    let (mut rows, mut inner) = (0, 0);
    server
        .stream("SELECT CAST(n AS BIGINT) FROM generate_series(1, 50000) n", &[], &mut |batch| {
            rows += batch.num_rows();
            inner += number(&server, "SELECT CAST(1 AS BIGINT)");
            Ok(())
        })
        .unwrap();
    assert_eq!(rows, 50_000);
    assert!(inner > 1);
    let started = Instant::now();
    let stopped = server.stream("SELECT generate_series(1, 100000000)", &[], &mut |_| Err(Error::cancelled()));
    assert_eq!(stopped.unwrap_err().kind, ErrorKind::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(20), "the rest was not read");
    assert_eq!(number(&server, "SELECT CAST(1 AS BIGINT)"), 1);
}

#[test]
fn a_running_statement_stops() {
    let server = Postgres::connect(&database().url).unwrap();
    let stop = server.canceller();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| server.execute("SELECT pg_sleep(60)", &[]));
        while !running.is_finished() {
            std::thread::sleep(Duration::from_millis(100));
            stop();
            assert!(started.elapsed() < Duration::from_secs(20), "it does not stop");
        }
        assert_eq!(running.join().unwrap().unwrap_err().kind, ErrorKind::Cancelled);
    });
    assert_eq!(number(&server, "SELECT CAST(1 AS BIGINT)"), 1, "the next statement runs");
}

#[test]
fn it_works_inside_another_runtime() {
    let url = database().url;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Postgres::connect(&url).unwrap();
        assert_eq!(number(&server, "SELECT CAST(7 AS BIGINT)"), 7);
        drop(server);
    });
}

#[test]
fn a_server_that_goes_away_is_named_and_nobody_hangs() {
    let own = Server::start(&[]);
    let server = Postgres::connect(&own.database().url).unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| server.execute("SELECT pg_sleep(120)", &[]));
        std::thread::sleep(Duration::from_millis(300));
        own.crash();
        let error = running.join().unwrap().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Warehouse, "{error}");
        assert!(error.message.contains("went away") && !error.hints.is_empty(), "{error}");
    });
    let error = server.query("SELECT 1", &[]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Warehouse, "{error}");
    assert!(!error.hints.is_empty(), "{error}");
    assert!(started.elapsed() < Duration::from_mins(1), "it hung");
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_without_end() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://u:{PASSWORD}@{}/x", silent.local_addr().unwrap());
    let started = Instant::now();
    let error = Postgres::connect(&url).err().unwrap();
    assert!(error.message.contains("did not answer") && !whole(&error).contains(PASSWORD), "{error}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_interrupted_read_of_rows_names_the_server() {
    let own = Server::start(&[]);
    let server = Postgres::connect(&own.database().url).unwrap();
    let mut batches = 0;
    let error = server
        .stream("SELECT repeat('x', 200), generate_series(1, 20000000)", &[], &mut |_| {
            batches += 1;
            if batches == 3 {
                own.crash();
            }
            Ok(())
        })
        .unwrap_err();
    assert!(error.message.contains("went away"), "{error}");
}

#[test]
fn a_lock_held_by_another_is_not_waited_for_without_end() {
    let url = database().url;
    let (one, other) = (Postgres::connect(&url).unwrap(), Postgres::connect(&url).unwrap());
    one.execute("CREATE TABLE public.t (x BIGINT)", &[]).unwrap();
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| {
            one.transaction(&[
                "LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE".to_owned(),
                "SELECT pg_sleep(2)".to_owned(),
            ])
        });
        std::thread::sleep(Duration::from_millis(300));
        let error = other.execute("SET lock_timeout = '200ms'; SELECT * FROM public.t", &[]).unwrap_err();
        assert!(error.message.contains("lock timeout") && error.hints[0].contains("lock"), "{error}");
        holder.join().unwrap().unwrap();
    });
}

#[test]
fn odd_text_loads_and_returns_whole() {
    use fourfold::warehouse::Rows;
    use std::sync::Arc;
    let server = Postgres::connect(&database().url).unwrap();
    let huge = "0123456789".repeat(1 << 20);
    let cells = ["back\\slash \\N \\. \\n", "tab\tnew\nline\rreturn", "", "\\N", "🦆 \u{202e}", "nul\0byte", &huge];
    let mut texts: Vec<Option<&str>> = cells.iter().map(|cell| Some(*cell)).collect();
    texts.push(None);
    let array = duckdb::arrow::array::StringArray::from(texts.clone());
    let batch = duckdb::arrow::record_batch::RecordBatch::try_from_iter([("cell", Arc::new(array) as _)]).unwrap();
    let table = TableName::new("public", "odd");
    let columns = [Column::new("ce\"ll", ColumnType::Text)];
    assert_eq!(server.load(&table, &columns, &mut std::iter::once(Ok(batch))).unwrap(), 8);
    let rows: Rows = server.query("SELECT \"ce\"\"ll\" FROM public.odd", &[]).unwrap();
    for (row, expected) in texts.iter().enumerate() {
        // PostgreSQL's text has no NUL.
        let expected = expected.map(|text| text.replace('\0', "\u{fffd}"));
        assert_eq!(rows.text(row, 0), expected.as_deref());
    }
}

#[test]
fn a_failed_load_leaves_nothing() {
    let server = Postgres::connect(&database().url).unwrap();
    let table = TableName::new("public", "half");
    let array = std::sync::Arc::new(duckdb::arrow::array::StringArray::from(vec!["not a number"]));
    let batch = duckdb::arrow::record_batch::RecordBatch::try_from_iter([("n", array as _)]).unwrap();
    let columns = [Column::new("n", ColumnType::Integer)];
    let error = server.load(&table, &columns, &mut std::iter::once(Ok(batch))).unwrap_err();
    assert!(error.message.contains("COPY"), "{error}");
    let error = server.load(&table, &columns, &mut std::iter::once(Err(Error::data("the file broke")))).unwrap_err();
    assert_eq!(error.message, "the file broke");
    // The session was dropped in the middle; the server rolls it back as soon as it notices.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !server.tables("public").unwrap().is_empty() {
        assert!(Instant::now() < deadline, "the table is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn shapes_are_listed_in_our_words() {
    use ColumnType::{Boolean, Date, Decimal, Float, Integer, Json, Other, Text, Timestamp};
    let server = Postgres::connect(&database().url).unwrap();
    server
        .execute(
            "CREATE SCHEMA \"odd'; --\"; CREATE TABLE \"odd'; --\".\"b\" (a VARCHAR(18), b INT, c NUMERIC(10, 2), d TIMESTAMPTZ(3), \
             e DATE, f BOOLEAN, g REAL, h JSONB, i UUID, j TEXT[], k BYTEA, l CHAR(3)); \
             CREATE VIEW \"odd'; --\".\"A\" AS SELECT a FROM \"odd'; --\".\"b\"; \
             CREATE MATERIALIZED VIEW \"odd'; --\".\"c\" AS SELECT b FROM \"odd'; --\".\"b\"; \
             CREATE TABLE \"odd'; --\".\"_staging_x_0\" (a TEXT)",
            &[],
        )
        .unwrap();
    assert!(server.schemas().unwrap().contains(&"odd'; --".to_owned()));
    let tables = server.tables("odd'; --").unwrap();
    let names: Vec<(&str, bool)> = tables.iter().map(|table| (table.name.table.as_str(), table.is_view)).collect();
    assert_eq!(names, [("A", true), ("b", false), ("c", true)]);
    let kinds: Vec<ColumnType> = tables[1].columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Text, Integer, Decimal, Timestamp, Date, Boolean, Float, Json, Text, Json, Other, Text]);
}

#[test]
fn a_type_that_cannot_be_read_says_what_to_do() {
    let server = Postgres::connect(&database().url).unwrap();
    let error = server.query("SELECT CAST('10.0.0.1' AS INET) AS \"address\"", &[]).unwrap_err();
    assert!(error.message.contains("address") && error.hints[0].contains("text"), "{error}");
    assert_eq!(number(&server, "SELECT CAST(1 AS BIGINT)"), 1);
}
