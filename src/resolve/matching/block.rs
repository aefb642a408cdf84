//! Which rows share the keys of a pass?
//!
//! A pass puts rows side by side that share one, two or three keys together. A key that too many rows share does not
//! pair them all: its rows are sorted and only neighbours meet.

use super::compare::Comparison;
use super::intern::mix;
use super::keys::Atom;
use super::passes::Pass;
use super::sample::Universe;

/// Rows under one key up to which all pairs are compared.
const LARGEST_BLOCK: usize = 64;
/// How many neighbours each row of a larger block meets.
const WINDOW: usize = 8;
/// Keys of one row in one pass at most.
const MOST_KEYS: usize = 12;
/// Rows of one part of a sort by key, about.
const PART: usize = 256;
/// Where the key of a pass starts from.
const SEED: u64 = 0x5bd1_e995;

/// The rows that one pass puts side by side.
#[derive(Default)]
pub(crate) struct Blocks {
    /// Blocks of rows all of which pair, one behind the other; rows ascend.
    rows: Vec<u32>,
    /// Where each block ends in `rows`.
    ends: Vec<u32>,
    /// Pairs that do not come from such blocks, unsorted: of rows with several keys, of neighbours under a common key.
    pub(crate) pairs: Vec<u64>,
    /// The rows whose pairs may be among `pairs`.
    pub(crate) aside: Vec<u32>,
}

impl Blocks {
    /// How many blocks there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The rows of a block.
    pub(crate) fn get(&self, number: usize) -> &[u32] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.rows[start..self.ends[number] as usize]
    }

    /// The rows of several blocks, one behind the other.
    pub(crate) fn between(&self, numbers: std::ops::Range<usize>) -> &[u32] {
        let end = |number: usize| if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.rows[end(numbers.start)..end(numbers.end)]
    }

    /// How many pairs the blocks hold, those found by other passes too.
    pub(crate) fn pair_count(&self) -> u64 {
        let mut start = 0;
        self.ends
            .iter()
            .map(|end| {
                let rows = u64::from(end - std::mem::replace(&mut start, *end));
                rows * (rows - 1) / 2
            })
            .sum()
    }
}

/// The blocks of one pass.
pub(crate) fn blocks(pass: &Pass, atoms: &[Atom], comparisons: &[Comparison], universe: &Universe) -> Blocks {
    let mut keyed = keyed_rows(pass, atoms, comparisons, universe.rows());
    let several = std::mem::take(&mut keyed.several);
    let keyed = sort_by_key(keyed.shared());
    let mut blocks = Blocks::default();
    blocks.aside.extend_from_slice(&several);
    for run in keyed.chunk_by(|left, right| left.0 == right.0) {
        if run.len() < 2 {
            continue;
        }
        if run.len() > LARGEST_BLOCK {
            blocks.aside.extend(run.iter().map(|(_, row)| *row));
            pair_neighbours(run, comparisons, universe, &mut blocks.pairs);
            continue;
        }
        let has_several = |row: u32| !several.is_empty() && several.binary_search(&row).is_ok();
        let start = blocks.rows.len();
        for (at, (_, row)) in run.iter().enumerate() {
            if has_several(*row) {
                for (other_at, (_, other)) in run.iter().enumerate() {
                    // Two rows with several keys each meet once here, not twice.
                    if *other != *row && (other_at > at || !has_several(*other)) && universe.admits(*row, *other) {
                        blocks.pairs.push(pair_of(*row, *other));
                    }
                }
            } else {
                blocks.rows.push(*row);
            }
        }
        if blocks.rows.len() < start + 2 {
            blocks.rows.truncate(start);
        } else {
            blocks.ends.push(blocks.rows.len() as u32);
        }
    }
    blocks
}

/// A pair as one number that sorts by the smaller row and then the larger.
pub(crate) fn pair_of(left: u32, right: u32) -> u64 {
    u64::from(left.min(right)) << 32 | u64::from(left.max(right))
}

