//! How does the engine profile a table that is too great to read?
//!
//! One statement counts rows, nulls, distinct values, the smallest and the greatest of every column, and on DuckDB also the
//! values of columns with few of them, numbers by bucket and moments by day. PostgreSQL has no aggregate for the latter: a
//! second statement with grouping sets counts those.

use super::cells::{Counter, TOP, clip, most_frequent};
use super::shape::{self, has_choices, is_dated, is_number};
use super::{EXACT_ROWS, TableProfile};
use crate::chart::source_map::ColumnProfile;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::warehouse::{Column, ColumnType, Dialect, Rows, TableShape, Warehouse};

/// A column with at most this many values among the first rows is taken for a list of choices.
const FEW: u64 = 50;
/// Of how many columns of a table the rows are counted by day: when rows were made, changed and landed, and one more.
const DATED: usize = 4;

/// What is asked of one column, and where its answers begin.
struct Asked {
    at: usize,
    ordered: bool,
    listed: Option<usize>,
    spread: Option<usize>,
}

/// What the values of a column are counted by, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Value,
    Bucket,
    Day,
}

pub(super) fn profile(
    warehouse: &dyn Warehouse,
    shape: &TableShape,
    counters: Vec<Counter>,
    cancel: &CancelToken,
) -> Result<TableProfile> {
    let dialect = warehouse.dialect();
    let mut select = vec!["count(*)".to_owned()];
    let mut asked = Vec::new();
    let wanted: Vec<(usize, By)> = counted_by(shape, &counters);
    for (at, column) in shape.columns.iter().enumerate() {
        let by: Vec<By> = wanted.iter().filter(|(place, _)| *place == at).map(|(_, by)| *by).collect();
        asked.push(ask(dialect, column, if dialect == Dialect::DuckDb { &by } else { &[] }, &mut select));
    }
    let sql = format!("SELECT {} FROM {}", select.join(", "), dialect.table(&shape.name));
    let answer = warehouse.query(&sql, &[])?;
    cancel.check()?;
    let rows = count(&answer, 0);
    let mut columns: Vec<ColumnProfile> = counters
        .into_iter()
        .zip(&asked)
        .zip(&shape.columns)
        .map(|((counter, asked), column)| column_of(counter, asked, column.kind, &answer, rows))
        .collect();
    if dialect == Dialect::Postgres && !wanted.is_empty() {
        counts(warehouse, shape, &wanted, &mut columns)?;
    }
    Ok(TableProfile { rows, columns })
}

/// What is counted value by value, of which columns.
fn counted_by(shape: &TableShape, counters: &[Counter]) -> Vec<(usize, By)> {
    let mut wanted = Vec::new();
    let mut dated = 0;
    for (at, (column, counter)) in shape.columns.iter().zip(counters).enumerate() {
        if counter.distinct() <= FEW && has_choices(column.kind) {
            wanted.push((at, By::Value));
        }
        if is_number(column.kind) {
            wanted.push((at, By::Bucket));
        } else if is_dated(column.kind) && dated < DATED {
            dated += 1;
            wanted.push((at, By::Day));
        }
    }
    wanted
}

/// Adds the questions about a column to the statement.
fn ask(dialect: Dialect, column: &Column, by: &[By], select: &mut Vec<String>) -> Asked {
    let name = dialect.quote(&column.name);
    let value = if column.kind == ColumnType::Text { format!("nullif({name}, '')") } else { name };
    let ordered = !matches!(column.kind, ColumnType::Json | ColumnType::Other | ColumnType::Boolean);
    let at = select.len();
    select.push(format!("count({value})"));
    match (dialect, column.kind) {
        // PostgreSQL cannot compare JSON, and geometry and the like nowhere.
        (Dialect::Postgres, ColumnType::Json | ColumnType::Other) => {
            select.push(dialect.approximate_distinct(&dialect.text(&value)));
        }
        _ => select.push(dialect.approximate_distinct(&value)),
    }
    if ordered {
        let sorted = if column.kind == ColumnType::Text { dialect.ordered(&value) } else { value.clone() };
        for extreme in ["min", "max"] {
            select.push(dialect.text_as(&format!("{extreme}({sorted})"), column.kind));
        }
    }
    let (mut listed, mut spread) = (None, None);
    for by in by {
        let place = if *by == By::Value { &mut listed } else { &mut spread };
        *place = Some(select.len());
        let counted = counted(dialect, column, &value, *by);
        select.push(format!("CAST(to_json(map_entries(histogram({counted}))) AS VARCHAR)"));
    }
    Asked { at, ordered, listed, spread }
}

/// What is counted, as an expression.
fn counted(dialect: Dialect, column: &Column, value: &str, by: By) -> String {
    match by {
        By::Value => dialect.text_as(value, column.kind),
        By::Bucket => format!("CAST({} AS {})", shape::bucket_sql(dialect, value), dialect.type_name(ColumnType::Text)),
        By::Day => shape::day_sql(dialect, value),
    }
}

