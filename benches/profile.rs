//! Does profiling a table cost no more than 1.5 times the engine's own summary of it?
//!
//! One table of ten million rows in the embedded engine, with the columns of events and of invoices; both are measured in
//! the same process, one after the other, and the best of three counts. `ROWS=1000000` makes it quick.

#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::time::{Duration, Instant};

use fourfold::chart::profile::profile;
use fourfold::progress::CancelToken;
use fourfold::warehouse::{DuckDb, DuckDbOptions, Warehouse};

/// The bar: at most this many times the engine's own summary.
const BAR: f64 = 1.5;

fn best(mut work: impl FnMut()) -> Duration {
    (0..3)
        .map(|_| {
            let clock = Instant::now();
            work();
            clock.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() {
    let rows: u64 = std::env::var("ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).expect("an embedded engine");
    warehouse.execute("CREATE SCHEMA bench", &[]).expect("a schema");
    let tables = [
        (
            "tracks",
            "'ajs-' || md5(CAST(i AS VARCHAR)) AS id, 'user_' || CAST(hash(i) % 50000 AS VARCHAR) AS user_id, \
             ['signed_in', 'viewed', 'query_run', 'exported', 'saved'][CAST(1 + hash(i * 7) % 5 AS BIGINT)] AS event, \
             'org_' || CAST(hash(i * 3) % 4000 AS VARCHAR) AS context_group_id, \
             TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i * 11) % 20000000 AS BIGINT)) AS timestamp, \
             TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i * 11) % 20000000 + 60 AS BIGINT)) AS received_at",
        ),
        (
            "invoice",
            "'in_' || CAST(i AS VARCHAR) AS id, 'cus_' || CAST(hash(i) % 90000 AS VARCHAR) AS customer_id, \
             ['paid', 'open', 'void'][CAST(1 + hash(i * 5) % 3 AS BIGINT)] AS status, ['usd', 'eur'][CAST(1 + hash(i * 2) % 2 AS BIGINT)] AS currency, \
             CAST(hash(i * 13) % 900000 AS BIGINT) AS amount_due, CAST(hash(i * 17) % 900000 AS DOUBLE) / 100 AS tax, \
             CAST(hash(i * 19) % 2 AS BOOLEAN) AS paid, \
             TIMESTAMP '2024-01-01' + to_seconds(CAST(hash(i * 23) % 60000000 AS BIGINT)) AS created",
        ),
    ];
    let mut missed = false;
    for (name, columns) in tables {
        let made = format!("CREATE TABLE bench.{name} AS SELECT {columns} FROM range({rows}) AS r(i)");
        warehouse.execute(&made, &[]).expect("the table is made");
        let shapes = warehouse.tables("bench").expect("the schema is read");
        let shape = shapes.iter().find(|shape| shape.name.table == name).expect("the table is there");
        let summary = best(|| {
            warehouse.query(&format!("SELECT count(*) FROM (SUMMARIZE bench.{name})"), &[]).expect("a summary");
        });
        let own = best(|| {
            profile(&warehouse, shape, &CancelToken::new()).expect("a profile");
        });
        let ratio = own.as_secs_f64() / summary.as_secs_f64();
        println!(
            "{name:<10} {rows} rows: profile {:.2} s, SUMMARIZE {:.2} s, ratio {ratio:.2} (bar {BAR})",
            own.as_secs_f64(),
            summary.as_secs_f64()
        );
        missed |= ratio > BAR;
    }
    if missed {
        println!("the bar is missed");
        std::process::exit(1);
    }
}