/// The two rows of a pair.
pub(crate) fn rows_of(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// The key of every row that has one.
struct Keyed {
    /// For each row its key, 0 for none or several.
    keys: Vec<u64>,
    /// The rows that have several keys, ascending, and the keys of these.
    several: Vec<u32>,
    more: Vec<(u64, u32)>,
}

fn keyed_rows(pass: &Pass, atoms: &[Atom], comparisons: &[Comparison], rows: usize) -> Keyed {
    let mut keyed = Keyed { keys: vec![0; rows], several: Vec::new(), more: Vec::new() };
    let single = pass.atoms.iter().all(|at| comparisons[atoms[*at].comparison].elements.is_none());
    if single {
        keyed.keys.fill(SEED);
        for at in &pass.atoms {
            let atom = &atoms[*at];
            for (key, value) in keyed.keys.iter_mut().zip(comparisons[atom.comparison].values.iter()) {
                let own = if *value == 0 { 0 } else { atom.key(*value) };
                *key = if own == 0 || *key == 0 { 0 } else { combine(*key, own, *at) };
            }
        }
        return keyed;
    }
    let mut keys = Vec::new();
    for row in 0..rows as u32 {
        keys.clear();
        row_keys(pass, atoms, comparisons, row, &mut keys);
        match keys.as_slice() {
            [] => {}
            [key] => keyed.keys[row as usize] = *key,
            several => {
                keyed.several.push(row);
                keyed.more.extend(several.iter().map(|key| (*key, row)));
            }
        }
    }
    keyed
}

fn combine(before: u64, key: u64, atom: usize) -> u64 {
    mix(before ^ key.rotate_left(atom as u32)).max(1)
}

/// Every combination of the keys a row has for the atoms of a pass.
fn row_keys(pass: &Pass, atoms: &[Atom], comparisons: &[Comparison], row: u32, keys: &mut Vec<u64>) {
    keys.push(SEED);
    for at in &pass.atoms {
        let atom = &atoms[*at];
        let comparison = &comparisons[atom.comparison];
        let value = comparison.values[row as usize];
        let elements = if value == 0 { &[] } else { comparison.elements_of(&value) };
        let end = keys.len();
        for element in elements.iter().take(MOST_KEYS) {
            let key = atom.key(*element);
            if key != 0 {
                for before in 0..end {
                    keys.push(combine(keys[before], key, *at));
                }
            }
        }
        keys.drain(..end);
    }
    keys.sort_unstable();
    keys.dedup();
}

impl Keyed {
    /// The keys that more than one row has, and seldom others, with their rows.
    fn shared(self) -> Vec<(u64, u32)> {
        let places = (self.keys.len() * 4).next_power_of_two().max(1 << 10);
        let place = |key: u64| key as usize & (places - 1);
        let mut met = vec![0u8; places];
        for key in self.keys.iter().chain(self.more.iter().map(|(key, _)| key)).filter(|key| **key != 0) {
            let count = &mut met[place(*key)];
            *count = count.saturating_add(1);
        }
        let ones = self.keys.iter().enumerate().map(|(row, key)| (*key, row as u32));
        ones.chain(self.more.iter().copied()).filter(|(key, _)| *key != 0 && met[place(*key)] > 1).collect()
    }
}

/// Sorts rows by key and then by number: first into parts by the upper bits of the key, then each part.
fn sort_by_key(keyed: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    let bits = (keyed.len() / PART).max(1).ilog2();
    if bits == 0 {
        let mut keyed = keyed;
        keyed.sort_unstable();
        return keyed;
    }
    let part = |key: u64| (key >> (64 - bits)) as usize;
    let mut starts = vec![0usize; (1 << bits) + 1];
    for (key, _) in &keyed {
        starts[part(*key) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut sorted = vec![(0, 0); keyed.len()];
    for entry in keyed {
        let at = &mut next[part(entry.0)];
        sorted[*at] = entry;
        *at += 1;
    }
    for bounds in starts.windows(2) {
        sorted[bounds[0]..bounds[1]].sort_unstable();
    }
    sorted
}

/// Sorted by content twice, from either end of the fields, so that a row meets those most like it.
fn pair_neighbours(run: &[(u64, u32)], comparisons: &[Comparison], universe: &Universe, found: &mut Vec<u64>) {
    for backwards in [false, true] {
        let mut rows: Vec<(u64, u64, u32)> = run
            .iter()
            .map(|(_, row)| {
                let keys = comparisons.iter().map(|comparison| comparison.content(comparison.values[*row as usize]));
                let key = if backwards {
                    keys.rev().find(|key| *key != 0).unwrap_or(0)
                } else {
                    keys.fold(0, |sum: u64, key| sum.wrapping_add(key >> 20))
                };
                (key, universe.rank[*row as usize], *row)
            })
            .collect();
        rows.sort_unstable();
        for (at, (_, _, left)) in rows.iter().enumerate() {
            for (_, _, right) in rows.iter().skip(at + 1).take(WINDOW) {
                if universe.admits(*left, *right) {
                    found.push(pair_of(*left, *right));
                }
            }
        }
    }
}
