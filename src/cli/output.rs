//! How is data written to standard output?

use std::io::Write;

use serde::Serialize;

use crate::error::{Context, Error, ErrorKind, Result};

/// Writes one line of data.
///
/// # Errors
/// `Io` when standard output is closed or full.
pub(crate) fn line(text: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{text}").context(ErrorKind::Io, || "cannot write to standard output".to_owned())
}

/// Writes a value as indented JSON.
///
/// # Errors
/// `Io` when standard output is closed or full.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .context(ErrorKind::Internal, || "cannot write the result as JSON".to_owned())?;
    line(&text)
}

/// Whether the reader of our output went away, as `head` does: no failure of ours.
pub(crate) fn is_broken_pipe(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe) {
            return true;
        }
        cause = inner.source();
    }
    false
}
