//! How are pairs read: a page, one in full, all that match a search, all of a group?

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::data::{PairBody, PairRow};
use super::read::{SnapshotReader, unreadable};
use super::write_pairs::pair_number;
use crate::error::Result;
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::resolve::graph::PairStatus;

const COLUMNS: &str = "position, kind, left_source, left_table, left_pk, right_source, right_table, right_pk, weight, \
                       probability, status, rule, priority, money, currency, reason, left_entity, right_entity, \
                       left_label, right_label, cluster";

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

    /// What lies behind many pairs, by their positions; those that do not exist are left out.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn pair_bodies(&self, positions: &[u32]) -> Result<Vec<(u32, PairBody)>> {
        let list = serde_json::to_string(positions).map_err(|cause| unreadable(&self.path, cause))?;
        let statement = "SELECT position, body FROM json_each(?) AS wanted JOIN pair_bodies ON position = wanted.value \
                         ORDER BY wanted.id";
        let mut connection = self.connection();
        let rows: Vec<(u32, String)> = self.wait(sqlx::query_as(statement).bind(list).fetch_all(&mut *connection))?;
        rows.into_iter()
            .map(|(position, text)| {
                serde_json::from_str(&text).map(|body| (position, body)).map_err(|cause| unreadable(&self.path, cause))
            })
            .collect()
    }

    /// The positions in the queue of the pairs of a cluster, ascending.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn queue_of_cluster(&self, cluster: u32) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let query =
            sqlx::query_scalar("SELECT position FROM pairs WHERE cluster = ? AND cluster > 0 ORDER BY position")
                .bind(i64::from(cluster));
        self.wait(query.fetch_all(&mut *connection))
    }

    /// Every pair, also those not asked, that stands between two entities or inside one, the heaviest first.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn pairs_between(&self, left: &EntityId, right: &EntityId, limit: u32) -> Result<Vec<PairRow>> {
        let statement = format!(
            "SELECT {COLUMNS} FROM pairs WHERE left_entity = ?1 AND right_entity = ?2 \
             UNION SELECT {COLUMNS} FROM pairs WHERE left_entity = ?2 AND right_entity = ?1 \
             ORDER BY weight DESC, position LIMIT ?3"
        );
        let mut connection = self.connection();
        let query =
            sqlx::query(AssertSqlSafe(statement)).bind(left.0.clone()).bind(right.0.clone()).bind(i64::from(limit));
        self.wait(query.try_map(|row| read(&row)).fetch_all(&mut *connection))
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
        cluster: row.try_get(20)?,
    })
}

fn status_of(word: &str) -> PairStatus {
    [PairStatus::Matched, PairStatus::Rejected, PairStatus::Accepted, PairStatus::Refused]
        .into_iter()
        .find(|status| status.as_str() == word)
        .unwrap_or(PairStatus::Review)
}
