//! What is a finding, and how is it said?

use serde::{Deserialize, Serialize};

use super::impact::Impact;
pub use crate::chart::conflict::Severity;
use crate::config::Renamed;
use crate::ident::short_hash;

/// What sort of thing moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A table that was not there.
    TableAdded,
    /// A table that is gone.
    TableRemoved,
    /// A table under another name.
    TableRenamed,
    /// A column that was not there.
    ColumnAdded,
    /// A column that is gone.
    ColumnRemoved,
    /// A column under another name.
    ColumnRenamed,
    /// A column of another type.
    ColumnRetyped,
    /// A column that is still landed and always empty.
    SilentNull,
    /// A column that is empty more often, or less.
    NullRate,
    /// More or fewer rows a day than usual.
    Volume,
    /// Rows that are gone without a mark.
    BulkDelete,
    /// Nothing landed for longer than usual.
    Freshness,
    /// Values are spread in another way.
    Distribution,
    /// Amounts in another unit.
    UnitChanged,
    /// A value that was not there.
    NewValue,
    /// A value that no longer comes.
    VanishedValue,
    /// A value under another name.
    ValueRenamed,
    /// Keys or values of another shape.
    KeyFormat,
    /// Keys that name more than one row.
    KeyUniqueness,
    /// Keys that find nothing, or are empty where they were filled.
    JoinRate,
    /// Records that no longer find their entity in other sources.
    MatchRate,
    /// Entities that merged, split, or whose records moved.
    GraphMoved,
    /// Decisions made on facts that have changed.
    DecisionsReopened,
    /// Totals of the joined model.
    ModelMoved,
    /// What a play gives out.
    PlayMoved,
    /// A watched segment out of its bounds.
    SegmentOut,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 26] = [
        Self::TableAdded,
        Self::TableRemoved,
        Self::TableRenamed,
        Self::ColumnAdded,
        Self::ColumnRemoved,
        Self::ColumnRenamed,
        Self::ColumnRetyped,
        Self::SilentNull,
        Self::NullRate,
        Self::Volume,
        Self::BulkDelete,
        Self::Freshness,
        Self::Distribution,
        Self::UnitChanged,
        Self::NewValue,
        Self::VanishedValue,
        Self::ValueRenamed,
        Self::KeyFormat,
        Self::KeyUniqueness,
        Self::JoinRate,
        Self::MatchRate,
        Self::GraphMoved,
        Self::DecisionsReopened,
        Self::ModelMoved,
        Self::PlayMoved,
        Self::SegmentOut,
    ];

    /// The word used in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TableAdded => "table_added",
            Self::TableRemoved => "table_removed",
            Self::TableRenamed => "table_renamed",
            Self::ColumnAdded => "column_added",
            Self::ColumnRemoved => "column_removed",
            Self::ColumnRenamed => "column_renamed",
            Self::ColumnRetyped => "column_retyped",
            Self::SilentNull => "silent_null",
            Self::NullRate => "null_rate",
            Self::Volume => "volume",
            Self::BulkDelete => "bulk_delete",
            Self::Freshness => "freshness",
            Self::Distribution => "distribution",
            Self::UnitChanged => "unit_changed",
            Self::NewValue => "new_value",
            Self::VanishedValue => "vanished_value",
            Self::ValueRenamed => "value_renamed",
            Self::KeyFormat => "key_format",
            Self::KeyUniqueness => "key_uniqueness",
            Self::JoinRate => "join_rate",
            Self::MatchRate => "match_rate",
            Self::GraphMoved => "graph_moved",
            Self::DecisionsReopened => "decisions_reopened",
            Self::ModelMoved => "model_moved",
            Self::PlayMoved => "play_moved",
            Self::SegmentOut => "segment_out",
        }
    }

    /// The word as people read it.
    #[must_use]
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::TableAdded => "Map it in fourfold.toml if it holds something the join needs; otherwise accept.",
            Self::TableRemoved => "Ask who dropped it or took it out of the sync; remove its mappings if it is meant.",
            Self::TableRenamed | Self::ColumnRenamed | Self::ValueRenamed => {
                "Confirm the rename, so that the join and the history go on under the new name."
            }
            Self::ColumnAdded => "Give it a concept if it means something to the join; otherwise accept.",
            Self::ColumnRemoved => "Restore it in the loader, or name another column for its concept.",
            Self::ColumnRetyped => "Check what the source changed; correct the mapping where numbers became words.",
            Self::SilentNull => {
                "Ask the owner of the source who wrote it before, and reset the permission or the flow."
            }
            Self::NullRate => "Check the form or the integration that fills the column.",
            Self::Volume => "Check the sender and the loader for the days named.",
            Self::BulkDelete => {
                "Ask whether the clean-up was meant; the rows left no mark, so nothing downstream was told."
            }
            Self::Freshness => "Look at the loader's connector: a stopped sync gives no error downstream.",
            Self::Distribution => "Compare a few rows with the source; correct the mapping if the meaning changed.",
            Self::UnitChanged => {
                "Set the unit of the column, or ask the loader to land the old one, before money is read."
            }
            Self::NewValue => "Teach plays and rules the value if it matters.",
            Self::VanishedValue => {
                "Check whether its sender was removed on purpose; rules that wait for it never fire."
            }
            Self::KeyFormat => "Bring both sides to one form in the loader, or check that matching still finds them.",
            Self::KeyUniqueness => "Ask the loader to deliver once; sums over the table count twice until then.",
            Self::JoinRate => "Find out what stopped filling the key; rows without it fall out of the join.",
            Self::MatchRate => "Look at the records that lost their partner before anything is scored on them.",
            Self::GraphMoved => "Walk through the entities that merged or split, those with most money first.",
            Self::DecisionsReopened => "Decide these pairs again: what you saw then is not what stands there now.",
            Self::ModelMoved => "Trace the largest accounts of the total back to their rows.",
            Self::PlayMoved => "Preview the play before anybody acts on it.",
            Self::SegmentOut => "Look at the segment's unmatched records; the bound was accepted by a person.",
        }
    }
}

