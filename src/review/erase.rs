//! How does personal data leave the log, while the log stays whole and the pair is not asked again?
//!
//! The keys, hashes, notes and salt of every entry about a record are emptied and overwritten on disk. Their seal
//! stays, so that the chain verifies; an entry names what was emptied; a tombstone recognises each pair that was
//! decided.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::error::{Context as _, ErrorKind, Result};
use crate::ident::RecordKey;

use super::entry::EntryId;
use super::fault::Fault;
use super::link::{self, Draft};
use super::replay::erasures;
use super::row::{Context, StoredRow, damaged, subject_of};
use super::store::ReviewLog;
use super::tombstone::{Erasure, stone};
use super::undo::is_undone;
use super::write::{named, plain};
use super::{chain, hex, history};

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EraseReport {
    /// Entries that were emptied.
    pub entries: usize,
    /// Decided pairs that will be recognised, and not asked again.
    pub tombstones: usize,
    /// Whether nothing of it is left in the file or beside it. `false` while another program is reading an older state
    /// of the log; the next write after it has finished clears the rest.
    pub wiped: bool,
}

impl ReviewLog {
    /// Empties every entry about these records: the members of the person or company to be forgotten.
    ///
    /// `reason` is kept for good: a ticket number, not a name. Exports and backups made earlier are out of reach; an
    /// import elsewhere of a new export repeats the erasure there.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn erase(&self, records: &[RecordKey], reviewer: &str, reason: &str, at: Timestamp) -> Result<EraseReport> {
        let context = Context { action: "erase".to_owned(), ..named(reviewer)? };
        plain("reason", reason)?;
        let (nonce, new_key) = (self.random_hex(16), self.random_hex(32));
        let mut report = self.write("erase from", &async |connection| {
            let mut erasure = Erasure { key: new_key.clone(), reason: reason.to_owned(), ..Erasure::default() };
            if let Some(key) = own_key(connection).await? {
                erasure.key = key;
            }
            for row in rows_about(connection, records).await? {
                remember(connection, &row, &mut erasure).await?;
                empty(connection, &row).await?;
            }
            erasure.entries = erasure.ids.len();
            erasure.tombstones.sort_unstable();
            erasure.tombstones.dedup();
            let report = EraseReport { entries: erasure.entries, tombstones: erasure.tombstones.len(), wiped: true };
            if report.entries > 0 {
                let detail = serde_json::to_string(&erasure)
                    .context(ErrorKind::Internal, || "cannot spell an erasure as JSON".to_owned())?;
                let context = context.clone();
                let draft = Draft { context, at: at.as_microsecond(), detail: Some(detail), ..Draft::default() };
                link::append(connection, vec![draft], &nonce).await?;
            }
            Ok(report)
        })?;
        report.wiped = self.checkpoint()?;
        Ok(report)
    }
}

/// The key of the tombstones of this log, once it has one: one key keeps recognition fast.
async fn own_key(connection: &mut SqliteConnection) -> Result<Option<String>, Fault> {
    let own: Option<i64> = sqlx::query_scalar(
        "SELECT entry.seq FROM context CROSS JOIN entry ON entry.context = context.id \
         WHERE context.action = 'erase' AND entry.imported = 0 LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(own) = own else { return Ok(None) };
    Ok(erasures(connection).await?.into_iter().find(|(seq, _)| *seq == own).map(|(_, erasure)| erasure.key))
}

/// Every row that is about one of the records.
async fn rows_about(connection: &mut SqliteConnection, records: &[RecordKey]) -> Result<Vec<StoredRow>, Fault> {
    let mut found = Vec::new();
    for record in records {
        // The keys as the column spells them, without the brackets: SQLite finds candidates, the comparison decides.
        let spelled = subject_of(&[record]);
        let mut query = history::select();
        query.push("WHERE instr(entry.subject, ").push_bind(spelled[1..spelled.len() - 1].to_owned());
        query.push(") > 0 ORDER BY entry.seq");
        for row in query.build().fetch_all(&mut *connection).await? {
            let row = StoredRow::read(&row)?;
            if row.records()?.is_some_and(|keys| keys.contains(record)) {
                found.push(row);
            }
        }
    }
    found.sort_by_key(|row| row.seq);
    found.dedup_by_key(|row| row.seq);
    Ok(found)
}

/// Notes the row's name and, if it is a decision in force, the tombstone of its pair.
async fn remember(connection: &mut SqliteConnection, row: &StoredRow, erasure: &mut Erasure) -> Result<(), Fault> {
    let id = row.id()?;
    if row.context.action == "decide" && !is_undone(connection, &id, &row.context.batch).await? {
        let key = hex::decode(&erasure.key).ok_or_else(|| damaged(row.seq, "the key of the tombstones"))?;
        let subject = row.personal.subject.as_deref().unwrap_or_default();
        erasure.tombstones.push(hex::encode(&stone(&key, subject)));
    }
    erasure.ids.push(id.to_string());
    Ok(())
}

/// Empties a row's personal part and leaves its seal.
async fn empty(connection: &mut SqliteConnection, row: &StoredRow) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE entry SET subject = NULL, fields = NULL, note = NULL, batch_name = NULL, salt = NULL, sealed = ? \
         WHERE seq = ?",
    )
    .bind(chain::seal(&row.personal).to_vec())
    .bind(row.seq)
    .execute(connection)
    .await?;
    Ok(())
}

/// Repeats here what the other log had erased; returns how many entries were emptied by it.
pub(super) async fn apply_imported(connection: &mut SqliteConnection, fresh: &[StoredRow]) -> Result<usize, Fault> {
    let mut emptied = 0;
    for row in fresh.iter().filter(|row| row.context.action == "erase") {
        let erasure: Erasure = serde_json::from_str(row.detail.as_deref().unwrap_or_default())
            .map_err(|cause| damaged(row.seq, "its list of entries").because(cause))?;
        for id in erasure.ids.iter().filter_map(|id| EntryId::parse(id)) {
            let mut query = history::select();
            query.push("WHERE entry.hash = ").push_bind(id.0.to_vec()).push(" AND entry.sealed IS NULL");
            if let Some(row) = query.build().fetch_optional(&mut *connection).await? {
                empty(connection, &StoredRow::read(&row)?).await?;
                emptied += 1;
            }
        }
    }
    Ok(emptied)
}
