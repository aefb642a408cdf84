//! What did the last frame look like, so that a click finds its row and a page is as high as it is?

use ratatui::layout::{Position, Rect};

use super::state::Screen;

/// A list on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Concepts of the map.
    Matrix,
    /// Kinds of conflicts.
    Kinds,
    /// Conflicts of a kind.
    Conflicts,
    /// The queue.
    Pairs,
    /// The fields of a pair.
    PairFields,
    /// Entities.
    Entities,
    /// Fields of an entity.
    Cells,
    /// The lineage of a field.
    Lineage,
    /// The plays.
    Plays,
    /// What moved.
    Findings,
    /// The log.
    Log,
    /// The palette.
    Palette,
    /// The help page.
    Help,
}

/// What lies under a point of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A tab.
    Tab(Screen),
    /// A command in the footer.
    Command(&'static str),
    /// A row of a list.
    Row(List, usize),
    /// A column of the matrix.
    MatrixColumn(usize),
    /// A list, beside its rows: the wheel moves it.
    Area(List),
}

/// What the last frame looked like.
#[derive(Debug, Clone, Default)]
pub struct View {
    hits: Vec<(Rect, Hit)>,
    lists: Vec<(List, usize, usize)>,
}

impl View {
    /// Notes what lies in an area; later ones lie on top.
    pub fn hit(&mut self, area: Rect, hit: Hit) {
        self.hits.push((area, hit));
    }

    /// Notes the first row shown of a list and how many rows there is room for.
    pub fn list(&mut self, list: List, offset: usize, height: usize) {
        self.lists.retain(|(known, ..)| *known != list);
        self.lists.push((list, offset, height));
    }

    /// What lies under a point, the topmost first.
    pub fn at(&self, column: u16, row: u16) -> impl Iterator<Item = Hit> + '_ {
        let point = Position::new(column, row);
        self.hits.iter().rev().filter(move |(area, _)| area.contains(point)).map(|(_, hit)| *hit)
    }

    /// How many rows of a list are shown; 10 before the first frame.
    #[must_use]
    pub fn height(&self, list: List) -> usize {
        self.lists.iter().find(|(known, ..)| *known == list).map_or(10, |(.., height)| (*height).max(1))
    }

    /// The first row shown of a list.
    #[must_use]
    pub fn offset(&self, list: List) -> usize {
        self.lists.iter().find(|(known, ..)| *known == list).map_or(0, |(_, offset, _)| *offset)
    }
}

/// The first row to show, so that `selected` of `total` is among `height` rows and the list moves as little as it can.
#[must_use]
pub fn follow(offset: usize, selected: usize, height: usize, total: usize) -> usize {
    let height = height.max(1);
    let offset = offset.min(selected).max((selected + 1).saturating_sub(height));
    offset.min(total.saturating_sub(height))
}
