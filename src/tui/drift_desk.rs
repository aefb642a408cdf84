//! How does the drift screen reach the report, the actions on it, and the rows behind it?

use std::path::PathBuf;

use jiff::Timestamp;

use crate::drift::finding::Finding;
use crate::drift::report::View;
use crate::drift::store::{Action, DriftStore, standing};
use crate::error::{Error, Result};
use crate::progress::CancelToken;

/// Reads rows of a source behind a finding, the names of the columns first.
pub type RowsReader = Box<dyn Fn(&Finding, &CancelToken) -> Result<Vec<Vec<String>>> + Send + Sync>;
/// Writes a confirmed rename to `fourfold.toml`; says what was written.
pub type RenameWriter = Box<dyn Fn(&str, &str, Timestamp) -> Result<Vec<String>> + Send + Sync>;

/// The drift file of a workspace, and what reaches beyond it.
pub struct DriftDesk {
    path: PathBuf,
    rows: RowsReader,
    rename: RenameWriter,
}

impl DriftDesk {
    /// On the drift file of a workspace.
    #[must_use]
    pub fn new(path: PathBuf, rows: RowsReader, rename: RenameWriter) -> Self {
        Self { path, rows, rename }
    }

    /// The last report with what people did about it.
    ///
    /// # Errors
    /// `NotFound` before the first run; `Data` when the file is damaged.
    pub fn view(&self) -> Result<View> {
        let store = DriftStore::open_read_only(&self.path)?;
        let report = store.report(None)?.ok_or_else(|| {
            Error::not_found("no run has been held against another yet").hint("`fourfold run` does so")
        })?;
        Ok(View { standing: standing(&store.actions()?, Timestamp::now()), first_seen: store.first_seen()?, report })
    }

    /// Stores an action; on disk when it returns.
    ///
    /// # Errors
    /// `Data` or `Locked` when it could not be stored.
    pub fn act(&self, action: &Action) -> Result<()> {
        DriftStore::open(&self.path)?.act(action)
    }

    /// Rows behind a finding.
    ///
    /// # Errors
    /// `Warehouse` or `Locked` when they cannot be reached now.
    pub fn rows(&self, finding: &Finding, cancel: &CancelToken) -> Result<Vec<Vec<String>>> {
        (self.rows)(finding, cancel)
    }

    /// Confirms a rename.
    ///
    /// # Errors
    /// `Config` or `Io` when it could not be written.
    pub fn confirm(&self, finding: &str, who: &str, at: Timestamp) -> Result<Vec<String>> {
        (self.rename)(finding, who, at)
    }
}
