//! Which runs were there, how did they end, and what did they cost?

use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::DriftStore;
use crate::error::Result;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has begun and not ended, or was killed.
    Running,
    /// It was published.
    Published,
    /// It was whole, but broken: the run before it stays published.
    Frozen,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl Outcome {
    /// The word used in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Published => "published",
            Self::Frozen => "frozen",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(word: &str) -> Self {
        [Self::Published, Self::Frozen, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
            .unwrap_or(Self::Running)
    }
}

/// A run with its cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its name, which orders by time.
    pub run_id: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended; None while it runs, or when it was killed.
    pub finished: Option<String>,
    /// The command.
    pub command: String,
    /// The process.
    pub process: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub seconds: Option<f64>,
    /// Processor time of our own process, where the system tells it.
    pub processor_seconds: Option<f64>,
    /// Tables profiled.
    pub tables: Option<u64>,
    /// Rows profiled.
    pub rows: Option<u64>,
    /// Why it failed, or what is frozen.
    pub message: String,
}

impl RunRecord {
    /// A run that begins now.
    #[must_use]
    pub fn begin(run_id: &str, started: jiff::Timestamp, command: &str) -> Self {
        Self {
            run_id: run_id.to_owned(),
            started: started.to_string(),
            finished: None,
            command: command.to_owned(),
            process: std::process::id(),
            outcome: Outcome::Running,
            seconds: None,
            processor_seconds: None,
            tables: None,
            rows: None,
            message: String::new(),
        }
    }
}

impl DriftStore {
    /// Writes a run down, in place of what was known of it.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn put_run(&self, run: &RunRecord) -> Result<()> {
        let run = run.clone();
        self.wait("write", async move |connection| {
            sqlx::query("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(run.run_id)
                .bind(run.started)
                .bind(run.finished)
                .bind(run.command)
                .bind(i64::from(run.process))
                .bind(run.outcome.as_str())
                .bind(run.seconds)
                .bind(run.processor_seconds)
                .bind(run.tables.map(|number| number as i64))
                .bind(run.rows.map(|number| number as i64))
                .bind(run.message)
                .execute(connection)
                .await
                .map(|_| ())
        })
    }

    /// Every run, oldest first.
    ///
    /// # Errors
    /// `Data` when the file is damaged.
    pub fn runs(&self) -> Result<Vec<RunRecord>> {
        self.wait("read", async |connection| {
            let rows = sqlx::query(
                "SELECT run_id, started, finished, command, process, outcome, seconds, processor_seconds, tables, rows, message \
                 FROM runs ORDER BY run_id",
            )
            .fetch_all(connection)
            .await?;
            rows.iter()
                .map(|row| {
                    let number = |place: usize| -> std::result::Result<Option<u64>, sqlx::Error> {
                        Ok(row.try_get::<Option<i64>, _>(place)?.map(i64::unsigned_abs))
                    };
                    Ok(RunRecord {
                        run_id: row.try_get(0)?,
                        started: row.try_get(1)?,
                        finished: row.try_get(2)?,
                        command: row.try_get(3)?,
                        process: u32::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0),
                        outcome: Outcome::parse(row.try_get(5)?),
                        seconds: row.try_get(6)?,
                        processor_seconds: row.try_get(7)?,
                        tables: number(8)?,
                        rows: number(9)?,
                        message: row.try_get(10)?,
                    })
                })
                .collect()
        })
    }
}
