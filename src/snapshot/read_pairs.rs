//! How are pairs read: a page, one in full, all that match a search, all of a group?

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::data::{PairBody, PairRow};
use super::read::{SnapshotReader, unreadable};
use super::write_pairs::pair_number;
use crate::error::Result;
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::progress::CancelToken;
use crate::resolve::graph::PairStatus;

const COLUMNS: &str = "position, kind, left_source, left_table, left_pk, right_source, right_table, right_pk, weight, \
                       probability, status, rule, priority, money, currency, reason, left_entity, right_entity, \
                       left_label, right_label";

/// The few columns that a search looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct PairScan {
    /// The place in the queue.
    pub position: u32,
    /// `account` or `person`.
    pub kind: String,
    /// The left record's source.
    pub left_source: String,
    /// The right record's source.
    pub right_source: String,
    /// What proposed the pair.
    pub rule: String,
    /// Why it is asked.
    pub reason: String,
    /// The left record in words.
    pub left_label: String,
    /// The right record in words.
    pub right_label: String,
}

impl SnapshotReader {
    /// The pairs from a position on, at most `limit`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn pairs_from(&self, position: u32, limit: u32) -> Result<Vec<PairRow>> {
        let statement = format!("SELECT {COLUMNS} FROM pairs WHERE position >= ? ORDER BY position LIMIT ?");
        let mut connection = self.connection();
        let query = sqlx::query(AssertSqlSafe(statement)).bind(i64::from(position)).bind(i64::from(limit));
        self.wait(query.try_map(|row| read(&row)).fetch_all(&mut *connection))
    }

    /// The pairs at these positions, in their order; those that do not exist are left out.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn pairs_at(&self, positions: &[u32]) -> Result<Vec<PairRow>> {
        let list = serde_json::to_string(positions).map_err(|cause| unreadable(&self.path, cause))?;
        let statement = format!(
            "SELECT {COLUMNS} FROM json_each(?) AS wanted JOIN pairs ON position = wanted.value ORDER BY wanted.id"
        );
        let mut connection = self.connection();
        self.wait(
            sqlx::query(AssertSqlSafe(statement)).bind(list).try_map(|row| read(&row)).fetch_all(&mut *connection),
        )
    }

    /// What lies behind a pair: fields, bars, evidence.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn pair_body(&self, position: u32) -> Result<Option<PairBody>> {
        let mut connection = self.connection();
        let query = sqlx::query_scalar("SELECT body FROM pair_bodies WHERE position = ?").bind(i64::from(position));
        let text: Option<String> = self.wait(query.fetch_optional(&mut *connection))?;
        text.map(|text| serde_json::from_str(&text).map_err(|cause| unreadable(&self.path, cause))).transpose()
    }

    /// Where pairs stand, by their keys; those that are not in the snapshot are left out.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn find_pairs(&self, keys: &[PairKey]) -> Result<Vec<PairRow>> {
        let mut found = Vec::new();
        for chunk in keys.chunks(500) {
            let numbers: Vec<i64> = chunk.iter().map(|key| pair_number(&key.id())).collect();
            let list = serde_json::to_string(&numbers).map_err(|cause| unreadable(&self.path, cause))?;
            let statement = format!(
                "SELECT {COLUMNS} FROM json_each(?) AS wanted JOIN pairs ON pairs.id = wanted.value ORDER BY wanted.id"
            );
            let mut connection = self.connection();
            let query = sqlx::query(AssertSqlSafe(statement)).bind(list);
            found.extend(self.wait(query.try_map(|row| read(&row)).fetch_all(&mut *connection))?);
        }
        Ok(found)
    }

    /// The pair with that id (`p` and 16 hexadecimal digits).
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn find_pair_id(&self, id: &str) -> Result<Option<PairRow>> {
        let statement = format!("SELECT {COLUMNS} FROM pairs WHERE id = ? LIMIT 1");
        let mut connection = self.connection();
        let query = sqlx::query(AssertSqlSafe(statement)).bind(pair_number(id));
        self.wait(query.try_map(|row| read(&row)).fetch_optional(&mut *connection))
    }

    /// The positions in the queue of the pairs that a rule proposed, ascending.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn queue_of_rule(&self, rule: &str) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let query = sqlx::query_scalar("SELECT position FROM pairs WHERE rule = ? AND position < ? ORDER BY position")
            .bind(rule.to_owned())
            .bind(i64::from(self.queue_length()));
        self.wait(query.fetch_all(&mut *connection))
    }

    /// The positions in the queue of the pairs that touch one of these entities, ascending.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn queue_of_entities(&self, entities: &[EntityId]) -> Result<Vec<u32>> {
        let mut positions: Vec<u32> = Vec::new();
        for entity in entities {
            let mut connection = self.connection();
            let query = sqlx::query_scalar(
                "SELECT position FROM pairs WHERE left_entity = ?1 AND position < ?2 \
                 UNION SELECT position FROM pairs WHERE right_entity = ?1 AND position < ?2",
            )
            .bind(entity.0.clone())
            .bind(i64::from(self.queue_length()));
            let touching: Vec<u32> = self.wait(query.fetch_all(&mut *connection))?;
            positions.extend(touching);
        }
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }

    /// Shows every pair of the queue to `keep`, in order, and returns the positions of those it keeps.
    ///
    /// # Errors
    /// `Cancelled` when the token was pulled; otherwise as [`run`](Self::run).
    pub fn scan_queue(&self, cancel: &CancelToken, mut keep: impl FnMut(&PairScan) -> bool) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let mut kept = Vec::new();
        let done = self.wait(async {
            let mut rows = sqlx::query(
                "SELECT position, kind, left_source, right_source, rule, reason, left_label, right_label \
                 FROM pairs WHERE position < ? ORDER BY position",
            )
            .bind(i64::from(self.queue_length()))
            .fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                if cancel.is_cancelled() {
                    return Ok(false);
                }
                let scan = PairScan {
                    position: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    left_source: row.try_get(2)?,
                    right_source: row.try_get(3)?,
                    rule: row.try_get(4)?,
                    reason: row.try_get(5)?,
                    left_label: row.try_get(6)?,
                    right_label: row.try_get(7)?,
                };
                if keep(&scan) {
                    kept.push(scan.position);
                }
            }
            Ok(true)
        })?;
        if done { Ok(kept) } else { Err(crate::error::Error::cancelled()) }
    }
}

