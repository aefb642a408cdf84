//! What is a play: its question, its parameters, the signals that it weighs, its tiers?

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::warehouse::ColumnType;

/// A workflow on the joined model: what it asks, how it weighs, and the SQL that reads its inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// Its name: lower-case letters, digits and underscores. The published table is `play_<name>`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The question it answers and how, in a few sentences.
    pub about: String,
    /// The columns that together name a row.
    #[serde(default = "default_key")]
    pub key: Vec<String>,
    /// Whether the SQL gives the score itself instead of signals to be weighed.
    #[serde(default)]
    pub scoring: Scoring,
    /// Which signals are named as drivers of a score.
    #[serde(default)]
    pub drivers: Drivers,
    /// Below this share of known weight, 0 to 1, the tier is `unknown`.
    #[serde(default)]
    pub least_known: f64,
    /// A column of the SQL that says in words why a row takes no part; the tier is `disqualified` where it has a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disqualified: Option<String>,
    /// A column of the SQL with words to put before the drivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// The fields of the model without which the play says nothing, with the reason. What signals need stands with them.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Numbers, texts and lists that the SQL uses.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// Columns that the play gives besides those that every play gives.
    #[serde(default)]
    pub columns: Vec<PlayColumn>,
    /// What is weighed.
    #[serde(default)]
    pub signals: Vec<Signal>,
    /// The tiers, from the highest score down; the last begins at 0. For plays that give their own, their names.
    pub tiers: Vec<Tier>,
    /// What a back-test counts as having come true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Worked examples: `check` runs them, `ship` turns them into unit tests.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// The SQL template that reads the inputs; from the file beside the definition.
    #[serde(skip)]
    pub sql: String,
    /// Where it comes from.
    #[serde(skip)]
    pub origin: Origin,
}

fn default_key() -> Vec<String> {
    vec!["entity_id".to_owned()]
}

/// Where a definition comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// It is shipped with fourfold.
    #[default]
    BuiltIn,
    /// It is the team's own.
    File {
        /// The definition.
        definition: PathBuf,
        /// The SQL.
        sql: PathBuf,
    },
}

/// Who makes the score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// Signals between 0 and 1, weighed: `100 * sum(weight * signal) / sum(weight)` over those that are known.
    #[default]
    Signals,
    /// The SQL itself gives `score`, `tier`, `drivers` and `known_share`.
    Given,
}

/// Which signals drive a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drivers {
    /// Those that raise it: a high score is what is looked for.
    #[default]
    Raising,
    /// Those farthest from the middle, either way.
    Both,
}

/// A field that a play reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The field, as `table.column`.
    pub field: String,
    /// What it is for.
    pub reason: String,
}

/// A value that the SQL uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The value: a number, a text, a truth, a list of texts, or a list of rows.
    pub value: toml::Value,
    /// What it means.
    pub about: String,
    /// For a list of rows, its columns with their types, so that an empty list is a table too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ValueType>,
}

/// A column of the output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayColumn {
    /// The name; the SQL gives a column of that name.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: ValueType,
    /// What it means.
    pub about: String,
}

/// The types of a play's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number.
    Number,
    /// Truth.
    Boolean,
    /// Day.
    Date,
    /// Moment, UTC.
    Timestamp,
}

impl ValueType {
    /// The type as the warehouse has it.
    #[must_use]
    pub fn column_type(self) -> ColumnType {
        match self {
            Self::Text => ColumnType::Text,
            Self::Integer => ColumnType::Integer,
            Self::Number => ColumnType::Float,
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::Timestamp => ColumnType::Timestamp,
        }
    }
}

/// One thing that is weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Its name.
    pub name: String,
    /// The column of the SQL; NULL where it is not known.
    pub value: String,
    /// How much it counts, at least 0.
    pub weight: f64,
    /// The value at which the signal is 0. Without `from` and `to` the value is itself between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The value at which the signal is 1; smaller than `from` where less is more. In between it grows evenly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// The fields that it is made of, as `table.column`. Where no source feeds one of them, the signal is not known.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What it is, for people.
    pub about: String,
    /// The driver in words when the signal is high; `{column}`, `{column:0}` (whole), `{column:1}` (one decimal) and `{column:%}` stand for columns of the SQL.
    pub words: String,
    /// The driver in words when the signal is below one half; `words` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_words: Option<String>,
}

/// A range of scores with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// The least score.
    #[serde(default)]
    pub from: f64,
    /// How many signals must stand at one half or more.
    #[serde(default)]
    pub signals: u32,
    /// Whether the play fires: somebody should do something about these rows.
    #[serde(default)]
    pub fires: bool,
}

/// What came true afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An account with recurring revenue has none any more.
    Churned,
    /// An account with recurring revenue has more of it.
    Expanded,
    /// An account without recurring revenue has some.
    Closed,
}

impl Outcome {
    /// What happened, in one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Churned => "churned",
            Self::Expanded => "expanded",
            Self::Closed => "closed",
        }
    }
}

/// A worked example: rows of the model, and what the play says of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// Rows by table of the model; columns left out are NULL.
    pub given: BTreeMap<String, Vec<BTreeMap<String, toml::Value>>>,
    /// The rows that the play gives, with the columns to compare.
    pub expect: Vec<BTreeMap<String, toml::Value>>,
}

/// The day on which examples take place.
pub const EXAMPLE_DAY: &str = "2026-03-01";

/// The columns that every play gives after its own, with their types and meanings.
pub const COMMON: [(&str, ColumnType, &str); 6] = [
    ("score", ColumnType::Float, "0 to 100; empty where nothing is known."),
    ("tier", ColumnType::Text, "The range in which the score lies."),
    ("drivers", ColumnType::Text, "What made the score, in words, the weightiest first."),
    (
        "known_share",
        ColumnType::Float,
        "The share of the weight that was known, 0 to 1; what is unknown never counts as zero.",
    ),
    ("inputs_as_of", ColumnType::Timestamp, "The oldest sync among the sources that were read, UTC."),
    ("run_id", ColumnType::Text, "The run whose model was read."),
];

/// Tiers that come besides a play's own.
pub const UNKNOWN: &str = "unknown";
/// The tier of rows that take no part.
pub const DISQUALIFIED: &str = "disqualified";

impl Play {
    /// The table that a run publishes.
    #[must_use]
    pub fn table(&self) -> String {
        format!("play_{}", self.name)
    }

    /// Every column that the play gives, with its type and meaning.
    #[must_use]
    pub fn output(&self) -> Vec<(String, ColumnType, String)> {
        let own =
            self.columns.iter().map(|column| (column.name.clone(), column.kind.column_type(), column.about.clone()));
        let common = COMMON.iter().map(|(name, kind, about)| ((*name).to_owned(), *kind, (*about).to_owned()));
        own.chain(common).collect()
    }

    /// Whether it gives a column of that name besides the common ones.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// Every tier a row can have, the highest first.
    #[must_use]
    pub fn tier_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tiers.iter().map(|tier| tier.name.clone()).collect();
        if self.scoring == Scoring::Signals {
            if self.disqualified.is_some() {
                names.push(DISQUALIFIED.to_owned());
            }
            names.push(UNKNOWN.to_owned());
        }
        names
    }

    /// Whether rows of a tier ask somebody to act.
    #[must_use]
    pub fn fires(&self, tier: &str) -> bool {
        self.tiers.iter().any(|known| known.name == tier && known.fires)
    }

    /// The sum of all weights.
    #[must_use]
    pub fn total_weight(&self) -> f64 {
        self.signals.iter().map(|signal| signal.weight).sum()
    }
}
