//! Is every entry still what it was when it was written, and is none missing?
//!
//! Every row's hash is computed anew. Rows written here must follow each other without a gap; rows merged from another
//! log must each follow a row that is here, and an entry of ours must vouch for them. What this cannot see is a chain
//! that was cut at its end or written anew as a whole: compare the head's hash with one kept elsewhere for that.

use futures_util::TryStreamExt as _;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::error::Result;

use super::chain;
use super::entry::EntryId;
use super::fault::Fault;
use super::interchange::Receipt;
use super::row::{COLUMNS, StoredRow, id_of};
use super::store::ReviewLog;
use super::tombstone::Erasure;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct VerifyReport {
    /// Rows looked at.
    pub entries: usize,
    /// Of these, merged from other logs.
    pub imported: usize,
    /// Of these, emptied by an erasure.
    pub erased: usize,
    /// The end of the chain written here: keep it elsewhere.
    pub head: Option<EntryId>,
    /// The first row that is not what it was; `None` when all is well.
    pub broken: Option<Broken>,
}

impl VerifyReport {
    /// Whether all is well.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.broken.is_none()
    }
}

/// A row that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The row.
    pub seq: i64,
    /// The name it bears, if it can be read.
    pub id: Option<EntryId>,
    /// What is wrong with it, as one sentence without a full stop.
    pub reason: String,
}

/// What the walk knows of the rows before.
#[derive(Default)]
struct Walk {
    report: VerifyReport,
    ticks: FxHashMap<[u8; 32], i64>,
    head: Option<EntryId>,
    head_tick: i64,
    /// Merged rows that no entry of ours has vouched for yet.
    unvouched: Vec<[u8; 32]>,
    /// Rows whose personal part is gone, and those that an erasure names; erasures come after what they erase.
    emptied: Vec<(i64, EntryId)>,
    named_by_erasures: FxHashSet<EntryId>,
}

impl ReviewLog {
    /// Recomputes the whole chain and names the first row that is not what it was.
    ///
    /// `known_head` is a head that an earlier verification printed: if it is gone, the end of the log was cut off.
    ///
    /// # Errors
    /// `Log` if the file cannot be read at all. A broken chain is no error but a finding.
    pub fn verify(&self, known_head: Option<EntryId>) -> Result<VerifyReport> {
        self.read("verify", &async |connection| {
            let mut report = walk(connection).await?;
            if report.broken.is_none() {
                report.broken = cut_off(connection, known_head, report.entries).await?;
            }
            Ok(report)
        })
    }
}

async fn walk(connection: &mut SqliteConnection) -> Result<VerifyReport, Fault> {
    let mut walk = Walk::default();
    let statement = format!("SELECT {COLUMNS} FROM entry LEFT JOIN context ON context.id = entry.context ORDER BY seq");
    let mut rows = sqlx::query(AssertSqlSafe(statement)).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let expected = i64::try_from(walk.report.entries).unwrap_or(i64::MAX) + 1;
        let finding = match StoredRow::read(&row) {
            Ok(row) => {
                walk.step(&row, expected).err().map(|reason| Broken { seq: row.seq, id: id_of(&row.hash), reason })
            }
            Err(cause) => Some(Broken { seq: expected, id: None, reason: format!("it cannot be read: {cause}") }),
        };
        if finding.is_some() {
            walk.report.broken = finding;
            return Ok(walk.report);
        }
    }
    Ok(walk.finish())
}

impl Walk {
    /// Looks at the next row; says what is wrong with it.
    fn step(&mut self, row: &StoredRow, expected: i64) -> Result<(), String> {
        if row.seq != expected {
            return Err(format!("row {expected} is missing before it"));
        }
        let Some(id) = id_of(&row.hash) else { return Err("its hash is not 32 bytes long".to_owned()) };
        if chain::hash(row) != id.0 {
            return Err("its content does not match its hash".to_owned());
        }
        if row.sealed.is_some() {
            if row.personal != super::row::Personal::default() {
                return Err("it was erased, yet holds personal data".to_owned());
            }
            self.emptied.push((row.seq, id));
            self.report.erased += 1;
        }
        if row.context.action == "erase" {
            let erasure: Option<Erasure> = row.detail.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let erasure = erasure.ok_or("what it says of an erasure cannot be read")?;
            self.named_by_erasures.extend(erasure.ids.iter().filter_map(|id| EntryId::parse(id)));
        }
        let prev = id_of(&row.prev).ok_or("the hash it follows is not 32 bytes long")?;
        if row.imported {
            self.step_imported(row, prev)?;
        } else {
            self.step_own(row, prev, id)?;
        }
        self.ticks.insert(id.0, row.tick);
        self.report.entries += 1;
        Ok(())
    }

    fn step_own(&mut self, row: &StoredRow, prev: EntryId, id: EntryId) -> Result<(), String> {
        if prev != self.head.unwrap_or(EntryId::NONE) {
            return Err("it does not follow the entry before it".to_owned());
        }
        if self.head.is_some() && row.tick <= self.head_tick {
            return Err("its tick is not later than that of the entry before it".to_owned());
        }
        if row.context.action == "import" {
            let receipt: Option<Receipt> = row.detail.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let receipt = receipt.ok_or("what it says of a merge cannot be read")?;
            if receipt != Receipt::of(&self.unvouched) {
                return Err("the merged entries before it are not the ones it vouches for".to_owned());
            }
            self.unvouched.clear();
        } else if !self.unvouched.is_empty() && self.head.is_some() {
            return Err("the entries before it claim to be merged, and no entry records that merge".to_owned());
        }
        (self.head, self.head_tick) = (Some(id), row.tick);
        Ok(())
    }

    fn step_imported(&mut self, row: &StoredRow, prev: EntryId) -> Result<(), String> {
        self.report.imported += 1;
        if prev != EntryId::NONE {
            match self.ticks.get(&prev.0) {
                None => return Err("the entry it follows is not in the log".to_owned()),
                Some(tick) if *tick >= row.tick => {
                    return Err("its tick is not later than that of the entry it follows".to_owned());
                }
                Some(_) => {}
            }
        }
        if let Some(id) = id_of(&row.hash) {
            self.unvouched.push(id.0);
        }
        Ok(())
    }
}

impl Walk {
    /// What can only be said once all rows were seen.
    fn finish(mut self) -> VerifyReport {
        self.report.head = self.head;
        let unexplained = self.emptied.iter().find(|(_, id)| !self.named_by_erasures.contains(id));
        if let Some((seq, id)) = unexplained {
            let reason = "its personal part was removed, and no erasure names it".to_owned();
            self.report.broken = Some(Broken { seq: *seq, id: Some(*id), reason });
        } else if let Some(last) = self.unvouched.last() {
            let seq = i64::try_from(self.report.entries).unwrap_or(i64::MAX);
            let reason = "it claims to be merged from another log, and no entry records that merge".to_owned();
            self.report.broken = Some(Broken { seq, id: Some(EntryId(*last)), reason });
        }
        self.report
    }
}

/// Whether a head that was seen before is gone.
async fn cut_off(
    connection: &mut SqliteConnection,
    known_head: Option<EntryId>,
    entries: usize,
) -> Result<Option<Broken>, Fault> {
    let Some(head) = known_head else { return Ok(None) };
    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM entry WHERE hash = ?")
        .bind(head.0.to_vec())
        .fetch_one(connection)
        .await?;
    let reason = format!("the log ends here, and entry {head}, which was once its head, is gone");
    Ok((found == 0).then(|| Broken { seq: i64::try_from(entries).unwrap_or(i64::MAX), id: None, reason }))
}
