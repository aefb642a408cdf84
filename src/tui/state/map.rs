//! What does the map screen know?

use super::super::paged::Paged;
use super::matrix::Matrix;
use crate::snapshot::{ConflictKind, ConflictRow, KindCount};

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
    /// The conflicts of the kind that is open.
    pub conflicts: Paged<ConflictRow>,
}

impl MapState {
    /// A kind in words.
    #[must_use]
    pub fn words_of(&self, kind: &str) -> Option<&ConflictKind> {
        self.words.iter().find(|words| words.id == kind)
    }
}
