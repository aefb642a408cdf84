//! How does the engine profile a table that is too great to read?
//!
//! One statement counts rows, nulls, distinct values, the smallest and the greatest of every column, and on DuckDB also the
//! values of columns with few of them. PostgreSQL has no aggregate for the latter: a second statement with grouping sets
//! counts those columns alone.

use super::cells::{Counter, TOP, clip, most_frequent};
use super::{EXACT_ROWS, TableProfile};
use crate::chart::source_map::ColumnProfile;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::warehouse::{Column, ColumnType, Dialect, Rows, TableShape, Warehouse};

/// A column with at most this many values among the first rows is taken for a list of choices.
const FEW: u64 = 50;

/// What is asked of one column, and where its answers begin.
struct Asked {
    at: usize,
    ordered: bool,
    listed: bool,
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
    for (column, counter) in shape.columns.iter().zip(&counters) {
        let few = counter.distinct() <= FEW && has_choices(column.kind);
        asked.push(ask(dialect, column, few && dialect == Dialect::DuckDb, &mut select));
    }
    let sql = format!("SELECT {} FROM {}", select.join(", "), dialect.table(&shape.name));
    let answer = warehouse.query(&sql, &[])?;
    cancel.check()?;
    let rows = count(&answer, 0);
    let few: Vec<usize> = (0..counters.len())
        .filter(|at| counters[*at].distinct() <= FEW && has_choices(shape.columns[*at].kind))
        .collect();
    let mut columns: Vec<ColumnProfile> =
        counters.into_iter().zip(&asked).map(|(counter, asked)| column_of(counter, asked, &answer, rows)).collect();
    if dialect == Dialect::Postgres && !few.is_empty() {
        choices(warehouse, shape, &few, &mut columns)?;
    }
    Ok(TableProfile { rows, columns })
}

fn has_choices(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Text | ColumnType::Integer | ColumnType::Boolean)
}

/// Adds the questions about a column to the statement.
fn ask(dialect: Dialect, column: &Column, listed: bool, select: &mut Vec<String>) -> Asked {
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
    if listed {
        let text = dialect.text_as(&value, column.kind);
        select.push(format!("CAST(to_json(map_entries(histogram({text}))) AS VARCHAR)"));
    }
    Asked { at, ordered, listed }
}

fn count(answer: &Rows, column: usize) -> u64 {
    answer.integer(0, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn column_of(counter: Counter, asked: &Asked, answer: &Rows, rows: u64) -> ColumnProfile {
    let sample = counter.finish();
    let filled = count(answer, asked.at);
    let distinct = count(answer, asked.at + 1).min(filled);
    let (min, max) = if asked.ordered {
        (answer.text(0, asked.at + 2).map(clip), answer.text(0, asked.at + 3).map(clip))
    } else {
        (sample.min.clone(), sample.max.clone())
    };
    let list_at = asked.at + if asked.ordered { 4 } else { 2 };
    let top = if asked.listed {
        answer.text(0, list_at).map(|json| most_frequent(entries(json), distinct)).unwrap_or_default()
    } else {
        scaled(sample.top.clone(), rows)
    };
    ColumnProfile { nulls: rows - filled.min(rows), distinct, min, max, top, formats: scaled_formats(sample, filled) }
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

/// Counts the values of columns with few of them, all in one scan.
fn choices(warehouse: &dyn Warehouse, shape: &TableShape, few: &[usize], columns: &mut [ColumnProfile]) -> Result<()> {
    let dialect = warehouse.dialect();
    let texts: Vec<String> = few
        .iter()
        .map(|at| {
            let column = &shape.columns[*at];
            format!("{} AS c{at}", dialect.text_as(&dialect.quote(&column.name), column.kind))
        })
        .collect();
    let names: Vec<String> = few.iter().map(|at| format!("c{at}")).collect();
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
    let mut found: Vec<Vec<(String, u64)>> = vec![Vec::new(); few.len()];
    for row in 0..rows.len() {
        for (at, found) in found.iter_mut().enumerate() {
            // GROUPING is 0 for the column that the row is about.
            if rows.integer(row, at) == Some(0)
                && let Some(value) =
                    rows.text(row, few.len() + at).filter(|value| !value.is_empty() && value.len() <= 200)
            {
                found.push((value.to_owned(), count_at(&rows, row, 2 * few.len())));
            }
        }
    }
    for (at, counts) in few.iter().zip(found) {
        let distinct = columns[*at].distinct;
        columns[*at].top = most_frequent(counts, distinct);
        columns[*at].top.truncate(TOP);
    }
    Ok(())
}

fn count_at(rows: &Rows, row: usize, column: usize) -> u64 {
    rows.integer(row, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}
