//! What is kept of a run, to compare later runs with?
//!
//! Only what two runs can be compared by: no rows, no names, no addresses. Values are kept of columns that choose among
//! few and are not about people; of all others there are counts, shapes and hashes.

use serde::{Deserialize, Serialize};

use crate::warehouse::ColumnType;

/// Everything that is kept of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The run.
    pub run_id: String,
    /// The engine that counted: approximate counts differ between engines.
    pub engine: String,
    /// The moment of the data: when the newest row of any source landed, in seconds since 1970.
    pub as_of: i64,
    /// The tables, by source and name.
    pub tables: Vec<TableBaseline>,
    /// Rates of keys that find something and of records that find their entity.
    pub joins: Vec<JoinRate>,
    /// The entity graph in numbers.
    pub graph: Vec<(String, f64)>,
    /// The joined model in numbers: rows, filled cells and sums.
    pub model: Vec<(String, f64)>,
    /// What plays gave out.
    pub plays: Vec<PlayOutput>,
}

/// What is kept of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TableBaseline {
    /// Its source.
    pub source: String,
    /// Its name.
    pub table: String,
    /// The known system.
    pub system: Option<String>,
    /// What one row is.
    pub role: String,
    /// How many rows there are.
    pub rows: u64,
    /// Rows that share their key with another.
    pub duplicates: u64,
    /// Rows without a key.
    pub without_key: u64,
    /// The primary key.
    pub primary_key: Vec<String>,
    /// The column that says when a row landed.
    pub synced_column: Option<String>,
    /// When the newest row landed, in seconds since 1970.
    pub newest_sync: Option<i64>,
    /// The smallest hashes of the keys.
    pub keys: Vec<u32>,
    /// The columns in order.
    pub columns: Vec<ColumnBaseline>,
}

/// What is kept of a column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnBaseline {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// What it means.
    pub concept: Option<String>,
    /// Whether its values name rows: its own table's, another's, or those of another system.
    pub is_key: bool,
    /// Rows without a value.
    pub nulls: u64,
    /// Different values.
    pub distinct: u64,
    /// Shapes of the values with their counts.
    pub formats: Vec<(String, u64)>,
    /// The values of a column that chooses among few.
    pub values: Vec<(String, u64)>,
    /// Numbers by logarithmic bucket.
    pub buckets: Vec<(i32, u64)>,
    /// Rows by day since 1970.
    pub days: Vec<(i32, u64)>,
    /// The smallest hashes of the values.
    pub sketch: Vec<u32>,
}

/// A type, text when nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(pub ColumnType);

impl Default for Kind {
    fn default() -> Self {
        Self(ColumnType::Text)
    }
}

/// How many rows find what they point to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JoinRate {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The column that points, for `foreign_key`; the relation, for `relation`; empty for `match`.
    pub name: String,
    /// `foreign_key`: a filled key finds its row. `relation`: a row finds its entity. `match`: a record's entity is known
    /// to another source too.
    pub sort: String,
    /// How many could.
    pub total: u64,
    /// How many do.
    pub hits: u64,
}

impl JoinRate {
    /// The share that finds something; 1 when there was nothing to find.
    #[must_use]
    pub fn rate(&self) -> f64 {
        if self.total == 0 { 1.0 } else { self.hits as f64 / self.total as f64 }
    }

    /// What tells it from others.
    #[must_use]
    pub fn key(&self) -> (&str, &str, &str, &str) {
        (&self.source, &self.table, &self.name, &self.sort)
    }
}

/// What a play gave out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlayOutput {
    /// The play.
    pub play: String,
    /// The fields of the joined model that it reads, such as `accounts.arr`.
    pub fields: Vec<String>,
    /// For how many entities it fires.
    pub fired: u64,
    /// How many entities it has a score for.
    pub scored: u64,
    /// The mean score.
    pub mean: f64,
}

impl Baseline {
    /// A table by source and name.
    #[must_use]
    pub fn table(&self, source: &str, table: &str) -> Option<&TableBaseline> {
        self.tables.iter().find(|own| own.source == source && own.table == table)
    }

    /// A rate.
    #[must_use]
    pub fn join(&self, key: (&str, &str, &str, &str)) -> Option<&JoinRate> {
        self.joins.iter().find(|rate| rate.key() == key)
    }

    /// A number of the graph.
    #[must_use]
    pub fn graph_number(&self, name: &str) -> Option<f64> {
        number(&self.graph, name)
    }

    /// A number of the model.
    #[must_use]
    pub fn model_number(&self, name: &str) -> Option<f64> {
        number(&self.model, name)
    }
}

fn number(list: &[(String, f64)], name: &str) -> Option<f64> {
    list.iter().find(|(own, _)| own == name).map(|(_, number)| *number)
}

impl TableBaseline {
    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnBaseline> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The first column that means this.
    #[must_use]
    pub fn meaning(&self, property: &str) -> Option<&ColumnBaseline> {
        self.columns.iter().find(|column| {
            column
                .concept
                .as_deref()
                .and_then(|concept| concept.split_once('.'))
                .is_some_and(|(_, own)| own == property)
        })
    }

    /// The share of rows without a value in a column.
    #[must_use]
    pub fn null_rate(&self, column: &ColumnBaseline) -> f64 {
        if self.rows == 0 { 0.0 } else { column.nulls as f64 / self.rows as f64 }
    }

    /// Whether a column is one of the loader's own.
    #[must_use]
    pub fn is_loaders(&self, column: &str) -> bool {
        let lower = column.to_lowercase();
        self.synced_column.as_deref() == Some(column)
            || ["_fivetran_", "_airbyte_", "_ab_", "_dlt_", "_sdc_"].iter().any(|prefix| lower.starts_with(prefix))
    }
}

impl ColumnBaseline {
    /// Rows with a value.
    #[must_use]
    pub fn filled(&self, rows: u64) -> u64 {
        rows.saturating_sub(self.nulls)
    }

    /// The property that it means, without the role.
    #[must_use]
    pub fn property(&self) -> Option<&str> {
        self.concept.as_deref().and_then(|concept| concept.split_once('.')).map(|(_, property)| property)
    }

    /// How many rows have a value among those of few; 0 for one that is not among them.
    #[must_use]
    pub fn count_of(&self, value: &str) -> u64 {
        self.values.binary_search_by(|(own, _)| own.as_str().cmp(value)).map_or(0, |place| self.values[place].1)
    }
}
