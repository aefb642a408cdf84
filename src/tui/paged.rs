//! How does a list of a million rows fit on a screen and in memory?
//!
//! A list knows its length and holds the few pages around what is shown; other pages are asked for when they come
//! into view.

use std::collections::BTreeMap;

/// Rows in a page.
pub const PAGE: usize = 100;

/// Pages held at most.
const HELD: usize = 8;

/// A long list of which a few pages are at hand.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    total: usize,
    pages: BTreeMap<usize, Vec<T>>,
    asked: Vec<usize>,
    /// The row under the cursor.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self { total: 0, pages: BTreeMap::new(), asked: Vec::new(), selected: 0, offset: 0 }
    }
}

impl<T> Paged<T> {
    /// A list of that length, nothing loaded.
    #[must_use]
    pub fn of_length(total: usize) -> Self {
        Self { total, ..Self::default() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.total
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// A row, when it is at hand.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(&(index / PAGE)).and_then(|page| page.get(index % PAGE))
    }

    /// The row under the cursor, when it is at hand.
    #[must_use]
    pub fn current(&self) -> Option<&T> {
        self.get(self.selected)
    }

    /// Every row at hand with its index.
    pub fn loaded(&self) -> impl Iterator<Item = (usize, &T)> {
        self.pages
            .iter()
            .flat_map(|(page, rows)| rows.iter().enumerate().map(move |(index, row)| (page * PAGE + index, row)))
    }

    /// Changes rows at hand.
    pub fn change(&mut self, mut with: impl FnMut(&mut T)) {
        self.pages.values_mut().flatten().for_each(&mut with);
    }

    /// Moves the cursor, staying inside.
    pub fn move_by(&mut self, steps: isize) {
        self.select(self.selected.saturating_add_signed(steps));
    }

    /// Puts the cursor on a row, staying inside.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.total.saturating_sub(1));
    }

    /// Scrolls so that the cursor is among `height` rows.
    pub fn follow(&mut self, height: usize) {
        let height = height.max(1);
        if self.selected < self.offset {
            self.offset = self.selected;
        } else if self.selected >= self.offset + height {
            self.offset = self.selected + 1 - height;
        }
        self.offset = self.offset.min(self.total.saturating_sub(height));
    }

    /// The pages to ask for so that the rows around the cursor are at hand; each is named once only.
    pub fn wanted(&mut self, height: usize) -> Vec<usize> {
        if self.total == 0 {
            return Vec::new();
        }
        let first = self.offset.min(self.selected).saturating_sub(height) / PAGE;
        let last = (self.offset.max(self.selected) + 2 * height).min(self.total - 1) / PAGE;
        let missing: Vec<usize> =
            (first..=last).filter(|page| !self.pages.contains_key(page) && !self.asked.contains(page)).collect();
        self.asked.extend(&missing);
        missing
    }

    /// Takes a page that was asked for, and lets go of the farthest one when there are too many.
    pub fn put(&mut self, page: usize, rows: Vec<T>) {
        self.asked.retain(|asked| *asked != page);
        self.pages.insert(page, rows);
        let here = self.selected / PAGE;
        while self.pages.len() > HELD {
            let farthest = self.pages.keys().copied().max_by_key(|page| page.abs_diff(here));
            farthest.and_then(|page| self.pages.remove(&page));
        }
    }

    /// Forgets that a page was asked for, after it failed.
    pub fn give_up(&mut self, page: usize) {
        self.asked.retain(|asked| *asked != page);
    }

    /// Changes the length; rows at hand stay.
    pub fn set_length(&mut self, total: usize) {
        self.total = total;
        self.select(self.selected);
    }
}
