//! What does the log screen know?

use super::super::event::{Failure, LogRow};

/// The log screen.
#[derive(Debug, Default)]
pub struct LogState {
    /// The entries loaded so far, the newest first.
    pub rows: Vec<LogRow>,
    /// The entry under the cursor, among those shown.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
    /// Before which row of the log to look for older ones; None at its end.
    pub next: Option<i64>,
    /// Whether a page is being loaded.
    pub loading: bool,
    /// Whether anything was loaded yet; a write to the log makes it stale.
    pub fresh: bool,
    /// Which list it is.
    pub generation: u64,
    /// What was typed as a filter; empty for none.
    pub filter: String,
    /// Why it cannot be shown.
    pub failure: Option<Failure>,
}
