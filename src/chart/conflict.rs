//! What is a conflict, and where do its two sides stand?
//!
//! The kinds themselves (term, detection, severity, what to do) are in `kinds.rs`. Kinds about sources are found by
//! the chart, kinds about values of one entity by the model; both make these.

use serde::{Deserialize, Serialize};

use crate::ident::{EntityId, RecordKey};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Numbers people act on are wrong.
    High,
    /// Work is lost or doubled.
    Medium,
    /// Worth knowing.
    Low,
}

impl Severity {
    /// The word used in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// One side of a conflict: a value and the row it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The row; for a finding about a whole table the pk is empty.
    pub record: RecordKey,
    /// The column; empty when the row as a whole is meant.
    pub column: String,
    /// The value as the source wrote it.
    pub value: String,
}

/// A named disagreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Stable over runs: a hash of the kind, the entity or records, and the field (not of the values).
    pub id: String,
    /// The kind's id, such as `status_disagreement`.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// The entity it is about, where there is one.
    pub entity: Option<EntityId>,
    /// The field or concept it is about, such as `accounts.status` or `account.domain`.
    pub field: String,
    /// The first side.
    pub side_a: Option<Side>,
    /// The second side.
    pub side_b: Option<Side>,
    /// What it is about in one short sentence for the operator.
    pub detail: String,
    /// Money that hangs on it, a year, in `currency`.
    pub money_at_stake: Option<f64>,
    /// ISO 4217 code of the money.
    pub currency: Option<String>,
    /// `open`, `accepted`, `closed`.
    pub status: String,
}
