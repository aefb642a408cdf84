//! Are some of the amounts in another unit, the others as they were?
//!
//! The numbers of now are explained as a mixture: a share of them lies as before, the rest lies as before but shifted by a
//! factor. A unit is believed only when no other shift explains them better, since any second hump is some shift away.

use crate::drift::statistics::{FEWEST_ROWS, psi};

/// Shifts that are tried, in buckets of a fifth each, both ways.
const FARTHEST: i32 = 60;
/// A shift this small is no other unit but a change of prices.
const NEAREST: i32 = 8;
/// The least share of numbers in the other unit.
const SHARE: f64 = 0.1;
/// How much likelier the mixture must be than no change at all, as a natural logarithm.
const GAIN: f64 = 20.0;
/// What the mixture leaves unexplained: PSI under 0.25 asks for no action.
const LEFT: f64 = 0.25;

/// The shift in buckets that explains the numbers of now best, and the share of them that is shifted; None where they are
/// explained well enough without, or not well enough with it.
pub(super) fn mixture(old: &[(i32, u64)], new: &[(i32, u64)]) -> Option<(i32, f64)> {
    let total = |counts: &[(i32, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
    if total(old) < FEWEST_ROWS || total(new) < FEWEST_ROWS {
        return None;
    }
    let before = Smooth::of(old);
    let none = likelihood(&before, new, 0, 0.0);
    let mut best = (none, 0, 0.0);
    for shift in (-FARTHEST..=FARTHEST).filter(|shift| shift.abs() >= NEAREST) {
        for twentieth in 2..20 {
            let share = f64::from(twentieth) / 20.0;
            let likely = likelihood(&before, new, shift, share);
            if likely > best.0 {
                best = (likely, shift, share);
            }
        }
    }
    let (likely, shift, share) = best;
    (likely - none >= GAIN && share >= SHARE && left(&before, new, shift, share) < LEFT).then_some((shift, share))
}

/// The log-likelihood of counts under the mixture.
fn likelihood(before: &Smooth, new: &[(i32, u64)], shift: i32, share: f64) -> f64 {
    new.iter().map(|(bucket, count)| *count as f64 * before.mixed(*bucket, shift, share).ln()).sum()
}

/// How far the counts lie from the mixture.
fn left(before: &Smooth, new: &[(i32, u64)], shift: i32, share: f64) -> f64 {
    let all: u64 = new.iter().map(|(_, count)| count).sum();
    let (mut expected, mut counted) = (vec![0.0], vec![0]);
    for (bucket, count) in new {
        if expected[expected.len() - 1] >= all as f64 / 10.0 {
            expected.push(0.0);
            counted.push(0);
        }
        let last = expected.len() - 1;
        expected[last] += all as f64 * before.mixed(*bucket, shift, share);
        counted[last] += count;
    }
    psi(&expected.iter().map(|count| count.round() as u64).collect::<Vec<_>>(), &counted)
}

/// Shares by bucket, each spread a little over its neighbours.
struct Smooth {
    first: i32,
    shares: Vec<f64>,
}

impl Smooth {
    /// A bucket that nobody has seen is not impossible.
    const UNSEEN: f64 = 1e-4;

    fn of(counts: &[(i32, u64)]) -> Self {
        let first = counts.iter().map(|(bucket, _)| *bucket).min().unwrap_or(0) - 1;
        let last = counts.iter().map(|(bucket, _)| *bucket).max().unwrap_or(0) + 1;
        let all = counts.iter().map(|(_, count)| count).sum::<u64>().max(1) as f64;
        let mut shares = vec![0.0; (last - first + 1) as usize];
        for (bucket, count) in counts {
            let (place, share) = ((bucket - first) as usize, *count as f64 / all);
            shares[place] += share / 2.0;
            shares[place - 1] += share / 4.0;
            shares[place + 1] += share / 4.0;
        }
        Self { first, shares }
    }

    fn at(&self, bucket: i32) -> f64 {
        usize::try_from(bucket - self.first).ok().and_then(|place| self.shares.get(place)).copied().unwrap_or(0.0)
    }

    fn mixed(&self, bucket: i32, shift: i32, share: f64) -> f64 {
        (1.0 - share) * self.at(bucket) + share * self.at(bucket - shift) + Self::UNSEEN
    }
}
