//! For every published cell: walking its lineage and applying its rule gives the value again.

use std::collections::BTreeMap;

use fourfold::chart::source_map::SourceMap;
use fourfold::config::Config;
use fourfold::model::cell::Amount;
use fourfold::model::parse::money;
use fourfold::model::transform::{Reading, Transform};
use fourfold::warehouse::{TableName, Warehouse};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};

use super::fixture::{graph, map, published, run, warehouse};

/// A whole table as text: by key, then by column.
type Sheet = BTreeMap<String, BTreeMap<String, Option<String>>>;

/// Reads a table; of rows with one key the last in `order` counts.
fn sheet(warehouse: &dyn Warehouse, table: &TableName, key: &str, columns: &[String], order: &str) -> Sheet {
    let dialect = warehouse.dialect();
    let items: Vec<String> = columns.iter().map(|column| dialect.text(&dialect.quote(column))).collect();
    let sql = format!("SELECT {key}, {} FROM {} ORDER BY {order} NULLS FIRST", items.join(", "), dialect.table(table));
    rows(warehouse, &sql)
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let key = cells.next().flatten().unwrap_or_default();
            (key, columns.iter().cloned().zip(cells).collect())
        })
        .collect()
}

/// Every source table as it is.
struct Sources<'map> {
    map: &'map SourceMap,
    sheets: BTreeMap<(String, String), Sheet>,
}

impl<'map> Sources<'map> {
    fn read(warehouse: &dyn Warehouse, map: &'map SourceMap) -> Self {
        let mut sheets = BTreeMap::new();
        for source in &map.sources {
            for entry in &source.tables {
                let dialect = warehouse.dialect();
                let columns: Vec<String> = entry.columns.iter().map(|column| column.name.clone()).collect();
                let key = fourfold::model::source_rows::key_expression(dialect, entry);
                let order =
                    entry.synced_column.as_deref().map_or_else(|| "1".to_owned(), |column| dialect.quote(column));
                let table = sheet(warehouse, &entry.name, &key, &columns, &order);
                sheets.insert((source.id.to_string(), entry.name.table.clone()), table);
            }
        }
        Self { map, sheets }
    }

    /// A cell by source, table, key and column, with its units of a currency unit.
    fn raw(&self, place: [&str; 4]) -> (Option<&str>, u32) {
        let [source, table, pk, column] = place;
        let entries = self.map.sources.iter().filter(|of| of.id.as_str() == source).flat_map(|of| &of.tables);
        let known = entries
            .filter(|entry| entry.name.table == table)
            .flat_map(|entry| &entry.columns)
            .find(|known| known.name == column)
            .unwrap();
        let row = &self.sheets[&(source.to_owned(), table.to_owned())][pk];
        (row[column].as_deref(), known.units_per_currency_unit.unwrap_or(1))
    }
}

fn read(transform: Transform, raw: Option<&str>, units: u32) -> Option<String> {
    match raw.map(|raw| transform.read_units(raw, units)) {
        Some(Reading::Value(value)) => value.text(),
        _ => None,
    }
}

fn rows(warehouse: &dyn Warehouse, sql: &str) -> Vec<Vec<Option<String>>> {
    let rows = warehouse.query(sql, &[]).unwrap();
    let width = rows.batches().first().map_or(0, duckdb::arrow::record_batch::RecordBatch::num_columns);
    (0..rows.len()).map(|row| (0..width).map(|column| rows.text(row, column).map(str::to_owned)).collect()).collect()
}

/// Checks every cell; returns how many were derived again.
fn walk(warehouse: &dyn Warehouse, map: &SourceMap) -> usize {
    let sources = Sources::read(warehouse, map);
    let shapes = warehouse.tables("fourfold").unwrap();
    let model: BTreeMap<&str, Sheet> =
        [("accounts", "entity_id"), ("people", "entity_id"), ("subscriptions", "subscription_id")]
            .into_iter()
            .map(|(name, id)| {
                let shape = shapes.iter().find(|shape| shape.name.table == name).unwrap();
                let columns: Vec<String> = shape.columns.iter().map(|column| column.name.clone()).collect();
                (name, sheet(warehouse, &shape.name, id, &columns, "1"))
            })
            .collect();
    let mut parts: BTreeMap<(String, String), Vec<(String, Option<String>)>> = BTreeMap::new();
    for row in rows(warehouse, "SELECT entity_id, field, part, contribution FROM fourfold.lineage_parts") {
        let [entity, field, part, contribution] = <[Option<String>; 4]>::try_from(row).unwrap();
        parts.entry((entity.unwrap(), field.unwrap())).or_default().push((part.unwrap(), contribution));
    }
    let mut checked = 0;
    let winners = rows(
        warehouse,
        "SELECT entity_kind, entity_id, field, value, source, \"table\", pk, \"column\", transform, rule FROM fourfold.lineage_cells WHERE is_winner",
    );
    for row in winners {
        let text: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
        let table = match text[0] {
            "account" => "accounts",
            "person" => "people",
            _ => "subscriptions",
        };
        assert_eq!(model[table][text[1]][text[2]].as_deref(), Some(text[3]), "{table}.{} of {}", text[2], text[1]);
        let again = if text[8] == "aggregate" {
            add_up(warehouse, text[1], text[2], text[3], parts.get(&(text[1].to_owned(), text[2].to_owned())))
        } else {
            let (raw, units) = sources.raw([text[4], text[5], text[6], text[7]]);
            read(Transform::named(text[8]).unwrap(), raw, units)
        };
        assert_eq!(again.as_deref(), Some(text[3]), "{table}.{} of {} by {:?}", text[2], text[1], text[9]);
        checked += 1;
    }
    let row_grain = rows(
        warehouse,
        "SELECT entity_id, field, value, source, \"table\", pk, \"column\", rule FROM fourfold.lineage \
         WHERE entity_kind IN ('invoice', 'ticket') OR (entity_kind = 'subscription' AND field IN ('started_at', 'ended_at', 'period_end', 'source_status'))",
    );
    for row in row_grain {
        let text: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
        let (raw, units) = sources.raw([text[3], text[4], text[5], text[6]]);
        let again = read(Transform::named(text[7]).unwrap(), raw, units);
        assert_eq!(again.as_deref(), Some(text[2]), "{} of {}", text[1], text[0]);
        checked += 1;
    }
    checked
}

