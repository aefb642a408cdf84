//! How are entities, their cells and their conflicts read?

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::data::{CellRow, ConflictRow, EntityRow};
use super::read::{SnapshotReader, unreadable};
use crate::chart::conflict::Conflict;
use crate::error::{Error, Result};
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::progress::CancelToken;

const ENTITY: &str = "SELECT id, kind, label, arr, currency, status, sources, record_count FROM entities";

impl SnapshotReader {
    /// How many entities there are.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn entity_count(&self) -> Result<u32> {
        let mut connection = self.connection();
        let query = sqlx::query_scalar("SELECT coalesce(max(position) + 1, 0) FROM entities");
        self.wait(query.fetch_one(&mut *connection))
    }

    /// The entities from a position on, at most `limit`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn entities_from(&self, position: u32, limit: u32) -> Result<Vec<EntityRow>> {
        let statement = format!("{ENTITY} WHERE position >= ? ORDER BY position LIMIT ?");
        let mut connection = self.connection();
        let query = sqlx::query(AssertSqlSafe(statement)).bind(i64::from(position)).bind(i64::from(limit));
        self.wait(query.try_map(|row| read_entity(&row)).fetch_all(&mut *connection))
    }

    /// The entities at these positions, in their order.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn entities_at(&self, positions: &[u32]) -> Result<Vec<EntityRow>> {
        let list = serde_json::to_string(positions).map_err(|cause| unreadable(&self.path, cause))?;
        let statement = "SELECT entities.id, kind, label, arr, currency, status, sources, record_count \
                         FROM json_each(?) AS wanted JOIN entities ON position = wanted.value ORDER BY wanted.id";
        let mut connection = self.connection();
        self.wait(sqlx::query(statement).bind(list).try_map(|row| read_entity(&row)).fetch_all(&mut *connection))
    }

    /// One entity and its position.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn entity(&self, id: &EntityId) -> Result<Option<(u32, EntityRow)>> {
        let mut connection = self.connection();
        let query = sqlx::query(
            "SELECT id, kind, label, arr, currency, status, sources, record_count, position FROM entities WHERE id = ?",
        )
        .bind(id.0.clone());
        let read = query.try_map(|row: SqliteRow| Ok((row.try_get(8)?, read_entity(&row)?)));
        self.wait(read.fetch_optional(&mut *connection))
    }

    /// The revenue of some entities by currency, each counted once.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn revenue_of(&self, ids: &[EntityId]) -> Result<Vec<(String, f64)>> {
        let list = serde_json::to_string(ids).map_err(|cause| unreadable(&self.path, cause))?;
        let statement = "SELECT coalesce(currency, ''), sum(arr) FROM entities \
                         WHERE arr <> 0 AND id IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 2 DESC, 1";
        let mut connection = self.connection();
        self.wait(sqlx::query_as(statement).bind(list).fetch_all(&mut *connection))
    }

    /// Shows the label and id of every entity to `score`, in order, and returns the positions of those with a score.
    ///
    /// # Errors
    /// `Cancelled` when the token was pulled; otherwise as [`run`](Self::run).
    pub fn scan_entities(
        &self,
        cancel: &CancelToken,
        mut score: impl FnMut(&str, &str) -> Option<i64>,
    ) -> Result<Vec<(u32, i64)>> {
        let mut connection = self.connection();
        let mut kept = Vec::new();
        let done = self.wait(async {
            let mut rows =
                sqlx::query("SELECT position, label, id FROM entities ORDER BY position").fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                if cancel.is_cancelled() {
                    return Ok(false);
                }
                if let Some(score) = score(row.try_get(1)?, row.try_get(2)?) {
                    kept.push((row.try_get(0)?, score));
                }
            }
            Ok(true)
        })?;
        if done { Ok(kept) } else { Err(Error::cancelled()) }
    }

    /// The cells of an entity in the joined model, in the order to show them, the empty ones included.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn cells(&self, entity: &EntityId) -> Result<Vec<CellRow>> {
        let filled = self.filled_cells(entity)?;
        let fields = self.run()?.fields;
        if filled.is_empty() || fields.is_empty() {
            return Ok(filled);
        }
        let kind = if entity.as_str().starts_with("per_") { EntityKind::Person } else { EntityKind::Account };
        Ok(with_empty(entity, filled, fields.into_iter().filter(|note| note.kind == kind)))
    }

    fn filled_cells(&self, entity: &EntityId) -> Result<Vec<CellRow>> {
        let mut connection = self.connection();
        let query = sqlx::query(
            "SELECT field, value, rule, source, table_name, pk, column_name, sync_id, synced_at, personal FROM cells \
             WHERE entity = (SELECT position FROM entities WHERE id = ?) ORDER BY ordinal",
        )
        .bind(entity.0.clone());
        self.wait(query.try_map(|row| read_cell(entity, &row)).fetch_all(&mut *connection))
    }

    /// The conflicts from a position on, at most `limit`; [`KindCount::first`](super::KindCount) says where a kind
    /// begins.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn conflicts_from(&self, position: u64, limit: u32) -> Result<Vec<ConflictRow>> {
        let mut connection = self.connection();
        let query = sqlx::query("SELECT label, body FROM conflicts WHERE position >= ? ORDER BY position LIMIT ?")
            .bind(position as i64)
            .bind(i64::from(limit));
        let rows = self.wait(query.fetch_all(&mut *connection))?;
        rows.iter().map(|row| self.read_conflict(row)).collect()
    }

    /// The conflicts of an entity that are open.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn conflicts_of(&self, entity: &EntityId) -> Result<Vec<ConflictRow>> {
        let mut connection = self.connection();
        let query = sqlx::query(
            "SELECT label, body FROM conflicts WHERE entity = ? AND status = 'open' ORDER BY position LIMIT 200",
        )
        .bind(entity.0.clone());
        let rows = self.wait(query.fetch_all(&mut *connection))?;
        rows.iter().map(|row| self.read_conflict(row)).collect()
    }

    fn read_conflict(&self, row: &SqliteRow) -> Result<ConflictRow> {
        let label = row.try_get(0).map_err(|cause| unreadable(&self.path, cause))?;
        let body: &str = row.try_get(1).map_err(|cause| unreadable(&self.path, cause))?;
        let conflict: Conflict = serde_json::from_str(body).map_err(|cause| unreadable(&self.path, cause))?;
        Ok(ConflictRow { conflict, label })
    }
}

