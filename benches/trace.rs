//! How long does a walk from a field to its rows take with ten million source rows, how often is the warehouse asked, and what does
//! lineage cost while the model is built?
//!
//! The bars: p99 under 100 ms embedded, three round trips at most, and building with lineage at most twice as long as without.
//!
//! ```text
//! cargo bench --bench trace                          ten million rows, embedded
//! cargo bench --bench trace -- --postgres            the same on a PostgreSQL server that it starts
//! cargo bench --bench trace -- --rows 1000000        fewer
//! cargo bench --bench trace -- --at FILE             in a database that stays; when it is there already only the walks are made
//! cargo bench --bench trace -- --statements          also each statement of one walk a field, with its time
//! ```

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    missing_docs
)]

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use duckdb::arrow::record_batch::RecordBatch;
use fourfold::catalog::Role;
use fourfold::chart::source_map::{ColumnEntry, ColumnProfile, Origin, SourceEntry, SourceMap, TableEntry};
use fourfold::config::Config;
use fourfold::error::Result;
use fourfold::ident::{EntityId, EntityKind, RecordKey, SourceId, Surface};
use fourfold::model::trace::trace;
use fourfold::model::{ModelInput, build, build_without_lineage, publish};
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::graph::{Entity, EntityGraph, Link, Relation};
use fourfold::warehouse::{
    BatchSink, Canceller, Column, ColumnType, Dialect, DuckDb, DuckDbOptions, TableName, TableShape, Value, Warehouse,
};

#[allow(dead_code, unreachable_pub)]
#[path = "../tests/it/support/postgres.rs"]
mod postgres;

const AS_OF: &str = "2026-06-30T12:00:00Z";

/// Rows of each table for a number of rows in all.
struct Sizes {
    accounts: u64,
    users: u64,
    subscriptions: u64,
    invoices: u64,
    tickets: u64,
    events: u64,
}

impl Sizes {
    fn of(rows: u64) -> Self {
        let (accounts, users, subscriptions) = (rows / 250, rows / 25, rows / 160);
        let (invoices, tickets) = (rows / 20, rows / 33);
        let events = rows - 4 * accounts - users - subscriptions - invoices - tickets;
        Self { accounts, users, subscriptions, invoices, tickets, events }
    }
}

/// A key that no neighbour resembles, as systems with random ids make them: the same in SQL and here.
fn scattered(number: u64) -> u64 {
    number * 2_654_435_761 % 4_294_967_291
}

const SCATTERED: &str = "CAST((i * 2654435761) % 4294967291 AS VARCHAR(20))";

fn tables(sizes: &Sizes) -> Vec<(&'static str, u64, String)> {
    let padded = "lpad(CAST(i AS VARCHAR(20)), 8, '0')";
    let synced = "CAST('2026-06-29 03:00:00' AS TIMESTAMP) AS synced";
    let day = |days: u64| format!("CAST('2026-06-30 09:00:00' AS TIMESTAMP) - (i % {days}) * INTERVAL '1' DAY");
    let accounts = sizes.accounts;
    vec![
        (
            "crm.account",
            accounts,
            format!(
                "'0015g00000' || {padded} AS id, 'Company ' || i AS name, 'www.company' || i || '.com' AS website, CAST(i % 900 * 12 AS BIGINT) AS arr, 'USD' AS currency, {synced}"
            ),
        ),
        (
            "billing.customer",
            accounts,
            format!("'cus_' || {SCATTERED} AS id, 'Company ' || i || ' Inc' AS name, 'usd' AS currency, {synced}"),
        ),
        ("support.organization", accounts, format!("i + 300000000 AS id, 'company ' || i AS name, {synced}")),
        ("product.groups", accounts, format!("'g' || i AS id, 'company-' || i AS name, {synced}")),
        (
            "product.users",
            sizes.users,
            format!(
                "'u' || {SCATTERED} AS id, 'user' || i || '@company' || (i % {accounts}) || '.com' AS email, {synced}"
            ),
        ),
        (
            "billing.subscription",
            sizes.subscriptions,
            format!(
                "'sub_' || {SCATTERED} AS id, CASE WHEN i % 7 = 0 THEN 'canceled' ELSE 'active' END AS status, CAST(100 + i % 900 AS BIGINT) AS mrr, 'usd' AS currency, {synced}"
            ),
        ),
        (
            "billing.invoice",
            sizes.invoices,
            format!(
                "'in_' || {SCATTERED} AS id, CASE WHEN i % 9 = 0 THEN 'open' ELSE 'paid' END AS status, CAST(5000 + i % 90000 AS BIGINT) AS total, 'usd' AS currency, {} AS issued, {} AS due, {synced}",
                day(700),
                day(690)
            ),
        ),
        (
            "support.ticket",
            sizes.tickets,
            format!(
                "i AS id, CASE WHEN i % 5 = 0 THEN 'open' ELSE 'closed' END AS status, CASE WHEN i % 11 = 0 THEN 'urgent' ELSE 'normal' END AS priority, {} AS created, CASE WHEN i % 4 = 0 THEN 'good' WHEN i % 13 = 0 THEN 'bad' END AS satisfaction, {synced}",
                day(400)
            ),
        ),
        (
            "product.events",
            sizes.events,
            format!(
                "i AS id, 'u' || CAST((((i * 7919) % {users}) * 2654435761) % 4294967291 AS VARCHAR(20)) AS user_id, CAST('2025-07-01 00:00:00' AS TIMESTAMP) + (i * 365 * 86400 / {events}) * INTERVAL '1' SECOND AS at",
                users = sizes.users,
                events = sizes.events
            ),
        ),
    ]
}