fn count(answer: &Rows, column: usize) -> u64 {
    answer.integer(0, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn column_of(counter: Counter, asked: &Asked, kind: ColumnType, answer: &Rows, rows: u64) -> ColumnProfile {
    let sample = counter.finish();
    let filled = count(answer, asked.at);
    let distinct = count(answer, asked.at + 1).min(filled);
    let (min, max) = if asked.ordered {
        (answer.text(0, asked.at + 2).map(clip), answer.text(0, asked.at + 3).map(clip))
    } else {
        (sample.min.clone(), sample.max.clone())
    };
    let mut shape = sample.shape.clone();
    // The sample says nothing of the whole: only its hashes are kept.
    (shape.values, shape.buckets, shape.days) = (Vec::new(), Vec::new(), Vec::new());
    let listed = |place: Option<usize>| place.and_then(|at| answer.text(0, at)).map(entries);
    let top = match listed(asked.listed) {
        Some(found) => {
            shape.values = shape::choices(found.clone());
            most_frequent(found, distinct)
        }
        None => scaled(sample.top.clone(), rows),
    };
    if let Some(found) = listed(asked.spread) {
        if is_dated(kind) {
            shape.days = shape::parsed_days(found);
        } else {
            shape.buckets = shape::parsed_buckets(found);
        }
    }
    let formats = scaled_formats(sample, filled);
    ColumnProfile { nulls: rows - filled.min(rows), distinct, min, max, top, formats, shape }
}

/// `[{"key":"open","value":3}]` as DuckDB writes it.
fn entries(json: &str) -> Vec<(String, u64)> {
    #[derive(serde::Deserialize)]
    struct Entry {
        key: String,
        value: u64,
    }
    serde_json::from_str::<Vec<Entry>>(json)
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| entry.key.len() <= 200)
        .map(|entry| (entry.key, entry.value))
        .collect()
}

/// Counts among the first rows, as shares of the whole table.
fn scaled(top: Vec<(String, u64)>, rows: u64) -> Vec<(String, u64)> {
    let share = rows as f64 / EXACT_ROWS as f64;
    top.into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(value, count)| (value, (count as f64 * share).round() as u64))
        .collect()
}

fn scaled_formats(sample: ColumnProfile, filled: u64) -> Vec<(String, u64)> {
    let seen: u64 = sample.formats.iter().map(|(_, count)| count).sum();
    if seen == 0 {
        return Vec::new();
    }
    let share = filled as f64 / seen as f64;
    sample.formats.into_iter().map(|(format, count)| (format, ((count as f64 * share).round() as u64).max(1))).collect()
}

/// Counts values, buckets and days, all in one scan.
fn counts(
    warehouse: &dyn Warehouse,
    shape: &TableShape,
    wanted: &[(usize, By)],
    columns: &mut [ColumnProfile],
) -> Result<()> {
    let dialect = warehouse.dialect();
    let texts: Vec<String> = wanted
        .iter()
        .enumerate()
        .map(|(place, (at, by))| {
            let column = &shape.columns[*at];
            format!("{} AS c{place}", counted(dialect, column, &dialect.quote(&column.name), *by))
        })
        .collect();
    let names: Vec<String> = (0..wanted.len()).map(|place| format!("c{place}")).collect();
    let sets: Vec<String> = names.iter().map(|name| format!("({name})")).collect();
    let sql = format!(
        "SELECT {groupings}, {names}, count(*) FROM (SELECT {texts} FROM {table}) AS cells GROUP BY GROUPING SETS ({sets})",
        groupings = names.iter().map(|name| format!("CAST(GROUPING({name}) AS BIGINT)")).collect::<Vec<_>>().join(", "),
        names = names.join(", "),
        texts = texts.join(", "),
        table = dialect.table(&shape.name),
        sets = sets.join(", ")
    );
    let rows = warehouse.query(&sql, &[])?;
    let mut found: Vec<Vec<(String, u64)>> = vec![Vec::new(); wanted.len()];
    for row in 0..rows.len() {
        for (place, found) in found.iter_mut().enumerate() {
            // GROUPING is 0 for the column that the row is about.
            if rows.integer(row, place) == Some(0)
                && let Some(value) =
                    rows.text(row, wanted.len() + place).filter(|value| !value.is_empty() && value.len() <= 200)
            {
                found.push((value.to_owned(), count_at(&rows, row, 2 * wanted.len())));
            }
        }
    }
    for ((at, by), counts) in wanted.iter().zip(found) {
        let profile = &mut columns[*at];
        match by {
            By::Value => {
                profile.shape.values = shape::choices(counts.clone());
                profile.top = most_frequent(counts, profile.distinct);
                profile.top.truncate(TOP);
            }
            By::Bucket => profile.shape.buckets = shape::parsed_buckets(counts),
            By::Day => profile.shape.days = shape::parsed_days(counts),
        }
    }
    Ok(())
}

fn count_at(rows: &Rows, row: usize, column: usize) -> u64 {
    rows.integer(row, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}
