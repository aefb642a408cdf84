//! What does a published model of any size look like, made by SQL alone, the same on both engines?

use std::collections::BTreeMap;

use fourfold::model::shape;
use fourfold::warehouse::{ColumnType, TableName, Warehouse};

/// The schema that stands for fourfold's.
pub const SCHEMA: &str = "fourfold";
/// The run that was published.
pub const RUN: &str = "20260301T060000000000Z";

/// Accounts as expressions of `i`, their number, counted from 1. What is not named is NULL.
const ACCOUNTS: &[(&str, &str)] = &[
    ("entity_id", "'acc_' || i"),
    ("name", "'Account ' || i"),
    ("status", "CASE i % 5 WHEN 0 THEN 'trial' WHEN 1 THEN 'prospect' WHEN 2 THEN NULL ELSE 'customer' END"),
    ("owner", "CASE WHEN i % 11 = 0 THEN NULL ELSE 'Owner ' || (i * 7 % 9) END"),
    ("country", "CASE i % 3 WHEN 0 THEN 'Germany' WHEN 1 THEN 'France' ELSE NULL END"),
    ("employees", "CASE WHEN i % 7 = 0 THEN NULL ELSE (i * 31) % 400 END"),
    ("plan", "CASE i % 3 WHEN 0 THEN 'scale' ELSE 'team' END"),
    ("mrr", "CASE WHEN i % 5 >= 3 THEN (i * 17) % 900 + 10 ELSE 0 END"),
    ("arr", "CASE WHEN i % 5 >= 3 THEN 12 * ((i * 17) % 900 + 10) ELSE 0 END"),
    ("currency", "CASE WHEN i % 4 = 0 THEN 'EUR' ELSE 'USD' END"),
    ("seats_bought", "CASE WHEN i % 6 = 0 THEN NULL ELSE (i * 13) % 40 + 1 END"),
    ("seats_used", "CASE WHEN i % 8 = 0 THEN NULL ELSE (i * 19) % 50 END"),
    ("renewal_date", "DATE '2026-03-01' + CAST((i * 11) % 200 AS INTEGER)"),
    ("overdue_amount", "CASE WHEN i % 9 = 0 THEN NULL WHEN i % 10 = 3 THEN (i * 23) % 700 ELSE 0 END"),
    ("tickets_open", "CASE WHEN i % 12 = 0 THEN NULL ELSE (i * 3) % 7 + 4 END"),
    ("tickets_open_urgent", "CASE WHEN i % 12 = 0 THEN NULL ELSE (i * 5) % 3 END"),
    ("tickets_open_high", "CASE WHEN i % 12 = 0 THEN NULL ELSE (i * 7) % 2 END"),
    ("tickets_90d", "CASE WHEN i % 12 = 0 THEN NULL ELSE (i * 3) % 9 END"),
    ("csat", "CASE WHEN i % 3 = 0 THEN NULL ELSE ((i * 37) % 100) / 100.0 END"),
    ("users", "(i * 29) % 30"),
    ("usage_trend", "CASE WHEN i % 13 = 0 THEN NULL ELSE ((i * 41) % 200) / 100.0 - 1 END"),
    ("active_users_7d", "(i * 43) % 12"),
    ("active_users_28d", "(i * 43) % 12 + (i * 47) % 9"),
    ("active_days_28d", "(i * 53) % 28"),
    ("first_active_on", "DATE '2026-03-01' - CAST((i * 61) % 700 AS INTEGER)"),
    ("last_active_on", "DATE '2026-03-01' - CAST((i * 59) % 45 AS INTEGER)"),
    ("is_internal", "i % 97 = 0"),
    ("ultimate_parent_entity_id", "'acc_' || (i - i % 10 + 1)"),
];

/// Three subscriptions for two accounts.
const SUBSCRIPTIONS: &[(&str, &str)] = &[
    ("subscription_id", "'billing:' || i"),
    ("account_entity_id", "'acc_' || CAST(floor(i * 2 / 3.0) + 1 AS BIGINT)"),
    ("status", "CASE i % 6 WHEN 0 THEN 'ended' WHEN 1 THEN 'trial' ELSE 'active' END"),
    ("is_live", "i % 6 > 1"),
    ("mrr", "CASE WHEN i % 50 = 7 THEN NULL ELSE (i * 17) % 900 + 10 END"),
    ("currency", "CASE WHEN i % 4 = 0 THEN 'EUR' ELSE 'USD' END"),
    ("interval", "CASE WHEN i % 2 = 0 THEN 'year' ELSE 'month' END"),
    ("started_at", "CAST(DATE '2026-03-01' - CAST((i * 71) % 900 AS INTEGER) AS TIMESTAMP)"),
    ("ended_at", "CASE WHEN i % 6 = 0 THEN CAST(DATE '2026-03-01' - CAST((i * 67) % 300 AS INTEGER) AS TIMESTAMP) END"),
    ("period_end", "CAST(DATE '2026-03-01' + CAST((i * 11) % 200 AS INTEGER) AS TIMESTAMP)"),
    ("_source", "'billing'"),
    ("_table", "'subscription'"),
    ("_pk", "CAST(i AS VARCHAR(20))"),
];

