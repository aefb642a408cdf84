//! How long does each play take over a million accounts, against a plain scan of its inputs? One statement each, embedded engine.
//!
//! `cargo bench --bench plays` prints both, and their ratio, which is to stay within 3. The scan reads the same columns of the same
//! tables and writes them into a table, as the play writes its rows; the statement is timed the same way. `FOURFOLD_BENCH_ACCOUNTS`
//! sets another size.
#![allow(missing_docs, reason = "a benchmark is no interface")]
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a benchmark prints its figures")]

#[path = "../tests/it/plays/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use fourfold::plays::statement::{Settings, Shape, statement};
use fourfold::plays::{Library, check, published};
use fourfold::warehouse::{DuckDb, DuckDbOptions, TableName, Warehouse};
use world::SCHEMA;

/// How often each is timed; the shortest counts.
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` passes arguments of the test harness: then one small round shows that it runs.
    let quick = std::env::args().any(|argument| argument == "--test");
    let accounts = if quick { 2_000 } else { 1_000_000 };
    let accounts = std::env::var("FOURFOLD_BENCH_ACCOUNTS").ok().and_then(|text| text.parse().ok()).unwrap_or(accounts);
    let directory = tempfile::tempdir().unwrap();
    let warehouse = DuckDb::open(&directory.path().join("bench.duckdb"), &DuckDbOptions::default()).unwrap();
    world::publish(&warehouse, accounts);
    let published = published::read(&warehouse, SCHEMA).unwrap();
    println!("{accounts} accounts, {} subscriptions (run {})", accounts * 3 / 2, world::RUN);
    println!("{:<20} {:>9} {:>9} {:>7}", "play", "scan", "play", "ratio");
    for entry in &Library::shipped().unwrap().entries {
        let dialect = warehouse.dialect();
        let reads = check::reads(&entry.play, dialect, SCHEMA).unwrap();
        let literals = published.literals(dialect, None);
        let frame = literals.frame(&published.tables, &published.absent, Settings::Inline);
        let sql = statement(&entry.play, &frame, Shape::Output).unwrap();
        // The columns of the output that are copied from the model are inputs too.
        let mut by_table: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (table, field) in &reads.fields {
            by_table.entry(table).or_default().insert(field);
        }
        let scans: Vec<String> = by_table
            .iter()
            .map(|(table, fields)| {
                let columns: Vec<String> = fields.iter().map(|field| dialect.quote(field)).collect();
                format!("SELECT {} FROM {}", columns.join(", "), dialect.table(&TableName::new(SCHEMA, *table)))
            })
            .collect();
        let mut scan = Duration::ZERO;
        for one in &scans {
            scan += shortest(&warehouse, one);
        }
        let play = shortest(&warehouse, &sql);
        let ratio = play.as_secs_f64() / scan.as_secs_f64();
        println!("{:<20} {:>7.0}ms {:>7.0}ms {ratio:>6.2}x", entry.play.name, millis(scan), millis(play));
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn shortest(warehouse: &DuckDb, query: &str) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            warehouse.execute("DROP TABLE IF EXISTS main.bench_result", &[]).unwrap();
            let begun = Instant::now();
            warehouse.execute(&format!("CREATE TABLE main.bench_result AS {query}"), &[]).unwrap();
            begun.elapsed()
        })
        .min()
        .unwrap_or_default()
}
