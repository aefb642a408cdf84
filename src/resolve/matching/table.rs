//! What is put side by side: rows from one or more groups, in columns of known meaning?

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};

use super::concept::MatchConcept;

/// Parts the values of a cell that holds several (two domains, three phones).
pub const VALUE_SEPARATOR: char = '\u{1f}';

/// A table to match: one row a record.
#[derive(Debug, Clone, Default)]
pub struct MatchTable {
    /// The caller's id of each row; unique inside a group.
    pub ids: Vec<String>,
    /// The group (source) of each row, an index into `group_names`.
    pub groups: Vec<u16>,
    /// What the groups are called.
    pub group_names: Vec<String>,
    /// The columns; each as long as `ids`.
    pub columns: Vec<MatchColumn>,
}

impl MatchTable {
    /// A table of one group without columns.
    #[must_use]
    pub fn new(ids: Vec<String>, group_name: impl Into<String>) -> Self {
        let groups = vec![0; ids.len()];
        Self { ids, groups, group_names: vec![group_name.into()], columns: Vec::new() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ids.len()
    }

    /// Whether every column has one cell a row and every group a name.
    ///
    /// # Errors
    /// `Internal` with the column's name: the table was built wrongly.
    pub fn check(&self) -> Result<()> {
        let rows = self.rows();
        if self.groups.len() != rows {
            return Err(Error::internal(format!("a match table has {rows} ids and {} groups", self.groups.len())));
        }
        if let Some(group) = self.groups.iter().find(|group| usize::from(**group) >= self.group_names.len()) {
            return Err(Error::internal(format!("a match table's row is in group {group}, which has no name")));
        }
        match self.columns.iter().find(|column| column.rows() != rows) {
            Some(column) => Err(Error::internal(format!(
                "column `{}` of a match table has {} cells for {rows} rows",
                column.name,
                column.rows()
            ))),
            None => Ok(()),
        }
    }
}

/// One column: a dictionary of distinct cells and, for each row, which of them it holds.
#[derive(Debug, Clone)]
pub struct MatchColumn {
    /// The name shown to people.
    pub name: String,
    /// What the column means.
    pub concept: MatchConcept,
    text: Arc<String>,
    spans: Vec<Span>,
    cells: Vec<u32>,
}

/// Where a distinct cell stands in the text: 40 bits of start, 24 bits of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(u64);

impl Span {
    pub(crate) const LONGEST: usize = (1 << 24) - 1;

    pub(crate) fn new(start: usize, length: usize) -> Self {
        Self((start as u64) << 24 | length.min(Self::LONGEST) as u64)
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let start = (self.0 >> 24) as usize;
        start..start + (self.0 & Self::LONGEST as u64) as usize
    }
}

impl MatchColumn {
    /// A column from one value a row; empty text means no value.
    pub fn from_values<'a>(
        name: impl Into<String>,
        concept: MatchConcept,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut text = String::new();
        let mut seen: FxHashMap<&'a str, u32> = FxHashMap::default();
        let mut spans = vec![Span::new(0, 0)];
        let mut cells = Vec::new();
        for value in values {
            let trimmed = value.trim();
            cells.push(if trimmed.is_empty() {
                0
            } else {
                *seen.entry(trimmed).or_insert_with(|| {
                    let kept = clip(trimmed);
                    spans.push(Span::new(text.len(), kept.len()));
                    text.push_str(kept);
                    spans.len() as u32 - 1
                })
            });
        }
        Self { name: name.into(), concept, text: Arc::new(text), spans, cells }
    }

    /// A column whose rows may hold several values.
    pub fn from_lists<'a, Row>(
        name: impl Into<String>,
        concept: MatchConcept,
        rows: impl IntoIterator<Item = Row>,
    ) -> Self
    where
        Row: IntoIterator<Item = &'a str>,
    {
        let joined: Vec<String> = rows
            .into_iter()
            .map(|row| {
                let mut values: Vec<&str> = row.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect();
                values.sort_unstable();
                values.dedup();
                values.join("\u{1f}")
            })
            .collect();
        Self::from_values(name, concept, joined.iter().map(String::as_str))
    }

    /// A column over shared text: `spans[0]` stands for the empty cell, `cells` index `spans`.
    pub(crate) fn from_parts(name: String, text: Arc<String>, spans: Vec<Span>, cells: Vec<u32>) -> Self {
        Self { name, concept: MatchConcept::Ignore, text, spans, cells }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len()
    }

    /// How many distinct cells there are, the empty one not counted.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.spans.len() - 1
    }

    /// The number of the cell in a row, 0 for an empty one.
    #[must_use]
    pub fn cell(&self, row: usize) -> u32 {
        self.cells[row]
    }

    /// The numbers of all cells, row by row.
    #[must_use]
    pub fn cells(&self) -> &[u32] {
        &self.cells
    }

    /// The text of a distinct cell by its number.
    #[must_use]
    pub fn cell_text(&self, cell: u32) -> &str {
        self.text.get(self.spans[cell as usize].range()).unwrap_or_default()
    }

    /// The text of a row; several values are parted by [`VALUE_SEPARATOR`].
    #[must_use]
    pub fn text(&self, row: usize) -> &str {
        self.cell_text(self.cells[row])
    }

    /// The text of a row as people read it.
    #[must_use]
    pub fn shown(&self, row: usize) -> String {
        self.text(row).replace(VALUE_SEPARATOR, ", ")
    }
}

/// Cuts a value at the longest length a span can hold, at a character.
fn clip(value: &str) -> &str {
    let mut end = value.len().min(Span::LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}
