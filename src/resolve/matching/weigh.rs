//! How much does a pair weigh, and can it reach a weight at all?
//!
//! Equal values cost nothing to compare, so they come first: they bound what the pair can weigh. Strings are compared
//! only while that bound is above the lowest weight of interest.

use super::candidates::Couple;
use super::compare::Comparison;
use super::concept::MatchConcept;
use super::model::{ComparisonModel, Model};
use super::score::{Cache, Scorer};

/// How much rarer or more common than usual a value may count, in bits.
const RAREST: f64 = 6.0;
const COMMONEST: f64 = -10.0;
/// Counts whose logarithm is kept.
const KEPT_LOGARITHMS: usize = 4096;

/// Weighs pairs by a learned model.
pub(crate) struct Weigher<'a> {
    pub(crate) scorer: &'a Scorer,
    model: &'a Model,
    prior: f64,
    fields: Vec<Field>,
    /// The comparisons in the order in which a pair that cannot match shows it soonest.
    order: Vec<usize>,
    logarithms: Vec<f64>,
}

/// A pair that may still reach the lowest weight of interest.
struct Open {
    at: usize,
    bound: f64,
    pattern: u64,
}

/// What one comparison can add at most.
struct Field {
    /// By level, whatever its parents say: the highest weight, and the highest and lowest share of rarity that counts.
    most: Vec<f64>,
    rarity: Vec<(f64, f64)>,
    /// The highest weight of two unequal and of two equal values, rarity included.
    unequal: f64,
    equal: f64,
    top: usize,
    /// The rarity in bits of a value held by one row.
    single: f64,
    /// Many rows with one company name are one company more often than many: being common counts little.
    names_one: bool,
}

impl Field {
    fn of(comparison: &Comparison, learned: &ComparisonModel) -> Self {
        let levels = comparison.levels.len();
        let most: Vec<f64> = (0..levels)
            .map(|level| {
                let all = learned.weights.iter().flatten().filter_map(|row| row.get(level).copied());
                all.fold(f64::NEG_INFINITY, f64::max)
            })
            .collect();
        let rarity: Vec<(f64, f64)> = (0..levels)
            .map(|level| {
                let all = || learned.rarity.iter().filter_map(|row| row.get(level).copied());
                (all().fold(0.0, f64::max), all().fold(f64::INFINITY, f64::min).min(1.0))
            })
            .collect();
        let reach = if comparison.elements.is_some() { u8::MAX } else { comparison.measure.highest() };
        let mut reached: Vec<usize> = (1..levels.min(usize::from(reach).saturating_add(1))).collect();
        if comparison.other_name.is_some() {
            reached.push(usize::from(comparison.swapped_level));
        }
        let unequal =
            reached.iter().map(|level| most[*level] + rarity[*level].0 * RAREST).fold(f64::NEG_INFINITY, f64::max);
        let mut field = Self {
            most,
            rarity,
            unequal,
            equal: 0.0,
            top: levels - 1,
            single: (learned.coincidence * f64::from(comparison.filled.max(1))).log2(),
            names_one: comparison.concept == MatchConcept::CompanyName,
        };
        field.equal = field.equal_at(field.single.clamp(COMMONEST, RAREST));
        field
    }

    /// The most that equal values of this rarity can weigh.
    fn equal_at(&self, rarer: f64) -> f64 {
        let (highest, lowest) = self.rarity[self.top];
        self.most[self.top] + if rarer > 0.0 { highest * rarer } else { lowest * rarer }
    }
}

impl<'a> Weigher<'a> {
    pub(crate) fn new(scorer: &'a Scorer, model: &'a Model) -> Self {
        let fields: Vec<Field> = scorer
            .comparisons
            .iter()
            .zip(&model.comparisons)
            .map(|(comparison, learned)| Field::of(comparison, learned))
            .collect();
        let mut order: Vec<usize> = (0..fields.len()).collect();
        // Cheap comparisons come first: of few values, which a core's cache holds, and by simple measures. Among these the
        // one that can fall deepest leads.
        let cost = |at: usize| {
            let comparison = &scorer.comparisons[at];
            let words = comparison.measure.word_count() > 0 || comparison.elements.is_some();
            (words, comparison.keys.len() > 1 << 16, comparison.measure.is_costly())
        };
        let fall = |at: usize| fields[at].unequal - fields[at].most.get(1).copied().unwrap_or(0.0);
        order.sort_by(|one, other| {
            cost(*one).cmp(&cost(*other)).then(fall(*other).total_cmp(&fall(*one))).then(one.cmp(other))
        });
        let logarithms = (0..KEPT_LOGARITHMS).map(|count| (count.max(1) as f64).log2()).collect();
        Self { scorer, model, prior: model.prior_weight(), fields, order, logarithms }
    }

