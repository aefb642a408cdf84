//! Which different values of a field with few values mean the same?
//!
//! Two systems often write one thing in two ways: `VLDB` and `Very Large Data Bases`, `CA` and `California`, codes and their
//! names. Spelling cannot tell, but the rows can: where rows that match on everything else hold `VLDB` on one side, they
//! hold `Very Large Data Bases` on the other, far more often than chance would have it. Such values are counterparts, and
//! agreeing through them is a level of its own; a value without its counterpart then speaks against a match.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Measure;
use super::concept::MatchConcept;
use super::model::{Model, level_of};
use super::score::{Cache, Scorer};

/// Values of a field up to which counterparts are looked for; a field of more values is spelt, not chosen.
const MOST_VALUES: usize = 500;
/// Counterparts are looked for where matches differ at least this often.
const OFTEN: f64 = 0.1;
/// The share of one value's matches that have to hold the other value.
const SHARE: f64 = 0.25;
/// How many times more often than by chance, and in how many matches at least.
const LIFT: f64 = 1.4;
const LEAST: f64 = 4.0;

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
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left.min(right)) << 32 | u64::from(left.max(right))
}

/// Finds counterparts among the candidate pairs, and grades those pairs anew. Whether any were found.
pub(crate) fn find(scorer: &mut Scorer, model: &Model, pairs: &[u64], patterns: &mut [u64]) -> bool {
    let mut found = false;
    for at in 0..scorer.comparisons.len() {
        let comparison = &scorer.comparisons[at];
        let chosen = matches!(
            comparison.concept,
            MatchConcept::Category | MatchConcept::Country | MatchConcept::Region | MatchConcept::City
        );
        let differs = model.comparisons[at].levels.get(1).is_some_and(|level| level.m >= OFTEN);
        if !chosen || !differs || comparison.elements.is_some() || comparison.keys.len() > MOST_VALUES {
            continue;
        }
        let counterparts = counted(scorer, model, pairs, patterns, at);
        if counterparts.is_empty() {
            continue;
        }
        found = true;
        let level = comparison.top() - 1;
        let comparison = &mut scorer.comparisons[at];
        let inner = std::mem::replace(&mut comparison.measure, Box::new(super::compare::simple::Equality));
        comparison.measure = Box::new(Known { inner, pairs: counterparts, level });
        let mut cache = Cache::new();
        for (pair, pattern) in pairs.iter().zip(patterns.iter_mut()) {
            if (1..usize::from(level)).contains(&level_of(*pattern, at)) {
                *pattern = scorer.pattern((*pair >> 32) as u32, *pair as u32, &mut cache);
            }
        }
    }
    found
}

/// The pairs of values that meet in matches far more often than by chance.
fn counted(scorer: &Scorer, model: &Model, pairs: &[u64], patterns: &[u64], at: usize) -> FxHashSet<u64> {
    let mut together: FxHashMap<u64, f64> = FxHashMap::default();
    let mut alone: FxHashMap<u32, f64> = FxHashMap::default();
    let mut total = 0.0;
    for (pair, pattern) in pairs.iter().zip(patterns) {
        if level_of(*pattern, at) == 0 {
            continue;
        }
        // The field itself must not say which pairs match.
        let weight: f64 = (0..model.comparisons.len())
            .filter(|other| *other != at)
            .map(|other| model.comparisons[other].read(other, *pattern).0)
            .sum();
        let share = crate::resolve::waterfall::probability_of(model.prior_weight() + weight);
        if share < 0.5 {
            continue;
        }
        let value = |row: u64| scorer.row(row as u32)[at];
        let (left, right) = (value(*pair >> 32), value(*pair & u64::from(u32::MAX)));
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
