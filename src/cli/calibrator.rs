//! How does the terminal UI take over calibrated weights?

use crate::config::Workspace;
use crate::engine::calibration::{Accepted, accept};
use crate::error::Error;
use crate::tui::Calibrator;

/// Writes what a person accepted into the workspace's `fourfold.toml`.
pub(super) fn calibrator(workspace: &Workspace) -> Calibrator {
    let workspace = workspace.clone();
    Box::new(move |proposal, reviewer, at| {
        let calibration =
            proposal.calibration.as_ref().ok_or_else(|| Error::config("too few decisions to learn weights from"))?;
        let when = at.to_string();
        let by = Accepted { who: reviewer, when: &when, why: &proposal.ground() };
        accept(&workspace, proposal.kind, calibration, by)
    })
}