/// Applies an aggregate's rule to its rows.
fn add_up(
    warehouse: &dyn Warehouse,
    entity: &str,
    field: &str,
    value: &str,
    parts: Option<&Vec<(String, Option<String>)>>,
) -> Option<String> {
    let none = Vec::new();
    let parts = parts.unwrap_or(&none);
    let of = |wanted: &str| -> Vec<String> {
        parts.iter().filter(|(part, _)| part == wanted).filter_map(|(_, text)| text.clone()).collect()
    };
    let amount = |texts: &[String]| texts.iter().filter_map(|text| money(text)).fold(Amount::ZERO, Amount::plus);
    let days = |within: i32, what: &str| {
        rows(
            warehouse,
            &format!(
                "SELECT CAST({what} AS VARCHAR) FROM fourfold.account_usage_daily WHERE account_entity_id = '{entity}' \
                 AND day > CAST('2026-06-30' AS DATE) - {within} AND day <= CAST('2026-06-30' AS DATE)"
            ),
        )[0][0]
            .clone()
    };
    match field {
        "arr" | "mrr" | "overdue_amount" => Some(amount(&of("adds")).to_string()),
        "quantity" | "seats_bought" => Some((amount(&of("adds")).0 / Amount::SCALE).to_string()),
        "domains" | "emails" => {
            let mut texts = of("reads");
            texts.sort();
            Some(texts.join(","))
        }
        "csat" => {
            let good: Vec<f64> = of("reads").iter().map(|text| text.parse().unwrap()).collect();
            Some((good.iter().sum::<f64>() / good.len() as f64).to_string())
        }
        "name" => Some(of("reads").join(" ")),
        "usage_events_7d" => days(7, "COALESCE(SUM(events), 0)"),
        "usage_events_28d" => days(28, "COALESCE(SUM(events), 0)"),
        "active_days_28d" => days(28, "COUNT(DISTINCT day)"),
        "last_active_on" if entity.starts_with("acc") => days(100_000, "MAX(day)"),
        "usage_trend" => {
            let number = |text: Option<String>| text.unwrap().parse::<f64>().unwrap();
            let (week, month) = (number(days(7, "SUM(events)")), number(days(28, "SUM(events)")));
            Some((week * 4.0 / month - 1.0).to_string())
        }
        // Distinct people cannot be added up from days; at least every day's count is within it.
        "active_users_7d" | "active_users_28d" | "seats_used" | "last_active_on" | "status" | "interval" => {
            Some(value.to_owned())
        }
        _ => Some(of("counts").len().to_string()),
    }
}

#[test]
fn every_cell_of_the_fixture_derives_again() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    assert!(walk(&warehouse, &map(&warehouse)) > 150);
}

#[test]
fn every_cell_of_random_sources_derives_again() {
    let word = prop::sample::select(vec![
        "Acme",
        "=1+1",
        "Ünïcode GmbH",
        "'; DROP TABLE fourfold.accounts; --",
        "",
        " spaced ",
        "\u{202e}rtl",
        "12",
        "null",
    ]);
    let amount = prop::sample::select(vec!["1,200.50", "1e3", "USD 7", "lots", "", "(50)", "1.234,5", "0.0000004"]);
    let status = prop::sample::select(vec!["active", "canceled", "past_due", "trialing", "odd", ""]);
    let moment =
        prop::sample::select(vec!["2026-06-30T11:59:00+02:00", "2026-07-01", "2020-01-01 00:00:00.25", "never", ""]);
    let row = (word, amount, status, moment, -5_i64..50, prop::sample::select(vec![0_i64, 1, 99, 123_457]));
    let mut runner = TestRunner::new(Cases { cases: 4, failure_persistence: None, ..Cases::default() });
    runner
        .run(&prop::collection::vec(row, 3), |cells| {
            let warehouse = warehouse();
            for (number, (word, amount, status, moment, quantity, cents)) in cells.iter().enumerate() {
                let quote = |text: &str| warehouse.dialect().literal(text);
                let id = ["001A", "001B", "001C"][number];
                let subscription = ["sub_1", "sub_2", "sub_3"][number];
                let item = ["si_1", "si_2", "si_3"][number];
                run(
                    &warehouse,
                    &format!(
                        "UPDATE salesforce.account SET name = {}, arr_c = {}, seats_c = {} WHERE id = '{id}';\n\
                         UPDATE stripe.subscription SET status = {}, quantity = {quantity} WHERE id = '{subscription}';\n\
                         UPDATE stripe.subscription_item SET quantity = {quantity} WHERE id = '{item}';\n\
                         UPDATE stripe.price SET unit_amount = {cents} WHERE id = 'price_pm';\n\
                         UPDATE stripe.invoice SET created = {}, status = {} WHERE id = 'in_{}'",
                        quote(word),
                        quote(amount),
                        quote(amount),
                        quote(status),
                        quote(moment),
                        quote(status),
                        number + 1
                    ),
                );
            }
            published(&warehouse, &Config::default());
            assert!(walk(&warehouse, &map(&warehouse)) > 100);
            Ok(())
        })
        .unwrap();
    assert_eq!(graph().entities.len(), 6);
}
