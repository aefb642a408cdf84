//! What does a reviewer say about a pair, and what does the log keep of it?
//!
//! The caller hands over a [`NewDecision`] with the values that were compared. The log keeps the keys of both records
//! and a salted hash of each value, never the value: enough to notice later that a field has changed, and which one.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ident::{EntityKind, PairKey};
use crate::resolve::graph::ComparedField;

use super::entry::BatchId;

/// One of the two records of a pair, in the order of [`PairKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The smaller key.
    Left,
    /// The greater key.
    Right,
}

impl Side {
    /// The word used in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }

    /// The other record.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// What a reviewer says about two records.
///
/// The three relations say that the records are two entities and how they hang together; a direction is always the
/// side of the pair, because the pair has only one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Verdict {
    /// One entity.
    Same,
    /// Two entities that have nothing to do with each other.
    Different,
    /// The reviewer looked and could not tell. An answer, not an omission: the pair waits for someone else.
    Unsure,
    /// One is a subsidiary, division or branch of the other.
    ChildOf {
        /// Which record is the child.
        child: Side,
    },
    /// One pays the invoices of the other.
    BillsFor {
        /// Which record pays.
        payer: Side,
    },
    /// One took the place of the other (renamed, acquired, re-founded).
    SuccessorOf {
        /// Which record came later.
        successor: Side,
    },
}

impl Verdict {
    /// Every verdict, relations in both directions.
    pub const ALL: [Self; 9] = [
        Self::Same,
        Self::Different,
        Self::Unsure,
        Self::ChildOf { child: Side::Left },
        Self::ChildOf { child: Side::Right },
        Self::BillsFor { payer: Side::Left },
        Self::BillsFor { payer: Side::Right },
        Self::SuccessorOf { successor: Side::Left },
        Self::SuccessorOf { successor: Side::Right },
    ];

    /// The word used in the log: `same`, `child-of:left` (the left record is the child), ...
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unsure => "unsure",
            Self::ChildOf { child: Side::Left } => "child-of:left",
            Self::ChildOf { child: Side::Right } => "child-of:right",
            Self::BillsFor { payer: Side::Left } => "bills-for:left",
            Self::BillsFor { payer: Side::Right } => "bills-for:right",
            Self::SuccessorOf { successor: Side::Left } => "successor-of:left",
            Self::SuccessorOf { successor: Side::Right } => "successor-of:right",
        }
    }

    /// Reads the word used in the log.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }

    /// The side that the relation starts from: the child, the payer, the successor.
    #[must_use]
    pub fn subject(self) -> Option<Side> {
        match self {
            Self::Same | Self::Different | Self::Unsure => None,
            Self::ChildOf { child: side } | Self::BillsFor { payer: side } | Self::SuccessorOf { successor: side } => {
                Some(side)
            }
        }
    }

    /// Whether it says that the records are two entities: `Different` and every relation.
    #[must_use]
    pub fn keeps_apart(self) -> bool {
        self == Self::Different || self.subject().is_some()
    }
}

impl From<Verdict> for &'static str {
    fn from(verdict: Verdict) -> Self {
        verdict.as_str()
    }
}

impl TryFrom<String> for Verdict {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| format!("`{word}` is no verdict"))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why the pair was put before the reviewer; estimates weigh the two differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Stratum {
    /// Chosen because the answer matters: biased on purpose.
    #[default]
    Queue,
    /// Drawn at random: the ground on which estimates stand.
    Audit,
}

impl Stratum {
    /// The word used in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Audit => "audit",
        }
    }

    /// Reads the word used in the log.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Queue, Self::Audit].into_iter().find(|stratum| stratum.as_str() == word)
    }
}

/// What the log keeps of a compared field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldAnchor {
    /// The concept or column.
    pub field: String,
    /// The left value's salted hash.
    pub left: u64,
    /// The right value's salted hash.
    pub right: u64,
}

/// A verdict on its way into the log.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDecision {
    /// The two records.
    pub pair: PairKey,
    /// What the records are.
    pub kind: EntityKind,
    /// What the reviewer says.
    pub verdict: Verdict,
    /// Who says it.
    pub reviewer: String,
    /// When it was said, to the microsecond.
    pub at: Timestamp,
    /// The fields it rests on, as the sources write them: the decision is asked again when one of them changes, so
    /// leave out those that change by themselves, such as a time of update. Only salted hashes are kept.
    pub fields: Vec<ComparedField>,
    /// The match weight in bits that the reviewer saw; `None` when it was hidden (`--blind`) or there was none.
    pub weight_shown: Option<f64>,
    /// Why the pair was asked.
    pub stratum: Stratum,
    /// What the reviewer wrote beside it.
    pub note: Option<String>,
    /// The rule by which a batch was decided, or that had proposed the pair.
    pub rule: Option<String>,
    /// Whether it settles a disagreement: verdicts on the pair that are older than this one no longer count.
    pub settles: bool,
}

impl NewDecision {
    /// A verdict from the queue with nothing else said.
    pub fn new(pair: PairKey, kind: EntityKind, verdict: Verdict, reviewer: impl Into<String>, at: Timestamp) -> Self {
        Self {
            pair,
            kind,
            verdict,
            reviewer: reviewer.into(),
            at,
            fields: Vec::new(),
            weight_shown: None,
            stratum: Stratum::Queue,
            note: None,
            rule: None,
            settles: false,
        }
    }
}

/// A verdict as the log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// The two records; `None` once they were erased.
    pub pair: Option<PairKey>,
    /// What the records are.
    pub kind: EntityKind,
    /// What the reviewer said.
    pub verdict: Verdict,
    /// The fields that were on the screen; empty once they were erased.
    pub fields: Vec<FieldAnchor>,
    /// The match weight in bits that the reviewer saw.
    pub weight_shown: Option<f64>,
    /// Why the pair was asked.
    pub stratum: Stratum,
    /// What the reviewer wrote beside it; `None` once it was erased.
    pub note: Option<String>,
    /// The rule behind it.
    pub rule: Option<String>,
    /// The batch it was given in.
    pub batch: Option<BatchId>,
    /// The name of that batch; `None` once it was erased.
    pub batch_name: Option<String>,
    /// Whether it settles a disagreement.
    pub settles: bool,
}
