//! What is put side by side: rows from one or more groups, in columns of known meaning?

use std::ops::Index;
use std::sync::Arc;

use crate::error::{Error, Result};

use super::concept::MatchConcept;
use super::intern::Dictionary;

/// Parts the values of a cell that holds several (two domains, three phones).
pub const VALUE_SEPARATOR: char = '\u{1f}';

/// A table to match: one row a record.
#[derive(Debug, Clone, Default)]
pub struct MatchTable {
    /// The caller's id of each row; unique inside a group.
    pub ids: Ids,
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
    pub fn new(ids: impl Into<Ids>, group_name: impl Into<String>) -> Self {
        let ids = ids.into();
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

/// The ids of rows, each text kept once.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    texts: Arc<Dictionary>,
    cells: Arc<Vec<u32>>,
}

impl Ids {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The ids, row by row.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells.iter().map(|cell| self.texts.text(*cell))
    }

    /// A hash of the id of a row, the same on every run.
    pub(crate) fn hash(&self, row: usize) -> u64 {
        self.texts.hash(self.cells[row])
    }

    /// The ids of one table and then those of another.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let (texts, cells) = join((&self.texts, &self.cells), (&other.texts, &other.cells));
        Self { texts, cells }
    }
}

impl Index<usize> for Ids {
    type Output = str;

    fn index(&self, row: usize) -> &str {
        self.texts.text(self.cells[row])
    }
}

impl<Text: AsRef<str>> FromIterator<Text> for Ids {
    fn from_iter<Texts: IntoIterator<Item = Text>>(ids: Texts) -> Self {
        let mut texts = Dictionary::default();
        let cells = ids.into_iter().map(|id| texts.intern(id.as_ref())).collect();
        texts.seal();
        Self { texts: Arc::new(texts), cells: Arc::new(cells) }
    }
}

impl From<Vec<String>> for Ids {
    fn from(ids: Vec<String>) -> Self {
        ids.into_iter().collect()
    }
}

impl From<MatchColumn> for Ids {
    fn from(column: MatchColumn) -> Self {
        Self { texts: column.texts, cells: column.cells }
    }
}

impl<const COUNT: usize> PartialEq<[&str; COUNT]> for Ids {
    fn eq(&self, other: &[&str; COUNT]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

/// One column: a dictionary of distinct cells and, for each row, which of them it holds.
#[derive(Debug, Clone)]
pub struct MatchColumn {
    /// The name shown to people.
    pub name: String,
    /// What the column means.
    pub concept: MatchConcept,
    texts: Arc<Dictionary>,
    cells: Arc<Vec<u32>>,
}

impl MatchColumn {
    /// A column from one value a row; empty text means no value.
    pub fn from_values<'a>(
        name: impl Into<String>,
        concept: MatchConcept,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut texts = Dictionary::default();
        let cells = values.into_iter().map(|value| texts.intern(value.trim())).collect();
        Self { concept, ..Self::from_parts(name.into(), texts, cells) }
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
        let mut texts = Dictionary::default();
        let mut joined = String::new();
        let cells = rows
            .into_iter()
            .map(|row| {
                let mut values: Vec<&str> = row.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect();
                values.sort_unstable();
                values.dedup();
                joined.clear();
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        joined.push(VALUE_SEPARATOR);
                    }
                    joined.push_str(value);
                }
                texts.intern(&joined)
            })
            .collect();
        Self { concept, ..Self::from_parts(name.into(), texts, cells) }
    }

    /// A column over a dictionary of trimmed texts; `cells` are numbers of it.
    pub(crate) fn from_parts(name: String, mut texts: Dictionary, cells: Vec<u32>) -> Self {
        texts.seal();
        Self { name, concept: MatchConcept::Ignore, texts: Arc::new(texts), cells: Arc::new(cells) }
    }

    /// A column with this name, meaning and rows, and the rows of another behind them; either may be missing.
    pub(crate) fn stacked(left: Option<&Self>, left_rows: usize, right: Option<&Self>, right_rows: usize) -> Self {
        let blank = |rows: usize| Self::from_parts(String::new(), Dictionary::default(), vec![0; rows]);
        let name = left.or(right).map(|column| column.name.clone()).unwrap_or_default();
        let concept = left.or(right).map_or(MatchConcept::Ignore, |column| column.concept);
        let (left, right) =
            (left.map_or_else(|| blank(left_rows), Self::clone), right.map_or_else(|| blank(right_rows), Self::clone));
        let (texts, cells) = join((&left.texts, &left.cells), (&right.texts, &right.cells));
        Self { name, concept, texts, cells }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len()
    }

    /// How many distinct cells there are, the empty one not counted.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.texts.len() - 1
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

    /// The numbers of all cells, to be shared.
    pub(crate) fn shared_cells(&self) -> Arc<Vec<u32>> {
        Arc::clone(&self.cells)
    }

    /// The distinct cells, to be shared.
    pub(crate) fn shared_texts(&self) -> Arc<Dictionary> {
        Arc::clone(&self.texts)
    }

    /// The text of a distinct cell by its number.
    #[must_use]
    pub fn cell_text(&self, cell: u32) -> &str {
        self.texts.text(cell)
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

type Parts<'a> = (&'a Arc<Dictionary>, &'a Arc<Vec<u32>>);

/// Cells of one dictionary and then those of another, over one dictionary.
fn join(left: Parts<'_>, right: Parts<'_>) -> (Arc<Dictionary>, Arc<Vec<u32>>) {
    let mut texts = Dictionary::clone(left.0);
    let numbers = texts.absorb(right.0);
    texts.seal();
    let mut cells = Vec::with_capacity(left.1.len() + right.1.len());
    cells.extend_from_slice(left.1);
    cells.extend(right.1.iter().map(|cell| numbers[*cell as usize]));
    (Arc::new(texts), Arc::new(cells))
}