fn load(warehouse: &dyn Warehouse, sizes: &Sizes) {
    for schema in ["crm", "billing", "support", "product"] {
        warehouse.execute(&format!("CREATE SCHEMA {schema}"), &[]).unwrap();
    }
    for (table, rows, columns) in tables(sizes) {
        let sql = format!(
            "CREATE TABLE {table} AS SELECT {columns} FROM generate_series(CAST(0 AS BIGINT), CAST({} AS BIGINT)) AS made(i)",
            rows - 1
        );
        warehouse.execute(&sql, &[]).unwrap();
        if warehouse.dialect() == Dialect::Postgres {
            // As a loader leaves it: the key is indexed, and events by their user.
            let key = if table == "product.events" { "user_id, at" } else { "id" };
            warehouse.execute(&format!("CREATE INDEX ON {table} ({key})"), &[]).unwrap();
            warehouse.execute(&format!("ANALYZE {table}"), &[]).unwrap();
        }
    }
}

type Concepts = &'static [(&'static str, &'static str, ColumnType)];

fn entry(table: &str, role: Role, rows: u64, concepts: Concepts) -> TableEntry {
    let (schema, name) = table.split_once('.').unwrap();
    let columns = concepts
        .iter()
        .map(|(column, property, kind)| ColumnEntry {
            name: (*column).to_owned(),
            kind: *kind,
            concept: (!property.is_empty()).then(|| format!("{role}.{property}")),
            origin: Some(Origin::CatalogName),
            confidence: 1.0,
            refers_to: None,
            units_per_currency_unit: (*column == "total").then_some(100),
            profile: ColumnProfile::default(),
        })
        .collect();
    TableEntry {
        name: TableName::new(schema, name),
        role,
        system_table: (role == Role::Event).then(|| "tracks".to_owned()),
        origin: Origin::CatalogName,
        confidence: 1.0,
        primary_key: vec!["id".to_owned()],
        version_column: None,
        synced_column: (role != Role::Event).then(|| "synced".to_owned()),
        sync_id_column: None,
        deleted_columns: Vec::new(),
        active_columns: Vec::new(),
        rows,
        newest_sync: Some("2026-06-29 03:00:00".to_owned()),
        columns,
    }
}

