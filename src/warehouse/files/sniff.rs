//! Which delimiter and quotes does a delimited file use, and is its first row a header?

use super::delimited::{SampleRow as Cells, Shape, sample_rows};
use super::infer::{looks_like_data, looks_numeric};

/// The rows of a sample that are looked at.
const ROWS: usize = 200;
/// The delimiters that exports use, the likelier first.
const DELIMITERS: [u8; 6] = [b',', b'\t', b';', b'|', b'^', 0x01];

/// Finds the shape that makes the sample most regular: as many rows as possible with the same number of cells, then as
/// many cells as possible. A file of one column gets a comma.
pub(super) fn shape(sample: &[u8], whole: bool, delimiter: Option<u8>) -> Shape {
    let line_end =
        if memchr::memchr(b'\n', sample).is_none() && memchr::memchr(b'\r', sample).is_some() { b'\r' } else { b'\n' };
    let candidates: Vec<u8> = delimiter.map_or_else(|| DELIMITERS.to_vec(), |one| vec![one]);
    let plain = Shape { delimiter: candidates[0], quote: b'"', backslash: false, line_end };
    let mut best = (plain, (0.0, 0));
    for delimiter in candidates {
        for quote in [b'"', b'\''] {
            let backslash = escapes_with_backslash(sample, quote, delimiter);
            let shape = Shape { delimiter, quote, backslash, line_end };
            let rows = sample_rows(sample, whole, shape, ROWS);
            if quote == b'\'' && !uses_quote(&rows) {
                continue;
            }
            let score = regularity(&rows, quote);
            if score > best.1 {
                best = (shape, score);
            }
        }
    }
    best.0
}

/// The share of rows that have the most common number of cells, less the rows in which a quote stands inside a cell that
/// is not quoted, as it does when the delimiter is wrong; and that number. Nothing for a single column.
fn regularity(rows: &[Option<Cells>], quote: u8) -> (f64, usize) {
    let mut counts = std::collections::BTreeMap::new();
    let mut odd = 0;
    for row in rows {
        *counts.entry(row.as_ref().map_or(0, Vec::len)).or_insert(0_usize) += 1;
        odd += usize::from(row.iter().flatten().any(|(cell, quoted)| !quoted && cell.contains(&quote)));
    }
    let common = counts.iter().max_by_key(|(cells, rows)| (**rows, **cells));
    match common {
        Some((cells, count)) if *cells > 1 => {
            // Two readings that are equally regular differ by their width: a comma in every name of a file of semicolons.
            let share = (*count as f64 - odd as f64) / rows.len() as f64;
            ((share * 20.0).round() / 20.0, *cells)
        }
        _ => (0.0, 0),
    }
}

/// An apostrophe is a quote only where cells are enclosed by it and no double quote does that.
fn uses_quote(rows: &[Option<Cells>]) -> bool {
    let cells = || rows.iter().flatten().flatten();
    cells().any(|(_, quoted)| *quoted) && !cells().any(|(cell, _)| cell.first() == Some(&b'"'))
}

/// Whether quotes inside quoted cells are written `\"`: some are followed by more of the cell, which after a value that
/// ends in a backslash only a delimiter or a second quote could be.
fn escapes_with_backslash(sample: &[u8], quote: u8, delimiter: u8) -> bool {
    sample.windows(3).any(|three| {
        let more_follows = three[2] != quote && three[2] != delimiter && !matches!(three[2], b'\n' | b'\r');
        three[0] == b'\\' && three[1] == quote && more_follows
    })
}

/// Whether the first row names the columns. It does, unless a cell of it is data (a number, moment, e-mail address) where
/// the column below holds the same, and no cell is a word above a column of data.
pub(super) fn has_header(sample: &[u8], whole: bool, shape: Shape) -> bool {
    let rows: Vec<Cells> = sample_rows(sample, whole, shape, ROWS).into_iter().flatten().collect();
    let Some((first, below)) = rows.split_first() else { return true };
    if below.is_empty() {
        return !first.iter().any(|(cell, _)| is(cell, looks_like_data) && !is(cell, looks_numeric));
    }
    let mut data_in_first = false;
    for (index, (cell, _)) in first.iter().enumerate() {
        let column = || below.iter().filter_map(|row| row.get(index)).filter(|(cell, _)| !cell.is_empty());
        let all_data = column().next().is_some() && column().all(|(cell, _)| is(cell, looks_like_data));
        if !all_data || cell.is_empty() {
            continue;
        }
        if is(cell, looks_like_data) {
            data_in_first |= !is_year(cell);
        } else {
            return true;
        }
    }
    !data_in_first
}

fn is(cell: &[u8], test: fn(&str) -> bool) -> bool {
    std::str::from_utf8(cell).is_ok_and(test)
}

/// `2024` above a column of numbers is the header of a pivot table.
fn is_year(cell: &[u8]) -> bool {
    matches!(cell, [b'1', b'9', a, b] | [b'2', b'0', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}
