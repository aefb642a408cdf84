//! What did the query return, read row by row?

use duckdb::arrow::array::{Array, BooleanArray, Float64Array, Int64Array, LargeStringArray, StringArray};
use duckdb::arrow::record_batch::RecordBatch;

/// The rows of a query. Engines return only text, 64-bit integers, 64-bit floats and booleans here.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    batches: Vec<RecordBatch>,
    /// The index of the first row of each batch, and at the end the number of rows.
    starts: Vec<usize>,
}

impl Rows {
    /// Wraps batches in their order.
    #[must_use]
    pub fn new(batches: Vec<RecordBatch>) -> Self {
        let mut starts = vec![0];
        let mut total = 0;
        for batch in &batches {
            total += batch.num_rows();
            starts.push(total);
        }
        Self { batches, starts }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The batches themselves.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    fn cell(&self, row: usize, column: usize) -> Option<(&dyn Array, usize)> {
        if row >= self.len() {
            return None;
        }
        let batch = self.starts.partition_point(|start| *start <= row) - 1;
        let array = self.batches.get(batch)?.columns().get(column)?;
        let index = row - self.starts[batch];
        if array.is_null(index) { None } else { Some((array.as_ref(), index)) }
    }

    /// The text of a cell; None for NULL or a column that is not text.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> Option<&str> {
        let (array, index) = self.cell(row, column)?;
        if let Some(strings) = array.as_any().downcast_ref::<StringArray>() {
            return Some(strings.value(index));
        }
        array.as_any().downcast_ref::<LargeStringArray>().map(|strings| strings.value(index))
    }

    /// The whole number of a cell; None for NULL or a column that is not an integer.
    #[must_use]
    pub fn integer(&self, row: usize, column: usize) -> Option<i64> {
        let (array, index) = self.cell(row, column)?;
        array.as_any().downcast_ref::<Int64Array>().map(|numbers| numbers.value(index))
    }

    /// The number of a cell, whole numbers included; None for NULL or a column that is not a number.
    #[must_use]
    pub fn float(&self, row: usize, column: usize) -> Option<f64> {
        let (array, index) = self.cell(row, column)?;
        if let Some(numbers) = array.as_any().downcast_ref::<Float64Array>() {
            return Some(numbers.value(index));
        }
        array.as_any().downcast_ref::<Int64Array>().map(|numbers| numbers.value(index) as f64)
    }

    /// The truth of a cell; None for NULL or a column that is not boolean.
    #[must_use]
    pub fn boolean(&self, row: usize, column: usize) -> Option<bool> {
        let (array, index) = self.cell(row, column)?;
        array.as_any().downcast_ref::<BooleanArray>().map(|truths| truths.value(index))
    }
}