fn map(sizes: &Sizes) -> SourceMap {
    use ColumnType::{Integer, Text, Timestamp};
    let synced = ("synced", "", Timestamp);
    let rows = |wanted: &str| tables(sizes).into_iter().find(|(table, _, _)| *table == wanted).unwrap().1;
    let make = |table: &str, role: Role, concepts: Concepts| entry(table, role, rows(table), concepts);
    let _ = synced;
    let source = |id: &str, surface: Surface, tables: Vec<TableEntry>| SourceEntry {
        id: SourceId::new(id),
        surface,
        schema: id.to_owned(),
        system: None,
        confidence: 1.0,
        loader: None,
        tables,
    };
    SourceMap {
        sources: vec![
            source(
                "billing",
                Surface::Billing,
                vec![
                    make(
                        "billing.customer",
                        Role::Account,
                        &[
                            ("id", "id", Text),
                            ("name", "name", Text),
                            ("currency", "currency", Text),
                            ("synced", "", Timestamp),
                        ],
                    ),
                    make(
                        "billing.invoice",
                        Role::Invoice,
                        &[
                            ("id", "id", Text),
                            ("status", "status", Text),
                            ("total", "amount", Integer),
                            ("currency", "currency", Text),
                            ("issued", "issued_at", Timestamp),
                            ("due", "due_at", Timestamp),
                            ("synced", "", Timestamp),
                        ],
                    ),
                    make(
                        "billing.subscription",
                        Role::Subscription,
                        &[
                            ("id", "id", Text),
                            ("status", "status", Text),
                            ("mrr", "mrr", Integer),
                            ("currency", "currency", Text),
                            ("synced", "", Timestamp),
                        ],
                    ),
                ],
            ),
            source(
                "crm",
                Surface::Crm,
                vec![make(
                    "crm.account",
                    Role::Account,
                    &[
                        ("id", "id", Text),
                        ("name", "name", Text),
                        ("website", "website", Text),
                        ("arr", "arr", Integer),
                        ("currency", "currency", Text),
                        ("synced", "", Timestamp),
                    ],
                )],
            ),
            source(
                "product",
                Surface::Product,
                vec![
                    make(
                        "product.events",
                        Role::Event,
                        &[("id", "id", Integer), ("user_id", "person_id", Text), ("at", "at", Timestamp)],
                    ),
                    make(
                        "product.groups",
                        Role::Account,
                        &[("id", "id", Text), ("name", "name", Text), ("synced", "", Timestamp)],
                    ),
                    make(
                        "product.users",
                        Role::Person,
                        &[("id", "id", Text), ("email", "email", Text), ("synced", "", Timestamp)],
                    ),
                ],
            ),
            source(
                "support",
                Surface::Support,
                vec![
                    make(
                        "support.organization",
                        Role::Account,
                        &[("id", "id", Integer), ("name", "name", Text), ("synced", "", Timestamp)],
                    ),
                    make(
                        "support.ticket",
                        Role::Ticket,
                        &[
                            ("id", "id", Integer),
                            ("status", "status", Text),
                            ("priority", "priority", Text),
                            ("created", "created_at", Timestamp),
                            ("satisfaction", "satisfaction", Text),
                            ("synced", "", Timestamp),
                        ],
                    ),
                ],
            ),
        ],
    }
}

fn account_id(number: u64) -> EntityId {
    EntityId::new(format!("acc_{:016x}", scattered(number + 1) * 2_654_435_761))
}

