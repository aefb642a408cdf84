//! Which proposals were accepted, and did they hold?

use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::DriftStore;
use crate::error::Result;

/// A proposal that a person accepted or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// Its id.
    pub id: String,
    /// `accepted` or `refused`.
    pub status: String,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// The proposal as JSON.
    pub body: String,
    /// In how many runs since it held, and in how many it did not.
    pub held: (u64, u64),
    /// What the last run said of it.
    pub said: String,
}

impl DriftStore {
    /// Remembers what a person said of a proposal.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn put_proposal(&self, row: &ProposalRow) -> Result<()> {
        let row = row.clone();
        self.wait("write", async move |connection| {
            sqlx::query("INSERT OR REPLACE INTO proposals VALUES (?, ?, ?, ?, ?)")
                .bind(row.id)
                .bind(row.status)
                .bind(row.who)
                .bind(row.at)
                .bind(row.body)
                .execute(connection)
                .await
                .map(|_| ())
        })
    }

    /// Remembers whether an accepted proposal held in a run.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn put_held(&self, proposal: &str, run_id: &str, held: bool, said: &str) -> Result<()> {
        let (proposal, run_id, said) = (proposal.to_owned(), run_id.to_owned(), said.to_owned());
        self.wait("write", async move |connection| {
            sqlx::query("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)")
                .bind(proposal)
                .bind(run_id)
                .bind(held)
                .bind(said)
                .execute(connection)
                .await
                .map(|_| ())
        })
    }

    /// Every proposal that somebody answered, oldest first.
    ///
    /// # Errors
    /// `Data` when the file is damaged.
    pub fn proposals(&self) -> Result<Vec<ProposalRow>> {
        self.wait("read", async |connection| {
            let rows = sqlx::query(
                "SELECT proposal_id, status, who, at, body, \
                 (SELECT count(*) FROM held h WHERE h.proposal_id = p.proposal_id AND held = 1), \
                 (SELECT count(*) FROM held h WHERE h.proposal_id = p.proposal_id AND held = 0), \
                 coalesce((SELECT said FROM held h WHERE h.proposal_id = p.proposal_id ORDER BY run_id DESC LIMIT 1), '') \
                 FROM proposals p ORDER BY at, proposal_id",
            )
            .fetch_all(connection)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(ProposalRow {
                        id: row.try_get(0)?,
                        status: row.try_get(1)?,
                        who: row.try_get(2)?,
                        at: row.try_get(3)?,
                        body: row.try_get(4)?,
                        held: (row.try_get::<i64, _>(5)?.unsigned_abs(), row.try_get::<i64, _>(6)?.unsigned_abs()),
                        said: row.try_get(7)?,
                    })
                })
                .collect()
        })
    }
}
