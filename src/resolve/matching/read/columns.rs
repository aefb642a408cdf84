//! How do the rows of a CSV text become numbered columns?
//!
//! The text is read in waves of stretches. While the columns number the cells of one wave, the next is taken apart, so
//! that every thread has work and nothing is kept longer than a wave but the distinct texts. Where a stretch begins is
//! guessed from the quotes before it; a stretch that turns out to begin inside a row is read again from the right place.

use std::path::Path;

use super::rows::{Stretch, header};
use crate::error::{Error, Result};
use crate::resolve::matching::intern::Dictionary;
use crate::resolve::matching::table::MatchColumn;

/// Bytes of a stretch: small enough that its cells stay in a core's cache until they are numbered.
const STRETCH: usize = 256 << 10;

/// Cells of a column numbered at a time.
const TOGETHER: usize = 64;

/// The columns of a CSV text; every cell trimmed.
pub(super) fn csv_columns(text: &str, path: &Path) -> Result<Vec<MatchColumn>> {
    let first = text.lines().next().unwrap_or_default();
    let mark = [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|mark| (memchr::memchr_iter(*mark, first.as_bytes()).count(), u8::MAX - mark))
        .unwrap_or(b',');
    if first.trim().is_empty() {
        return Err(Error::data(format!("{} is empty", path.display()))
            .hint("a table needs a header line with the names of its columns"));
    }
    let (names, body) = header(text, mark);
    let width = names.len();
    let mut columns: Vec<Numbering> = names.iter().map(|_| Numbering::default()).collect();
    let many = rayon::current_num_threads().max(1) * 2;
    let (mut read, mut next): (Vec<Stretch>, Vec<Stretch>) = (Vec::new(), Vec::new());
    let (mut at, mut expected, mut foreseen) = (body, 0, false);
    loop {
        let starts = if at < text.len() { starts(text, at, many) } else { Vec::new() };
        let planned = starts.len().saturating_sub(1);
        next.resize_with(planned.max(next.len()), Stretch::default);
        next.truncate(planned);
        rayon::scope(|scope| {
            let read = &read;
            for (number, column) in columns.iter_mut().enumerate() {
                scope.spawn(move |_| column.take(read, number, text));
            }
            for (stretch, bounds) in next.iter_mut().zip(starts.windows(2)) {
                let (start, until) = (bounds[0], bounds[1]);
                scope.spawn(move |_| stretch.read(text, mark, width, start, until));
            }
        });
        if next.is_empty() {
            break;
        }
        for (stretch, until) in next.iter_mut().zip(&starts[1..]) {
            if stretch.start != at {
                stretch.read(text, mark, width, at, *until);
            }
            if let Some((row, found)) = stretch.misfit {
                let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..row]).count() + 1;
                return Err(Error::data(format!(
                    "{}, line {line}: {found} cells where the header has {width}",
                    path.display()
                ))
                .hint("quote cells that hold the separator or a line break"));
            }
            at = stretch.end.max(at);
        }
        if at == body {
            return Err(Error::internal(format!("{}: no row could be read", path.display())));
        }
        if read.is_empty() {
            let rows: usize = next.iter().map(|stretch| stretch.columns.first().map_or(0, Vec::len)).sum();
            expected = rows * (text.len() - body) / (at - body).max(1);
            for column in &mut columns {
                column.cells.reserve(expected + expected / 16);
            }
        } else if !foreseen {
            // What the first wave held foretells the rest.
            for column in &mut columns {
                column.foresee(expected);
            }
            foreseen = true;
        }
        std::mem::swap(&mut read, &mut next);
    }
    Ok(names
        .into_iter()
        .zip(columns)
        .map(|(name, column)| MatchColumn::from_parts(name, column.texts, column.cells))
        .collect())
}

/// A column on its way: its distinct texts, and the number of each row's.
#[derive(Default)]
struct Numbering {
    texts: Dictionary,
    cells: Vec<u32>,
}

impl Numbering {
    /// Makes room for the texts of so many rows, if they go on as they began.
    fn foresee(&mut self, rows: usize) {
        let seen = self.cells.len().max(1);
        if self.texts.len() * 4 > seen {
            self.texts.expect((self.texts.len() as f64 / seen as f64 * rows as f64) as usize);
        }
    }

    fn take(&mut self, stretches: &[Stretch], number: usize, text: &str) {
        let mut values = Vec::with_capacity(TOGETHER);
        for stretch in stretches {
            for cells in stretch.columns[number].chunks(TOGETHER) {
                values.clear();
                values.extend(cells.iter().map(|cell| (stretch.text(*cell, text), cell.hash)));
                self.texts.intern_all(&values, &mut self.cells);
            }
        }
    }
}

/// Where up to `many` stretches from `at` on start, and where the last ends: behind line breaks outside quotes.
fn starts(text: &str, at: usize, many: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![at];
    let mut start = at;
    while starts.len() <= many && start < bytes.len() {
        let wanted = start + STRETCH;
        if wanted >= bytes.len() {
            starts.push(bytes.len());
            break;
        }
        // An even number of quotes since the row's start means that a line break ends a row.
        let mut quotes = memchr::memchr_iter(b'"', &bytes[start..wanted]).count();
        let mut from = wanted;
        let end = loop {
            match memchr::memchr2(b'"', b'\n', &bytes[from..]) {
                None => break bytes.len(),
                Some(found) if bytes[from + found] == b'"' => {
                    quotes += 1;
                    from += found + 1;
                }
                Some(found) => {
                    from += found + 1;
                    if quotes.is_multiple_of(2) {
                        break from;
                    }
                }
            }
        };
        starts.push(end);
        start = end;
    }
    starts
}