fn read(row: &SqliteRow) -> std::result::Result<PairRow, sqlx::Error> {
    let kind: String = row.try_get(1)?;
    let status: String = row.try_get(10)?;
    Ok(PairRow {
        position: row.try_get(0)?,
        key: PairKey {
            left: RecordKey::new(
                row.try_get::<String, _>(2)?,
                row.try_get::<String, _>(3)?,
                row.try_get::<String, _>(4)?,
            ),
            right: RecordKey::new(
                row.try_get::<String, _>(5)?,
                row.try_get::<String, _>(6)?,
                row.try_get::<String, _>(7)?,
            ),
        },
        kind: if kind == EntityKind::Person.as_str() { EntityKind::Person } else { EntityKind::Account },
        weight: row.try_get(8)?,
        probability: row.try_get(9)?,
        status: status_of(&status),
        rule: row.try_get(11)?,
        priority: row.try_get(12)?,
        money: row.try_get(13)?,
        currency: row.try_get(14)?,
        reason: row.try_get(15)?,
        left_entity: EntityId::new(row.try_get::<String, _>(16)?),
        right_entity: EntityId::new(row.try_get::<String, _>(17)?),
        left_label: row.try_get(18)?,
        right_label: row.try_get(19)?,
    })
}

fn status_of(word: &str) -> PairStatus {
    [PairStatus::Matched, PairStatus::Rejected, PairStatus::Accepted, PairStatus::Refused]
        .into_iter()
        .find(|status| status.as_str() == word)
        .unwrap_or(PairStatus::Review)
}
