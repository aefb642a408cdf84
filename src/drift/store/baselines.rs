//! How is a baseline kept and found again?

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::Row as _;

use super::DriftStore;
use super::packed::{pack, unpack};
use crate::drift::baseline::{Baseline, TableBaseline};
use crate::drift::detect::Past;
use crate::drift::report::Report;
use crate::error::Result;

/// What a list of baselines shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaselineMeta {
    /// The run.
    pub run_id: String,
    /// The moment of the data, in seconds since 1970.
    pub as_of: i64,
    /// The engine that counted.
    pub engine: String,
    /// Whether the run was published.
    pub published: bool,
    /// How many tables it has.
    pub tables: u64,
}

impl DriftStore {
    /// Keeps a baseline, all of it or nothing.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn put_baseline(&self, baseline: &Baseline, published: bool) -> Result<()> {
        let head = pack(&Baseline { tables: Vec::new(), ..baseline.clone() })?;
        let past = pack(&Past::from(baseline))?;
        let bodies: Vec<(String, Vec<u8>)> = baseline
            .tables
            .iter()
            .map(|table| {
                let body = pack(table)?;
                let digest = Sha256::digest(&body);
                let mut hash = String::with_capacity(32);
                for byte in &digest[..16] {
                    // Writing to a string cannot fail.
                    let _ = write!(hash, "{byte:02x}");
                }
                Ok((hash, body))
            })
            .collect::<Result<_>>()?;
        let (run_id, as_of, engine) = (baseline.run_id.clone(), baseline.as_of, baseline.engine.clone());
        self.wait("write", async move |connection| {
            let mut transaction = sqlx::Connection::begin_with(connection, "BEGIN IMMEDIATE").await?;
            sqlx::query("DELETE FROM baseline_tables WHERE run_id = ?")
                .bind(&run_id)
                .execute(&mut *transaction)
                .await?;
            sqlx::query("INSERT OR REPLACE INTO baselines VALUES (?, ?, ?, ?, ?, ?)")
                .bind(&run_id)
                .bind(as_of)
                .bind(engine)
                .bind(published)
                .bind(head)
                .bind(past)
                .execute(&mut *transaction)
                .await?;
            for (place, (hash, body)) in bodies.into_iter().enumerate() {
                sqlx::query("INSERT OR IGNORE INTO bodies VALUES (?, ?)")
                    .bind(&hash)
                    .bind(body)
                    .execute(&mut *transaction)
                    .await?;
                sqlx::query("INSERT INTO baseline_tables VALUES (?, ?, ?)")
                    .bind(&run_id)
                    .bind(place as i64)
                    .bind(hash)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        })
    }

    /// The baseline of a run; None when it left none.
    ///
    /// # Errors
    /// `Data` when it is damaged.
    pub fn baseline(&self, run_id: &str) -> Result<Option<Baseline>> {
        let wanted = run_id.to_owned();
        let found = self.wait("read", async move |connection| {
            let head: Option<Vec<u8>> = sqlx::query_scalar("SELECT head FROM baselines WHERE run_id = ?")
                .bind(&wanted)
                .fetch_optional(&mut *connection)
                .await?;
            let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
                "SELECT body FROM baseline_tables JOIN bodies USING (hash) WHERE run_id = ? ORDER BY place",
            )
            .bind(&wanted)
            .fetch_all(connection)
            .await?;
            Ok(head.map(|head| (head, bodies)))
        })?;
        let Some((head, bodies)) = found else { return Ok(None) };
        let mut baseline: Baseline = unpack(&head)?;
        baseline.tables = bodies.iter().map(|body| unpack::<TableBaseline>(body)).collect::<Result<_>>()?;
        Ok(Some(baseline))
    }

    /// Every baseline, oldest first.
    ///
    /// # Errors
    /// `Data` when the file is damaged.
    pub fn baselines(&self) -> Result<Vec<BaselineMeta>> {
        self.wait("read", async |connection| {
            let rows = sqlx::query(
                "SELECT run_id, as_of, engine, published, (SELECT count(*) FROM baseline_tables t WHERE t.run_id = b.run_id) \
                 FROM baselines b ORDER BY run_id",
            )
            .fetch_all(connection)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(BaselineMeta {
                        run_id: row.try_get(0)?,
                        as_of: row.try_get(1)?,
                        engine: row.try_get(2)?,
                        published: row.try_get(3)?,
                        tables: row.try_get::<i64, _>(4)?.unsigned_abs(),
                    })
                })
                .collect()
        })
    }

    /// What detectors need of baselines, by run.
    ///
    /// # Errors
    /// `Data` when one is damaged.
    pub fn past(&self, runs: &[&str]) -> Result<Vec<Past>> {
        let wanted: Vec<String> = runs.iter().map(|run| (*run).to_owned()).collect();
        let found = self.wait("read", async move |connection| {
            let mut found: Vec<Vec<u8>> = Vec::new();
            for run in wanted {
                let past: Option<Vec<u8>> = sqlx::query_scalar("SELECT past FROM baselines WHERE run_id = ?")
                    .bind(run)
                    .fetch_optional(&mut *connection)
                    .await?;
                found.extend(past);
            }
            Ok(found)
        })?;
        found.iter().map(|past| unpack(past)).collect()
    }

    /// Keeps what a run found, and since when each finding is known.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn put_report(&self, report: &Report) -> Result<()> {
        let body = pack(report)?;
        let (run_id, reference) = (report.run_id.clone(), report.reference.clone().unwrap_or_default());
        let ids: Vec<String> = report.findings().map(|finding| finding.id.clone()).collect();
        self.wait("write", async move |connection| {
            let mut transaction = sqlx::Connection::begin_with(connection, "BEGIN IMMEDIATE").await?;
            sqlx::query("INSERT OR REPLACE INTO reports VALUES (?, ?, ?)")
                .bind(&run_id)
                .bind(reference)
                .bind(body)
                .execute(&mut *transaction)
                .await?;
            for id in ids {
                sqlx::query("INSERT OR IGNORE INTO seen VALUES (?, ?)")
                    .bind(id)
                    .bind(&run_id)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        })
    }

    /// What a run found, or what the last one did; None when there is no report.
    ///
    /// # Errors
    /// `Data` when it is damaged.
    pub fn report(&self, run_id: Option<&str>) -> Result<Option<Report>> {
        let wanted = run_id.map(str::to_owned);
        let body = self.wait("read", async move |connection| {
            sqlx::query_scalar::<_, Vec<u8>>(
                "SELECT body FROM reports WHERE run_id = coalesce(?, (SELECT max(run_id) FROM reports))",
            )
            .bind(wanted)
            .fetch_optional(connection)
            .await
        })?;
        body.map(|body| unpack(&body)).transpose()
    }

    /// In which run a finding was first seen.
    ///
    /// # Errors
    /// `Data` when the file is damaged.
    pub fn first_seen(&self) -> Result<std::collections::BTreeMap<String, String>> {
        self.wait("read", async |connection| {
            let rows: Vec<(String, String)> =
                sqlx::query_as("SELECT finding_id, run_id FROM seen").fetch_all(connection).await?;
            Ok(rows.into_iter().collect())
        })
    }
}
