//! Where does each cell of the joined model come from, and which values lost?
//!
//! Kept small while a run lasts: an origin is a place in the rows that were read, and its text is derived again when it is
//! published. Tables whose rows come from one source row each say so on the row instead.

use super::cell::Cell;
use super::graph_index::EntityNumber;
use super::source_rows::{CellRef, SourceRows, WHOLE_ROW};
use super::transform::{Reading, Transform};

/// Whose cell it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// An account.
    Account(EntityNumber),
    /// A person.
    Person(EntityNumber),
    /// A subscription, by its row in the model.
    Subscription(u32),
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// One source cell, read by a transform.
    Cell(CellRef, Transform),
    /// Many rows; the value is kept, the rows are the cell's parts.
    Aggregate {
        /// The value.
        value: Cell,
        /// The table whose rows were added up, also when there were none.
        table: u16,
        /// The first of the rows; None when there were none, or when they stay in the warehouse.
        row: Option<u32>,
        /// The column that was added up; [`WHOLE_ROW`] when rows were counted.
        column: u16,
    },
}

impl Source {
    /// An aggregate whose first row is known.
    #[must_use]
    pub fn aggregate(value: Cell, first: CellRef) -> Self {
        Self::Aggregate { value, table: first.table, row: Some(first.row), column: first.column }
    }

    /// The value, derived again.
    #[must_use]
    pub fn value(&self, rows: &SourceRows<'_>) -> Cell {
        match self {
            Self::Aggregate { value, .. } => value.clone(),
            Self::Cell(cell, transform) => {
                let Some(raw) = rows.raw(*cell) else { return Cell::Null };
                match transform.read(raw, rows.table(cell.table).columns[cell.column as usize]) {
                    Reading::Value(value) => value,
                    Reading::Empty | Reading::Unreadable => Cell::Null,
                }
            }
        }
    }
}

/// One value that a field has or could have had.
#[derive(Debug, Clone, PartialEq)]
pub struct CellLineage {
    /// Whose.
    pub owner: Owner,
    /// The field, such as `arr`.
    pub field: &'static str,
    /// Where the value comes from.
    pub source: Source,
    /// Why it won or lost, by its place in [`Lineage::rules`].
    pub rule: u16,
    /// 0 for the value that stands in the model, then the losing ones from best to worst.
    pub rank: u16,
}

/// One row that an aggregate was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Whose cell.
    pub owner: Owner,
    /// The field.
    pub field: &'static str,
    /// The row, and the column that counts.
    pub origin: CellRef,
    /// `adds` when the contributions add up to the value, `counts` when each row counts one, `reads` for cells that went into a
    /// contribution (a price, a quantity) or led to the value (a key).
    pub part: &'static str,
    /// What it adds.
    pub contribution: Cell,
}

/// All origins of the entity tables.
#[derive(Debug, Default)]
pub struct Lineage {
    /// Values with their origins.
    pub cells: Vec<CellLineage>,
    /// Rows of aggregates.
    pub parts: Vec<Part>,
    /// The rules, in words.
    pub rules: Vec<String>,
    /// Whether nothing is kept: for measuring what lineage costs.
    is_off: bool,
}

impl Lineage {
    /// One that keeps nothing, so that what lineage costs can be measured.
    #[must_use]
    pub fn off() -> Self {
        Self { is_off: true, ..Self::default() }
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.is_off
    }

    /// The number of a rule.
    pub fn rule(&mut self, rule: &str) -> u16 {
        if let Some(place) = self.rules.iter().position(|known| known == rule) {
            return place as u16;
        }
        self.rules.push(rule.to_owned());
        (self.rules.len() - 1) as u16
    }

    /// Puts everything in its one order.
    pub fn sort(&mut self) {
        self.cells.sort_by(|one, other| {
            one.owner.cmp(&other.owner).then(one.field.cmp(other.field)).then(one.rank.cmp(&other.rank))
        });
        self.parts.sort_by(|one, other| {
            one.owner
                .cmp(&other.owner)
                .then(one.field.cmp(other.field))
                .then(one.part.cmp(other.part))
                .then(one.origin.cmp(&other.origin))
        });
    }
}

/// Whether a column place stands for the whole row.
#[must_use]
pub fn is_whole_row(column: u16) -> bool {
    column == WHOLE_ROW
}
