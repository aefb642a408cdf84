//! Which decisions are taken back, of all that were taken back and put back again?

use rustc_hash::FxHashMap;
use sqlx::{Row as _, SqliteConnection};

use super::fault::Fault;

/// Undos and redos that still count, the latest of each target.
#[derive(Default)]
pub(super) struct Toggles {
    entries: FxHashMap<i64, Toggle>,
    batches: FxHashMap<String, Toggle>,
}

/// One undo or redo; the later is the greater.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Toggle {
    tick: i64,
    hash: Vec<u8>,
    undo: bool,
}

impl Toggles {
    /// Whether a batch is undone as a whole.
    pub fn batch_is_undone(&self, batch: &str) -> bool {
        self.batches.get(batch).is_some_and(|toggle| toggle.undo)
    }

    /// Whether a decision is undone by its own name or by that of its batch, whichever came later; `None` if nothing
    /// names it by its own.
    pub fn entry_is_undone(&self, seq: i64, batch: &str) -> Option<bool> {
        let own = self.entries.get(&seq)?;
        Some(self.batches.get(batch).map_or(own, |other| other.max(own)).undo)
    }
}

/// The latest undo or redo of each decision and each batch.
pub(super) async fn toggles(connection: &mut SqliteConnection) -> Result<Toggles, Fault> {
    let rows = sqlx::query(
        "SELECT toggle.tick, toggle.hash, context.action = 'undo', target.seq, context.batch FROM context \
         CROSS JOIN entry AS toggle ON toggle.context = context.id LEFT JOIN entry AS target \
         ON target.hash = toggle.target WHERE context.action IN ('undo', 'redo')",
    )
    .fetch_all(connection)
    .await?;
    let mut toggles = Toggles::default();
    for row in rows {
        let toggle = Toggle { tick: row.try_get(0)?, hash: row.try_get(1)?, undo: row.try_get(2)? };
        let batch: String = row.try_get(4)?;
        match row.try_get::<Option<i64>, _>(3)? {
            Some(seq) => keep_latest(toggles.entries.entry(seq), toggle),
            None if !batch.is_empty() => keep_latest(toggles.batches.entry(batch), toggle),
            // It names a decision of a log that is not here.
            None => {}
        }
    }
    Ok(toggles)
}

fn keep_latest<K>(slot: std::collections::hash_map::Entry<'_, K, Toggle>, toggle: Toggle) {
    slot.and_modify(|known| *known = toggle.clone().max(known.clone())).or_insert(toggle);
}
