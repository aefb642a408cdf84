//! How do screens get to see a run without asking the warehouse?
//!
//! What was published is read once and written into the workspace's snapshot. So a snapshot can also be made where the
//! run was not: in a fresh checkout over a shared warehouse.

mod entities;
mod pairs;
mod published;

use std::path::Path;

use crate::chart::kinds;
use crate::error::Result;
use crate::progress::Progress;
use crate::snapshot::{ConflictKind, Snapshot, SnapshotData};
use crate::warehouse::Warehouse;

/// Reads the last published run and writes the snapshot, whole or not at all.
///
/// # Errors
/// `NotFound` when nothing was published yet; `Warehouse` when the tables cannot be read; `Io` when the file cannot be
/// written; the old snapshot is then still there.
pub fn write(path: &Path, warehouse: &dyn Warehouse, schema: &str, progress: &dyn Progress) -> Result<()> {
    progress.step("snapshot");
    let published = published::Published::new(warehouse, schema);
    let mut run = published.run()?;
    run.fields = entities::fields(&published)?;
    let map = published.map()?;
    let conflicts = published.conflicts()?;
    let entities = entities::entities(&published)?;
    let cells = entities::cells(&published)?;
    let pairs = pairs::queue(&published, &entities)?;
    let kinds = kinds::ALL
        .iter()
        .map(|kind| ConflictKind {
            id: kind.id.to_owned(),
            term: kind.term.to_owned(),
            meaning: kind.detection.to_owned(),
            action: kind.action.to_owned(),
        })
        .collect();
    Snapshot::write(path, &SnapshotData { run, map, kinds, conflicts, pairs, entities, cells })
}
