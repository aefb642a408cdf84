//! How do screens get to see a run without asking the warehouse?
//!
//! What was published is read once and written into the workspace's snapshot. So a snapshot can also be made where the
//! run was not: in a fresh checkout over a shared warehouse.

mod addresses;
mod answered;
pub mod bridges;
mod entities;
mod neighbours;
mod pairs;
mod published;

use std::path::Path;

use crate::chart::kinds;
use crate::config::Config;
use crate::error::Result;
use crate::progress::Progress;
use crate::review::ReviewLog;
use crate::snapshot::{ConflictKind, Snapshot, SnapshotData};
use crate::warehouse::Warehouse;

/// What a snapshot is made from.
#[derive(Clone, Copy)]
pub struct SnapshotInput<'a> {
    /// Where the run was published.
    pub warehouse: &'a dyn Warehouse,
    /// What the team decided about the workspace.
    pub config: &'a Config,
    /// What people decided about pairs; without it every pair is open.
    pub log: Option<&'a ReviewLog>,
}

/// Reads the last published run and writes the snapshot, whole or not at all.
///
/// # Errors
/// `NotFound` when nothing was published yet; `Warehouse` when the tables cannot be read; `Io` when the file cannot be
/// written; the old snapshot is then still there.
pub fn write(path: &Path, input: &SnapshotInput<'_>, progress: &dyn Progress) -> Result<()> {
    progress.step("snapshot");
    let SnapshotInput { warehouse, config, log } = *input;
    let schema = config.warehouse.schema();
    let published = published::Published::new(warehouse, schema);
    let mut run = published.run()?;
    run.fields = entities::fields(&published)?;
    let map = published.map()?;
    let conflicts = published.conflicts()?;
    let entities = entities::entities(&published)?;
    let cells = entities::cells(&published)?;
    let fan_out = neighbours::fan_out(&published)?;
    let queue = pairs::queue(&pairs::Input {
        published: &published,
        entities: &entities,
        fan_out: &fan_out,
        log,
        addresses: &addresses::Addresses::of(&map, config)?,
        drawn: config.review.sample,
    })?;
    let around = neighbours::read(&published, &queue.pairs)?;
    let kinds = kinds::ALL
        .iter()
        .map(|kind| ConflictKind {
            id: kind.id.to_owned(),
            term: kind.term.to_owned(),
            meaning: kind.detection.to_owned(),
            action: kind.action.to_owned(),
        })
        .collect();
    let pairs::Queue { pairs, strata } = queue;
    Snapshot::write(path, &SnapshotData { run, map, kinds, conflicts, pairs, entities, cells, around, strata })
}
