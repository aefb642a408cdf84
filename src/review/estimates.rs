//! How good are the matches, and how sure can one be, from the few that a person has checked?
//!
//! Pairs are put into strata by their probability. In each, the share of true matches is estimated from those that were
//! drawn at random and decided; strata are then weighed by how many pairs they hold. Answers from the queue do not
//! count: they were chosen because they were doubtful. Recall is recall among the candidate pairs: what blocking never
//! put side by side is not seen here.

use serde::Serialize;

use super::decision::{Stratum, Verdict};
use super::effective::{Outcome, Standing};

/// Two-sided 95 %: the quantile of the normal distribution.
const NINETY_FIVE: f64 = 1.959_963_984_540_054;

/// What is known of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct StratumSample {
    /// Pairs in it.
    pub population: u64,
    /// Pairs of the random draw that were decided.
    pub checked: u64,
    /// Of these, decided to be one entity.
    pub same: u64,
    /// Whether the engine calls its pairs matches.
    pub matched: bool,
}

/// A share with its 95 % interval, all between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The best guess.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Counts pairs into strata: below the threshold and above it, each cut again at `edges` (probabilities, ascending).
///
/// `pairs` are all candidate pairs with their probability and what stands for them. Pairs without an agreed verdict
/// from the random draw count to the population only.
pub fn strata<'a>(
    pairs: impl IntoIterator<Item = (f64, Option<Standing<'a>>)>,
    threshold: f64,
    edges: &[f64],
) -> Vec<StratumSample> {
    let mut cuts: Vec<f64> = edges.to_vec();
    cuts.push(threshold);
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let mut samples = vec![StratumSample::default(); cuts.len() + 1];
    for (place, sample) in samples.iter_mut().enumerate() {
        sample.matched = place > 0 && cuts[place - 1] >= threshold;
    }
    for (probability, standing) in pairs {
        let sample = &mut samples[cuts.partition_point(|cut| *cut <= probability)];
        sample.population += 1;
        let Some(standing) = standing else { continue };
        let is_drawn = standing.opinions().any(|opinion| opinion.stratum == Stratum::Audit);
        if let (true, Outcome::Agreed(verdict)) = (is_drawn, standing.outcome()) {
            sample.checked += 1;
            sample.same += u64::from(verdict == Verdict::Same);
        }
    }
    samples.retain(|sample| sample.population > 0);
    samples
}

/// The interval of Wilson (1927) for a share seen in `trials`, which need not be whole.
#[must_use]
pub fn wilson(share: f64, trials: f64) -> Estimate {
    if trials <= 0.0 {
        return Estimate { value: share, low: 0.0, high: 1.0 };
    }
    let square = NINETY_FIVE * NINETY_FIVE;
    let scale = 1.0 + square / trials;
    let centre = (share + square / (2.0 * trials)) / scale;
    let reach =
        NINETY_FIVE / scale * (share * (1.0 - share) / trials + square / (4.0 * trials * trials)).max(0.0).sqrt();
    Estimate { value: share, low: (centre - reach).clamp(0.0, share), high: (centre + reach).clamp(share, 1.0) }
}

/// The share of matches that are right; `None` while a stratum of matches has nothing checked, or there are none.
#[must_use]
pub fn precision(samples: &[StratumSample]) -> Option<Estimate> {
    let matched: Vec<&StratumSample> =
        samples.iter().filter(|sample| sample.matched && sample.population > 0).collect();
    let sums = Sums::over(&matched)?;
    let all: f64 = matched.iter().map(|sample| sample.population as f64).sum();
    let guess = sums.cautious / all;
    Some(wilson(sums.same / all, effective_trials(guess, sums.variance / (all * all))))
}

/// The share of true matches, among the candidate pairs, that the engine found; `None` while a stratum has nothing
/// checked, or no true match was seen at all.
#[must_use]
pub fn recall(samples: &[StratumSample]) -> Option<Estimate> {
    let of = |matched: bool| -> Vec<&StratumSample> {
        samples.iter().filter(|sample| sample.matched == matched && sample.population > 0).collect()
    };
    let (found, missed) = (Sums::over(&of(true))?, Sums::over(&of(false)).unwrap_or_default());
    if of(false).iter().any(|sample| sample.checked == 0) || found.same + missed.same <= 0.0 {
        return None;
    }
    let value = found.same / (found.same + missed.same);
    // The delta method on found / (found + missed), at the cautious counts: a stratum in which no match was seen may
    // hold some, and if it is large they count.
    let all = found.cautious + missed.cautious;
    let guess = found.cautious / all;
    let variance = ((1.0 - guess).powi(2) * found.variance + guess * guess * missed.variance) / (all * all);
    Some(wilson(value, effective_trials(guess, variance)))
}

/// Sums over strata.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// True matches, by the shares seen.
    same: f64,
    /// True matches, with Laplace's share (one yes and one no more than seen, so never 0 or 1) for those not checked.
    cautious: f64,
    /// The variance of their number.
    variance: f64,
}

impl Sums {
    /// `None` without strata, or where one has nothing checked.
    fn over(samples: &[&StratumSample]) -> Option<Self> {
        if samples.is_empty() || samples.iter().any(|sample| sample.checked == 0) {
            return None;
        }
        let mut sums = Self::default();
        for sample in samples {
            let (population, checked, same) = (sample.population as f64, sample.checked as f64, sample.same as f64);
            let share = (same + 1.0) / (checked + 2.0);
            let unchecked = (population - checked).max(0.0);
            // Whoever checked the whole stratum has nothing left to guess.
            let correction = if population > 1.0 { unchecked / (population - 1.0) } else { 0.0 };
            sums.same += population * same / checked;
            sums.cautious += same + unchecked * share;
            sums.variance += population * population * share * (1.0 - share) / checked * correction;
        }
        Some(sums)
    }
}

/// How many draws from one urn would be as sure as this variance.
fn effective_trials(share: f64, variance: f64) -> f64 {
    if variance > 0.0 { share * (1.0 - share) / variance } else { f64::INFINITY }
}
