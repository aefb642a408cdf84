//! Which other keys do rows share that share one key by chance?
//!
//! Keys lean on each other: a street has one town, and a mailbox name is made of the names. How many pairs two keys leave
//! together therefore cannot be reckoned from each alone; it is counted on a sample of the pairs that share the one. A pair
//! most of whose other fields are equal is what a key is for; only the rest is its cost.

use rayon::prelude::*;

use super::compare::Comparison;
use super::intern::mix;
use super::keys::Atom;
use super::sample::Universe;

/// Rows whose keys are looked at for one atom, about.
const ROWS: f64 = 32_000.0;
/// Pairs looked at under one key at most, and for one atom in all, about.
const PAIRS_OF_KEY: usize = 512;
const PAIRS: usize = 8_000;
/// Fields that both rows have filled beside the key, at least, before a pair says anything.
const FIELDS: u32 = 3;
/// Pairs that have to be known before they outweigh what is reckoned.
const ENOUGH: f64 = 100.0;

/// What was seen of the pairs that share one atom.
#[derive(Debug, Default)]
pub(crate) struct Overlap {
    /// The share of them that does not look like matches; `None` where too few pairs tell.
    pub(crate) by_chance: Option<f64>,
    /// Of those that do not, the atoms they share, as bits, and how many pairs each stands for.
    masks: Vec<(u64, f64)>,
    /// How many pairs truly seen stand behind these.
    seen: f64,
}

impl Overlap {
    /// The share of the pairs without a match that share all these atoms too; `reckoned` is what to expect without looking.
    pub(crate) fn share_of(&self, mask: u64, reckoned: f64) -> f64 {
        let total: f64 = self.masks.iter().map(|(_, weight)| weight).sum();
        if total <= 0.0 {
            return reckoned;
        }
        let both: f64 = self.masks.iter().filter(|(shared, _)| shared & mask == mask).map(|(_, weight)| weight).sum();
        // Seeing none of so many pairs still allows for three (Hanley and Lippman-Hand, 1983).
        (both / total).max(reckoned.min(3.0 / self.seen.max(1.0)))
    }
}

/// Looks at pairs under every atom.
pub(crate) fn overlaps(atoms: &[Atom], comparisons: &[Comparison], universe: &Universe) -> Vec<Overlap> {
    (0..atoms.len()).into_par_iter().map(|at| overlap(at, atoms, comparisons, universe)).collect()
}

fn overlap(at: usize, atoms: &[Atom], comparisons: &[Comparison], universe: &Universe) -> Overlap {
    let comparison = &comparisons[atoms[at].comparison];
    if comparison.elements.is_some() {
        return Overlap::default();
    }
    let highest = (u64::MAX as f64 * (ROWS / f64::from(comparison.filled.max(1))).min(1.0)) as u64;
    let mut keyed: Vec<(u64, u64, u32)> = Vec::new();
    for (row, value) in comparison.values.iter().enumerate().filter(|(_, value)| **value != 0) {
        // Chosen by the key, so that all rows of a key are there or none.
        let key = content_key(&atoms[at], comparison, *value);
        if key != 0 && mix(key) <= highest {
            keyed.push((key, universe.rank[row], row as u32));
        }
    }
    keyed.sort_unstable();
    let blocks: Vec<&[(u64, u64, u32)]> =
        keyed.chunk_by(|left, right| left.0 == right.0).filter(|rows| rows.len() > 1).collect();
    let each = (PAIRS / blocks.len().max(1)).clamp(1, PAIRS_OF_KEY);
    let step = (blocks.len() / PAIRS).max(1);
    let mut found = Found::default();
    for rows in blocks.into_iter().step_by(step) {
        let all = rows.len() * (rows.len() - 1) / 2;
        // Each place drawn stands for as many, whether the pair there is admitted or not.
        let weight = all as f64 / all.min(each) as f64;
        for (one, other) in spread(rows.len(), each) {
            let pair = (rows[one].2, rows[other].2);
            if universe.admits(pair.0, pair.1) {
                found.look(at, pair, weight, atoms, comparisons);
            }
        }
    }
    found.overlap()
}

/// Some pairs of positions below `rows`, all of them where there are few.
fn spread(rows: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let all = rows * (rows - 1) / 2;
    let taken = all.min(most);
    (0..taken).map(move |number| {
        // The pair at a place of the list (1, 0), (2, 0), (2, 1), (3, 0) and so on.
        let place = if all <= most { number } else { (mix(number as u64) % all as u64) as usize };
        let mut high = ((((8 * place + 1) as f64).sqrt() - 1.0) / 2.0) as usize + 1;
        while high * (high - 1) / 2 > place {
            high -= 1;
        }
        while (high + 1) * high / 2 <= place {
            high += 1;
        }
        (high, place - high * (high - 1) / 2)
    })
}

/// The key of a value, the same whatever the order of rows.
fn content_key(atom: &Atom, comparison: &Comparison, value: u32) -> u64 {
    if atom.is_whole() { comparison.keys[value as usize] } else { atom.key(value) }
}

#[derive(Default)]
struct Found {
    matching: f64,
    rest: f64,
    squares: f64,
    seen: f64,
    masks: Vec<(u64, f64)>,
}

impl Found {
    fn look(&mut self, at: usize, rows: (u32, u32), weight: f64, atoms: &[Atom], comparisons: &[Comparison]) {
        let (mut filled, mut equal) = (0, 0);
        for (other, comparison) in comparisons.iter().enumerate() {
            let (one, two) = (comparison.values[rows.0 as usize], comparison.values[rows.1 as usize]);
            if other != atoms[at].comparison && one != 0 && two != 0 {
                filled += 1;
                equal += u32::from(one == two || comparison.content(one) == comparison.content(two));
            }
        }
        if filled < FIELDS {
            return;
        }
        self.seen += 1.0;
        if equal * 2 >= filled {
            self.matching += weight;
            return;
        }
        self.rest += weight;
        self.squares += weight * weight;
        let mask = atoms.iter().enumerate().take(64).fold(0u64, |mask, (number, atom)| {
            let comparison = &comparisons[atom.comparison];
            let (one, two) = (comparison.values[rows.0 as usize], comparison.values[rows.1 as usize]);
            if one == 0 || two == 0 || comparison.elements.is_some() {
                return mask;
            }
            let key = content_key(atom, comparison, one);
            mask | u64::from(key != 0 && key == content_key(atom, comparison, two)) << number
        });
        self.masks.push((mask, weight));
    }

    fn overlap(mut self) -> Overlap {
        let total = self.matching + self.rest;
        self.masks.sort_unstable_by_key(|(mask, _)| *mask);
        let masks = self
            .masks
            .chunk_by(|left, right| left.0 == right.0)
            .map(|run| (run[0].0, run.iter().map(|(_, weight)| weight).sum()))
            .collect();
        Overlap {
            by_chance: (self.seen >= ENOUGH && total > 0.0).then(|| self.rest / total),
            masks,
            // Kish's effective sample size: pairs that stand for many say less than so many pairs.
            seen: if self.squares > 0.0 { self.rest * self.rest / self.squares } else { 0.0 },
        }
    }
}
