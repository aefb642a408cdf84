//! Which pairs are compared, each once?
//!
//! Pairs stream out of the blocks of every pass; none is written down. A pair that an earlier pass holds is left to that
//! pass, which the values of the two rows tell. Only pairs that do not come from plain blocks are listed.

use rayon::prelude::*;

use super::block::{Blocks, pair_of, rows_of};
use super::compare::Comparison;
use super::keys::Atom;
use super::passes::Pass;
use super::sample::{Sampled, Universe};
use super::score::{Cache, Scorer};
use crate::progress::CancelToken;

/// Pairs that one task looks at, about.
const TASK: u64 = 20_000;
/// Pairs shown at a time: their values are fetched together, so that memory is waited for once and not for each.
const SHOWN: usize = 128;
/// Blocks whose rows are fetched together.
const FETCHED: usize = 32;

/// The candidate pairs of a table.
pub(crate) struct Candidates {
    /// The names of the passes, those of the blocks first.
    pub(crate) passes: Vec<String>,
    atoms: Vec<Atom>,
    blocks: Vec<Blocks>,
    sharing: Vec<Sharing>,
    /// For each row the passes that list its pairs, as bits; empty when none does.
    aside: Vec<u32>,
    /// The pairs that no block holds, sorted, with the pass that found each first.
    listed: Vec<(u64, u8)>,
    /// Whether every pair of the table is a candidate.
    pub(crate) exhaustive: bool,
}

/// What two rows share that meet in a pass.
struct Sharing {
    /// Comparisons whose values are equal, as bits.
    equal: u32,
    /// Atoms whose keys are equal.
    keys: Vec<usize>,
}

/// Two rows, their values, and the comparisons on which these are equal, as bits.
#[derive(Clone, Copy)]
pub(crate) struct Couple<'a> {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) one: &'a [u32],
    pub(crate) other: &'a [u32],
    pub(crate) same: u32,
    /// The number of the pass that found them.
    pub(crate) pass: u8,
}

impl<'a> Couple<'a> {
    pub(crate) fn new(left: u32, right: u32, one: &'a [u32], other: &'a [u32]) -> Self {
        let mut same = 0;
        for (at, (one, other)) in one.iter().zip(other).enumerate() {
            same |= u32::from(one == other && *one != 0) << at;
        }
        Self { left, right, one, other, same, pass: u8::MAX }
    }
}

/// Pairs found, in the order of tasks, and how many were looked at.
pub(crate) struct Visited<Found> {
    pub(crate) found: Vec<Vec<Found>>,
    pub(crate) pairs: u64,
}

impl Candidates {
    /// Puts the blocks of `passes` and the lists of pairs together; `lists` names each with its pairs.
    pub(crate) fn new(
        passes: Vec<Pass>,
        atoms: Vec<Atom>,
        blocks: Vec<Blocks>,
        lists: Vec<(String, Vec<u64>)>,
        scorer: &Scorer,
        exhaustive: bool,
    ) -> Self {
        let sharing = passes.iter().map(|pass| Sharing::of(pass, &atoms)).collect();
        let mut aside = Vec::new();
        for (number, found) in blocks.iter().enumerate().filter(|(_, found)| !found.aside.is_empty()) {
            aside.resize(scorer.rows(), 0u32);
            found.aside.iter().for_each(|row| aside[*row as usize] |= 1 << number);
        }
        let mut made = Self {
            passes: passes.into_iter().map(|pass| pass.name).collect(),
            atoms,
            blocks,
            sharing,
            aside,
            listed: Vec::new(),
            exhaustive,
        };
        let mut listed: Vec<(u64, u8)> = Vec::new();
        for (number, found) in made.blocks.iter_mut().enumerate() {
            listed.extend(std::mem::take(&mut found.pairs).into_iter().map(|pair| (pair, number as u8)));
        }
        for (name, pairs) in lists {
            let number = made.passes.len() as u8;
            made.passes.push(name);
            listed.extend(pairs.into_iter().map(|pair| (pair, number)));
        }
        listed.par_sort_unstable();
        listed.dedup_by_key(|(pair, _)| *pair);
        listed.retain(|(pair, _)| {
            let (left, right) = rows_of(*pair);
            !made.in_blocks(&scorer.couple(left, right), made.blocks.len(), &scorer.comparisons)
        });
        made.listed = listed;
        made
    }

    /// Whether one of the first `passes` passes holds a pair in a block.
    fn in_blocks(&self, couple: &Couple<'_>, passes: usize, comparisons: &[Comparison]) -> bool {
        let aside = if self.aside.is_empty() {
            0
        } else {
            self.aside[couple.left as usize] | self.aside[couple.right as usize]
        };
        // Passes that equal values alone decide are asked first: most pairs of several passes are known by them.
        let plain = self.sharing[..passes].iter().enumerate().any(|(number, sharing)| {
            sharing.keys.is_empty() && couple.same & sharing.equal == sharing.equal && aside >> number & 1 == 0
        });
        plain
            || self.sharing[..passes].iter().enumerate().any(|(number, sharing)| {
                !sharing.keys.is_empty()
                    && couple.same & sharing.equal == sharing.equal
                    && aside >> number & 1 == 0
                    && sharing.keys.iter().all(|atom| {
                        let atom = &self.atoms[*atom];
                        let (one, other) = (&couple.one[atom.comparison], &couple.other[atom.comparison]);
                        if *one == 0 || *other == 0 || (one == other && atom.always_keyed) {
                            return *one != 0 && *other != 0;
                        }
                        let key = |value: &u32| match comparisons[atom.comparison].elements_of(value) {
                            [element] => atom.key(*element),
                            _ => 0,
                        };
                        let one = key(one);
                        one != 0 && one == key(other)
                    })
            })
    }

