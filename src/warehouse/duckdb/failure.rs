//! What do DuckDB's errors mean to the person who reads them?

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::warehouse::printable::{first_line, printable};

/// The error of a statement, with its first line.
pub(super) fn statement(sql: &str, cause: duckdb::Error) -> Error {
    let words = cause.to_string();
    if words.contains("INTERRUPT Error") {
        return Error::cancelled().because(cause);
    }
    let error = Error::warehouse(format!("DuckDB refused `{}`: {}", first_line(sql), printable(words.trim())));
    explained(error, &words).because(cause)
}

/// The error of opening a file.
pub(super) fn opening(path: &Path, read_only: bool, cause: duckdb::Error) -> Error {
    let words = cause.to_string();
    let file = printable(&path.display().to_string());
    if let Some(holder) = lock_holder(&words) {
        return Error::new(ErrorKind::Locked, format!("{file} is in use by {holder}"))
            .hint("Let that process finish or close it, then run this again: DuckDB admits one writer at a time.")
            .because(cause);
    }
    if read_only && !path.exists() {
        return Error::not_found(format!("there is no database {file}"))
            .hint("Run `fourfold init` or `fourfold load DIR` first.")
            .because(cause);
    }
    let error = Error::warehouse(format!("cannot open {file} with DuckDB: {}", printable(words.trim())));
    if words.contains("not a valid DuckDB database file") {
        return error.hint("Point the workspace to a DuckDB database, or move this file away.").because(cause);
    }
    if words.contains("newer version") || words.contains("version number") {
        return error.hint("Another version of DuckDB wrote this file: export and load it again.").because(cause);
    }
    explained(error, &words).because(cause)
}

fn explained(error: Error, words: &str) -> Error {
    if words.contains("No space left") || words.contains("File too large") || words.contains("not enough space") {
        error.hint("The disk is full: free space and run again; the last published run is untouched.")
    } else if words.contains("Out of Memory") {
        error.hint("Close other programs or give DuckDB more memory in fourfold.toml, then run again.")
    } else if words.contains("database has been invalidated") {
        error.hint("The database closed itself after an earlier error: run again.")
    } else if words.contains("Ambiguous reference to catalog or schema") {
        error.hint(
            "The file and a schema in it have the same name: run again, now that both are there, or rename the file.",
        )
    } else if words.contains("read-only") {
        error.hint("Open the workspace without --read-only to change something.")
    } else {
        error
    }
}

/// Who holds the file, from `Conflicting lock is held in /usr/bin/python3 (PID 42) by user ada`; None when the message
/// is not about a lock.
pub(super) fn lock_holder(words: &str) -> Option<String> {
    if !words.contains("Could not set lock on file") {
        return None;
    }
    let holder = words.split_once("Conflicting lock is held in ").and_then(|(_, rest)| {
        let (program, rest) = rest.split_once(" (PID ")?;
        let (pid, _) = rest.split_once(')')?;
        let name = Path::new(program).file_name().map_or(program.into(), |name| name.to_string_lossy());
        Some(format!("{} (process {})", printable(&name), printable(pid)))
    });
    Some(holder.unwrap_or_else(|| "another process".to_owned()))
}
