//! Which conflicts are there that somebody looks for, and how do they roll up?

use futures_util::TryStreamExt as _;
use sqlx::Row as _;

use super::data::ConflictRow;
use super::read::{SnapshotReader, unreadable};
use super::roll_up::{KindTrend, SurfaceCount};
use crate::chart::conflict::Conflict;
use crate::error::{Error, Result};
use crate::progress::CancelToken;

impl SnapshotReader {
    /// The conflicts surface against surface, field by field.
    ///
    /// # Errors
    /// As [`run`](Self::run); so for all that follow.
    pub fn surface_counts(&self) -> Result<Vec<SurfaceCount>> {
        self.json("surface_counts")
    }

    /// How many conflicts of each kind there were in an earlier run; none before a second run.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn conflict_trends(&self) -> Result<Vec<KindTrend>> {
        self.json("conflict_trends")
    }

    /// Every conflict, the gravest first.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn every_conflict(&self) -> Result<Vec<ConflictRow>> {
        self.conflicts_from(0, u32::MAX)
    }

    /// The positions of the conflicts that `wanted` takes, in order.
    ///
    /// # Errors
    /// `Cancelled` when the token was pulled; otherwise as [`run`](Self::run).
    pub fn scan_conflicts(
        &self,
        cancel: &CancelToken,
        mut wanted: impl FnMut(&Conflict, &str) -> bool,
    ) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let mut kept = Vec::new();
        let mut damaged = None;
        let done = self.wait(async {
            let mut rows =
                sqlx::query("SELECT position, label, body FROM conflicts ORDER BY position").fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                if cancel.is_cancelled() {
                    return Ok(false);
                }
                let body: &str = row.try_get(2)?;
                match serde_json::from_str::<Conflict>(body) {
                    Ok(conflict) if wanted(&conflict, row.try_get(1)?) => kept.push(row.try_get(0)?),
                    Ok(_) => {}
                    Err(cause) => damaged = Some(cause),
                }
            }
            Ok(true)
        })?;
        match damaged {
            Some(cause) => Err(unreadable(&self.path, cause)),
            None if done => Ok(kept),
            None => Err(Error::cancelled()),
        }
    }

    /// The conflicts at these positions, in their order.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn conflicts_at(&self, positions: &[u32]) -> Result<Vec<ConflictRow>> {
        let list = serde_json::to_string(positions).map_err(|cause| unreadable(&self.path, cause))?;
        let statement = "SELECT label, body FROM json_each(?) AS wanted JOIN conflicts ON position = wanted.value \
                         ORDER BY wanted.id";
        let rows = {
            let mut connection = self.connection();
            self.wait(sqlx::query(statement).bind(list).fetch_all(&mut *connection))?
        };
        rows.iter().map(|row| self.read_conflict(row)).collect()
    }

    /// The conflict whose id begins with these characters.
    ///
    /// # Errors
    /// `NotFound` when there is none, `Config` when there are several; otherwise as [`run`](Self::run).
    pub fn find_conflict(&self, prefix: &str) -> Result<ConflictRow> {
        let prefix = prefix.trim();
        let is_id = prefix.len() >= 4 && prefix.chars().all(|digit| digit.is_ascii_alphanumeric());
        if !is_id {
            return Err(Error::config(format!("{:?} is no id of a conflict", prefix.escape_default().to_string()))
                .hint("`fourfold conflicts` lists them with their ids; the first characters are enough"));
        }
        let rows = {
            let mut connection = self.connection();
            let query = sqlx::query("SELECT label, body FROM conflicts WHERE id >= ? AND id < ? LIMIT 2")
                .bind(prefix.to_owned())
                .bind(format!("{prefix}\u{7f}"));
            self.wait(query.fetch_all(&mut *connection))?
        };
        match rows.as_slice() {
            [] => Err(Error::not_found(format!("the last run has no conflict {prefix}"))
                .hint("`fourfold conflicts` lists them with their ids")),
            [row] => self.read_conflict(row),
            _ => Err(Error::config(format!("several conflicts begin with {prefix}")).hint("give more of the id")),
        }
    }
}
