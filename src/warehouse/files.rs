//! How do exports in a directory become tables?
//!
//! `DIR/<source>/<table>.<ext>` becomes table `<table>` in schema `<source>`; each table replaces its older load, all of them at
//! once at the end, and tables without a newer file stay. Rows that cannot be read go to `<source>._rejects` with file, line, raw
//! text and reason; they are never counted as loaded.

mod columns;
mod delimited;
mod discover;
mod encoding;
mod infer;
mod json;
mod names;
mod parquet;
mod rejects;
mod row;
mod sniff;
mod table;

use std::path::{Path, PathBuf};

pub use rejects::REJECTS_TABLE;
pub use row::Reject;

use serde::Serialize;

use super::{Column, Publication, Warehouse, printable};
use crate::error::Result;
use crate::progress::{CancelToken, Progress};

/// What is declared about the files rather than found out.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The encoding of text files, a WHATWG label; found out when None.
    pub encoding: Option<String>,
    /// The delimiter of CSV files, an ASCII character; found out when None.
    pub delimiter: Option<char>,
    /// Whether CSV files begin with the names of their columns; found out when None.
    pub header: Option<bool>,
    /// The schema that fourfold writes, which no source may be called.
    pub own_schema: String,
    /// The moment that rejects are stamped with, in microseconds since 1970; the clock's when None.
    pub now: Option<i64>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { encoding: None, delimiter: None, header: None, own_schema: "fourfold".to_owned(), now: None }
    }
}

/// What was loaded.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LoadReport {
    /// The tables in the order of their files.
    pub tables: Vec<LoadedTable>,
    /// Worth telling: renamed columns, files passed over, unusual encodings.
    pub notes: Vec<String>,
}

impl LoadReport {
    /// Rows loaded into all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Rows kept aside from all files.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.tables.iter().map(|table| table.rejected).sum()
    }
}

/// One file that became a table.
#[derive(Debug, Clone, Serialize)]
pub struct LoadedTable {
    /// The schema.
    pub source: String,
    /// The table.
    pub table: String,
    /// `<source>/<file>`, as the rejects table names it.
    pub file: PathBuf,
    /// Rows loaded.
    pub rows: u64,
    /// Rows kept aside.
    pub rejected: u64,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// The delimiter of a CSV file.
    pub delimiter: Option<char>,
    /// The columns.
    pub columns: Vec<Column>,
}

/// Loads all exports of a directory, finding out how each is written.
///
/// # Errors
/// As [`load_directory_with`].
pub fn load_directory(
    warehouse: &dyn Warehouse,
    directory: &Path,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<LoadReport> {
    load_directory_with(warehouse, directory, &LoadOptions::default(), progress, cancel)
}

/// Loads all exports of a directory of which something is declared.
///
/// # Errors
/// `NotFound` when there is nothing to load, `Config` for a source called like a schema of ours or the engine's, `Data` for a
/// file of which nothing can be read, and whatever the warehouse returns. Nothing was replaced then.
pub fn load_directory_with(
    warehouse: &dyn Warehouse,
    directory: &Path,
    options: &LoadOptions,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<LoadReport> {
    let now = options.now.unwrap_or_else(|| jiff::Timestamp::now().as_microsecond());
    let dialect = warehouse.dialect();
    let (sources, notes) = discover::discover(directory, &options.own_schema, dialect)?;
    let mut report = LoadReport { tables: Vec::new(), notes };
    let total = sources.iter().map(|source| source.exports.len() as u64).sum();
    let mut publications = Vec::new();
    progress.step("load");
    let mut done = 0;
    for source in &sources {
        let mut publication = Publication::begin(warehouse, &source.source, &format!("{now:x}"))?;
        let mut fresh = Vec::new();
        for export in &source.exports {
            cancel.check()?;
            progress.advance(done, total);
            done += 1;
            let Some(outcome) = table::load(export, options, dialect, &mut publication, cancel)? else {
                report.notes.push(format!("{} is empty: nothing was loaded from it", printable(&export.file)));
                continue;
            };
            let file = printable(&export.file);
            report.notes.extend(outcome.notes.iter().map(|note| format!("{file}: {}", printable(note))));
            if let Some(encoding) = outcome.encoding.filter(|encoding| !table::is_usual(Some(encoding))) {
                report.notes.push(format!("{file} was read as {encoding}"));
            }
            if !outcome.rejects.is_empty() {
                let first = &outcome.rejects[0];
                report.notes.push(format!(
                    "{file}: {} rows could not be read, the first on line {} ({}); they are in {}.{REJECTS_TABLE}",
                    outcome.rejects.len(),
                    first.line,
                    first.reason,
                    printable(&source.source),
                ));
            }
            report.tables.push(LoadedTable {
                source: source.source.clone(),
                table: export.table.clone(),
                file: PathBuf::from(&export.file),
                rows: outcome.rows,
                rejected: outcome.rejects.len() as u64,
                encoding: outcome.encoding,
                delimiter: outcome.delimiter,
                columns: outcome.columns,
            });
            fresh.push((export.file.clone(), outcome.rejects));
        }
        rejects::stage(warehouse, &mut publication, &source.source, &fresh, now)?;
        publications.push(publication);
    }
    cancel.check()?;
    for publication in publications {
        publication.commit()?;
    }
    progress.advance(total, total);
    Ok(report)
}
