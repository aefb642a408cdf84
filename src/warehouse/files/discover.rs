//! Which tables lie in a directory of exports?

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::encoding::shown;
use super::names::{fitting, free};
use super::rejects::REJECTS_TABLE;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::{Dialect, printable};

/// How a file holds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Delimited,
    JsonLines,
    Json,
    Parquet,
}

/// One file with the table it becomes.
#[derive(Debug, Clone)]
pub(super) struct Export {
    pub(super) path: PathBuf,
    /// `<source>/<file>` for messages and the rejects table.
    pub(super) file: String,
    pub(super) table: String,
    pub(super) format: Format,
}

/// One source with its files, sorted.
#[derive(Debug, Clone)]
pub(super) struct SourceFiles {
    pub(super) source: String,
    pub(super) exports: Vec<Export>,
}

/// The sources of a directory, sorted, and what was passed over.
pub(super) fn discover(
    directory: &Path,
    own_schema: &str,
    dialect: Dialect,
) -> Result<(Vec<SourceFiles>, Vec<String>)> {
    let (mut sources, mut notes) = (Vec::new(), Vec::new());
    let mut schemas = FxHashSet::default();
    for path in entries(directory)? {
        let name = file_name(&path);
        if !path.is_dir() {
            if format_of(&name).is_some() {
                notes.push(format!(
                    "{} was not loaded: move it into a directory named after its source",
                    printable(&name)
                ));
            }
            continue;
        }
        refuse_reserved(&name, own_schema)?;
        let source = free(&fitting(&name, dialect), dialect, &mut schemas);
        let exports = exports_of(&path, &name, dialect, &mut notes)?;
        if exports.is_empty() {
            notes.push(format!("{} holds no CSV, Parquet or JSON file", printable(&name)));
        } else {
            sources.push(SourceFiles { source, exports });
        }
    }
    if sources.is_empty() {
        return Err(Error::not_found(format!("there is nothing to load in {}", shown(directory)))
            .hint("Lay exports out as DIR/<source>/<table>.csv (or .parquet, .jsonl), such as exports/salesforce/account.csv."));
    }
    Ok((sources, notes))
}

fn exports_of(directory: &Path, source: &str, dialect: Dialect, notes: &mut Vec<String>) -> Result<Vec<Export>> {
    let mut taken = FxHashSet::default();
    taken.insert(REJECTS_TABLE.to_owned());
    let mut exports = Vec::new();
    for path in entries(directory)? {
        let name = file_name(&path);
        let file = format!("{source}/{name}");
        if path.is_dir() {
            notes.push(format!(
                "{} was not loaded: tables lie directly in the directory of their source",
                printable(&file)
            ));
            continue;
        }
        let Some((stem, format)) = format_of(&name) else {
            notes.push(format!("{} was not loaded: it is neither CSV nor Parquet nor JSON", printable(&file)));
            continue;
        };
        let wanted = fitting(if stem.is_empty() { "table" } else { stem }, dialect);
        let table = free(&wanted, dialect, &mut taken);
        if table != stem {
            notes.push(format!("{} is loaded as table `{}`", printable(&file), printable(&table)));
        }
        exports.push(Export { path, file, table, format });
    }
    Ok(exports)
}

/// The visible entries of a directory, sorted by name.
fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let fail = || format!("cannot list {}", shown(directory));
    let listing = std::fs::read_dir(directory).context(ErrorKind::NotFound, fail)?;
    let mut paths = Vec::new();
    for entry in listing {
        let path = entry.context(ErrorKind::Io, fail)?.path();
        if !file_name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().replace('\0', "")).unwrap_or_default()
}

/// The stem and format of a file name.
fn format_of(name: &str) -> Option<(&str, Format)> {
    let lower = name.to_ascii_lowercase();
    let unpacked = lower.strip_suffix(".gz").unwrap_or(&lower);
    let (stem, extension) = unpacked.rsplit_once('.')?;
    let format = match extension {
        "csv" | "tsv" | "tab" | "psv" => Format::Delimited,
        "jsonl" | "ndjson" => Format::JsonLines,
        "json" => Format::Json,
        "parquet" if unpacked.len() == lower.len() => Format::Parquet,
        _ => return None,
    };
    Some((name.get(..stem.len())?, format))
}

fn refuse_reserved(name: &str, own_schema: &str) -> Result<()> {
    let lower = name.to_lowercase();
    let reserved = lower == own_schema.to_lowercase()
        || lower.starts_with("pg_")
        || matches!(lower.as_str(), "information_schema" | "temp" | "system" | "memory");
    if reserved {
        return Err(Error::config(format!("a source cannot be called {}: that name is taken", printable(name)))
            .hint("Rename its directory."));
    }
    Ok(())
}
