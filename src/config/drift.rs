//! What did the team decide about drift: what breaks a run, how much is too much, what was renamed, what is of no
//! interest?

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// `[drift]` of `fourfold.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DriftSettings {
    /// What happens to a run whose graph or model is broken.
    pub on_broken: OnBroken,
    /// How many days lie between two reports; the newest baseline at least a day short of it is compared with.
    pub every_days: u32,
    /// The gravest findings that `fourfold drift --check` lets pass.
    pub check: CheckLevel,
    /// Thresholds; the built-in ones stand where none is given.
    pub thresholds: Thresholds,
    /// Renames that a person confirmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<ConfirmedRename>,
    /// What nobody wants to hear of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Ignored>,
    /// Segments whose matching is watched in every run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<WatchedSegment>,
}

impl Default for DriftSettings {
    fn default() -> Self {
        Self {
            on_broken: OnBroken::Freeze,
            every_days: 7,
            check: CheckLevel::Medium,
            thresholds: Thresholds::default(),
            renames: Vec::new(),
            ignore: Vec::new(),
            segments: Vec::new(),
        }
    }
}

/// What happens to a run whose graph or model is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBroken {
    /// The last good run stays published.
    Freeze,
    /// It is published nevertheless, and the report says so.
    Publish,
}

/// From which severity on `--check` fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    /// On findings of high severity.
    High,
    /// On findings of medium and high severity.
    Medium,
    /// On every finding.
    Low,
}

/// Thresholds of detection.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Population stability index from which a distribution has moved.
    pub psi: f64,
    /// Robust deviations from which a count is unusual.
    pub deviations: f64,
    /// A rate (of NULLs, of matches) has moved when it moved by at least this share.
    pub rate: f64,
    /// A value counts as new or vanished from this many occurrences on.
    pub occurrences: u64,
    /// A match or relation rate that falls to less than this share of what it was breaks the run.
    pub broken: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { psi: 0.25, deviations: 3.0, rate: 0.1, occurrences: 10, broken: 0.5 }
    }
}

/// A rename that a person confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedRename {
    /// The source.
    pub source: String,
    /// The table, by its present name.
    pub table: String,
    /// The column whose value was renamed; absent when a column or a table itself was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_of: Option<String>,
    /// What was renamed: `column`, `table` or `value`.
    pub what: Renamed,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
    /// Who confirmed it.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
}

/// What has another name now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Renamed {
    /// A table.
    Table,
    /// A column.
    Column,
    /// A value, such as a plan.
    Value,
}

/// Findings that nobody wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// The kind of finding; every kind when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The source.
    pub source: String,
    /// The table; every table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column; every column when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A segment of records whose share of matches is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchedSegment {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The records with this value in a column; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<ColumnValue>,
    /// The least share of its records that should be found in another source too.
    pub least_matched: f64,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnValue {
    /// The column.
    pub column: String,
    /// The value, as the source writes it.
    pub value: String,
}

impl From<(String, String)> for ColumnValue {
    fn from((column, value): (String, String)) -> Self {
        Self { column, value }
    }
}

/// Checks what types cannot.
///
/// # Errors
/// `Config`, naming the key.
pub(super) fn check(drift: &DriftSettings, name: &str) -> Result<()> {
    let wrong = |key: &str, what: &str| Err(Error::config(format!("{name}: [drift] {key} {what}")));
    if drift.every_days == 0 || drift.every_days > 366 {
        return wrong("every_days", "must lie between 1 and 366");
    }
    let Thresholds { psi, deviations, rate, broken, .. } = drift.thresholds;
    for (key, value) in [("thresholds.rate", rate), ("thresholds.broken", broken)] {
        if !(0.0..=1.0).contains(&value) {
            return wrong(key, "must lie between 0 and 1");
        }
    }
    if !psi.is_finite() || psi <= 0.0 {
        return wrong("thresholds.psi", "must be above 0; 0.25 is usual");
    }
    if !deviations.is_finite() || deviations <= 0.0 {
        return wrong("thresholds.deviations", "must be above 0; 3 is usual");
    }
    for rename in &drift.renames {
        if (rename.what == Renamed::Value) != rename.value_of.is_some() {
            return wrong("renames", "name the column in value_of when, and only when, what = \"value\"");
        }
    }
    for segment in &drift.segments {
        if !(0.0..=1.0).contains(&segment.least_matched) {
            return wrong("segments", "least_matched must lie between 0 and 1");
        }
    }
    Ok(())
}
