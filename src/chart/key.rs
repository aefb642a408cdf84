//! What names a row of a table, and does it really?

use super::source_map::{ColumnEntry, TableEntry};
use crate::catalog::dictionary::Dictionary;
use crate::catalog::names::{compact, singular, words};
use crate::error::Result;
use crate::warehouse::{ColumnType, Warehouse};

/// The column that most likely names the rows of an unknown table: by its name when nearly every value is different,
/// otherwise any column that could be a key and is unique.
#[must_use]
pub fn likely(dictionary: &Dictionary, table: &TableEntry) -> Option<String> {
    if table.rows == 0 {
        return table
            .columns
            .iter()
            .find(|column| named(dictionary, table, column) > 0)
            .map(|column| column.name.clone());
    }
    let mut best: Option<(u32, &ColumnEntry)> = None;
    for column in &table.columns {
        let filled = table.rows - column.profile.nulls.min(table.rows);
        let nearly = column.profile.distinct as f64 >= 0.95 * filled as f64 && filled * 20 >= table.rows * 19;
        let unique = column.profile.distinct == table.rows && column.profile.nulls == 0;
        let named = named(dictionary, table, column);
        let shaped = column.kind == ColumnType::Integer
            || super::infer::share(
                &column.profile,
                &["uuid", "prefix:", "salesforce_id_15", "salesforce_id_18", "integer"],
            )
            .is_some_and(|share| share > 0.9);
        let rank = match (named, nearly, unique) {
            (rank @ 1.., true, _) => 10 + rank,
            (0, _, true) if shaped && table.rows > 1 => 1,
            _ => 0,
        };
        if rank > 0 && best.is_none_or(|(most, _)| rank > most) {
            best = Some((rank, column));
        }
    }
    best.map(|(_, column)| column.name.clone())
}

/// How much a column's name says that it is the key: 3 for `id`, 2 for the table's own word with an ending, 1 for another
/// bare ending.
fn named(dictionary: &Dictionary, table: &TableEntry, column: &ColumnEntry) -> u32 {
    let name = compact(&column.name);
    if name == "id" {
        return 3;
    }
    let Some(stem) = dictionary.key_stem(&column.name) else { return 0 };
    if stem.is_empty() {
        return 1;
    }
    let own: Vec<String> = words(&table.name.table).iter().map(|word| singular(word)).collect();
    if own.contains(&stem) || own.concat() == stem {
        return 2;
    }
    // `kd_nr` in `kunden`: a short word for the table's own.
    let short = own
        .iter()
        .any(|word| stem.len() >= 2 && word.starts_with(stem.chars().next().unwrap_or(' ')) && word.contains(&stem));
    let synonym = dictionary
        .roles
        .iter()
        .any(|role| role.tables.contains(&stem) && own.iter().any(|word| role.tables.contains(word)));
    if synonym || short { 2 } else { 0 }
}

/// How a key really is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Rows whose key is NULL or empty.
    pub nulls: u64,
    /// Rows that share their key with an earlier one.
    pub duplicates: u64,
    /// Some of the keys that come more than once, with their counts.
    pub examples: Vec<(String, u64)>,
}

/// Counts NULL and repeated keys; the versions of a row are told apart.
///
/// # Errors
/// As [`Warehouse::query`].
pub fn check(warehouse: &dyn Warehouse, table: &TableEntry) -> Result<Check> {
    if table.primary_key.is_empty() || table.rows == 0 {
        return Ok(Check::default());
    }
    let dialect = warehouse.dialect();
    let key = super::rows::key(dialect, table, "t");
    let version =
        table.version_column.as_ref().and_then(|name| table.columns.iter().find(|column| &column.name == name));
    let whole = version.map_or_else(
        || key.clone(),
        |column| {
            let text = dialect.text_as(&format!("t.{}", dialect.quote(&column.name)), column.kind);
            format!("{key} || '|' || coalesce({text}, '')")
        },
    );
    let name = dialect.table(&table.name);
    let counts = warehouse.query(
        &format!(
            "SELECT count(*), count(whole), count(DISTINCT whole) FROM (SELECT {whole} AS whole FROM {name} AS t) AS keys"
        ),
        &[],
    )?;
    let number = |column: usize| counts.integer(0, column).and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    let (rows, filled, distinct) = (number(0), number(1), number(2));
    let mut check = Check { nulls: rows - filled, duplicates: filled - distinct.min(filled), examples: Vec::new() };
    if check.duplicates > 0 {
        let sql = format!(
            "SELECT name, count(*) FROM (SELECT {key} AS name, {whole} AS whole FROM {name} AS t) AS keys WHERE whole IS NOT NULL \
             GROUP BY name, whole HAVING count(*) > 1 ORDER BY 2 DESC, {} LIMIT 100",
            dialect.ordered("name")
        );
        let rows = warehouse.query(&sql, &[])?;
        for row in 0..rows.len() {
            if let (Some(name), Some(count)) = (rows.text(row, 0), rows.integer(row, 1)) {
                check.examples.push((name.to_owned(), u64::try_from(count).unwrap_or(0)));
            }
        }
    }
    Ok(check)
}

/// Looks for two columns that together name the rows of a table without a key; None when there are none.
///
/// # Errors
/// As [`Warehouse::query`].
pub fn composite(
    warehouse: &dyn Warehouse,
    dictionary: &Dictionary,
    table: &TableEntry,
) -> Result<Option<Vec<String>>> {
    const MOST: usize = 6;
    if table.rows == 0 {
        return Ok(None);
    }
    let candidates: Vec<&ColumnEntry> = table
        .columns
        .iter()
        .filter(|column| column.profile.nulls == 0 && column.profile.distinct > 1)
        .filter(|column| {
            dictionary.key_stem(&column.name).is_some()
                || matches!(compact(&column.name).as_str(), "index" | "version" | "position" | "line")
        })
        .take(MOST)
        .collect();
    let mut pairs = Vec::new();
    for (at, one) in candidates.iter().enumerate() {
        for other in &candidates[at + 1..] {
            // Fewer combinations than rows cannot name them.
            if one.profile.distinct.saturating_mul(other.profile.distinct) >= table.rows {
                pairs.push((*one, *other));
            }
        }
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let counts: Vec<String> = pairs
        .iter()
        .map(|(one, other)| {
            let text = |column: &ColumnEntry| dialect.text_as(&dialect.quote(&column.name), column.kind);
            format!("count(DISTINCT {} || '|' || {})", text(one), text(other))
        })
        .collect();
    let answer = warehouse.query(&format!("SELECT {} FROM {}", counts.join(", "), dialect.table(&table.name)), &[])?;
    let rows = i64::try_from(table.rows).unwrap_or(i64::MAX);
    let found = (0..pairs.len()).find(|at| answer.integer(0, *at) == Some(rows));
    Ok(found.map(|at| vec![pairs[at].0.name.clone(), pairs[at].1.name.clone()]))
}
