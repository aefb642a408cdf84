//! How is what stands around an entity read?

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::around::{Edge, Member, Neighbour, Neighbours, PlayOutput, Stratum};
use super::groups::PairGroup;
use super::read::{SnapshotReader, unreadable};
use crate::error::Result;
use crate::ident::{EntityId, RecordKey};

/// The most records of one entity that are read: more would fit on no screen.
const MEMBERS: i64 = 500;

impl SnapshotReader {
    /// The records of an entity that pairs are about, in the order of their keys.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn members(&self, entity: &EntityId) -> Result<Vec<Member>> {
        let mut connection = self.connection();
        let query = sqlx::query(
            "SELECT source, table_name, pk, rule FROM members \
             WHERE entity = (SELECT position FROM entities WHERE id = ?) ORDER BY source, table_name, pk LIMIT ?",
        )
        .bind(entity.0.clone())
        .bind(MEMBERS);
        self.wait(
            query
                .try_map(|row: SqliteRow| {
                    Ok(Member {
                        entity: entity.clone(),
                        record: RecordKey::new(
                            row.try_get::<String, _>(0)?,
                            row.try_get::<String, _>(1)?,
                            row.try_get::<String, _>(2)?,
                        ),
                        rule: row.try_get(3)?,
                    })
                })
                .fetch_all(&mut *connection),
        )
    }

    /// What hangs on an entity, relation by relation.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn neighbours(&self, entity: &EntityId) -> Result<Vec<Neighbours>> {
        let mut connection = self.connection();
        let query = sqlx::query_as(
            "SELECT relation, total, items FROM neighbours \
             WHERE entity = (SELECT position FROM entities WHERE id = ?) ORDER BY relation",
        )
        .bind(entity.0.clone());
        let rows: Vec<(String, i64, String)> = self.wait(query.fetch_all(&mut *connection))?;
        rows.into_iter()
            .map(|(relation, total, items)| {
                let items: Vec<Neighbour> =
                    serde_json::from_str(&items).map_err(|cause| unreadable(&self.path, cause))?;
                Ok(Neighbours { entity: entity.clone(), relation, total: total.unsigned_abs(), items })
            })
            .collect()
    }

    /// The edges at an entity, those above it and those below.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn edges(&self, entity: &EntityId) -> Result<Vec<Edge>> {
        let mut connection = self.connection();
        let query = sqlx::query_as(
            "SELECT child, parent, relation, basis FROM edges WHERE child = ?1 \
             UNION SELECT child, parent, relation, basis FROM edges WHERE parent = ?1 ORDER BY 1, 2, 3, 4 LIMIT 200",
        )
        .bind(entity.0.clone());
        let rows: Vec<(String, String, String, String)> = self.wait(query.fetch_all(&mut *connection))?;
        Ok(rows
            .into_iter()
            .map(|(child, parent, relation, basis)| Edge {
                child: EntityId::new(child),
                parent: EntityId::new(parent),
                relation,
                basis,
            })
            .collect())
    }

    /// What plays said of an entity.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn play_outputs(&self, entity: &EntityId) -> Result<Vec<PlayOutput>> {
        let mut connection = self.connection();
        let query = sqlx::query_as(
            "SELECT play, output, value FROM play_outputs \
             WHERE entity = (SELECT position FROM entities WHERE id = ?) ORDER BY play, output",
        )
        .bind(entity.0.clone());
        let rows: Vec<(String, String, String)> = self.wait(query.fetch_all(&mut *connection))?;
        Ok(rows
            .into_iter()
            .map(|(play, output, value)| PlayOutput { entity: entity.clone(), play, output, value })
            .collect())
    }

    /// The strata of the random draw.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn strata(&self) -> Result<Vec<Stratum>> {
        self.json("strata")
    }

    /// The groups of the queue: by rule, by pair of sources, by reason, by cluster; in each the largest first.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn groups(&self) -> Result<Vec<PairGroup>> {
        self.json("groups")
    }
}
