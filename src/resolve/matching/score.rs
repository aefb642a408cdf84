//! How much does a pair weigh, and why?

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::candidates::Couple;
use super::compare::Comparison;
use super::model::Model;
use super::options::Evidence;
use super::rules::BoundRules;
use super::table::MatchTable;
use super::weigh::Weigher;
use crate::resolve::waterfall::{Bar, Waterfall};

/// Rows whose values are put side by side at a time.
const ROWS_AT_ONCE: usize = 2048;

/// Distinct values up to which the same two meet often enough that their level is kept.
const MOST_CACHED: usize = 1 << 17;

/// Grades pairs of rows on every comparison.
#[derive(Debug)]
pub(crate) struct Scorer {
    pub(crate) comparisons: Vec<Comparison>,
    /// The value of every comparison, row after row, so that a row is one stretch of memory.
    matrix: Vec<u32>,
    evidence: FxHashMap<(u32, u32), Vec<Evidence>>,
    pub(crate) rules: BoundRules,
}

/// Answers of costly measures, each thread its own.
pub(crate) struct Cache {
    slots: Vec<(u64, u8)>,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self { slots: vec![(u64::MAX, 0); 1 << 14] }
    }

    fn get(&mut self, comparison: usize, left: u32, right: u32, grade: impl FnOnce() -> u8) -> u8 {
        let (low, high) = if left < right { (left, right) } else { (right, left) };
        let key = (u64::from(low) << 32 | u64::from(high)) ^ ((comparison as u64) << 60);
        let at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize;
        let slot = &mut self.slots[at];
        if slot.0 != key {
            *slot = (key, grade());
        }
        slot.1
    }
}

impl Scorer {
    pub(crate) fn new(comparisons: Vec<Comparison>, rows: usize, evidence: &[Evidence]) -> Self {
        let width = comparisons.len();
        let mut matrix = vec![0; rows * width];
        matrix.par_chunks_mut((width * ROWS_AT_ONCE).max(1)).enumerate().for_each(|(number, stretch)| {
            let start = number * ROWS_AT_ONCE;
            for (at, comparison) in comparisons.iter().enumerate() {
                let values = &comparison.values[start..start + stretch.len() / width];
                for (row, value) in stretch.chunks_exact_mut(width).zip(values) {
                    row[at] = *value;
                }
            }
        });
        let mut by_pair: FxHashMap<(u32, u32), Vec<Evidence>> = FxHashMap::default();
        for one in evidence {
            by_pair.entry((one.left.min(one.right), one.left.max(one.right))).or_default().push(one.clone());
        }
        Self { comparisons, matrix, evidence: by_pair, rules: BoundRules::default() }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.comparisons.first().map_or(0, |comparison| comparison.values.len())
    }

    /// The values of a row, one a comparison.
    pub(crate) fn row(&self, row: u32) -> &[u32] {
        let width = self.comparisons.len();
        &self.matrix[row as usize * width..(row as usize + 1) * width]
    }

    /// Reads the values of these rows, all at once.
    pub(crate) fn fetch_rows(&self, rows: &[u32]) {
        let width = self.comparisons.len();
        let last = width.saturating_sub(1);
        let sum = rows.iter().fold(0u32, |sum, row| {
            let start = *row as usize * width;
            sum.wrapping_add(self.matrix[start]).wrapping_add(self.matrix[start + last])
        });
        std::hint::black_box(sum);
    }

