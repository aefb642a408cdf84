//! How does a file become a table to match?

mod columns;
mod decode;
mod json;
mod rows;
mod stack;

use std::path::Path;

use super::table::{Ids, MatchColumn, MatchTable};
use crate::error::{Error, Result};

pub use stack::stack;

/// Reads a CSV or JSON-lines file into a table of one group; every column without a concept yet.
///
/// The encoding is UTF-8 where the bytes are, and guessed where they are not; the separator is the one of comma,
/// semicolon, tab and bar that the header holds most. The id is the column called `id`, else the first column whose name
/// ends in `id` and whose values are unique, else the first unique column, else the row number.
///
/// # Errors
/// `NotFound` or `Io` with the path; `Data` with file and line for a row of the wrong width or a broken line.
pub fn read_table(path: &Path) -> Result<MatchTable> {
    let text = decode::read_text(path)?;
    let inner = path
        .file_stem()
        .map(Path::new)
        .filter(|_| path.extension().is_some_and(|ending| ending == "gz"))
        .unwrap_or(path);
    let ending = inner.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let columns = if matches!(ending.as_str(), "jsonl" | "ndjson") {
        json::json_columns(&text, path)?
    } else {
        columns::csv_columns(&text, path)?
    };
    drop(text);
    build(columns, path)
}

fn build(mut columns: Vec<MatchColumn>, path: &Path) -> Result<MatchTable> {
    let rows = columns.first().map_or(0, MatchColumn::rows);
    if rows == 0 {
        return Err(Error::data(format!("{} has no rows", path.display())));
    }
    let ids: Ids = match id_column(&columns) {
        Some(at) => columns.remove(at).into(),
        None => (1..=rows).map(|row| row.to_string()).collect(),
    };
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("table");
    let mut table = MatchTable::new(ids, name);
    table.columns = columns;
    Ok(table)
}

/// The column that names the rows.
fn id_column(columns: &[MatchColumn]) -> Option<usize> {
    let unique = |at: usize| columns[at].distinct() == columns[at].rows();
    let lower: Vec<String> = columns.iter().map(|column| column.name.trim().to_ascii_lowercase()).collect();
    let called = lower.iter().position(|name| name == "id").filter(|at| unique(*at));
    called
        .or_else(|| {
            (0..columns.len()).find(|at| {
                (lower[*at].ends_with("_id")
                    || lower[*at].ends_with(" id")
                    || columns[*at].name.ends_with("Id")
                    || lower[*at] == "uuid"
                    || lower[*at] == "key"
                    || lower[*at] == "rec_id")
                    && unique(*at)
            })
        })
        .or_else(|| (0..columns.len().min(1)).find(|at| unique(*at)))
}