fn graph(sizes: &Sizes) -> EntityGraph {
    let mut graph = EntityGraph::default();
    let mut entity = |id: EntityId, kind: EntityKind, label: String, members: Vec<RecordKey>| {
        for record in &members {
            graph.links.push(Link {
                entity: id.clone(),
                kind,
                record: record.clone(),
                rule: "match".to_owned(),
                weight: Some(12.5),
                decided_by: "engine".to_owned(),
            });
        }
        graph.entities.push(Entity { id, kind, label, members });
    };
    for number in 0..sizes.accounts {
        let members = vec![
            RecordKey::new("billing", "customer", format!("cus_{}", scattered(number))),
            RecordKey::new("crm", "account", format!("0015g00000{number:08}")),
            RecordKey::new("product", "groups", format!("g{number}")),
            RecordKey::new("support", "organization", (number + 300_000_000).to_string()),
        ];
        entity(account_id(number), EntityKind::Account, format!("Company {number}"), members);
    }
    for number in 0..sizes.users {
        let id = EntityId::new(format!("per_{:016x}", scattered(number + 1) * 2_654_435_761));
        let member = RecordKey::new("product", "users", format!("u{}", scattered(number)));
        entity(id, EntityKind::Person, format!("user{number}"), vec![member]);
    }
    let mut relate = |relation: &str, record: RecordKey, number: u64| {
        graph.relations.push(Relation {
            record,
            relation: relation.to_owned(),
            entity: account_id(number % sizes.accounts),
            rule: "foreign_key".to_owned(),
            weight: None,
        });
    };
    for number in 0..sizes.users {
        relate("user_of_account", RecordKey::new("product", "users", format!("u{}", scattered(number))), number);
    }
    for number in 0..sizes.subscriptions {
        let key = RecordKey::new("billing", "subscription", format!("sub_{}", scattered(number)));
        relate("subscription_of_account", key, number);
    }
    for number in 0..sizes.invoices {
        relate("invoice_of_account", RecordKey::new("billing", "invoice", format!("in_{}", scattered(number))), number);
    }
    for number in 0..sizes.tickets {
        relate("ticket_of_account", RecordKey::new("support", "ticket", number.to_string()), number);
    }
    graph
}

/// A warehouse that counts how often it is asked.
struct Counting<'a> {
    inner: &'a dyn Warehouse,
    asked: AtomicU32,
    /// The statements and how long each took, where somebody wants to know.
    told: Option<Mutex<Vec<(Duration, String)>>>,
}

impl Warehouse for Counting<'_> {
    fn describe(&self) -> String {
        self.inner.describe()
    }

    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.execute(sql, values)
    }

    fn transaction(&self, statements: &[String]) -> Result<()> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.transaction(statements)
    }

    fn stream(&self, sql: &str, values: &[Value], sink: BatchSink<'_>) -> Result<()> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let started = Instant::now();
        let streamed = self.inner.stream(sql, values, sink);
        if let Some(told) = &self.told {
            told.lock().unwrap().push((started.elapsed(), sql.to_owned()));
        }
        streamed
    }

    fn load(
        &self,
        table: &TableName,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.load(table, columns, batches)
    }

    fn schemas(&self) -> Result<Vec<String>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.schemas()
    }

    fn tables(&self, schema: &str) -> Result<Vec<TableShape>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.tables(schema)
    }

    fn canceller(&self) -> Canceller {
        self.inner.canceller()
    }
}

const FIELDS: [&str; 8] =
    ["name", "arr", "overdue_amount", "invoiced_12m", "tickets_open", "csat", "usage_events_28d", "active_users_28d"];

/// Walks random fields and prints how long that took.
fn walks(warehouse: &dyn Warehouse, sizes: &Sizes, count: u64) {
    let mut all: Vec<Duration> = Vec::new();
    let mut most = 0;
    for field in FIELDS {
        let mut times: Vec<Duration> = (0..=count)
            .map(|turn| {
                let entity = account_id(turn * 7919 % sizes.accounts);
                let counting = Counting { inner: warehouse, asked: AtomicU32::new(0), told: None };
                let started = Instant::now();
                let walked = trace(&counting, "fourfold", entity.as_str(), field).unwrap();
                let took = started.elapsed();
                // An account whose tickets nobody rated has no satisfaction.
                assert!(walked.value.is_some() || field == "csat", "{field} of {entity} is empty");
                assert!(walked.check.is_none_or(|check| check.agrees), "{field} of {entity}");
                most = most.max(counting.asked.load(Ordering::Relaxed));
                took
            })
            .skip(1)
            .collect();
        times.sort();
        println!("  {field:<18} p50 {:>7.1} ms  p99 {:>7.1} ms", at(&times, 50), at(&times, 99));
        all.extend(times);
    }
    all.sort();
    println!(
        "  all {:<14} p50 {:>7.1} ms  p99 {:>7.1} ms  round trips at most {most}",
        all.len(),
        at(&all, 50),
        at(&all, 99)
    );
}

