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

/// Checks every cell whose origin is a source; returns how often each column was derived again.
fn walk(warehouse: &dyn Warehouse, map: &SourceMap) -> BTreeMap<String, usize> {
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
    let mut checked: BTreeMap<String, usize> = BTreeMap::new();
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
            add_up(warehouse, text[1], text[2], parts.get(&(text[1].to_owned(), text[2].to_owned())))
        } else {
            let (raw, units) = sources.raw([text[4], text[5], text[6], text[7]]);
            read(Transform::named(text[8]).unwrap(), raw, units)
        };
        assert_eq!(again.as_deref(), Some(text[3]), "{table}.{} of {} by {:?}", text[2], text[1], text[9]);
        *checked.entry(format!("{table}.{}", text[2])).or_default() += 1;
    }
    for table in ["subscriptions", "invoices", "tickets"] {
        let kind = table.trim_end_matches('s');
        let row_grain = rows(
            warehouse,
            &format!(
                "SELECT l.entity_id, l.field, l.value, l.source, l.\"table\", l.pk, l.\"column\", l.rule FROM fourfold.lineage l \
                 JOIN fourfold.model_columns m ON m.model_table = '{table}' AND m.field = l.field AND m.origin = 'row' WHERE l.entity_kind = '{kind}'"
            ),
        );
        for row in row_grain {
            let text: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
            let (raw, units) = sources.raw([text[3], text[4], text[5], text[6]]);
            let again = read(Transform::named(text[7]).unwrap(), raw, units);
            assert_eq!(again.as_deref(), Some(text[2]), "{} of {}", text[1], text[0]);
            *checked.entry(format!("{table}.{}", text[1])).or_default() += 1;
        }
    }
    let days = rows(
        warehouse,
        "SELECT account_entity_id, CAST(day AS VARCHAR), CAST(events AS VARCHAR), CAST(active_users AS VARCHAR) FROM fourfold.account_usage_daily",
    );
    for row in days {
        let text: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
        let window = format!("CAST(e.\"timestamp\" AS DATE) = '{}'", text[1]);
        let (events, people) = events(warehouse, text[0], &window);
        assert_eq!((events.as_str(), people.as_str()), (text[2], text[3]), "{} on {}", text[0], text[1]);
        for field in ["day", "events", "active_users"] {
            *checked.entry(format!("account_usage_daily.{field}")).or_default() += 1;
        }
    }
    complete(warehouse, &checked);
    checked
}

/// Every column that comes from a source and holds a value was derived again, each of its values once.
fn complete(warehouse: &dyn Warehouse, checked: &BTreeMap<String, usize>) {
    let columns =
        rows(warehouse, "SELECT model_table, field FROM fourfold.model_columns WHERE origin IN ('cells', 'row')");
    assert!(columns.len() > 100, "{} columns", columns.len());
    for row in columns {
        let [table, field] = <[Option<String>; 2]>::try_from(row).unwrap().map(Option::unwrap);
        let filled = rows(warehouse, &format!("SELECT CAST(COUNT(\"{field}\") AS VARCHAR) FROM fourfold.{table}"));
        let filled: usize = filled[0][0].as_deref().unwrap().parse().unwrap();
        let walked = checked.get(&format!("{table}.{field}")).copied().unwrap_or(0);
        assert_eq!(walked, filled, "{table}.{field}: {filled} values, {walked} of them derived again");
    }
}

/// The events of an account in a window, and the different people or strangers who made them, counted in the source itself.
fn events(warehouse: &dyn Warehouse, account: &str, window: &str) -> (String, String) {
    let found = rows(
        warehouse,
        &format!(
            "SELECT CAST(COUNT(*) AS VARCHAR), CAST(COUNT(DISTINCT COALESCE(l.entity_id, e.user_id)) AS VARCHAR) FROM product.tracks e \
             JOIN fourfold.relations r ON r.source = 'product' AND r.relation = 'user_of_account' AND r.pk = e.user_id \
             LEFT JOIN fourfold.links l ON l.source = 'product' AND l.kind = 'person' AND l.pk = e.user_id \
             WHERE r.entity_id = '{account}' AND {window}"
        ),
    );
    (found[0][0].clone().unwrap(), found[0][1].clone().unwrap())
}

/// Where a subscription stands, by its published source columns.
fn subscription_state(warehouse: &dyn Warehouse, id: &str) -> String {
    let found = rows(
        warehouse,
        &format!(
            "SELECT source_status, CAST(ended_at <= CAST('2026-06-30 12:00:00' AS TIMESTAMP) AS VARCHAR), \
             CAST(started_at > CAST('2026-06-30 12:00:00' AS TIMESTAMP) AS VARCHAR) FROM fourfold.subscriptions WHERE subscription_id = '{id}'"
        ),
    );
    let [status, over, to_come] = <[Option<String>; 3]>::try_from(found[0].clone()).unwrap();
    let word = read(Transform::SubscriptionState, status.as_deref(), 1);
    match (over.as_deref(), word.as_deref()) {
        (Some("true"), _) => "ended".to_owned(),
        (Some("false"), Some("ended")) => "active".to_owned(),
        (_, Some(word)) => word.to_owned(),
        (_, None) if to_come.as_deref() == Some("true") => "pending".to_owned(),
        (_, None) => "active".to_owned(),
    }
}

