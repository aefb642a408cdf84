//! How do many small rows become batches without all being held at once?

use std::borrow::Cow;

use duckdb::arrow::record_batch::RecordBatch;

use crate::error::Result;
use crate::model::cell::Cell;
use crate::model::table::{BATCH_ROWS, BatchBuilder};
use crate::warehouse::{Column, ColumnType, Publication};

/// One value on its way out.
#[derive(Debug, Clone)]
pub enum Slot<'a> {
    /// No value.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A truth.
    Boolean(bool),
}

impl<'a> Slot<'a> {
    /// Borrowed text, or nothing when it is empty.
    #[must_use]
    pub fn words(text: &'a str) -> Self {
        if text.is_empty() { Self::Null } else { Self::Text(Cow::Borrowed(text)) }
    }

    /// Owned text.
    #[must_use]
    pub fn own(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }

    /// The text of a cell.
    #[must_use]
    pub fn of(cell: &Cell) -> Self {
        cell.text().map_or(Self::Null, Self::own)
    }
}

impl<'a> From<Option<&'a str>> for Slot<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(Cow::Borrowed(text)))
    }
}

impl From<Option<f64>> for Slot<'_> {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Null, Self::Float)
    }
}

/// The columns of a published table: names with types.
pub type Shape = [(&'static str, ColumnType)];

/// Loads rows into a table of the publication; returns how many.
///
/// # Errors
/// As [`Publication::load`].
pub fn load<'a>(
    publication: &mut Publication<'_>,
    table: &str,
    shape: &Shape,
    rows: impl Iterator<Item = Vec<Slot<'a>>>,
) -> Result<u64> {
    let columns: Vec<Column> = shape.iter().map(|(name, kind)| Column::new(*name, *kind)).collect();
    let mut rows = rows;
    let mut builder = BatchBuilder::new(shape);
    let mut batches = std::iter::from_fn(|| -> Option<Result<RecordBatch>> {
        for row in rows.by_ref() {
            if let Err(error) = builder.push_slots(&row) {
                return Some(Err(error));
            }
            if builder.rows == BATCH_ROWS {
                return Some(builder.finish());
            }
        }
        (builder.rows > 0).then(|| builder.finish())
    });
    publication.load(table, &columns, &mut batches)
}
