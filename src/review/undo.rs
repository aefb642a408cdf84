//! How is a verdict taken back, and put back in force, without touching its row?
//!
//! Undo and redo are entries of their own. Of all that name a decision, or its batch, the latest decides.

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use crate::error::{Error, Result};

use super::entry::{BatchId, Entry, EntryId, Target};
use super::fault::Fault;
use super::link::Draft;
use super::row::{Context, id_of};
use super::store::ReviewLog;
use super::write::named;

/// The latest undo or redo that names a decision, or the batch it belongs to. A batch that is empty names none.
pub(super) const LATEST_TOGGLE: &str = "SELECT tick, hash, undo FROM ( \
    SELECT toggle.tick, toggle.hash, context.action = 'undo' AS undo FROM entry AS toggle \
        JOIN context ON context.id = toggle.context WHERE toggle.target = ? \
    UNION ALL SELECT toggle.tick, toggle.hash, context.action = 'undo' FROM context \
        CROSS JOIN entry AS toggle ON toggle.context = context.id \
        WHERE context.batch = ? AND context.batch <> '' AND context.action IN ('undo', 'redo') \
    ) ORDER BY tick DESC, hash DESC LIMIT 1";

impl ReviewLog {
    /// Takes back a decision or a whole batch.
    ///
    /// # Errors
    /// `NotFound` if there is no such decision or batch; `Data` if it is taken back already; otherwise as
    /// [`append`](Self::append).
    pub fn undo(&self, target: &Target, reviewer: &str, at: Timestamp) -> Result<Entry> {
        self.toggle(target, reviewer, at, true)
    }

    /// Puts back in force what was undone.
    ///
    /// # Errors
    /// `NotFound` if there is no such decision or batch; `Data` if it is in force already; otherwise as
    /// [`append`](Self::append).
    pub fn redo(&self, target: &Target, reviewer: &str, at: Timestamp) -> Result<Entry> {
        self.toggle(target, reviewer, at, false)
    }

    /// What the reviewer's next undo would take back: their latest decision in force, or the batch it belongs to. Read
    /// from the file, so that it also works after a restart.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn undoable(&self, reviewer: &str) -> Result<Option<Target>> {
        self.read("read", &async |connection| {
            let (mut before, mut passed) = (i64::MAX, String::new());
            while let Some((seq, id, batch)) = decision_before(connection, reviewer, before, &passed).await? {
                let target = if batch.is_empty() { Target::Entry(id) } else { Target::Batch(BatchId(batch.clone())) };
                before = seq;
                if state(connection, &target).await? == Some(true) {
                    // A batch may be long, and was undone as one.
                    passed = batch;
                } else if !is_undone(connection, &id, &batch).await? {
                    return Ok(Some(target));
                }
            }
            Ok(None)
        })
    }

    /// What the reviewer's next redo would put back: the latest thing they undid, unless they decided anew since.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn redoable(&self, reviewer: &str) -> Result<Option<Target>> {
        self.read("read", &async |connection| {
            let decided = decision_before(connection, reviewer, i64::MAX, "").await?.map_or(0, |(seq, ..)| seq);
            let undos = sqlx::query(
                "SELECT entry.target, context.batch FROM context CROSS JOIN entry ON entry.context = context.id \
                 WHERE context.reviewer = ? AND context.action = 'undo' AND entry.imported = 0 AND entry.seq > ? \
                 ORDER BY entry.seq DESC",
            )
            .bind(reviewer)
            .bind(decided)
            .fetch_all(&mut *connection)
            .await?;
            for undo in undos {
                let (target, batch): (Option<Vec<u8>>, String) = (undo.try_get(0)?, undo.try_get(1)?);
                let target = match target.as_deref().and_then(id_of) {
                    Some(id) => Target::Entry(id),
                    None => Target::Batch(BatchId(batch)),
                };
                if state(connection, &target).await? == Some(true) {
                    return Ok(Some(target));
                }
            }
            Ok(None)
        })
    }

    fn toggle(&self, target: &Target, reviewer: &str, at: Timestamp, undo: bool) -> Result<Entry> {
        let context = Context { action: if undo { "undo" } else { "redo" }.to_owned(), ..named(reviewer)? };
        self.append_checked("write to", &async |connection| {
            match state(connection, target).await? {
                None => {
                    return Err(Error::not_found(format!("the review log has no {target}"))
                        .hint("`fourfold log list` shows the decisions and their names.")
                        .into());
                }
                Some(undone) if undone == undo => {
                    let is = if undo { "taken back" } else { "in force" };
                    return Err(Error::data(format!("{target} is {is} already")).into());
                }
                Some(_) => {}
            }
            let mut draft = Draft { context: context.clone(), at: at.as_microsecond(), ..Draft::default() };
            match target {
                Target::Entry(id) => draft.target = Some(id.0.to_vec()),
                Target::Batch(batch) => draft.context.batch.clone_from(&batch.0),
            }
            Ok(draft)
        })
    }
}

/// Whether a decision or a batch is undone; `None` if there is no such thing.
async fn state(connection: &mut SqliteConnection, target: &Target) -> Result<Option<bool>, Fault> {
    let batch: Option<String> = match target {
        Target::Entry(id) => {
            sqlx::query_scalar(
                "SELECT context.batch FROM entry JOIN context ON context.id = entry.context \
                 WHERE entry.hash = ? AND context.action = 'decide'",
            )
            .bind(id.0.to_vec())
            .fetch_optional(&mut *connection)
            .await?
        }
        Target::Batch(batch) => {
            sqlx::query_scalar("SELECT batch FROM context WHERE batch = ? AND action = 'decide' LIMIT 1")
                .bind(batch.0.clone())
                .fetch_optional(&mut *connection)
                .await?
        }
    };
    let Some(batch) = batch else { return Ok(None) };
    let id = match target {
        Target::Entry(id) => *id,
        Target::Batch(_) => EntryId::NONE,
    };
    is_undone(connection, &id, &batch).await.map(Some)
}

/// Whether the latest undo or redo of a decision or its batch is an undo.
pub(super) async fn is_undone(connection: &mut SqliteConnection, id: &EntryId, batch: &str) -> Result<bool, Fault> {
    let toggle = sqlx::query(LATEST_TOGGLE).bind(id.0.to_vec()).bind(batch).fetch_optional(connection).await?;
    Ok(toggle.map(|row| row.try_get(2)).transpose()?.unwrap_or(false))
}

/// The reviewer's last decision written here before a row, outside of a batch: its place, its name and its batch.
async fn decision_before(
    connection: &mut SqliteConnection,
    reviewer: &str,
    before: i64,
    outside: &str,
) -> Result<Option<(i64, EntryId, String)>, Fault> {
    let row = sqlx::query(
        "SELECT entry.seq, entry.hash, context.batch FROM entry JOIN context ON context.id = +entry.context \
         WHERE entry.seq < ? AND entry.imported = 0 AND context.reviewer = ? AND context.action = 'decide' \
         AND (context.batch = '' OR context.batch <> ?) ORDER BY entry.seq DESC LIMIT 1",
    )
    .bind(before)
    .bind(reviewer)
    .bind(outside)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let hash: Vec<u8> = row.try_get(1)?;
    let Some(id) = id_of(&hash) else { return Ok(None) };
    Ok(Some((row.try_get(0)?, id, row.try_get(2)?)))
}
