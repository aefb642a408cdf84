//! How are the rows of large tables read for nothing but the ids they hold?

use rustc_hash::FxHashMap;

use crate::chart::source_map::TableEntry;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::resolve::ResolveInput;
use crate::resolve::extract::read::read_rows;
use crate::resolve::extract::table::{Version, key_columns, key_of};

/// Hands over the key of each row and the values of `concepts` (None where the table has no such column or the row no
/// value). Of a table that keeps versions only the newest row of a key is handed over, in the order of the keys; other
/// tables are streamed as they come. Rows without a key are passed over: the chart names them.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn read_documents(
    input: &ResolveInput<'_>,
    table: &TableEntry,
    concepts: &[&str],
    cancel: &CancelToken,
    each: &mut dyn FnMut(&str, &[Option<&str>]),
) -> Result<()> {
    let mut columns: Vec<&str> = Vec::new();
    let mut wanted: Vec<Vec<usize>> = Vec::new();
    for concept in concepts {
        let found = table.columns_of(concept);
        wanted.push((columns.len()..columns.len() + found.len()).collect());
        columns.extend(found.iter().map(|column| column.name.as_str()));
    }
    let key_names = key_columns(table);
    let key: Vec<usize> = (columns.len()..columns.len() + key_names.len()).collect();
    columns.extend(key_names);
    let hashed = table.primary_key.is_empty();
    let version_at = columns.len();
    columns.extend(table.version_column.as_deref());
    let versioned = table.version_column.is_some();
    let mut newest: FxHashMap<Box<str>, (Version, Vec<Option<String>>)> = FxHashMap::default();
    read_rows(input.warehouse, table, &columns, cancel, &mut |row| {
        let Some(pk) = key_of(row, &key, hashed) else { return Ok(()) };
        let values: Vec<Option<&str>> = wanted.iter().map(|at| at.iter().find_map(|at| row.get(*at))).collect();
        if !versioned {
            each(&pk, &values);
            return Ok(());
        }
        let version = Version(row.get(version_at).map(str::to_owned));
        let values: Vec<Option<String>> = values.into_iter().map(|value| value.map(str::to_owned)).collect();
        match newest.get_mut(&pk) {
            None => {
                newest.insert(pk, (version, values));
            }
            Some(kept) => {
                if version.compare(&kept.0).then_with(|| values.cmp(&kept.1)).is_gt() {
                    *kept = (version, values);
                }
            }
        }
        Ok(())
    })?;
    let mut rows: Vec<(Box<str>, (Version, Vec<Option<String>>))> = newest.into_iter().collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    for (pk, (_, values)) in &rows {
        let values: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
        each(pk, &values);
    }
    Ok(())
}
