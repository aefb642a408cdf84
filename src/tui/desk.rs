//! What do screens ask of the workspace's rules, and what do they write there?

use crate::chart::interview::answer::Reply;
use crate::chart::standing::Standing;
use crate::engine::desk::{Asked, Look, Mark, Marked, Written};
use crate::engine::preview::Preview;
use crate::ident::{PairKey, Surface};
use crate::review::Verdict;
use crate::review::agreement::Agreement;
use crate::snapshot::ConflictRow;
use crate::tui::event::Outcome;

/// Something to be read.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskQuestion {
    /// The open questions and the answers so far.
    Interview,
    /// What an answer would do at once.
    Look {
        /// Which answer in the making.
        generation: u64,
        /// The answer.
        reply: Box<Reply>,
    },
    /// What an answer would change in the joined model.
    Preview {
        /// Which answer in the making.
        generation: u64,
        /// The answer.
        reply: Box<Reply>,
    },
    /// What the rules say of conflicts.
    Standing,
    /// The conflicts in a cell of the map.
    Cell {
        /// Which list.
        generation: u64,
        /// The cell.
        cell: MapCell,
    },
    /// A page of the conflicts of a cell.
    CellPage {
        /// Which list.
        generation: u64,
        /// Which page.
        page: usize,
        /// Its rows.
        positions: Vec<u32>,
    },
    /// How far reviewers agree, and where they differ.
    Reviewers,
}

/// A cell of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapCell {
    /// A concept in a source.
    Source {
        /// The concept, such as `account.status`.
        concept: String,
        /// The source.
        source: String,
    },
    /// A field between two surfaces.
    Surfaces {
        /// The field, as the map names it.
        field: String,
        /// One surface.
        one: Surface,
        /// The other; None for conflicts with one side.
        other: Option<Surface>,
    },
}

/// What came back.
#[derive(Debug)]
pub enum DeskAnswer {
    /// Questions and answers.
    Interview(Outcome<Box<Asked>>),
    /// What an answer would do at once.
    Look {
        /// Which answer in the making.
        generation: u64,
        /// What it would do.
        look: Outcome<Box<Look>>,
    },
    /// What an answer would change in the joined model.
    Preview {
        /// Which answer in the making.
        generation: u64,
        /// What it would change.
        preview: Outcome<Box<Preview>>,
    },
    /// What the rules say of conflicts.
    Standing(Outcome<Box<Standing>>),
    /// The conflicts in a cell of the map.
    Cell {
        /// Which list.
        generation: u64,
        /// Their positions.
        positions: Outcome<Vec<u32>>,
    },
    /// A page of them.
    CellPage {
        /// Which list.
        generation: u64,
        /// Which page.
        page: usize,
        /// The rows.
        rows: Outcome<Vec<ConflictRow>>,
    },
    /// How far reviewers agree, and where they differ.
    Reviewers(Outcome<Box<Reviewers>>),
}

/// How far reviewers agree, and where they differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reviewers {
    /// Every two who judged a pair in common.
    pub agreement: Vec<Agreement>,
    /// Pairs on which they differ.
    pub disputed: Vec<Disputed>,
}

/// A pair on which reviewers differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Disputed {
    /// The pair.
    pub pair: PairKey,
    /// The pair in words, where it is in the snapshot.
    pub labels: Option<(String, String)>,
    /// Who said what, the oldest first.
    pub opinions: Vec<(String, Verdict)>,
}

/// Something to be written into `fourfold.toml`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskWrite {
    /// An answer with its rules.
    Answer(Box<Reply>),
    /// An answer is taken back.
    Withdraw(String),
    /// A conflict is marked.
    Mark {
        /// The conflict.
        id: String,
        /// What is done about it.
        mark: Mark,
        /// Who.
        who: String,
        /// Why.
        why: String,
    },
}

/// What was written.
#[derive(Debug)]
pub enum DeskStored {
    /// An answer.
    Answered(Written),
    /// An answer was taken back.
    Withdrawn(Written),
    /// A conflict was marked.
    Marked(Vec<Marked>),
}
