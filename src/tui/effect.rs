//! What can an update ask the world to do?

use jiff::Timestamp;

use super::memory::Memory;
use crate::ident::{EntityId, PairKey, RecordKey};
use crate::impact::Proposal;
use crate::impact::blast::Held;
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
    /// Keep where the person is, for their next start.
    Remember {
        /// Who.
        reviewer: String,
        /// Where.
        memory: Box<Memory>,
    },
    /// Leave.
    Quit,
}

/// Something to be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Open the snapshot, and what is kept for the reviewer.
    Open {
        /// Who.
        reviewer: String,
    },
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
    /// What stands around a pair, and what verdicts on it would change.
    Around(Box<AroundQuestion>),
    /// What the reviewer did in the sitting that may still go on.
    Sitting {
        /// Who.
        reviewer: String,
        /// Now: a sitting ends after a pause.
        now: Timestamp,
    },
    /// A pair by its id, to go on there.
    Resume(String),
    /// What decisions say about the weights.
    Propose,
    /// The open pairs of a group, for a batch.
    Group {
        /// Which of the groups offered.
        which: usize,
        /// What its pairs have in common.
        group: GroupOf,
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

/// What pairs of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupOf {
    /// What proposed them.
    Rule(String),
    /// The cluster.
    Cluster(u32),
    /// The entities they touch, for a pair outside the queue.
    Entities(Vec<EntityId>),
    /// The two sources: `salesforce+stripe_eu`.
    Sources(String),
    /// The filter in force.
    Filter(String),
}

/// A question about the surroundings of a pair. The answer holds as long as the same question would be asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AroundQuestion {
    /// The pair.
    pub position: u32,
    /// The entities that are one with the left one now.
    pub left: Vec<EntityId>,
    /// The entities that are one with the right one now.
    pub right: Vec<EntityId>,
    /// What was decided inside the entity, when both records are in one.
    pub held: Held,
    /// Decided pairs that touch these entities.
    pub prior: Vec<u32>,
    /// How many there are in all.
    pub prior_total: usize,
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
    /// What decisions say about the weights is taken over.
    Accept {
        /// What they say.
        proposal: Box<Proposal>,
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
