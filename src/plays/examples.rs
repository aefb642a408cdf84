//! Does a play say of its worked examples what it promises?

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{EXAMPLE_DAY, Example, Play};
use super::published::{Published, table_names};
use super::rows::Selection;
use super::statement::{Settings, Shape, statement};
use crate::error::{Error, Result};
use crate::model::shape;
use crate::warehouse::{ColumnType, Dialect, DuckDb, DuckDbOptions, TableName, Warehouse};

const SCHEMA: &str = "fourfold";

/// Runs every example of the play as its file has it, on an embedded engine of its own. Returns what differs, one sentence each.
///
/// # Errors
/// `Warehouse` when the play's SQL cannot be run at all.
pub fn run(play: &Play) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for example in &play.examples {
        let warehouse = DuckDb::in_memory(&DuckDbOptions::default())?;
        warehouse.execute(&warehouse.dialect().create_schema(SCHEMA), &[])?;
        match fill(&warehouse, example) {
            Ok(()) => compare(play, example, &warehouse, &mut wrong)?,
            Err(message) => wrong.push(format!("example {:?}: {message}", example.name)),
        }
    }
    Ok(wrong)
}

/// Makes the tables of the model and puts the example's rows into them.
fn fill(warehouse: &dyn Warehouse, example: &Example) -> Result<(), String> {
    let dialect = warehouse.dialect();
    let tables = shape::tables();
    if let Some(unknown) = example.given.keys().find(|name| !tables.iter().any(|(known, _)| known == name)) {
        return Err(format!("the joined model has no table {unknown:?}"));
    }
    for (name, columns) in tables {
        let shape: Vec<String> = columns
            .iter()
            .map(|column| format!("{} {}", dialect.quote(column.name), dialect.type_name(column.kind)))
            .collect();
        let table = dialect.table(&TableName::new(SCHEMA, name));
        let run = |sql: String| warehouse.execute(&sql, &[]).map_err(|error| full_message(&error));
        run(format!("CREATE TABLE {table} ({})", shape.join(", ")))?;
        for row in example.given.get(name).into_iter().flatten() {
            let mut names = Vec::new();
            let mut values = Vec::new();
            for (column, value) in row {
                let Some(known) = columns.iter().find(|known| known.name == column) else {
                    return Err(format!("{name} has no column {column:?}"));
                };
                names.push(dialect.quote(column));
                values.push(literal(value, known.kind, dialect)?);
            }
            run(format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", ")))?;
        }
    }
    Ok(())
}

/// A value of an example as SQL of its column's type.
///
/// # Errors
/// What is wrong with it.
pub fn literal(value: &toml::Value, kind: ColumnType, dialect: Dialect) -> Result<String, String> {
    Ok(format!("CAST({} AS {})", dialect.literal(&plain(value)?), dialect.type_name(kind)))
}

/// A value of an example as text.
///
/// # Errors
/// For lists and tables, which are no values of a column.
pub fn plain(value: &toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(truth) => Ok(truth.to_string()),
        toml::Value::Datetime(moment) => Ok(moment.to_string()),
        other => Err(format!("{other} is no value of a column")),
    }
}

/// The run in which examples take place.
#[must_use]
pub fn setting(dialect: Dialect) -> Published {
    Published {
        run_id: "example".to_owned(),
        day: EXAMPLE_DAY.to_owned(),
        tables: table_names(dialect, SCHEMA),
        ..Published::default()
    }
}

fn compare(play: &Play, example: &Example, warehouse: &DuckDb, wrong: &mut Vec<String>) -> Result<()> {
    let dialect = warehouse.dialect();
    let published = setting(dialect);
    let literals = published.literals(dialect, None);
    let absent = BTreeSet::new();
    let sql = statement(play, &literals.frame(&published.tables, &absent, Settings::Inline), Shape::Output)?;
    let selection = Selection::output(play);
    let rows = warehouse
        .query(&format!("SELECT {} FROM ({sql}) AS play_rows", selection.items(dialect, "play_rows")), &[])
        .map_err(|error| {
            Error::warehouse(format!("the play {} cannot be run on its examples", play.name))
                .because(full_message(&error))
        })?;
    let mut claim = |message: String| wrong.push(format!("example {:?}: {message}", example.name));
    for expected in &example.expect {
        let fits = |row: usize| {
            play.key.iter().all(|name| {
                expected.get(name).is_none_or(|value| same(value, selection.text(&rows, row, name).as_deref()))
            })
        };
        let Some(row) = (0..rows.len()).find(|row| fits(*row)) else {
            claim(format!("the play gives no row {}", named(play, expected)));
            continue;
        };
        for (column, value) in expected {
            if selection.place(column).is_none() {
                claim(format!("the play gives no column {column:?}"));
                continue;
            }
            let got = selection.text(&rows, row, column);
            if !same(value, got.as_deref()) {
                let got = got.unwrap_or_else(|| "nothing".to_owned());
                claim(format!(
                    "{column} of {} is {got}, expected {}",
                    named(play, expected),
                    plain(value).unwrap_or_default()
                ));
            }
        }
    }
    if rows.len() < example.expect.len() {
        claim(format!("{} rows expected, the play gives {}", example.expect.len(), rows.len()));
    }
    Ok(())
}

fn named(play: &Play, expected: &BTreeMap<String, toml::Value>) -> String {
    play.key.iter().filter_map(|name| plain(expected.get(name)?).ok()).collect::<Vec<_>>().join(":")
}

/// Whether a cell holds the expected value; numbers may differ in the last digits.
fn same(expected: &toml::Value, got: Option<&str>) -> bool {
    let number = match expected {
        toml::Value::Integer(number) => Some(*number as f64),
        toml::Value::Float(number) => Some(*number),
        _ => None,
    };
    match (number, got.and_then(|text| text.parse::<f64>().ok())) {
        (Some(expected), Some(got)) => (expected - got).abs() < 1e-9 * expected.abs().max(1.0),
        (Some(_), None) => false,
        _ => plain(expected).ok().as_deref() == got,
    }
}

fn full_message(error: &Error) -> String {
    let mut message = error.message.clone();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        message.push_str(": ");
        message.push_str(&inner.to_string());
        cause = inner.source();
    }
    message
}
