//! Which rows of a table count, and how is one named?
//!
//! Only the newest version of a key counts, and a row is dead when the system or the loader says that it was deleted. The
//! SQL here is the same on every engine.

use super::source_map::{ColumnEntry, TableEntry};
use crate::warehouse::{ColumnType, Dialect};

/// The name of a row as text: the parts of its primary key joined by `|`, NULL when a part is NULL or empty; for a table
/// without a key the hash of all of its cells.
#[must_use]
pub fn key(dialect: Dialect, table: &TableEntry, alias: &str) -> String {
    let cell = |column: &ColumnEntry| dialect.text_as(&format!("{alias}.{}", dialect.quote(&column.name)), column.kind);
    if table.primary_key.is_empty() {
        let cells: Vec<String> = table.columns.iter().map(cell).collect();
        return dialect.row_hash(&cells);
    }
    let parts: Vec<String> = table
        .primary_key
        .iter()
        .filter_map(|name| table.columns.iter().find(|column| &column.name == name))
        .map(|column| format!("nullif({}, '')", cell(column)))
        .collect();
    if parts.is_empty() { "NULL".to_owned() } else { parts.join(" || '|' || ") }
}

/// The newest version of each row as a derived table in parentheses, to be given an alias.
#[must_use]
pub fn newest(dialect: Dialect, table: &TableEntry) -> String {
    let name = dialect.table(&table.name);
    let version = table.version_column.as_ref().filter(|_| !table.primary_key.is_empty());
    let Some(version) = version else { return name };
    let keys: Vec<String> = table.primary_key.iter().map(|column| dialect.quote(column)).collect();
    format!(
        "(SELECT * FROM (SELECT versions.*, row_number() OVER (PARTITION BY {} ORDER BY {} DESC NULLS LAST) AS {} FROM {name} \
         AS versions) AS ranked WHERE {} = 1)",
        keys.join(", "),
        dialect.quote(version),
        dialect.quote(RANK),
        dialect.quote(RANK),
    )
}

/// A name that no source gives to a column.
const RANK: &str = "fourfold rank of the version";

/// A condition that holds for rows which the system or the loader says were deleted.
#[must_use]
pub fn dead(dialect: Dialect, table: &TableEntry, alias: &str) -> String {
    let deleted_concept = format!("{}.deleted", table.role);
    let mut parts = Vec::new();
    for column in &table.columns {
        let cell = format!("{alias}.{}", dialect.quote(&column.name));
        let deleted =
            table.deleted_columns.contains(&column.name) || column.concept.as_deref() == Some(deleted_concept.as_str());
        if deleted {
            parts.push(says_deleted(dialect, column.kind, &cell));
        } else if table.active_columns.contains(&column.name) {
            parts.push(says_inactive(dialect, column.kind, &cell));
        }
    }
    if parts.is_empty() { "FALSE".to_owned() } else { format!("({})", parts.join(" OR ")) }
}

fn says_deleted(dialect: Dialect, kind: ColumnType, cell: &str) -> String {
    match kind {
        ColumnType::Boolean => format!("coalesce({cell}, FALSE)"),
        ColumnType::Date | ColumnType::Timestamp => format!("{cell} IS NOT NULL"),
        ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => format!("coalesce({cell}, 0) <> 0"),
        // A moment or a word: everything but a no.
        _ => format!("lower(trim(coalesce({}, ''))) NOT IN ('', 'false', 'f', '0', 'no', 'n')", dialect.text(cell)),
    }
}

fn says_inactive(dialect: Dialect, kind: ColumnType, cell: &str) -> String {
    match kind {
        ColumnType::Boolean => format!("NOT coalesce({cell}, TRUE)"),
        ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => format!("coalesce({cell}, 1) = 0"),
        ColumnType::Date | ColumnType::Timestamp => "FALSE".to_owned(),
        _ => format!("lower(trim(coalesce({}, ''))) IN ('false', 'f', '0', 'no', 'n')", dialect.text(cell)),
    }
}

/// The text of a column's cell, NULL when it is empty.
#[must_use]
pub fn text(dialect: Dialect, column: &ColumnEntry, alias: &str) -> String {
    format!("nullif(trim({}), '')", dialect.text_as(&format!("{alias}.{}", dialect.quote(&column.name)), column.kind))
}

/// A text expression of ids in the form in which they are compared: Salesforce ids by their first 15 characters.
#[must_use]
pub fn comparable(expression: &str, salesforce: bool) -> String {
    if salesforce {
        format!("CASE WHEN length({expression}) = 18 THEN left({expression}, 15) ELSE {expression} END")
    } else {
        expression.to_owned()
    }
}

/// Whether a column of a profile holds Salesforce ids, in either length.
#[must_use]
pub fn is_salesforce(column: &ColumnEntry) -> bool {
    super::infer::share(&column.profile, &["salesforce_id_15", "salesforce_id_18"]).is_some_and(|share| share > 0.5)
}