    /// Whether a pair is a candidate.
    pub(crate) fn hold(&self, couple: &Couple<'_>, scorer: &Scorer) -> bool {
        let pair = pair_of(couple.left, couple.right);
        self.exhaustive
            || self.in_blocks(couple, self.blocks.len(), &scorer.comparisons)
            || self.listed.binary_search_by_key(&pair, |(pair, _)| *pair).is_ok()
    }

    /// How many pairs there are, counting those several passes hold as often.
    pub(crate) fn at_most(&self) -> u64 {
        self.blocks.iter().map(Blocks::pair_count).sum::<u64>() + self.listed.len() as u64
    }

    /// Shows every pair to `visit` once, some at a time; what it finds comes in an order of its own.
    ///
    /// With `sampled` only pairs of two of these rows are shown.
    pub(crate) fn visit<Found: Send>(
        &self,
        scorer: &Scorer,
        universe: &Universe,
        sampled: Option<&Sampled>,
        cancel: &CancelToken,
        visit: impl Fn(&[Couple<'_>], &mut Cache, &mut Vec<Found>) + Sync,
    ) -> Visited<Found> {
        let tasks = self.tasks();
        let done: Vec<(Vec<Found>, u64)> = tasks
            .par_iter()
            .map_init(Cache::new, |cache, task| {
                let mut shown = Shown { waiting: Vec::with_capacity(SHOWN), found: Vec::new(), pairs: 0 };
                if cancel.is_cancelled() {
                    return (shown.found, 0);
                }
                let mut show = |shown: &mut Shown<'_, Found>| {
                    visit(&shown.waiting, cache, &mut shown.found);
                    shown.pairs += shown.waiting.len() as u64;
                    shown.waiting.clear();
                };
                let is_in = |row: u32| sampled.is_none_or(|sampled| sampled.holds(row));
                match task {
                    Task::Blocks(pass, from, to) => {
                        let blocks = &self.blocks[*pass];
                        let mut rows = Vec::new();
                        for first in (*from..*to).step_by(FETCHED) {
                            let numbers = first..(first + FETCHED).min(*to);
                            if sampled.is_none() {
                                scorer.fetch_rows(blocks.between(numbers.clone()));
                            }
                            for number in numbers {
                                rows.clear();
                                rows.extend(blocks.get(number).iter().copied().filter(|row| is_in(*row)));
                                self.show_block(*pass, &rows, scorer, universe, &mut shown, &mut show);
                            }
                        }
                    }
                    Task::Listed(from, to) => {
                        for (pair, pass) in &self.listed[*from..*to] {
                            let (left, right) = rows_of(*pair);
                            if is_in(left) && is_in(right) {
                                shown.waiting.push(Couple { pass: *pass, ..scorer.couple(left, right) });
                                if shown.waiting.len() >= SHOWN {
                                    show(&mut shown);
                                }
                            }
                        }
                    }
                }
                show(&mut shown);
                (shown.found, shown.pairs)
            })
            .collect();
        let pairs = done.iter().map(|(_, pairs)| pairs).sum();
        Visited { found: done.into_iter().map(|(found, _)| found).collect(), pairs }
    }

    fn show_block<'a, Found>(
        &self,
        pass: usize,
        rows: &[u32],
        scorer: &'a Scorer,
        universe: &Universe,
        shown: &mut Shown<'a, Found>,
        show: &mut impl FnMut(&mut Shown<'a, Found>),
    ) {
        for (at, left) in rows.iter().enumerate() {
            let one = scorer.row(*left);
            for right in &rows[at + 1..] {
                let couple = Couple { pass: pass as u8, ..Couple::new(*left, *right, one, scorer.row(*right)) };
                let admitted = universe.within || universe.admits(*left, *right);
                if admitted && !self.in_blocks(&couple, pass, &scorer.comparisons) {
                    shown.waiting.push(couple);
                    if shown.waiting.len() >= SHOWN {
                        show(shown);
                    }
                }
            }
        }
    }

    fn tasks(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (pass, blocks) in self.blocks.iter().enumerate() {
            let (mut from, mut pairs) = (0, 0);
            for number in 0..blocks.len() {
                let rows = blocks.get(number).len() as u64;
                pairs += rows * (rows - 1) / 2;
                if pairs >= TASK {
                    tasks.push(Task::Blocks(pass, from, number + 1));
                    (from, pairs) = (number + 1, 0);
                }
            }
            tasks.push(Task::Blocks(pass, from, blocks.len()));
        }
        let size = TASK as usize / 4;
        for from in (0..self.listed.len()).step_by(size) {
            tasks.push(Task::Listed(from, self.listed.len().min(from + size)));
        }
        tasks
    }
}

/// Pairs on their way to a visitor, and what it found in those before.
struct Shown<'a, Found> {
    waiting: Vec<Couple<'a>>,
    found: Vec<Found>,
    pairs: u64,
}

enum Task {
    /// Blocks of a pass, from one number to another.
    Blocks(usize, usize, usize),
    /// Listed pairs.
    Listed(usize, usize),
}

impl Sharing {
    fn of(pass: &Pass, atoms: &[Atom]) -> Self {
        let mut sharing = Self { equal: 0, keys: Vec::new() };
        for at in &pass.atoms {
            if atoms[*at].is_whole() {
                sharing.equal |= 1 << atoms[*at].comparison;
            } else {
                sharing.keys.push(*at);
            }
        }
        sharing
    }
}
