//! What is one row of a file before its types are known?

use std::fmt::Write;

/// A row as text, kept in one buffer that is used again for the next row.
#[derive(Debug, Default)]
pub(super) struct Row {
    text: String,
    /// Where each cell lies in the text; None for no value.
    cells: Vec<Option<(usize, usize)>>,
}

impl Row {
    /// Forgets the cells and lends the buffer for the next ones.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, cell: Option<&str>) {
        self.cells.push(cell.map(|cell| {
            let start = self.text.len();
            self.text.push_str(cell);
            (start, self.text.len())
        }));
    }

    /// Puts a cell at a place, with no value in those before it that were not put.
    pub(super) fn put(&mut self, index: usize, cell: &str) {
        if self.cells.len() <= index {
            self.cells.resize(index + 1, None);
        }
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells[index] = Some((start, self.text.len()));
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The n-th cell, counted from 0.
    pub(super) fn cell(&self, index: usize) -> Option<&str> {
        let (start, end) = self.cells.get(index).copied().flatten()?;
        self.text.get(start..end)
    }
}

/// A row that could not be read, kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line on which it starts, counted from 1; 0 when the format has no lines.
    pub line: u64,
    /// Its raw text; bytes that are no text are shown as `\xNN`.
    pub raw: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What a reader found next.
#[derive(Debug)]
pub(super) enum Step {
    /// The row was filled.
    Row,
    /// A row is unreadable.
    Reject(Reject),
    /// There is no more.
    End,
}

/// Reads the rows of one file in order.
pub(super) trait ReadRows: Send {
    /// Fills `row` with the next one.
    ///
    /// # Errors
    /// `Io` when the file cannot be read on.
    fn next(&mut self, row: &mut Row) -> crate::error::Result<Step>;
}

/// Bytes as text, those that are not UTF-8 as `\xNN`.
pub(super) fn lossless(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}
