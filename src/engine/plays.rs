//! How do plays take part in a run, and how are they looked at afterwards?

use crate::config::Workspace;
use crate::error::Result;
use crate::model::publish::PublishInput;
use crate::plays::publish::{self, StageInput};
use crate::plays::published::{self, Published};
use crate::plays::reads::Reads;
use crate::plays::{Library, Play, check};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::{Publication, Warehouse};

/// The plays of a workspace, with the team's changes.
///
/// # Errors
/// As [`Library::load`].
pub fn library(workspace: &Workspace) -> Result<Library> {
    Library::load(&workspace.root, &workspace.config.plays)
}

/// The plays that a run includes, with the fields that each reads. Asked before the long steps, so that a fault in a play's SQL is
/// told at once.
///
/// # Errors
/// As [`publish::ready`].
pub fn ready<'a>(
    library: &'a Library,
    warehouse: &dyn Warehouse,
    workspace: &Workspace,
) -> Result<Vec<(&'a Play, Reads)>> {
    publish::ready(library, warehouse.dialect(), workspace.config.warehouse.schema())
}

/// The step of a run.
pub struct Step<'a> {
    /// The plays.
    pub ready: &'a [(&'a Play, Reads)],
    /// Whether they are asked for; tables of earlier runs are taken away when not, since they speak of another model.
    pub included: bool,
}

/// Builds the tables of plays in a run's publication.
///
/// # Errors
/// As [`publish::stage`].
pub fn stage(
    publication: &mut Publication<'_>,
    input: &PublishInput<'_>,
    step: &Step<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<(String, u64)>> {
    if !step.included {
        publish::remove(publication, input.warehouse, input.schema)?;
        return Ok(Vec::new());
    }
    progress.step("plays");
    let absent = input.model.absent_fields.iter().map(|field| format!("{}.{}", field.table, field.field)).collect();
    let stage = StageInput {
        warehouse: input.warehouse,
        schema: input.schema,
        plays: step.ready,
        run_id: input.run_id,
        as_of: input.as_of,
        absent: &absent,
    };
    publish::stage(publication, &stage, progress, cancel)
}

/// The last run as plays see it.
///
/// # Errors
/// As [`published::read`].
pub fn published(warehouse: &dyn Warehouse, workspace: &Workspace) -> Result<Published> {
    published::read(warehouse, workspace.config.warehouse.schema())
}

/// The fields that a play reads.
///
/// # Errors
/// As [`check::reads`].
pub fn reads(play: &Play, warehouse: &dyn Warehouse, workspace: &Workspace) -> Result<Reads> {
    check::reads(play, warehouse.dialect(), workspace.config.warehouse.schema())
}