    /// The weight in bits of two rows.
    pub(crate) fn weight(&self, left: u32, right: u32, cache: &mut Cache) -> f64 {
        let couple = self.scorer.couple(left, right);
        self.total(&couple, self.scorer.pattern_of(&couple, cache))
    }

    /// Weighs pairs and gives those of at least `lowest` to `keep`.
    pub(crate) fn weigh(
        &self,
        lowest: f64,
        couples: &[Couple<'_>],
        cache: &mut Cache,
        mut keep: impl FnMut(&Couple<'_>, f64),
    ) {
        let mut open: Vec<Open> = Vec::with_capacity(couples.len());
        for (at, couple) in couples.iter().enumerate() {
            let bound = self.bound(couple);
            if bound >= lowest {
                open.push(Open { at, bound, pattern: 0 });
            }
        }
        for (at, field) in self.fields.iter().enumerate().filter(|(_, field)| field.equal > f64::NEG_INFINITY) {
            open.retain_mut(|open| {
                let couple = &couples[open.at];
                if couple.same >> at & 1 == 1 && self.scorer.comparisons[at].elements.is_none() {
                    open.bound += field.equal_at(self.rarer(at, couple.one[at])) - field.equal;
                }
                open.bound >= lowest
            });
        }
        for at in self.order.iter().copied() {
            self.scorer.fetch(at, open.iter().map(|open| &couples[open.at]));
            open.retain_mut(|open| {
                let couple = &couples[open.at];
                let level = self.scorer.level(at, couple, cache);
                open.pattern |= u64::from(level) << (4 * at);
                if couple.same >> at & 1 == 0 && level != 0 {
                    let field = &self.fields[at];
                    let level = usize::from(level);
                    open.bound += field.most[level] + field.rarity[level].0 * RAREST - field.unequal;
                }
                open.bound >= lowest
            });
        }
        for open in open {
            let couple = &couples[open.at];
            let weight = self.total(couple, open.pattern);
            if weight >= lowest {
                keep(couple, weight);
            }
        }
    }

    /// What a pair can weigh at most, as far as equality tells.
    fn bound(&self, couple: &Couple<'_>) -> f64 {
        if !self.scorer.rules.is_silent() {
            return f64::INFINITY;
        }
        let mut bound = self.prior + self.scorer.evidence_weight(couple.left, couple.right) + ROUNDING;
        for (at, field) in self.fields.iter().enumerate() {
            if couple.same >> at & 1 == 1 {
                bound += field.equal;
            } else if couple.one[at] != 0 && couple.other[at] != 0 {
                bound += field.unequal;
            }
        }
        bound
    }

    /// The weight in bits of two rows without what rules say.
    pub(crate) fn learned_weight(&self, left: u32, right: u32, cache: &mut Cache) -> f64 {
        let couple = self.scorer.couple(left, right);
        self.learned(&couple, self.scorer.pattern_of(&couple, cache))
    }

    fn learned(&self, couple: &Couple<'_>, pattern: u64) -> f64 {
        let parts: f64 = (0..self.fields.len()).map(|at| self.part(at, couple, pattern).0).sum();
        self.prior + parts + self.scorer.evidence_weight(couple.left, couple.right)
    }

    fn total(&self, couple: &Couple<'_>, pattern: u64) -> f64 {
        self.learned(couple, pattern) + self.scorer.rules.weight(couple.left, couple.right, pattern)
    }

    /// The part of one comparison: its weight with rarity, and its level.
    pub(crate) fn part(&self, at: usize, couple: &Couple<'_>, pattern: u64) -> (f64, usize) {
        let (mut part, counts, level) = self.model.comparisons[at].read(at, pattern);
        if counts > 0.0 {
            let comparison = &self.scorer.comparisons[at];
            let (one, other) = (couple.one[at], couple.other[at]);
            let element = if one == other && comparison.elements.is_none() {
                one
            } else {
                comparison.rarest(level as u8, one, other)
            };
            if element != 0 {
                part += counts * self.rarer(at, element);
            }
        }
        (part, level)
    }

    /// How much rarer a value is than usual, in bits.
    fn rarer(&self, at: usize, element: u32) -> f64 {
        let field = &self.fields[at];
        let count = self.scorer.comparisons[at].counts[element as usize] as usize;
        let logarithm = self.logarithms.get(count).copied().unwrap_or_else(|| (count as f64).log2());
        let rarer = (field.single - logarithm).clamp(COMMONEST, RAREST);
        if field.names_one && rarer < 0.0 { rarer * 0.25 } else { rarer }
    }
}

/// Sums of weights may differ by this much with the order in which they are added.
const ROUNDING: f64 = 1e-6;