    /// Two rows with their values.
    pub(crate) fn couple(&self, left: u32, right: u32) -> Couple<'_> {
        Couple::new(left, right, self.row(left), self.row(right))
    }

    /// The agreement pattern of two rows: four bits a comparison.
    pub(crate) fn pattern(&self, left: u32, right: u32, cache: &mut Cache) -> u64 {
        self.pattern_of(&self.couple(left, right), cache)
    }

    /// The agreement pattern of two rows: four bits a comparison.
    pub(crate) fn pattern_of(&self, couple: &Couple<'_>, cache: &mut Cache) -> u64 {
        (0..self.comparisons.len())
            .fold(0, |pattern, at| pattern | u64::from(self.level(at, couple, cache)) << (4 * at))
    }

    /// The patterns of several pairs of rows, added to `patterns`.
    pub(crate) fn patterns(&self, couples: &[Couple<'_>], cache: &mut Cache, patterns: &mut Vec<u64>) {
        let from = patterns.len();
        patterns.resize(from + couples.len(), 0);
        for at in 0..self.comparisons.len() {
            self.fetch(at, couples.iter());
            for (pattern, couple) in patterns[from..].iter_mut().zip(couples) {
                *pattern |= u64::from(self.level(at, couple, cache)) << (4 * at);
            }
        }
    }

    /// Reads the values that one comparison of these pairs will need, all at once: memory answers many questions in the
    /// time of one.
    pub(crate) fn fetch<'a>(&self, at: usize, couples: impl Iterator<Item = &'a Couple<'a>>) {
        let comparison = &self.comparisons[at];
        if comparison.elements.is_some() {
            return;
        }
        let mut sum = 0usize;
        for couple in couples {
            let (one, other) = (couple.one[at], couple.other[at]);
            if one != other && one != 0 && other != 0 {
                sum = sum.wrapping_add(comparison.measure.fetch(one)).wrapping_add(comparison.measure.fetch(other));
            }
        }
        std::hint::black_box(sum);
    }

    /// The level on which two rows agree on one comparison.
    pub(crate) fn level(&self, at: usize, couple: &Couple<'_>, cache: &mut Cache) -> u8 {
        let comparison = &self.comparisons[at];
        let (one, other) = (couple.one[at], couple.other[at]);
        if one == 0 || other == 0 {
            return 0;
        }
        if one == other {
            return comparison.top();
        }
        let level = if comparison.elements.is_some() {
            comparison.grade(one, other).0
        } else if comparison.keys.len() > MOST_CACHED || !comparison.measure.is_costly() {
            comparison.measure.level(one, other)
        } else {
            cache.get(at, one, other, || comparison.measure.level(one, other))
        };
        Self::or_swapped(comparison, level, at, couple.one, couple.other)
    }

    /// A name that differs may have been written in the other name's column.
    fn or_swapped(comparison: &Comparison, level: u8, at: usize, left: &[u32], right: &[u32]) -> u8 {
        match comparison.other_name {
            Some(other) if level == 1 || level == 2 => {
                let crossed = left[at] == right[other] && left[other] == right[at];
                if crossed { comparison.swapped_level } else { level }
            }
            _ => level,
        }
    }

    pub(crate) fn evidence_weight(&self, left: u32, right: u32) -> f64 {
        if self.evidence.is_empty() {
            return 0.0;
        }
        self.evidence
            .get(&(left.min(right), left.max(right)))
            .map_or(0.0, |list| list.iter().map(|one| one.weight).sum())
    }

    /// The bars of a pair; they sum to its weight.
    pub(crate) fn waterfall(&self, table: &MatchTable, model: &Model, left: u32, right: u32) -> Waterfall {
        let weigher = Weigher::new(self, model);
        let couple = self.couple(left, right);
        let pattern = self.pattern_of(&couple, &mut Cache::new());
        let mut bars = vec![Bar {
            comparison: "prior".to_owned(),
            left: String::new(),
            right: String::new(),
            level: "before anything is compared".to_owned(),
            weight: model.prior_weight(),
        }];
        for (at, comparison) in self.comparisons.iter().enumerate() {
            let (weight, level) = weigher.part(at, &couple, pattern);
            let shown = |row: u32| {
                let texts: Vec<String> = comparison
                    .columns
                    .iter()
                    .map(|column| table.columns[*column].shown(row as usize))
                    .filter(|text| !text.is_empty())
                    .collect();
                texts.join(" | ")
            };
            bars.push(Bar {
                comparison: comparison.name.clone(),
                left: shown(left),
                right: shown(right),
                level: comparison.levels[level].name.to_owned(),
                weight,
            });
        }
        for one in self.evidence.get(&(left.min(right), left.max(right))).into_iter().flatten() {
            bars.push(Bar {
                comparison: one.name.clone(),
                left: one.detail.clone(),
                right: String::new(),
                level: "evidence".to_owned(),
                weight: one.weight,
            });
        }
        bars.extend(self.rules.bar(left, right, pattern));
        Waterfall { bars }
    }

    /// The pairs that evidence speaks of, sorted.
    pub(crate) fn evidence_pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = self.evidence.keys().copied().collect();
        pairs.sort_unstable();
        pairs
    }
}
