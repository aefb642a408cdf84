//! What do the values of a table look like, in one scan?

mod cells;
pub mod formats;
mod pushed;
mod shape;

pub use cells::{Counter, TOP};
pub use shape::{CHOICES, DAYS, SKETCH, bucket, contained, hash, middle, sketch};

use super::source_map::ColumnProfile;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::warehouse::{Column, Rows, TableShape, Warehouse};

/// Tables up to this size are profiled exactly.
pub const EXACT_ROWS: usize = 10_000;

/// The rows of a table and the profiles of its columns, in order.
#[derive(Debug, Clone, Default)]
pub struct TableProfile {
    /// How many rows there are.
    pub rows: u64,
    /// The columns in order.
    pub columns: Vec<ColumnProfile>,
}

/// Profiles a table: up to [`EXACT_ROWS`] rows are read once and counted here, exactly; of a greater table the first rows
/// give the formats, and the engine counts the rest in one statement.
///
/// # Errors
/// As [`Warehouse::query`]; `Cancelled`.
pub fn profile(warehouse: &dyn Warehouse, shape: &TableShape, cancel: &CancelToken) -> Result<TableProfile> {
    if shape.columns.is_empty() {
        return Ok(TableProfile::default());
    }
    let mut counters: Vec<Counter> = shape.columns.iter().map(|column| Counter::new(column.kind)).collect();
    let mut rows = 0;
    warehouse.stream(&head(warehouse, shape), &[], &mut |batch| {
        cancel.check()?;
        let batch = Rows::new(vec![batch]);
        let take = batch.len().min(EXACT_ROWS + 1 - rows);
        for row in 0..take {
            // The last row only tells that there are more.
            if rows + row < EXACT_ROWS {
                for (position, counter) in counters.iter_mut().enumerate() {
                    counter.add(batch.text(row, position));
                }
            }
        }
        rows += take;
        Ok(())
    })?;
    if rows <= EXACT_ROWS {
        let columns = counters.into_iter().map(Counter::finish).collect();
        return Ok(TableProfile { rows: rows as u64, columns });
    }
    cancel.check()?;
    pushed::profile(warehouse, shape, counters, cancel)
}

/// The first rows, every cell as text.
fn head(warehouse: &dyn Warehouse, shape: &TableShape) -> String {
    let dialect = warehouse.dialect();
    let cells: Vec<String> = shape
        .columns
        .iter()
        .enumerate()
        .map(|(at, Column { name, kind, .. })| format!("{} AS c{at}", dialect.text_as(&dialect.quote(name), *kind)))
        .collect();
    format!("SELECT {} FROM {} LIMIT {}", cells.join(", "), dialect.table(&shape.name), EXACT_ROWS + 1)
}
