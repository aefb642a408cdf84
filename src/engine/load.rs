//! How do exports get into the embedded warehouse?

use std::path::Path;
use std::time::Duration;

use super::connect::{self, Access};
use super::lock::RunLock;
use crate::config::{WarehouseSettings, Workspace};
use crate::error::{Error, Result};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::files::{self, LoadOptions, LoadReport};

/// Loads `DIR/<source>/<table>.<ext>`; each table replaces its older load.
///
/// # Errors
/// `Config` on a warehouse that is not ours to fill; `Locked` while a run is under way; `Data` and `Io` naming the file.
pub fn load(
    workspace: &Workspace,
    directory: &Path,
    patience: Duration,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<LoadReport> {
    if !matches!(workspace.config.warehouse, WarehouseSettings::Duckdb { .. }) {
        return Err(Error::config(
            "files are loaded only into the embedded warehouse: fourfold never writes where a source lies",
        )
        .hint("let your loader land the tables in PostgreSQL, then `fourfold run`"));
    }
    workspace.state()?;
    let _lock = RunLock::take(&workspace.lock(), "fourfold load")?;
    let warehouse = connect::open(workspace, Access::write(patience), progress, cancel)?;
    let options = LoadOptions { own_schema: workspace.config.warehouse.schema().to_owned(), ..LoadOptions::default() };
    files::load_directory_with(warehouse.as_ref(), directory, &options, progress, cancel)
}
