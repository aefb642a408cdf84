//! How is one source row named and read in SQL that stands alone?

use crate::chart::source_map::TableEntry;
use crate::model::cell::Cell;
use crate::model::source_rows::{key_columns, key_expression};
use crate::model::transform::{Reading, Transform};
use crate::warehouse::{ColumnType, Dialect};

/// What stands after SELECT … to read the rows with these keys, the newest version of each.
pub(super) fn rows(dialect: Dialect, entry: &TableEntry, keys: &[&str]) -> Option<String> {
    if entry.primary_key.is_empty() || keys.is_empty() {
        return None;
    }
    let condition = condition(dialect, entry, keys);
    let from = dialect.table(&entry.name);
    Some(match &entry.version_column {
        None => format!("FROM {from} WHERE {condition}"),
        Some(version) => format!(
            "FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {version} DESC NULLS LAST) AS fourfold_version \
             FROM {from} WHERE {condition}) newest WHERE fourfold_version = 1",
            key = key_expression(dialect, entry),
            version = dialect.quote(version)
        ),
    })
}

fn condition(dialect: Dialect, entry: &TableEntry, keys: &[&str]) -> String {
    let columns = key_columns(entry);
    let single = match columns[..] {
        [only] => entry.columns.iter().find(|column| column.name == only),
        _ => None,
    };
    let numbers: Option<Vec<String>> =
        keys.iter().map(|key| key.parse::<i64>().ok().map(|number| number.to_string())).collect();
    let (left, list) = match (single, numbers) {
        (Some(column), Some(numbers)) if column.kind == ColumnType::Integer => (dialect.quote(&column.name), numbers),
        (Some(column), _) if column.kind == ColumnType::Text => {
            (dialect.quote(&column.name), keys.iter().map(|key| dialect.literal(key)).collect())
        }
        _ => (key_expression(dialect, entry), keys.iter().map(|key| dialect.literal(key)).collect()),
    };
    match &list[..] {
        [only] => format!("{left} = {only}"),
        _ => format!("{left} IN ({})", list.join(", ")),
    }
}

/// A column of a source row as `transform` reads it: by SQL's own means where those give the same, else by mapping the text that was
/// read to the value that it gave.
pub(super) fn reading(
    dialect: Dialect,
    entry: &TableEntry,
    column: &str,
    transform: Transform,
    raw: &str,
    value: &str,
) -> String {
    let known = entry.columns.iter().find(|known| known.name == column);
    let units = known.and_then(|known| known.units_per_currency_unit).unwrap_or(1);
    let quoted = dialect.quote(column);
    let text = match known.map(|known| known.kind) {
        Some(ColumnType::Text) => quoted.clone(),
        _ => dialect.text(&quoted),
    };
    let is_native = match transform.read_units(raw, units) {
        Reading::Value(read) => read.text().as_deref() == Some(value) && is_plain(raw, transform, &read),
        Reading::Empty | Reading::Unreadable => false,
    };
    if !is_native {
        return mapped(dialect, &text, raw, value);
    }
    match transform {
        Transform::Text => format!("trim({text})"),
        Transform::Email | Transform::Lower => format!("lower(trim({text}))"),
        Transform::Currency => format!("upper(trim({text}))"),
        Transform::Money => {
            let exact = dialect.try_decimal(&text);
            match units {
                1 => exact,
                units => format!("CAST(CAST({exact} AS DECIMAL(28, 6)) * {} AS DECIMAL(38, 6))", part(units)),
            }
        }
        Transform::Integer => dialect.try_integer(&text),
        Transform::Timestamp => dialect.try_timestamp(&text),
        Transform::Date => format!("CAST({} AS DATE)", dialect.try_timestamp(&text)),
        _ => mapped(dialect, &text, raw, value),
    }
}

/// One text that was read, and the value that it gave.
pub(super) fn mapped(dialect: Dialect, text: &str, raw: &str, value: &str) -> String {
    format!("CASE WHEN {text} = {} THEN {} END", dialect.literal(raw), dialect.literal(value))
}

/// Whether SQL reads the text as [`Transform`] does.
fn is_plain(raw: &str, transform: Transform, read: &Cell) -> bool {
    let trimmed = raw.trim_matches(' ');
    if trimmed != raw.trim() || raw.contains('\0') {
        return false;
    }
    let digits = trimmed.trim_start_matches('-');
    let is_moment = || {
        let shape = trimmed.len() >= 10 && trimmed.is_ascii() && trimmed.as_bytes()[4] == b'-';
        // Zones other than UTC move the day; SQL agrees, but only where the value says so too.
        shape && !trimmed.ends_with("+00")
    };
    match transform {
        Transform::Text => true,
        Transform::Email | Transform::Lower => trimmed.is_ascii(),
        Transform::Currency => trimmed.len() == 3 && trimmed.is_ascii(),
        Transform::Money => {
            let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
            !whole.is_empty()
                && whole.len() <= 18
                && rest.len() <= 6
                && [whole, rest].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Transform::Integer => {
            !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        Transform::Timestamp => {
            is_moment() && trimmed.get(..19) == read.text().as_deref().and_then(|text| text.get(..19))
        }
        Transform::Date => is_moment() && trimmed.get(..10) == read.text().as_deref(),
        _ => false,
    }
}

/// One over the units of a currency unit, exactly: cents are `0.01`.
fn part(units: u32) -> String {
    match units {
        10 => "0.1".to_owned(),
        100 => "0.01".to_owned(),
        1000 => "0.001".to_owned(),
        units => format!("(1.0 / {units})"),
    }
}