/// Four weeks of use for each account.
const DAILY: &[(&str, &str)] = &[
    ("account_entity_id", "'acc_' || CAST(floor((i - 1) / 20.0) + 1 AS BIGINT)"),
    ("day", "DATE '2026-03-01' - CAST((i % 20) * 4 AS INTEGER)"),
    ("events", "(i * 73) % 60 + 1"),
    ("active_users", "(i * 79) % 12 + 1"),
];

/// Publishes a model of so many accounts under [`SCHEMA`], with what else plays read. Values repeat by fixed strides, so that every
/// size and engine gives the same rows.
pub fn publish(warehouse: &dyn Warehouse, accounts: u64) {
    let dialect = warehouse.dialect();
    let run = |sql: String| {
        warehouse.execute(&sql, &[]).unwrap_or_else(|error| panic!("{sql}\n{error}: {:?}", error.source));
    };
    run(dialect.create_schema(SCHEMA));
    for (name, columns) in shape::tables() {
        let (rows, given): (u64, &[(&str, &str)]) = match name {
            "accounts" => (accounts, ACCOUNTS),
            "subscriptions" => (accounts * 3 / 2, SUBSCRIPTIONS),
            "account_usage_daily" => (accounts.min(20_000) * 20, DAILY),
            _ => (0, &[]),
        };
        let given: BTreeMap<&str, &str> = given.iter().copied().collect();
        let items: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = given.get(column.name).copied().unwrap_or("NULL");
                format!("CAST({value} AS {}) AS {}", dialect.type_name(column.kind), dialect.quote(column.name))
            })
            .collect();
        run(format!(
            "CREATE TABLE {} AS SELECT {} FROM generate_series(1, {}) AS numbers(i) WHERE i <= {rows}",
            dialect.table(&TableName::new(SCHEMA, name)),
            items.join(", "),
            rows.max(1)
        ));
    }
    let text = dialect.type_name(ColumnType::Text);
    let flag = dialect.type_name(ColumnType::Boolean);
    let table = |name: &str| dialect.table(&TableName::new(SCHEMA, name));
    run(format!(
        "CREATE TABLE {} AS SELECT CAST('{RUN}' AS {text}) AS run_id, CAST('2026-03-01T06:00:00Z' AS {text}) AS started, \
         CAST('2026-03-01T06:05:00Z' AS {text}) AS finished, CAST('2026-03-01T06:00:00Z' AS {text}) AS as_of",
        table("runs")
    ));
    let pairs: Vec<String> = shape::tables()
        .into_iter()
        .flat_map(|(name, columns)| columns.into_iter().map(move |column| format!("('{name}', '{}')", column.name)))
        .collect();
    run(format!(
        "CREATE TABLE {} AS SELECT CAST(t AS {text}) AS model_table, CAST(f AS {text}) AS field, CAST(f IN ('csat_ratings') AS {flag}) AS is_absent \
         FROM (VALUES {}) AS fields(t, f)",
        table("model_columns"),
        pairs.join(", ")
    ));
    run(format!(
        "CREATE TABLE {} AS SELECT 'account' AS entity_kind, field, CAST(CASE WHEN field LIKE 'usage%' THEN 'product' ELSE 'billing' END AS {text}) AS source, \
         CAST('main' AS {text}) AS {}, true AS is_winner FROM {} WHERE model_table = 'accounts'",
        table("lineage_cells"),
        dialect.quote("table"),
        table("model_columns")
    ));
    run(format!("CREATE TABLE {0} AS SELECT * FROM {1} WHERE 1 = 0", table("lineage_parts"), table("lineage_cells")));
    run(format!(
        "CREATE TABLE {} AS SELECT model_table, field, CAST('billing' AS {text}) AS source, CAST('main' AS {text}) AS {} FROM {} WHERE model_table <> 'accounts'",
        table("lineage_columns"),
        dialect.quote("table"),
        table("model_columns")
    ));
    run(format!(
        "CREATE TABLE {} AS SELECT CAST(s AS {text}) AS source, CAST('main' AS {text}) AS {}, CAST(m AS {text}) AS newest_sync \
         FROM (VALUES ('billing', '2026-02-28T04:00:00Z'), ('product', '2026-03-01T05:00:00+00:00')) AS map(s, m)",
        table("source_map"),
        dialect.quote("table")
    ));
}