/// Where an account stands: as the best of its subscriptions.
fn account_status(warehouse: &dyn Warehouse, account: &str) -> Option<String> {
    let found =
        rows(warehouse, &format!("SELECT status FROM fourfold.subscriptions WHERE account_entity_id = '{account}'"));
    let states: Vec<String> = found.into_iter().filter_map(|mut row| row.remove(0)).collect();
    [("active", "customer"), ("trial", "trial"), ("pending", "prospect"), ("ended", "churned")]
        .into_iter()
        .find(|(state, _)| states.iter().any(|known| known == state))
        .map(|(_, word)| word.to_owned())
}

/// Applies an aggregate's rule to its rows.
fn add_up(
    warehouse: &dyn Warehouse,
    entity: &str,
    field: &str,
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
    let people = |from: i32, to: i32| {
        let day = |back: i32| format!("CAST('2026-06-30' AS DATE) - {back}");
        let at = "CAST(e.\"timestamp\" AS DATE)";
        let window = format!("{at} > {} AND {at} <= {}", day(from), day(to));
        Some(events(warehouse, entity, &window).1)
    };
    let person = |expression: &str, window: &str| {
        rows(
            warehouse,
            &format!(
                "SELECT CAST({expression} AS VARCHAR) FROM product.tracks e JOIN fourfold.links l ON l.source = 'product' AND l.pk = e.user_id \
                 WHERE l.entity_id = '{entity}' AND e.\"timestamp\" IS NOT NULL{window}"
            ),
        )[0][0]
            .clone()
    };
    let lately = " AND CAST(e.\"timestamp\" AS DATE) > CAST('2026-06-30' AS DATE) - 28";
    let of_account = |expression: &str| {
        rows(
            warehouse,
            &format!("SELECT CAST({expression} AS VARCHAR) FROM fourfold.accounts WHERE entity_id = '{entity}'"),
        )[0][0]
            .clone()
    };
    match field {
        "invoiced_12m" | "pipeline_amount" | "arr" | "mrr" | "overdue_amount" => Some(amount(&of("adds")).to_string()),
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
        "hours_to_solve_90d" => {
            let minutes: Vec<f64> = of("reads").iter().map(|text| text.parse().unwrap()).collect();
            Some((minutes.iter().sum::<f64>() / minutes.len() as f64 / 60.0).to_string())
        }
        "usage_events_28d" if entity.starts_with("per") => person("COUNT(*)", lately),
        "active_days_28d" if entity.starts_with("per") => {
            person("COUNT(DISTINCT CAST(e.\"timestamp\" AS DATE))", lately)
        }
        "last_active_on" if entity.starts_with("per") => person("MAX(CAST(e.\"timestamp\" AS DATE))", ""),
        "usage_events_prior_28d" => {
            let both: i64 = days(56, "COALESCE(SUM(events), 0)").unwrap().parse().unwrap();
            let last: i64 = days(28, "COALESCE(SUM(events), 0)").unwrap().parse().unwrap();
            Some((both - last).to_string())
        }
        "usage_change_28d" => {
            let both: f64 = days(56, "SUM(events)").unwrap().parse().unwrap();
            let last: f64 = days(28, "SUM(events)").unwrap().parse().unwrap();
            Some((last / (both - last) - 1.0).to_string())
        }
        "first_active_on" => days(100_000, "MIN(day)"),
        "days_silent" => of_account("date_diff('day', last_active_on, CAST('2026-06-30' AS DATE))"),
        "seat_utilisation" => {
            let number = |text: Option<String>| text.unwrap().parse::<f64>().unwrap();
            Some((number(of_account("seats_used")) / number(of_account("seats_bought"))).to_string())
        }
        "usage_events_7d" => days(7, "COALESCE(SUM(events), 0)"),
        "usage_events_28d" => days(28, "COALESCE(SUM(events), 0)"),
        "active_days_28d" => days(28, "COUNT(DISTINCT day)"),
        "last_active_on" if entity.starts_with("acc") => days(100_000, "MAX(day)"),
        "usage_trend" => {
            let number = |text: Option<String>| text.unwrap().parse::<f64>().unwrap();
            let (week, month) = (number(days(7, "SUM(events)")), number(days(28, "SUM(events)")));
            Some((week * 4.0 / month - 1.0).to_string())
        }
        "active_users_7d" => people(7, 0),
        "active_users_28d" | "seats_used" => people(28, 0),
        "active_users_prior_28d" => people(56, 28),
        "status" if entity.starts_with("acc") => account_status(warehouse, entity),
        "status" => Some(subscription_state(warehouse, entity)),
        _ => Some(of("counts").len().to_string()),
    }
}

#[test]
fn every_cell_of_the_fixture_derives_again() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let checked = walk(&warehouse, &map(&warehouse));
    assert!(checked.values().sum::<usize>() > 200 && checked.len() > 80, "{} columns: {checked:?}", checked.len());
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
            assert!(walk(&warehouse, &map(&warehouse)).values().sum::<usize>() > 150);
            Ok(())
        })
        .unwrap();
    assert_eq!(graph().entities.len(), 6);
}