/// One thing that moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable over runs: a hash of the kind and the place, not of the counts.
    pub id: String,
    /// What sort.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// The source; empty for the graph and the model.
    pub source: String,
    /// The table.
    pub table: String,
    /// The column; empty for the table as a whole.
    pub column: String,
    /// What happened, in one sentence.
    pub detail: String,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
    /// What speaks for it: what was looked at, and what was seen.
    pub evidence: Vec<(String, String)>,
    /// A picture of it.
    pub plot: Option<Plot>,
    /// What a confirmation would remember.
    pub rename: Option<Rename>,
    /// What hangs on it.
    pub impact: Impact,
    /// How large it is, to tell the greater of two of one kind.
    pub effect: f64,
}

/// A rename as proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rename {
    /// What was renamed.
    pub what: Renamed,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
    /// The concepts that move with it: old name, new name and concept of each column.
    pub concepts: Vec<(String, String, String)>,
    /// The role of the table, when a table was renamed.
    pub role: Option<String>,
    /// The primary key under its new name, when the rename touched it.
    pub primary_key: Vec<String>,
    /// How sure the proposal is, 0 to 1.
    pub confidence: f64,
}

/// Bars to draw: labels, what was expected or counted before, and what was counted now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// What the bars are.
    pub title: String,
    /// One label a bar.
    pub labels: Vec<String>,
    /// Before, or expected.
    pub before: Vec<f64>,
    /// Now.
    pub now: Vec<f64>,
}

impl Finding {
    /// A finding about a place, without evidence yet.
    #[must_use]
    pub fn new(kind: FindingKind, severity: Severity, place: (&str, &str, &str), detail: String) -> Self {
        let (source, table, column) = place;
        Self {
            id: id(kind, place, ""),
            kind,
            severity,
            source: source.to_owned(),
            table: table.to_owned(),
            column: column.to_owned(),
            detail,
            before: String::new(),
            after: String::new(),
            evidence: Vec::new(),
            plot: None,
            rename: None,
            impact: Impact::default(),
            effect: 0.0,
        }
    }

    /// Tells it from others of its kind and place by a value.
    #[must_use]
    pub fn about(mut self, value: &str) -> Self {
        self.id = id(self.kind, (&self.source, &self.table, &self.column), value);
        self
    }

    /// How it was and how it is.
    #[must_use]
    pub fn changed(mut self, before: impl Into<String>, after: impl Into<String>) -> Self {
        (self.before, self.after) = (before.into(), after.into());
        self
    }

    /// Adds a line of evidence.
    #[must_use]
    pub fn because(mut self, what: &str, seen: impl Into<String>) -> Self {
        self.evidence.push((what.to_owned(), seen.into()));
        self
    }

    /// How large it is.
    #[must_use]
    pub fn of_size(mut self, effect: f64) -> Self {
        self.effect = effect;
        self
    }

    /// Its place in words: `salesforce.account.seats_c`.
    #[must_use]
    pub fn place(&self) -> String {
        let parts = [&self.source, &self.table, &self.column];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(".")
    }
}

fn id(kind: FindingKind, (source, table, column): (&str, &str, &str), value: &str) -> String {
    format!("f{}", short_hash(&[kind.as_str(), source, table, column, value].join("\u{1f}")))
}
