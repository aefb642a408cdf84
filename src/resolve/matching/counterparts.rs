//! Which different values of a field with few values mean the same?
//!
//! Two systems often write one thing in two ways: `VLDB` and `Very Large Data Bases`, `CA` and `California`, codes and their
//! names. Spelling cannot tell, but the rows can: where rows that match on everything else hold `VLDB` on one side, they
//! hold `Very Large Data Bases` on the other, far more often than chance would have it. Such values are counterparts, and
//! agreeing through them is a level of its own; a value without its counterpart then speaks against a match.

use rustc_hash::{FxHashMap, FxHashSet};

use super::candidates::Candidates;
use super::compare::Measure;
use super::concept::MatchConcept;
use super::model::{Model, level_of};
use super::sample::Universe;
use super::score::Scorer;
use crate::progress::CancelToken;

/// Values of a field up to which counterparts are looked for; a field of more values is spelt, not chosen.
const MOST_VALUES: usize = 500;
/// Counterparts are looked for where matches differ at least this often.
const OFTEN: f64 = 0.1;
/// The share of one value's matches that have to hold the other value.
const SHARE: f64 = 0.25;
/// How many times more often than by chance, and in how many matches at least.
const LIFT: f64 = 1.4;
const LEAST: f64 = 4.0;
/// Candidate pairs looked at, about.
const ENOUGH: f64 = 2_000_000.0;

/// A measure that knows counterparts.
struct Known {
    inner: Box<dyn Measure>,
    pairs: FxHashSet<u64>,
    level: u8,
}

impl Measure for Known {
    fn level(&self, left: u32, right: u32) -> u8 {
        let level = self.inner.level(left, right);
        if level < self.level && self.pairs.contains(&key(left, right)) { self.level } else { level }
    }

    fn part(&self, value: u32, number: u8) -> u64 {
        self.inner.part(value, number)
    }

    fn words(&self, value: u32) -> Vec<(u32, f32)> {
        self.inner.words(value)
    }

    fn word_count(&self) -> usize {
        self.inner.word_count()
    }

    fn fetch(&self, value: u32) -> usize {
        self.inner.fetch(value)
    }

    fn highest(&self) -> u8 {
        self.inner.highest().max(self.level)
    }
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left.min(right)) << 32 | u64::from(left.max(right))
}

/// Finds counterparts among the candidate pairs and lets the comparisons know them. Whether any were found.
pub(crate) fn find(
    scorer: &mut Scorer,
    model: &Model,
    candidates: &Candidates,
    universe: &Universe,
    cancel: &CancelToken,
) -> bool {
    let chosen: Vec<usize> = (0..scorer.comparisons.len())
        .filter(|at| {
            let comparison = &scorer.comparisons[*at];
            let chosen = matches!(
                comparison.concept,
                MatchConcept::Category | MatchConcept::Country | MatchConcept::Region | MatchConcept::City
            );
            let differs = model.comparisons[*at].levels.get(1).is_some_and(|level| level.m >= OFTEN);
            chosen && differs && comparison.elements.is_none() && comparison.keys.len() <= MOST_VALUES
        })
        .collect();
    if chosen.is_empty() {
        return false;
    }
    let share = (ENOUGH / candidates.at_most().max(1) as f64).min(1.0);
    let sampled = universe.sampled(share);
    let matching = candidates.visit(scorer, universe, sampled.as_ref(), cancel, |couples, cache, found| {
        let mut patterns = Vec::with_capacity(couples.len());
        scorer.patterns(couples, cache, &mut patterns);
        for (couple, pattern) in couples.iter().zip(patterns) {
            for at in &chosen {
                let share = matching_share(model, pattern, *at);
                if level_of(pattern, *at) > 0 && share >= 0.5 {
                    found.push((*at, couple.one[*at], couple.other[*at], share));
                }
            }
        }
    });
    let mut any = false;
    for at in chosen {
        let pairs = matching.found.iter().flatten().filter(|(field, ..)| *field == at);
        let counterparts = counted(pairs.map(|(_, left, right, share)| (*left, *right, *share)));
        if counterparts.is_empty() {
            continue;
        }
        any = true;
        let comparison = &mut scorer.comparisons[at];
        let level = comparison.top() - 1;
        let inner = std::mem::replace(&mut comparison.measure, Box::new(super::compare::simple::Equality));
        comparison.measure = Box::new(Known { inner, pairs: counterparts, level });
    }
    any
}

/// How likely a pair matches, by all fields but one: that one must not say which pairs match.
fn matching_share(model: &Model, pattern: u64, at: usize) -> f64 {
    let others = (0..model.comparisons.len()).filter(|other| *other != at);
    let weight: f64 = others.map(|other| model.comparisons[other].weight(other, pattern)).sum();
    crate::resolve::waterfall::probability_of(model.prior_weight() + weight)
}

/// The pairs of values that meet in matches far more often than by chance.
fn counted(matches: impl Iterator<Item = (u32, u32, f64)>) -> FxHashSet<u64> {
    let mut together: FxHashMap<u64, f64> = FxHashMap::default();
    let mut alone: FxHashMap<u32, f64> = FxHashMap::default();
    let mut total = 0.0;
    for (left, right, share) in matches {
        *together.entry(key(left, right)).or_default() += share;
        *alone.entry(left).or_default() += share;
        *alone.entry(right).or_default() += share;
        total += share;
    }
    together
        .into_iter()
        .filter(|(both, matches)| {
            let (left, right) = ((*both >> 32) as u32, *both as u32);
            let (of_left, of_right) = (alone[&left], alone[&right]);
            let expected = of_left * of_right / (2.0 * total);
            left != right
                && *matches >= LEAST
                && *matches >= SHARE * of_left.min(of_right)
                && *matches >= LIFT * expected
                && *matches - expected >= 3.0 * expected.sqrt()
        })
        .map(|(both, _)| both)
        .collect()
}
