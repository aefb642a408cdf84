//! What can an update ask the world to do?

use jiff::Timestamp;

use crate::ident::{EntityId, PairKey, RecordKey};
use crate::review::{Filter, NewDecision, Target, Verdict};

/// The number of a write, so that its answer finds it.
pub type Ticket = u64;

/// Something to be done outside; what comes of it returns as an event.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Read something, on a worker.
    Ask(Question),
    /// Write to the review log, on the one writer.
    Store(Ticket, Write),
    /// Put a text on the clipboard, through the terminal.
    Copy(String),
    /// Open an address of a source system.
    Open(String),
    /// Stop, as Ctrl-Z does with any program.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Catch the mouse, or let the terminal have it.
    Mouse(bool),
    /// Leave.
    Quit,
}

/// Something to be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Open the snapshot.
    Open,
    /// Look whether a newer run was published.
    NewerRun,
    /// The decisions that stand.
    Decisions,
    /// A page of the queue: rows from `first` on, or those at `positions`.
    Pairs {
        /// Which list.
        generation: u64,
        /// Which page.
        page: usize,
        /// The first row, when the list is the whole queue.
        first: u32,
        /// The rows, when the list is filtered.
        positions: Option<Vec<u32>>,
    },
    /// The whole of a pair.
    Pair(u32),
    /// A pair by its key.
    Locate(PairKey),
    /// A pair by its id.
    LocateId(String),
    /// Search the queue.
    SearchPairs {
        /// Which search.
        generation: u64,
        /// What was typed.
        typed: String,
    },
    /// The open pairs of a rule, or of the two entities of a pair.
    Group {
        /// The rule, when it is by rule.
        rule: Option<String>,
        /// The entities, when it is by cluster.
        entities: Vec<EntityId>,
    },
    /// The pairs of the queue that touch one of two entities, after a verdict on them.
    Touching(EntityId, EntityId),
    /// A page of conflicts.
    Conflicts {
        /// The kind's place in the list.
        kind: usize,
        /// Which page.
        page: usize,
        /// Its first row.
        first: u64,
        /// Rows at most.
        limit: u32,
    },
    /// A page of entities.
    Entities {
        /// Which list.
        generation: u64,
        /// Which page.
        page: usize,
        /// The first row, when the list is whole.
        first: u32,
        /// The rows, when the list is filtered.
        positions: Option<Vec<u32>>,
    },
    /// Search the entities.
    SearchEntities {
        /// Which search.
        generation: u64,
        /// What was typed.
        typed: String,
    },
    /// Where an entity stands.
    LocateEntity(EntityId),
    /// The cells of an entity.
    Cells(EntityId),
    /// Walk a cell back to its rows.
    Trace {
        /// The entity.
        entity: EntityId,
        /// The field.
        field: String,
        /// How many contributing rows to pass over.
        offset: u64,
    },
    /// A question of the plays screen.
    Plays(Box<super::desk::PlayQuestion>),
    /// A page of the log.
    LogPage {
        /// Which list.
        generation: u64,
        /// What to list.
        filter: Box<Filter>,
        /// What the labels, reviewer or rule must match.
        typed: String,
    },
}

/// Something to be written to the review log.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A verdict.
    Decide(Box<NewDecision>),
    /// One verdict on many pairs.
    Batch {
        /// Their positions.
        positions: Vec<u32>,
        /// The verdict.
        verdict: Verdict,
        /// What the batch is called.
        name: String,
        /// Who.
        reviewer: String,
        /// When.
        at: Timestamp,
    },
    /// A pair was passed over.
    Skip {
        /// The pair.
        pair: PairKey,
        /// Who.
        reviewer: String,
        /// When.
        at: Timestamp,
    },
    /// A masked field is to be shown.
    Reveal {
        /// Whose.
        records: Vec<RecordKey>,
        /// Which fields.
        fields: Vec<String>,
        /// Who.
        reviewer: String,
        /// When.
        at: Timestamp,
    },
    /// Take back.
    Undo {
        /// What; the latest when None.
        target: Option<Target>,
        /// Who.
        reviewer: String,
        /// When.
        at: Timestamp,
    },
    /// Put back.
    Redo {
        /// Who.
        reviewer: String,
        /// When.
        at: Timestamp,
    },
}
