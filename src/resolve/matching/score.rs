//! How much does a pair weigh, and why?

use rustc_hash::FxHashMap;

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::model::Model;
use super::options::Evidence;
use super::rules::BoundRules;
use super::table::MatchTable;
use crate::resolve::waterfall::{Bar, Waterfall};

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
        for (at, comparison) in comparisons.iter().enumerate() {
            for (row, value) in comparison.values.iter().enumerate() {
                matrix[row * width + at] = *value;
            }
        }
        let mut by_pair: FxHashMap<(u32, u32), Vec<Evidence>> = FxHashMap::default();
        for one in evidence {
            by_pair.entry((one.left.min(one.right), one.left.max(one.right))).or_default().push(one.clone());
        }
        Self { comparisons, matrix, evidence: by_pair, rules: BoundRules::default() }
    }

    /// The values of a row, one a comparison.
    pub(crate) fn row(&self, row: u32) -> &[u32] {
        let width = self.comparisons.len();
        &self.matrix[row as usize * width..(row as usize + 1) * width]
    }

    /// The agreement pattern of two rows: four bits a comparison.
    pub(crate) fn pattern(&self, left: u32, right: u32, cache: &mut Cache) -> u64 {
        let (left, right) = (self.row(left), self.row(right));
        let mut pattern = 0;
        for (at, comparison) in self.comparisons.iter().enumerate() {
            let (one, other) = (left[at], right[at]);
            let level = if one == 0 || other == 0 {
                0
            } else if one == other {
                comparison.top()
            } else if comparison.elements.is_some() || !comparison.measure.is_costly() {
                comparison.grade(one, other).0
            } else {
                cache.get(at, one, other, || comparison.measure.level(one, other))
            };
            pattern |= u64::from(Self::or_swapped(comparison, level, at, left, right)) << (4 * at);
        }
        pattern
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

    /// The weight in bits of two rows whose pattern is known.
    pub(crate) fn weight(&self, model: &Model, left: u32, right: u32, pattern: u64) -> f64 {
        let mut weight = model.prior_weight();
        for at in 0..self.comparisons.len() {
            let (part, _) = self.part(model, at, left, right, pattern);
            weight += part;
        }
        weight + self.evidence_weight(left, right) + self.rules.weight(left, right, pattern)
    }

    /// The part of one comparison: its weight with rarity, and its level.
    fn part(&self, model: &Model, at: usize, left: u32, right: u32, pattern: u64) -> (f64, usize) {
        let learned = &model.comparisons[at];
        let (mut part, counts, level) = learned.read(at, pattern);
        if counts > 0.0 {
            let comparison = &self.comparisons[at];
            let (one, other) = (self.row(left)[at], self.row(right)[at]);
            let element =
                if one == other && comparison.elements.is_none() { one } else { comparison.grade(one, other).1 };
            if element != 0 {
                let share = f64::from(comparison.counts[element as usize].max(1)) / f64::from(comparison.filled.max(1));
                let rarer = (learned.coincidence / share).log2().clamp(-10.0, 6.0);
                // Many rows with one company name are one company more often than many.
                let names_one = comparison.concept == MatchConcept::CompanyName && rarer < 0.0;
                part += counts * if names_one { rarer * 0.25 } else { rarer };
            }
        }
        (part, level)
    }

    fn evidence_weight(&self, left: u32, right: u32) -> f64 {
        if self.evidence.is_empty() {
            return 0.0;
        }
        self.evidence
            .get(&(left.min(right), left.max(right)))
            .map_or(0.0, |list| list.iter().map(|one| one.weight).sum())
    }

    /// The bars of a pair; they sum to its weight.
    pub(crate) fn waterfall(&self, table: &MatchTable, model: &Model, left: u32, right: u32) -> Waterfall {
        let pattern = self.pattern(left, right, &mut Cache::new());
        let mut bars = vec![Bar {
            comparison: "prior".to_owned(),
            left: String::new(),
            right: String::new(),
            level: "before anything is compared".to_owned(),
            weight: model.prior_weight(),
        }];
        for (at, comparison) in self.comparisons.iter().enumerate() {
            let (weight, level) = self.part(model, at, left, right, pattern);
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
