//! What does the terminal UI ask of the rest of the house, besides the snapshot?
//!
//! Screens know this trait and nothing behind it, so that tests drive them with a backend of their own. Every call
//! may take its time: all are made from worker threads.

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::ident::{EntityId, PairKey, RecordKey};
use crate::impact::Proposal;
use crate::model::feeds::Feed;
use crate::model::trace::{TracedConflict, TracedPair};
use crate::progress::CancelToken;
use crate::review::{Effective, Entry, Filter, NewDecision, Target, Verdict};

/// The engine and the review log, as the terminal UI sees them.
pub trait Backend: Send + Sync {
    /// Walks a field of the joined model back to its rows. Stops when the token is pulled.
    ///
    /// # Errors
    /// `Warehouse` or `Locked` when the rows cannot be reached now, `NotFound` when there is no such cell.
    fn trace(&self, entity: &EntityId, field: &str, offset: u64, cancel: &CancelToken) -> Result<TraceView>;

    /// Stores a verdict; on disk when it returns.
    ///
    /// # Errors
    /// `Log` or `Locked` when it could not be stored, in which case nothing was.
    fn append(&self, decision: &NewDecision) -> Result<Entry>;

    /// Stores many verdicts, all or none, to be undone as one.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    fn append_batch(&self, name: &str, decisions: &[NewDecision]) -> Result<()>;

    /// Takes back what is named, or the reviewer's latest decision in force; None when there is nothing to take back.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    fn undo(&self, target: Option<&Target>, reviewer: &str, at: Timestamp) -> Result<Option<Change>>;

    /// Puts the reviewer's latest undone decision back in force; None when there is none.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    fn redo(&self, reviewer: &str, at: Timestamp) -> Result<Option<Change>>;

    /// Records that a pair was passed over.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    fn skip(&self, pair: &PairKey, reviewer: &str, at: Timestamp) -> Result<()>;

    /// Records that a masked field is shown; the value is shown only after it returned.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    fn reveal_logged(&self, record: &RecordKey, field: &str, reviewer: &str, at: Timestamp) -> Result<()>;

    /// Everything that stands.
    ///
    /// # Errors
    /// `Log` when the log cannot be read.
    fn effective(&self) -> Result<Effective>;

    /// Writes what decisions say about the weights of a kind where the next run reads it; says where.
    ///
    /// # Errors
    /// `Config` or `Io` when it cannot be written, in which case nothing was.
    fn accept(&self, proposal: &Proposal, reviewer: &str, at: Timestamp) -> Result<String> {
        let _ = (proposal, reviewer, at);
        Err(Error::config("this workspace keeps no calibration"))
    }

    /// A page of the log, the newest first.
    ///
    /// # Errors
    /// `Log` when the log cannot be read.
    fn log_page(&self, filter: &Filter) -> Result<Vec<Entry>>;
}

/// What an undo or a redo did.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The pairs it is about, with the verdict that stands for each now.
    pub pairs: Vec<(PairKey, Option<Verdict>)>,
    /// What was taken back or put back, in words: `same`, `412 verdicts`.
    pub what: String,
}

/// A field of the joined model, walked back to its rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceView {
    /// The value as it stands in the joined model; None when it is empty.
    pub value: Option<String>,
    /// ISO 4217 code, for amounts.
    pub currency: Option<String>,
    /// The rule that chose the value, in words: `priority: billing before crm`.
    pub rule: String,
    /// The row the value came from; None for aggregates and empty cells.
    pub winner: Option<OriginValue>,
    /// The values that lost, in the order in which the rule saw them.
    pub losing: Vec<OriginValue>,
    /// The winner's whole row as the source has it now, column by column.
    pub source_row: Vec<(String, String)>,
    /// Which column of that row is the origin.
    pub highlighted: Option<usize>,
    /// For aggregates: the rows that add up to the value, as many as can be shown.
    pub contributing: Vec<Contribution>,
    /// How many contributing rows there are in all.
    pub contributing_total: u64,
    /// For aggregates: the sum of the rows as they stand now.
    pub sum_now: Option<String>,
    /// Whether that sum equals the stored value; None for plain values.
    pub sum_matches: Option<bool>,
    /// The records of the entity and why each belongs to it.
    pub links: Vec<LinkLine>,
    /// What changed in the source since the run, in words; None when nothing did.
    pub changed_since_run: Option<String>,
    /// How many contributing rows come before those shown.
    pub contributing_offset: u64,
    /// The pairs of records behind the links, with their weights taken apart.
    pub pairs: Vec<TracedPair>,
    /// Disagreements about the field.
    pub conflicts: Vec<TracedConflict>,
    /// Fields of the model that it is made of.
    pub made_of: Vec<String>,
    /// What it feeds: fields, conflicts, plays, models, reports.
    pub feeds: Vec<Feed>,
    /// SQL that gives the value again.
    pub sql: Option<String>,
}

/// A value with the place it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginValue {
    /// The row.
    pub record: RecordKey,
    /// The column.
    pub column: String,
    /// The value as the source wrote it.
    pub value: String,
    /// The loader's sync.
    pub sync_id: Option<String>,
    /// When the loader landed the row, RFC 3339.
    pub synced_at: Option<String>,
    /// Why it won or lost, in words.
    pub reason: String,
    /// What the source says now, where that is something else; empty when it says nothing any more.
    pub now: Option<String>,
}

/// One of the rows that add up to an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The row.
    pub record: RecordKey,
    /// What it adds.
    pub amount: String,
    /// What it is, in words: `Scale, 40 seats, monthly`.
    pub text: String,
    /// What put the row on this entity; empty where the row is a record of the entity itself.
    pub related_by: String,
    /// What the source says now, where that is something else.
    pub now: Option<String>,
}

/// Why a record belongs to the entity.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkLine {
    /// The record.
    pub record: RecordKey,
    /// `match`, `cross_id`, `tombstone`, `decision`, `single`.
    pub rule: String,
    /// Bits, where the rule has any.
    pub weight: Option<f64>,
    /// `engine`, or the reviewer.
    pub decided_by: String,
}
