//! How are source cells read so that nothing unreadable is passed over in silence?

use std::collections::BTreeMap;

use super::cell::{Amount, Cell, Moment};
use super::source_rows::{CellRef, SourceRows};
use super::transform::{Reading, Transform};

/// Reads cells and keeps count of those that could not be read.
pub struct Reader<'rows, 'map> {
    /// The rows.
    pub rows: &'rows SourceRows<'map>,
    /// When the model is made: what counts as past and future.
    pub as_of: Moment,
    unreadable: BTreeMap<(u16, u16, Transform), Unreadable>,
}

/// Cells of one column that could not be read in one way.
#[derive(Debug, Clone, Copy)]
pub struct Unreadable {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: CellRef,
    /// As what it was read.
    pub transform: Transform,
}

impl<'rows, 'map> Reader<'rows, 'map> {
    /// A reader of these rows.
    #[must_use]
    pub fn new(rows: &'rows SourceRows<'map>, as_of: Moment) -> Self {
        Self { rows, as_of, unreadable: BTreeMap::new() }
    }

    /// The value of one cell.
    pub fn at(&mut self, origin: CellRef, transform: Transform) -> Cell {
        let rows = self.rows.table(origin.table);
        let Some(raw) = rows.raw(origin.row, origin.column) else { return Cell::Null };
        match transform.read(raw, rows.columns[origin.column as usize]) {
            Reading::Value(value) => value,
            Reading::Empty => Cell::Null,
            Reading::Unreadable => {
                self.report(origin, transform);
                Cell::Null
            }
        }
    }

    fn report(&mut self, origin: CellRef, transform: Transform) {
        self.unreadable
            .entry((origin.table, origin.column, transform))
            .or_insert(Unreadable { count: 0, first: origin, transform })
            .count += 1;
    }

    /// The first readable filled cell with that concept.
    pub fn cell(&mut self, table: u16, row: u32, concept: &str, transform: Transform) -> Option<(CellRef, Cell)> {
        let rows = self.rows.table(table);
        for &column in rows.columns_of(concept) {
            let Some(raw) = rows.raw(row, column) else { continue };
            let origin = CellRef { table, row, column };
            match transform.read(raw, rows.columns[column as usize]) {
                Reading::Value(value) => return Some((origin, value)),
                Reading::Empty => {}
                Reading::Unreadable => self.report(origin, transform),
            }
        }
        None
    }

    /// An amount.
    pub fn amount(&mut self, table: u16, row: u32, concept: &str) -> Option<(CellRef, Amount)> {
        let (origin, value) = self.cell(table, row, concept, Transform::Money)?;
        Some((origin, value.as_amount()?))
    }

    /// A whole number.
    pub fn integer(&mut self, table: u16, row: u32, concept: &str) -> Option<(CellRef, i64)> {
        let (origin, value) = self.cell(table, row, concept, Transform::Integer)?;
        Some((origin, value.as_integer()?))
    }

    /// A moment.
    pub fn moment(&mut self, table: u16, row: u32, concept: &str) -> Option<(CellRef, Moment)> {
        let (origin, value) = self.cell(table, row, concept, Transform::Timestamp)?;
        Some((origin, value.as_moment()?))
    }

    /// Words.
    pub fn words(&mut self, table: u16, row: u32, concept: &str) -> Option<(CellRef, &'rows str)> {
        let rows: &'rows super::source_rows::TableRows<'map> = self.rows.table(table);
        let (column, text) = rows.cell(row, concept)?;
        Some((CellRef { table, row, column }, text.trim()))
    }

    /// A truth.
    pub fn truth(&mut self, table: u16, row: u32, concept: &str) -> Option<(CellRef, bool)> {
        let (origin, value) = self.cell(table, row, concept, Transform::Boolean)?;
        match value {
            Cell::Boolean(truth) => Some((origin, truth)),
            _ => None,
        }
    }

    /// What could not be read, by column.
    #[must_use]
    pub fn unreadable(&self) -> Vec<Unreadable> {
        self.unreadable.values().copied().collect()
    }
}
