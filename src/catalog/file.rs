//! What can stand in a catalog file?

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Role;
use crate::ident::Surface;

/// A known system: one file of `assets/catalog`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// The word for it in `fourfold.toml`.
    pub system: String,
    /// The word for it on screens.
    pub title: String,
    /// The surface it usually belongs to.
    pub surface: Surface,
    /// Words in schema and table names that speak of it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a team's own columns begin with.
    #[serde(default)]
    pub custom_prefixes: Vec<String>,
    /// What a team's own columns end with.
    #[serde(default)]
    pub custom_suffixes: Vec<String>,
    /// Names of columns and metadata keys under which other systems keep ids of this one.
    #[serde(default)]
    pub referred_as: Vec<String>,
    /// Formats of the profile that only its account ids have.
    #[serde(default)]
    pub id_formats: Vec<String>,
    /// ISO 4217 codes of the currencies whose smallest unit is the whole one, so that `units` does not hold for them.
    #[serde(default)]
    pub zero_decimal_currencies: Vec<String>,
    /// Its tables.
    #[serde(default, rename = "table")]
    pub tables: Vec<KnownTable>,
}

/// A table of a known system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownTable {
    /// The name the system itself gives.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What one row is.
    pub role: Role,
    /// What one row is, in words.
    pub grain: String,
    /// The columns that name a row, versions apart.
    #[serde(default)]
    pub primary_key: Vec<String>,
    /// For tables that keep versions: the column that orders them.
    #[serde(default)]
    pub version_column: Option<String>,
    /// The table that speaks for the same records where both are there.
    #[serde(default)]
    pub stands_behind: Option<String>,
    /// Columns without which it is not this table.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Whether a source may hold many tables of this shape, each with rows of its own.
    #[serde(default)]
    pub many: bool,
    /// Columns that mark a row as deleted when true.
    #[serde(default)]
    pub deleted_columns: Vec<String>,
    /// Columns that mark a row as dead when false.
    #[serde(default)]
    pub active_columns: Vec<String>,
    /// Known columns that mean nothing to fourfold, kept to recognise the table by.
    #[serde(default)]
    pub other_columns: Vec<String>,
    /// Where the system shows a row, with places for `{host}`, `{account}` and `{pk}`.
    #[serde(default)]
    pub url: Option<String>,
    /// Concepts by column.
    #[serde(default)]
    pub concepts: BTreeMap<String, String>,
    /// How many of an amount's units make one unit of the currency, by column.
    #[serde(default)]
    pub units: BTreeMap<String, u32>,
    /// The system whose ids a column holds, by column.
    #[serde(default)]
    pub refers_to: BTreeMap<String, String>,
}

impl KnownTable {
    /// Every column by which the table is known.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.concepts.keys().chain(&self.other_columns).map(String::as_str)
    }
}

/// The loaders' file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoaderFile {
    /// The loaders.
    #[serde(rename = "loader")]
    pub(super) loaders: Vec<Loader>,
}

/// What lands rows in a warehouse.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loader {
    /// The word for it in the source map.
    pub name: String,
    /// The word for it on screens.
    pub title: String,
    /// Columns by which it is recognised.
    pub marks: Vec<String>,
    /// How many of them must be there.
    #[serde(default = "one")]
    pub fewest_marks: usize,
    /// Columns that hold when a row was landed, best first.
    pub synced_columns: Vec<String>,
    /// Columns that name the sync.
    #[serde(default)]
    pub sync_id_columns: Vec<String>,
    /// Columns that mark a row as deleted when true.
    #[serde(default)]
    pub deleted_columns: Vec<String>,
    /// Columns that hold when a row was deleted.
    #[serde(default)]
    pub deleted_at_columns: Vec<String>,
    /// Columns that mark a row as dead when false.
    #[serde(default)]
    pub active_columns: Vec<String>,
    /// Columns that order versions of a row.
    #[serde(default)]
    pub version_columns: Vec<String>,
    /// What its own columns begin with; they say nothing about the system.
    #[serde(default)]
    pub column_prefixes: Vec<String>,
    /// Tables it keeps about its own syncs.
    #[serde(default, rename = "log")]
    pub logs: Vec<LoaderLog>,
}

fn one() -> usize {
    1
}

/// A table that a loader keeps about its own syncs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoaderLog {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Columns without which it is not this table.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Concepts by column.
    #[serde(default)]
    pub concepts: BTreeMap<String, String>,
}
