//! What does the log screen know?

use super::super::desk::Reviewers;
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
    /// Whether the pairs are shown on which reviewers differ, in place of the entries.
    pub shows_disputes: bool,
    /// How far reviewers agree; None before it was read, and after something was written.
    pub reviewers: Option<Box<Reviewers>>,
    /// Whether it is being read.
    pub asking_reviewers: bool,
    /// The disputed pair under the cursor.
    pub dispute: usize,
}
