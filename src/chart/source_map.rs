//! What is where: which sources, which tables, what are their rows and what do their columns mean?
//!
//! This is the chart's result and the only thing later rooms know about the sources.

use serde::{Deserialize, Serialize};

use crate::catalog::Role;
use crate::ident::{SourceId, Surface};
use crate::warehouse::{ColumnType, TableName};

/// Who says that a table or column means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person, in `fourfold.toml`.
    Operator,
    /// The shipped catalog, by the table's name.
    CatalogName,
    /// The shipped catalog, by the table's columns.
    CatalogContent,
    /// Guessed from names, types and values.
    Inferred,
}

/// Everything the chart found out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SourceMap {
    /// The sources, sorted by id.
    pub sources: Vec<SourceEntry>,
}

/// One source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Its name in `fourfold.toml`.
    pub id: SourceId,
    /// The surface it belongs to.
    pub surface: Surface,
    /// The schema that holds it.
    pub schema: String,
    /// The known system, such as `stripe`; None when it is unknown.
    pub system: Option<String>,
    /// How sure we are of the system, 0 to 1.
    pub confidence: f64,
    /// The loader that landed it, such as `fivetran`; None when it is unknown.
    pub loader: Option<String>,
    /// The tables, sorted by name.
    pub tables: Vec<TableEntry>,
}

/// One table of a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableEntry {
    /// Where it is.
    pub name: TableName,
    /// What one row is.
    pub role: Role,
    /// The name the system itself gives to the table, such as `account` for `sf_account_data`.
    pub system_table: Option<String>,
    /// Who says so.
    pub origin: Origin,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// The columns of the primary key, in order; empty when no key was found, and then rows are named by a hash of
    /// their contents.
    pub primary_key: Vec<String>,
    /// For tables that keep versions: the column that orders them; only the newest version of a key counts.
    pub version_column: Option<String>,
    /// The column that holds when the loader landed the row.
    pub synced_column: Option<String>,
    /// The column that names the sync, where the loader keeps one on the row.
    pub sync_id_column: Option<String>,
    /// Boolean columns that mark a row as deleted when true.
    pub deleted_columns: Vec<String>,
    /// Boolean columns that mark a row as dead when false, such as `_fivetran_active`.
    pub active_columns: Vec<String>,
    /// How many rows there are.
    pub rows: u64,
    /// The newest value of the synced column, as text.
    pub newest_sync: Option<String>,
    /// The columns in order.
    pub columns: Vec<ColumnEntry>,
}

/// One column of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// The raw name.
    pub name: String,
    /// The type in our words.
    pub kind: ColumnType,
    /// What it means, such as `account.domain`; None when it means nothing to fourfold.
    pub concept: Option<String>,
    /// Who says so.
    pub origin: Option<Origin>,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// For a column that holds ids of another source's records (`stripe_customer_id_c`): the system it points to.
    pub refers_to: Option<String>,
    /// For amounts: how many of the column's units make one unit of the currency (100 when it counts cents).
    pub units_per_currency_unit: Option<u32>,
    /// What the values look like.
    pub profile: ColumnProfile,
}

/// The values of a column, measured in one scan.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Rows with a NULL or an empty text.
    pub nulls: u64,
    /// Distinct values (exact up to 10,000 rows, otherwise as the engine estimates).
    pub distinct: u64,
    /// The smallest value as text.
    pub min: Option<String>,
    /// The greatest value as text.
    pub max: Option<String>,
    /// The most frequent values with their counts, most frequent first, ties by value.
    pub top: Vec<(String, u64)>,
    /// Shapes of the values with their counts: `email`, `domain`, `url`, `salesforce_id_15`, `salesforce_id_18`, `uuid`,
    /// `integer`, `decimal`, `timestamp`, `date`, `json`, `phone`, `country_code`, `currency_code`, `boolean`, `prefix:cus_`, `text`.
    pub formats: Vec<(String, u64)>,
    /// What a baseline keeps besides; not published and not part of a snapshot.
    #[serde(skip)]
    pub shape: ValueShape,
}

/// How the values of a column are spread, in a form that two runs can compare: nothing in it depends on the values met
/// in one run alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueShape {
    /// Every value with its count, by value, of columns that choose among few; empty for other columns.
    pub values: Vec<(String, u64)>,
    /// Numbers by logarithmic bucket ([`crate::chart::profile::buckets`]), by bucket.
    pub buckets: Vec<(i32, u64)>,
    /// Dates and moments: rows by day, in days since 1970, the newest [`crate::chart::profile::DAYS`] of them.
    pub days: Vec<(i32, u64)>,
    /// The smallest hashes of the distinct values, ascending ([`crate::chart::profile::sketch`]); of a great table those
    /// among its first rows.
    pub sketch: Vec<u32>,
}

impl SourceMap {
    /// Every table with that role, with its source, in order.
    pub fn tables_of(&self, role: Role) -> impl Iterator<Item = (&SourceEntry, &TableEntry)> {
        self.sources
            .iter()
            .flat_map(|source| source.tables.iter().map(move |table| (source, table)))
            .filter(move |(_, table)| table.role == role)
    }

    /// A source by its name.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&SourceEntry> {
        self.sources.iter().find(|source| &source.id == id)
    }
}

impl TableEntry {
    /// The columns with that concept, best first (operator, catalog, inferred; then confidence; then position).
    #[must_use]
    pub fn columns_of(&self, concept: &str) -> Vec<&ColumnEntry> {
        let mut found: Vec<&ColumnEntry> =
            self.columns.iter().filter(|column| column.concept.as_deref() == Some(concept)).collect();
        found.sort_by(|one, other| one.origin.cmp(&other.origin).then(other.confidence.total_cmp(&one.confidence)));
        found
    }

    /// The best column with that concept.
    #[must_use]
    pub fn column_of(&self, concept: &str) -> Option<&ColumnEntry> {
        self.columns_of(concept).into_iter().next()
    }
}
