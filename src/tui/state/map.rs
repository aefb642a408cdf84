//! What does the map screen know?

use super::super::paged::Paged;
use super::facing::Facing;
use super::matrix::Matrix;
use crate::chart::conflict::Conflict;
use crate::chart::standing::{Ledger, Standing};
use crate::snapshot::{ConflictKind, ConflictRow, KindCount, KindTrend};

/// Which half of the overview the keys move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapFocus {
    /// Concepts by sources.
    #[default]
    Matrix,
    /// Conflicts by kind.
    Conflicts,
}

/// How deep the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapDepth {
    /// Matrix and kinds of conflicts.
    #[default]
    Overview,
    /// The conflicts of a kind.
    Kind,
    /// One conflict.
    One,
}

/// The map screen.
#[derive(Debug, Default)]
pub struct MapState {
    /// Concepts by sources.
    pub matrix: Matrix,
    /// The row of the matrix under the cursor.
    pub row: usize,
    /// The first row shown.
    pub row_offset: usize,
    /// The column of the matrix under the cursor.
    pub column: usize,
    /// The kinds in words.
    pub words: Vec<ConflictKind>,
    /// The kinds, counted.
    pub kinds: Vec<KindCount>,
    /// The kind under the cursor.
    pub kind: usize,
    /// Which half has the keys.
    pub focus: MapFocus,
    /// How deep the person is.
    pub depth: MapDepth,
    /// The conflicts of the kind, or of the cell, that is open.
    pub conflicts: Paged<ConflictRow>,
    /// Fields by pairs of surfaces.
    pub facing: Facing,
    /// Which of the two tables is shown.
    pub shows: MapTable,
    /// The cell whose conflicts are open; None when they are of a kind.
    pub cell: Option<CellList>,
    /// Which list of a cell it is.
    pub generation: u64,
    /// How many conflicts there were of each kind in an earlier run.
    pub trends: Vec<KindTrend>,
    /// What the rules say of conflicts; None before they were read.
    pub standing: Option<Box<Standing>>,
}

/// Which table the map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapTable {
    /// Concepts by sources.
    #[default]
    Sources,
    /// Fields by pairs of surfaces, where they disagree.
    Surfaces,
}

/// The conflicts of a cell of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellList {
    /// What it is called.
    pub title: String,
    /// Their positions; None while they are looked for.
    pub positions: Option<Vec<u32>>,
}

impl MapState {
    /// A kind in words.
    #[must_use]
    pub fn words_of(&self, kind: &str) -> Option<&ConflictKind> {
        self.words.iter().find(|words| words.id == kind)
    }

    /// What has become of a conflict; as the run left it before the rules were read.
    #[must_use]
    pub fn ledger(&self, conflict: &Conflict) -> Ledger {
        self.standing.as_ref().map_or_else(Ledger::default, |standing| standing.ledger(conflict))
    }

    /// How a kind stood in an earlier run.
    #[must_use]
    pub fn trend_of(&self, kind: &str) -> Option<&KindTrend> {
        self.trends.iter().find(|trend| trend.kind == kind)
    }
}
