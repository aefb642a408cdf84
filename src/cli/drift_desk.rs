//! How does the terminal UI reach the rows behind a finding, and `fourfold.toml`?

use std::time::Duration;

use crate::config::Workspace;
use crate::engine::connect::{self, Access};
use crate::engine::{drift_confirm, drift_rows};
use crate::progress::Silent;
use crate::tui::DriftDesk;

/// A desk that opens the warehouse only while it is needed.
pub(super) fn desk(workspace: &Workspace, patience: Duration) -> DriftDesk {
    let (reads, writes) = (workspace.clone(), workspace.clone());
    DriftDesk::new(
        workspace.drift(),
        Box::new(move |finding, cancel| {
            let warehouse = connect::open(&reads, Access::read(patience), &Silent, cancel)?;
            drift_rows::rows(&reads, warehouse.as_ref(), finding)
        }),
        Box::new(move |finding, who, at| drift_confirm::confirm(&writes, finding, who, at)),
    )
}
