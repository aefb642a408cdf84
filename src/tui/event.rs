//! What can happen to the terminal UI?

use crossterm::event::{KeyEvent, MouseEvent};

use super::backend::{Change, TraceView};
use super::effect::Ticket;
use super::state::matrix::Matrix;
use crate::error::Error;
use crate::ident::EntityId;
use crate::review::{Entry, Verdict};
use crate::snapshot::{CellRow, ConflictKind, ConflictRow, EntityRow, KindCount, PairBody, PairRow, RunMeta};

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has another size now: columns, rows.
    Resize(u16, u16),
    /// The terminal came back into focus.
    Focus,
    /// The system asks the program to end.
    Terminate,
    /// Work that an effect asked for is done, or failed.
    Answer(Answer),
}

/// Why something failed, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened, where and why.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// Whether there simply is nothing yet.
    pub missing: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut message = error.message.clone();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            message.push_str(": ");
            message.push_str(&inner.to_string());
            cause = inner.source();
        }
        let missing = error.kind == crate::error::ErrorKind::NotFound;
        Self { message: super::text::clean(&message), hints: error.hints, missing }
    }
}

/// The result of an effect.
pub type Outcome<T> = std::result::Result<T, Failure>;

/// What came back from a worker.
#[derive(Debug)]
pub enum Answer {
    /// The snapshot is open.
    Opened(Outcome<Box<Opened>>),
    /// The decisions that stand, for pairs of the snapshot.
    Decisions(Outcome<Vec<KnownVerdict>>),
    /// A page of the queue.
    Pairs {
        /// Which list it is for.
        generation: u64,
        /// Which page.
        page: usize,
        /// The rows.
        rows: Outcome<Vec<PairRow>>,
    },
    /// The whole of a pair.
    Pair {
        /// Its position.
        position: u32,
        /// Everything about it; None when there is none there.
        detail: Outcome<Option<Box<PairDetail>>>,
    },
    /// A pair that was looked for by its key or id.
    Located(Outcome<Option<Box<PairRow>>>),
    /// The positions of the pairs that match a search.
    PairsFound {
        /// Which search.
        generation: u64,
        /// The positions, ascending.
        positions: Outcome<Vec<u32>>,
    },
    /// The pairs of a group, for a batch.
    Group {
        /// Which group was asked for.
        by_rule: bool,
        /// The rows, as far as they are open to a batch.
        positions: Outcome<Vec<u32>>,
        /// The first few of them.
        sample: Vec<PairRow>,
    },
    /// The pairs that touch the entities of a verdict: some of them may be answered by it.
    Touching(Outcome<Vec<PairRow>>),
    /// A page of the conflicts of a kind.
    Conflicts {
        /// The kind's place in the list.
        kind: usize,
        /// Which page.
        page: usize,
        /// The rows.
        rows: Outcome<Vec<ConflictRow>>,
    },
    /// A page of the entities.
    Entities {
        /// Which list it is for.
        generation: u64,
        /// Which page.
        page: usize,
        /// The rows.
        rows: Outcome<Vec<EntityRow>>,
    },
    /// The positions of the entities that match a search, best first.
    EntitiesFound {
        /// Which search.
        generation: u64,
        /// The positions.
        positions: Outcome<Vec<u32>>,
    },
    /// Where an entity stands, and what it is.
    EntityLocated(Outcome<Option<(u32, EntityRow)>>),
    /// The cells of an entity.
    Cells {
        /// The entity.
        entity: EntityId,
        /// Its cells.
        cells: Outcome<Vec<CellRow>>,
    },
    /// A cell walked back to its rows.
    Traced {
        /// The entity.
        entity: EntityId,
        /// The field.
        field: String,
        /// The walk.
        view: Outcome<Box<TraceView>>,
    },
    /// The plays' desk has answered.
    Plays {
        /// What was asked.
        question: Box<super::desk::PlayQuestion>,
        /// What came of it.
        outcome: Outcome<super::desk::PlayAnswer>,
    },
    /// A page of the log.
    LogPage {
        /// Which list it is for.
        generation: u64,
        /// Whether they come after those already shown, or in their place.
        after: bool,
        /// The entries, and the row before which to look for more; None at the end.
        rows: Outcome<(Vec<LogRow>, Option<i64>)>,
    },
    /// Something was written to the log, or not.
    Stored {
        /// Which write.
        ticket: Ticket,
        /// What it did.
        outcome: Outcome<Stored>,
    },
    /// A newer run has been published.
    NewerRun,
    /// Something worth a line on the screen, such as that a text was copied.
    Note(String),
}

/// What is known as soon as the snapshot is open.
#[derive(Debug, Default)]
pub struct Opened {
    /// The run.
    pub run: RunMeta,
    /// The source map as the matrix shows it.
    pub matrix: Matrix,
    /// The kinds of conflicts in words.
    pub kinds: Vec<ConflictKind>,
    /// The conflicts, counted.
    pub conflicts: Vec<KindCount>,
    /// Pairs to ask.
    pub queue_length: u32,
    /// The first page of them.
    pub first_pairs: Vec<PairRow>,
    /// The first of them in full.
    pub first_pair: Option<Box<PairDetail>>,
    /// Accounts and people.
    pub entity_count: u32,
    /// The first page of them.
    pub first_entities: Vec<EntityRow>,
}

/// Everything about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairDetail {
    /// The line of the queue.
    pub row: PairRow,
    /// The rest.
    pub body: PairBody,
    /// The entity of the left record as the run left it.
    pub left: Option<EntityRow>,
    /// The entity of the right record.
    pub right: Option<EntityRow>,
    /// Open conflicts of both entities: kind, and the field.
    pub conflicts: Vec<ConflictRow>,
}

/// A verdict that stands, on a pair of the snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownVerdict {
    /// The pair.
    pub row: PairRow,
    /// What stands.
    pub verdict: Verdict,
    /// Who said it last.
    pub reviewer: String,
    /// Whether reviewers differ.
    pub disputed: bool,
}

/// A line of the log screen.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// The entry.
    pub entry: Entry,
    /// The pair in words, where it is in the snapshot.
    pub labels: Option<(String, String)>,
}

/// What a write did.
#[derive(Debug)]
pub enum Stored {
    /// A verdict is on disk.
    Decided,
    /// A batch is on disk.
    Batch {
        /// The pairs.
        rows: Vec<PairRow>,
        /// The verdict.
        verdict: Verdict,
    },
    /// A pass is on disk.
    Skipped,
    /// A reveal is on disk.
    Revealed,
    /// Something was taken back; None when there was nothing.
    Undone(Option<Changed>),
    /// Something was put back; None when there was nothing.
    Redone(Option<Changed>),
}

/// A change of the log with its pairs as the snapshot knows them.
#[derive(Debug)]
pub struct Changed {
    /// What the log did.
    pub change: Change,
    /// The pairs that are in the snapshot.
    pub rows: Vec<PairRow>,
}