/// The filled cells and, at its place, each field that has none.
fn with_empty(entity: &EntityId, filled: Vec<CellRow>, fields: impl Iterator<Item = super::FieldNote>) -> Vec<CellRow> {
    let mut filled = filled;
    let mut cells = Vec::new();
    for note in fields {
        match filled.iter().position(|cell| cell.field == note.field) {
            Some(place) => cells.push(filled.remove(place)),
            None => cells.push(CellRow {
                entity: entity.clone(),
                field: note.field,
                value: None,
                rule: note.empty,
                record: None,
                column: String::new(),
                sync_id: None,
                synced_at: None,
                personal: false,
            }),
        }
    }
    // Cells of fields that the model does not list come last, as they were written.
    cells.extend(filled);
    cells
}

fn read_entity(row: &SqliteRow) -> std::result::Result<EntityRow, sqlx::Error> {
    let kind: &str = row.try_get(1)?;
    let sources: &str = row.try_get(6)?;
    let count: i64 = row.try_get(7)?;
    Ok(EntityRow {
        id: EntityId::new(row.try_get::<String, _>(0)?),
        kind: if kind == EntityKind::Person.as_str() { EntityKind::Person } else { EntityKind::Account },
        label: row.try_get(2)?,
        arr: row.try_get(3)?,
        currency: row.try_get(4)?,
        status: row.try_get(5)?,
        sources: serde_json::from_str(sources).map_err(|cause| sqlx::Error::Decode(cause.into()))?,
        record_count: count.unsigned_abs(),
    })
}

fn read_cell(entity: &EntityId, row: &SqliteRow) -> std::result::Result<CellRow, sqlx::Error> {
    let source: Option<String> = row.try_get(3)?;
    let record = match source {
        Some(source) => Some(RecordKey::new(
            source,
            row.try_get::<Option<String>, _>(4)?.unwrap_or_default(),
            row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
        )),
        None => None,
    };
    Ok(CellRow {
        entity: entity.clone(),
        field: row.try_get(0)?,
        value: row.try_get(1)?,
        rule: row.try_get(2)?,
        record,
        column: row.try_get(6)?,
        sync_id: row.try_get(7)?,
        synced_at: row.try_get(8)?,
        personal: row.try_get(9)?,
    })
}
