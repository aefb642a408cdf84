//! What stands in one row of the log?
//!
//! Decisions are one sort of entry. Undo, redo, skip, reveal, erase and import are others, in the same chain, because
//! who looked at what and who took back what are part of the record.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ident::{PairKey, RecordKey};

use super::decision::Decision;

/// The name of an entry, the same in every copy of the log: its SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub [u8; 32]);

impl EntryId {
    /// What the first entry of a chain names as its predecessor.
    pub const NONE: Self = Self([0; 32]);

    /// Twelve hexadecimal digits: enough for a screen, and accepted by [`find`](super::ReviewLog::find).
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = super::hex::decode(text)?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EntryId({})", self.short())
    }
}

impl Serialize for EntryId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The name of a batch of decisions: `b` and 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub String);

impl fmt::Display for BatchId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What an undo or a redo is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// One decision.
    Entry(EntryId),
    /// All decisions of a batch.
    Batch(BatchId),
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => write!(formatter, "decision {}", id.short()),
            Self::Batch(batch) => write!(formatter, "batch {batch}"),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "action")]
pub enum Action {
    /// The log was begun.
    Create,
    /// A verdict was given.
    Decide(Box<Decision>),
    /// A decision or a batch was taken back.
    Undo {
        /// What was taken back.
        target: Target,
    },
    /// A decision or a batch was put back in force.
    Redo {
        /// What was put back.
        target: Target,
    },
    /// A pair was passed over without an answer.
    Skip {
        /// The pair; `None` once it was erased.
        pair: Option<PairKey>,
    },
    /// Masked personal data was shown.
    Reveal {
        /// Whose; `None` once it was erased.
        record: Option<RecordKey>,
        /// Which field.
        field: String,
    },
    /// Personal data was removed from earlier entries.
    Erase {
        /// How many entries were emptied.
        entries: usize,
    },
    /// Another log was merged into this one.
    Import {
        /// How many entries came with it.
        entries: usize,
    },
}

impl Action {
    /// The word used in the log.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Decide(_) => "decide",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
            Self::Skip { .. } => "skip",
            Self::Reveal { .. } => "reveal",
            Self::Erase { .. } => "erase",
            Self::Import { .. } => "import",
        }
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its place in this file, from 1. Another copy of the log may have it elsewhere.
    pub seq: i64,
    /// Its name in every copy.
    pub id: EntryId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub reviewer: String,
    /// Whether it was merged from another log.
    pub imported: bool,
    /// Whether it is a decision that was taken back and not put back since.
    pub undone: bool,
    /// Whether its personal data was erased.
    pub erased: bool,
    /// What happened.
    #[serde(flatten)]
    pub what: Action,
}

impl Entry {
    /// The decision, if it is one.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match &self.what {
            Action::Decide(decision) => Some(decision),
            _ => None,
        }
    }

    /// What to undo to take this entry back: its batch, or the entry itself.
    #[must_use]
    pub fn undo_target(&self) -> Target {
        match self.decision().and_then(|decision| decision.batch.clone()) {
            Some(batch) => Target::Batch(batch),
            None => Target::Entry(self.id),
        }
    }
}
