//! What did the week teach, and what would change if the team took it in?
//!
//! Each lesson is proposed as a change to `fourfold.toml`, with what it would do and how it is tested. A person accepts it
//! or refuses it; what was accepted is held against every later run.

mod columns;
mod held;
mod rules;
mod segments;
mod write;

pub use columns::{ConflictCase, UnmappedColumn, crossing, settling};
pub use held::{Held, held};
pub use rules::{DecidedPair, OpenPair, PairSigns, Stands, mine};
pub use segments::{SegmentCount, apart};
pub use write::write;

use serde::{Deserialize, Serialize};

use crate::config::WatchedSegment;
use crate::ident::short_hash;

/// A lesson, as proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Stable over runs: a hash of the change.
    pub id: String,
    /// What it is, in one line.
    pub title: String,
    /// What was seen.
    pub seen: Vec<String>,
    /// What it would do.
    pub would: Vec<String>,
    /// How it is tested from then on.
    pub test: String,
    /// The change itself.
    pub change: Change,
}

/// A change to `fourfold.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// A rule of matching, mined from decisions.
    Rule(MinedRule),
    /// A segment to watch.
    Segment {
        /// The segment with its bound.
        segment: WatchedSegment,
    },
    /// A concept for a column that has none.
    Concept {
        /// The source.
        source: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it means.
        concept: String,
    },
    /// A schema that looks like a known system.
    Source {
        /// Its name.
        name: String,
        /// Its schema, where that has another name.
        schema: Option<String>,
        /// Its surface.
        surface: String,
        /// The known system.
        system: Option<String>,
    },
}

/// A rule mined from decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MinedRule {
    /// What it is called.
    pub name: String,
    /// `account` or `person`.
    pub kind: String,
    /// Fields on which both records agree.
    pub same: Vec<String>,
    /// Fields that both have and on which they do not.
    pub differ: Vec<String>,
    /// `same` or `different`.
    pub verdict: String,
    /// Decided pairs it agrees with, as `source.table:key`, for its test.
    pub examples: Vec<(String, String)>,
}

impl Proposal {
    /// A proposal, named by its change.
    #[must_use]
    pub fn new(title: String, change: Change) -> Self {
        let key = match &change {
            Change::Rule(rule) => {
                format!(
                    "rule\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}",
                    rule.kind,
                    rule.same.join(","),
                    rule.differ.join(","),
                    rule.verdict
                )
            }
            Change::Segment { segment } => {
                format!("segment\u{1f}{}\u{1f}{}\u{1f}{:?}", segment.source, segment.table, segment.only)
            }
            Change::Concept { source, table, column, concept } => {
                format!("concept\u{1f}{source}\u{1f}{table}\u{1f}{column}\u{1f}{concept}")
            }
            Change::Source { name, .. } => format!("source\u{1f}{name}"),
        };
        Self {
            id: format!("d{}", short_hash(&key)),
            title,
            seen: Vec::new(),
            would: Vec::new(),
            test: String::new(),
            change,
        }
    }
}