/// Walks each field once more and prints the statements that it took.
fn statements(warehouse: &dyn Warehouse, sizes: &Sizes) {
    for field in FIELDS {
        for turn in [3, 5] {
            let told = Some(Mutex::new(Vec::new()));
            let counting = Counting { inner: warehouse, asked: AtomicU32::new(0), told };
            let entity = account_id(turn * 7919 % sizes.accounts);
            let started = Instant::now();
            trace(&counting, "fourfold", entity.as_str(), field).unwrap();
            println!("{field}: {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
            for (took, sql) in counting.told.unwrap().into_inner().unwrap() {
                println!("  {:>8.1} ms  {} letters", took.as_secs_f64() * 1000.0, sql.len());
                if turn == 5 {
                    println!("{sql}");
                }
            }
        }
    }
}

fn at(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)].as_secs_f64() * 1000.0
}

fn measure(warehouse: &dyn Warehouse, rows: u64, count: u64, shows: bool) {
    let sizes = Sizes::of(rows);
    if !warehouse.schemas().unwrap().iter().any(|schema| schema == "fourfold") {
        make(warehouse, &sizes, rows);
    }
    walks(warehouse, &sizes, count);
    if shows {
        statements(warehouse, &sizes);
    }
}

fn make(warehouse: &dyn Warehouse, sizes: &Sizes, rows: u64) {
    let started = Instant::now();
    load(warehouse, sizes);
    println!("{}: {rows} source rows made in {:.0} s", warehouse.dialect_name(), started.elapsed().as_secs_f64());
    let (map, graph, config) = (map(sizes), graph(sizes), Config::default());
    let as_of = AS_OF.parse().unwrap();
    let input = ModelInput { warehouse, map: &map, graph: &graph, config: &config, as_of, run_id: "bench" };
    let timed = |with: bool| {
        let started = Instant::now();
        let model = if with {
            build(&input, &Silent, &CancelToken::new())
        } else {
            build_without_lineage(&input, &Silent, &CancelToken::new())
        };
        drop(model.unwrap());
        started.elapsed().as_secs_f64()
    };
    // Warm first, then in turns, so that neither gains by its place.
    timed(false);
    let (mut with, mut without) = (0.0, 0.0);
    for _ in 0..2 {
        without += timed(false);
        with += timed(true);
    }
    println!(
        "  build with lineage {:.1} s, without {:.1} s: {:.2} times as long",
        with / 2.0,
        without / 2.0,
        with / without
    );
    let model = build(&input, &Silent, &CancelToken::new()).unwrap();
    let started = Instant::now();
    let publication = publish::PublishInput {
        warehouse,
        schema: "fourfold",
        model: &model,
        graph: &graph,
        chart_conflicts: &[],
        map: &map,
        run_id: "bench",
        started: as_of,
        as_of,
    };
    publish::publish(&publication, &Silent, &CancelToken::new()).unwrap();
    println!(
        "  published in {:.1} s: {} cells and {} parts of lineage",
        started.elapsed().as_secs_f64(),
        model.lineage.cells.len(),
        model.lineage.parts.len()
    );
}

trait Named {
    fn dialect_name(&self) -> &'static str;
}

impl Named for dyn Warehouse + '_ {
    fn dialect_name(&self) -> &'static str {
        match self.dialect() {
            Dialect::DuckDb => "DuckDB",
            Dialect::Postgres => "PostgreSQL",
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, otherwise: u64| {
        let place = arguments.iter().position(|word| word == name);
        place.and_then(|place| arguments.get(place + 1)).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let (rows, count) = (number("--rows", 10_000_000), number("--walks", 100));
    let has = |name: &str| arguments.iter().any(|word| word == name);
    let shows = has("--statements");
    let kept = arguments.iter().position(|word| word == "--at").and_then(|place| arguments.get(place + 1));
    if has("--postgres") {
        let server = postgres::Server::start(&[]);
        let database = server.database();
        let warehouse = fourfold::warehouse::Postgres::connect(&database.url).unwrap();
        measure(&warehouse, rows, count, shows);
    } else {
        let directory = tempfile::tempdir().unwrap();
        let file = kept.map_or_else(|| directory.path().join("bench.duckdb"), PathBuf::from);
        let warehouse = DuckDb::open(&file, &DuckDbOptions::default()).unwrap();
        measure(&warehouse, rows, count, shows);
    }
}
