//! How much does a series usually move from one run to the next?

use serde::{Deserialize, Serialize};

use crate::drift::baseline::{Baseline, JoinRate};
use crate::drift::statistics::{median, spread};

/// What detectors need of an older baseline: rates and counts, no distributions, so that a year of them fits in memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// The moment of the data, in seconds since 1970.
    pub as_of: i64,
    /// The tables.
    pub tables: Vec<PastTable>,
    /// The rates.
    pub joins: Vec<JoinRate>,
    /// The graph in numbers.
    pub graph: Vec<(String, f64)>,
    /// The model in numbers.
    pub model: Vec<(String, f64)>,
}

/// What is needed of an older table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PastTable {
    /// Its source.
    pub source: String,
    /// Its name.
    pub table: String,
    /// How many rows there were.
    pub rows: u64,
    /// When the newest row landed, in seconds since 1970.
    pub newest_sync: Option<i64>,
    /// The share of rows without a value, by column.
    pub nulls: Vec<(String, f64)>,
}

impl From<&Baseline> for Past {
    fn from(baseline: &Baseline) -> Self {
        let tables = baseline.tables.iter().map(|table| PastTable {
            source: table.source.clone(),
            table: table.table.clone(),
            rows: table.rows,
            newest_sync: table.newest_sync,
            nulls: table.columns.iter().map(|column| (column.name.clone(), table.null_rate(column))).collect(),
        });
        Self {
            as_of: baseline.as_of,
            tables: tables.collect(),
            joins: baseline.joins.clone(),
            graph: baseline.graph.clone(),
            model: baseline.model.clone(),
        }
    }
}

impl Past {
    /// A table by source and name.
    #[must_use]
    pub fn table(&self, source: &str, table: &str) -> Option<&PastTable> {
        self.tables.iter().find(|own| own.source == source && own.table == table)
    }
}

/// How far a series may move before it is unusual for it: what it typically moves and three spreads more. 0 of fewer than
/// four values, so that a short past decides nothing.
#[must_use]
pub fn usual_move(series: &[f64]) -> f64 {
    if series.len() < 4 {
        return 0.0;
    }
    let moves: Vec<f64> = series.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    median(&moves).unwrap_or(0.0) + 3.0 * spread(&moves)
}
