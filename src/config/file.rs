//! What can stand in `fourfold.toml`?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::drift::DriftSettings;
use super::review::{CalibrationSettings, LinkSettings, ReviewSettings};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::Surface;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the data is.
    #[serde(default)]
    pub warehouse: WarehouseSettings,
    /// The connected systems, by name.
    #[serde(default)]
    pub sources: BTreeMap<String, SourceSettings>,
    /// Domains of the team itself: records on them are internal.
    #[serde(default)]
    pub own_domains: Vec<String>,
    /// Records that take no part.
    #[serde(default)]
    pub exclude: Vec<Exclusion>,
    /// Thresholds of resolution.
    #[serde(default)]
    pub resolve: ResolveSettings,
    /// How a field of the joined model picks its value, by `table.field`; what is not named follows the built-in rule.
    #[serde(default)]
    pub survivorship: BTreeMap<String, Survivorship>,
    /// What operators answered.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What the team changes about plays, by name.
    #[serde(default)]
    pub plays: BTreeMap<String, super::PlaySettings>,
    /// The currency that the team reports in, and its rates.
    #[serde(default)]
    pub money: super::MoneySettings,
    /// The SQL in which the joined model is used.
    #[serde(default)]
    pub lineage: LineageSettings,
    /// What counts as drift, and what was renamed.
    #[serde(default)]
    pub drift: DriftSettings,
    /// How pairs are put before a person.
    #[serde(default)]
    pub review: ReviewSettings,
    /// Where sources show their records, by source.
    #[serde(default)]
    pub links: BTreeMap<String, LinkSettings>,
}

/// Where the joined model is used: `[lineage]` in `fourfold.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LineageSettings {
    /// dbt target directories, directories of SQL, or `.sql` files, relative to the workspace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<PathBuf>,
}

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "engine", rename_all = "lowercase")]
pub enum WarehouseSettings {
    /// The embedded engine on a file.
    Duckdb {
        /// The file, relative to the workspace.
        #[serde(default = "default_database")]
        path: PathBuf,
        /// The schema that fourfold writes.
        #[serde(default = "default_schema")]
        schema: String,
    },
    /// PostgreSQL, or what speaks its protocol.
    Postgres {
        /// The environment variable that holds the connection URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url_env: Option<String>,
        /// A profile of the user's dbt `profiles.yml`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dbt_profile: Option<String>,
        /// The target in that profile; its default target when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dbt_target: Option<String>,
        /// The schema that fourfold writes.
        #[serde(default = "default_schema")]
        schema: String,
    },
}

fn default_database() -> PathBuf {
    PathBuf::from(".fourfold/warehouse.duckdb")
}

fn default_schema() -> String {
    "fourfold".to_owned()
}

impl Default for WarehouseSettings {
    fn default() -> Self {
        Self::Duckdb { path: default_database(), schema: default_schema() }
    }
}

impl WarehouseSettings {
    /// The schema that fourfold writes.
    #[must_use]
    pub fn schema(&self) -> &str {
        match self {
            Self::Duckdb { schema, .. } | Self::Postgres { schema, .. } => schema,
        }
    }
}

/// One connected system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// The surface it belongs to.
    pub surface: Surface,
    /// The schema that holds it; the source's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The known system, such as `stripe`; recognised from the tables when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// What a person states about tables, by table name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, TableSettings>,
}

/// What a person states about a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSettings {
    /// What one row is, such as `account`; `other` leaves the table out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The columns of the primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<Vec<String>>,
    /// Concepts by column, such as `company_nm = "account.name"`; an empty text takes a concept away.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub concepts: BTreeMap<String, String>,
}

/// Records that take no part, such as test tenants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The source; every source when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The table as it is called in the warehouse; every table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// A concept such as `account.name`, or a column.
    pub field: String,
    /// The value, in any case; `*` stands for any text.
    pub value: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Thresholds of resolution, as probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResolveSettings {
    /// At and above it, accounts match without being asked; chosen by the model when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_threshold: Option<f64>,
    /// At and above it, people match without being asked; chosen by the model when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_threshold: Option<f64>,
    /// Pairs from here up to the threshold are put before a person.
    pub review_floor: f64,
    /// Rules that speak for or against pairs, with their examples.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<super::rules::MatchRule>,
    /// What decisions taught about the weights, by kind (`account`, `person`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub calibration: BTreeMap<String, CalibrationSettings>,
}

impl Default for ResolveSettings {
    fn default() -> Self {
        Self {
            account_threshold: None,
            person_threshold: None,
            review_floor: 0.05,
            rules: Vec::new(),
            calibration: BTreeMap::new(),
        }
    }
}

/// How one field picks its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivorship {
    /// The rule.
    pub rule: SurvivorshipRule,
    /// Sources or surfaces, best first, for `priority` and `source`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// How one value is chosen among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivorshipRule {
    /// The first source in the list that has a value.
    Priority,
    /// The most recently changed record that has a value.
    Recency,
    /// Only the sources in the list, even when they have none.
    Source,
    /// The record with the most fields filled.
    MostComplete,
}

/// What an operator answered to a question of the interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// `Config` with file, line and column for a syntax error, an unknown key or a value out of range; `Io` when the
    /// file cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
        let text = String::from_utf8(bytes).map_err(|cause| {
            let upto = &cause.as_bytes()[..cause.utf8_error().valid_up_to()];
            let line = memchr::memchr_iter(b'\n', upto).count() + 1;
            Error::config(format!("{}:{line}: the file is not UTF-8", path.display()))
                .hint("save it as UTF-8 in your editor")
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads the text of a file; `name` is for messages.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).map_err(|cause| {
            let offset = cause.span().map_or(0, |span| span.start).min(text.len());
            let before = text.get(..offset).unwrap_or("");
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            Error::config(format!("{name}:{line}:{column}: {}", cause.message().trim()))
                .hint("`fourfold init` in an empty directory writes a commented example")
        })?;
        super::validate::check(&config, name)?;
        Ok(config)
    }
}
