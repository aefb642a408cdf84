//! Which number has the normal text of each distinct cell of a column?
//!
//! Normalising runs in parallel over stretches of the dictionary; numbering the results is one pass. Where every cell is
//! its own normal text nothing is numbered again.

use std::ops::Range;

use rayon::prelude::*;

use super::intern::{Dictionary, hash_text};
use super::table::MatchColumn;

/// Distinct cells normalised at a time by one thread, and how many of such stretches are kept before they are numbered.
const STRETCH: u32 = 4096;
const WAVE: u32 = 16;
/// Texts looked up in the dictionary at a time.
const TOGETHER: usize = 64;

/// The dictionary of normal texts and, for each distinct cell, its number there; `None` where all cells are normal.
pub(super) fn normal_numbers(
    column: &MatchColumn,
    normal: impl Fn(&str, &mut String) + Sync,
) -> Option<(Dictionary, Vec<u32>)> {
    let cells = column.distinct() as u32 + 1;
    let mut dictionary = Dictionary::default();
    let mut numbers = vec![0];
    let mut normal_so_far = true;
    for wave in (1..cells).step_by((STRETCH * WAVE) as usize) {
        let end = cells.min(wave + STRETCH * WAVE);
        let starts: Vec<u32> = (wave..end).step_by(STRETCH as usize).collect();
        let stretches: Vec<Normalised> =
            starts.par_iter().map(|start| Normalised::of(column, *start..end.min(start + STRETCH), &normal)).collect();
        if normal_so_far {
            if stretches.iter().all(|stretch| stretch.unchanged) {
                continue;
            }
            normal_so_far = false;
            numbers.reserve(cells as usize);
            numbers.extend((1..wave).map(|cell| {
                let text = column.cell_text(cell);
                dictionary.intern(text)
            }));
        }
        for stretch in &stretches {
            stretch.number(&mut dictionary, &mut numbers);
        }
    }
    dictionary.seal();
    (!normal_so_far).then_some((dictionary, numbers))
}

/// The normal texts of some cells, one behind the other.
struct Normalised {
    text: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    /// Whether every text is what the cell says already.
    unchanged: bool,
}

impl Normalised {
    fn of(column: &MatchColumn, cells: Range<u32>, normal: &impl Fn(&str, &mut String)) -> Self {
        let count = cells.len();
        let mut made = Self {
            text: String::with_capacity(count * 16),
            ends: Vec::with_capacity(count),
            hashes: Vec::with_capacity(count),
            unchanged: true,
        };
        for cell in cells {
            let from = made.text.len();
            let value = column.cell_text(cell);
            normal(value, &mut made.text);
            made.unchanged &= made.text[from..] == *value;
            made.hashes.push(hash_text(&made.text.as_bytes()[from..]));
            made.ends.push(made.text.len());
        }
        made
    }

    fn number(&self, dictionary: &mut Dictionary, numbers: &mut Vec<u32>) {
        let mut from = 0;
        let mut values = Vec::with_capacity(TOGETHER);
        for (ends, hashes) in self.ends.chunks(TOGETHER).zip(self.hashes.chunks(TOGETHER)) {
            values.clear();
            for (end, hash) in ends.iter().zip(hashes) {
                values.push((&self.text[from..*end], *hash));
                from = *end;
            }
            dictionary.intern_all(&values, numbers);
        }
    }
}
