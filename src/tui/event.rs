//! What can happen to the terminal UI?

use crossterm::event::{KeyEvent, MouseEvent};

use super::backend::{Change, TraceView};
use super::effect::{AroundQuestion, Ticket};
use super::memory::Memory;
use super::state::matrix::Matrix;
use crate::error::Error;
use crate::ident::EntityId;
use crate::impact::{Blast, Proposal, Tally};
use crate::review::{Entry, Verdict};
use crate::snapshot::{
    CellRow, ConflictKind, ConflictRow, EntityRow, Evidence, KindCount, PairBody, PairGroup, PairRow, RunMeta, Stratum,
};

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
    /// What stands around a pair.
    Around {
        /// The pair.
        position: u32,
        /// What stands around it; None when it is gone.
        around: Outcome<Option<Box<Around>>>,
    },
    /// What was done in the sitting that goes on.
    Sitting(Outcome<Vec<Past>>),
    /// Where the last sitting stopped; None when that pair is gone.
    Resumed(Outcome<Option<Box<PairRow>>>),
    /// What decisions say about the weights.
    Proposed(Outcome<Vec<Proposal>>),
    /// The pairs of a group, for a batch.
    Group {
        /// Which of the groups offered.
        which: usize,
        /// The group, as far as it is in the queue.
        group: Outcome<Box<GroupFound>>,
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
    /// The strata of the random draw.
    pub strata: Vec<Stratum>,
    /// The groups of the queue.
    pub groups: Vec<PairGroup>,
    /// Where the last sitting stopped.
    pub memory: Option<Memory>,
}

/// The pairs of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupFound {
    /// Their positions in the queue, ascending.
    pub positions: Vec<u32>,
    /// Some of them, spread over the whole.
    pub sample: Vec<PairRow>,
    /// The lowest and the highest weight in the sample.
    pub weights: Option<(f64, f64)>,
    /// For each pair looked at its position and the two entities by numbers: enough to count what a batch would join.
    pub joins: Vec<(u32, u32, u32)>,
    /// Yearly revenue by currency that hangs on them.
    pub money: Vec<(String, f64)>,
}

/// What stands around a pair.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    /// The question it answers.
    pub question: AroundQuestion,
    /// What the neighbours say.
    pub evidence: Vec<Evidence>,
    /// What verdicts would change.
    pub blast: Blast,
    /// What is known of both sides: entities, records, revenue in words, whether verdicts have changed it since the run.
    pub sides: [SideNow; 2],
    /// Earlier verdicts that bear on it, the newest first.
    pub prior: Vec<Prior>,
}

/// One side of a pair as it stands after the verdicts given since the run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SideNow {
    /// The best name.
    pub label: String,
    /// Entities of the last run that are one now.
    pub entities: usize,
    /// Records.
    pub records: u64,
    /// The sources that hold them.
    pub sources: Vec<String>,
    /// Yearly revenue by currency.
    pub revenue: Vec<(String, f64)>,
    /// The status in the joined model.
    pub status: String,
    /// The owner in the joined model.
    pub owner: Option<String>,
    /// Open conflicts.
    pub conflicts: u64,
}

/// An earlier verdict that bears on a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// The pair it was about.
    pub row: PairRow,
    /// The verdict.
    pub verdict: Verdict,
    /// Who.
    pub reviewer: String,
    /// When.
    pub at: jiff::Timestamp,
    /// What was written beside it.
    pub note: Option<String>,
    /// Whether it is on this very pair.
    pub own: bool,
    /// Whether it was taken back.
    pub undone: bool,
}

/// Something done earlier in the sitting.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The pair.
    pub position: u32,
    /// The verdict; None for a pass.
    pub verdict: Option<Verdict>,
    /// When.
    pub at: jiff::Timestamp,
    /// The batch it was given in; empty when there was none.
    pub batch: String,
    /// What it changed.
    pub change: Tally,
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
    /// Whether the facts it rests on have changed since.
    pub stale: bool,
    /// Whether the pair was drawn at random.
    pub drawn: bool,
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
    /// What decisions say about the weights is in force from the next run on: where it is written.
    Accepted(String),
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
