//! How far can a column of foreign ids be trusted?
//!
//! A hint replaces the prior: before comparing anything, a pair that meets under an id is one entity with the
//! probability that this column's ids are right. That share is learned without labels, as the mixing proportion of a
//! two-component mixture whose likelihood ratios are the compared columns (Dempster, Laird and Rubin, 1977): where names
//! and domains of the pairs agree the column is good, where they contradict it is stale, and where they say nothing the
//! prior stays.

use super::{HintClass, Hints};

/// No column is trusted or distrusted beyond these.
const MOST: f64 = 0.998;
const LEAST: f64 = 0.0001;

/// Below this share a class is a coincidence and says nothing.
pub const COINCIDENCE: f64 = 0.02;

/// One comparison moves the share by at most this many bits, so that no single pair decides.
const CAP: f64 = 12.0;

/// The share of right pairs we expect of a class before seeing any, and for how many pairs that counts.
fn expectation(class: &HintClass) -> (f64, f64) {
    match (class.name, class.declared, class.doubtful) {
        ("cross id", true, false) => (0.95, 6.0),
        ("cross id", true, true) => (0.75, 4.0),
        ("cross id", false, false) => (0.85, 4.0),
        ("same account", _, false) => (0.9, 4.0),
        ("same account", _, true) => (0.6, 4.0),
        (_, _, false) => (0.7, 4.0),
        _ => (0.3, 4.0),
    }
}

/// The share of right pairs of each class. `ratio` gives, for each hint in order, the log2 likelihood ratio of what the
/// columns say about its pair.
#[must_use]
pub fn shares(hints: &Hints, ratio: &[f64]) -> Vec<f64> {
    let mut by_class: Vec<Vec<f64>> = vec![Vec::new(); hints.classes.len()];
    for (hint, bits) in hints.hints.iter().zip(ratio) {
        by_class[hint.class as usize].push(bits.clamp(-CAP, CAP).exp2());
    }
    hints
        .classes
        .iter()
        .zip(by_class)
        .map(|(class, ratios)| {
            let (expected, strength) = expectation(class);
            let mut share = expected;
            for _ in 0..200 {
                let right: f64 = ratios.iter().map(|ratio| share * ratio / (share * ratio + 1.0 - share)).sum();
                let next = ((right + expected * strength) / (ratios.len() as f64 + strength)).clamp(LEAST, MOST);
                let moved = (next - share).abs();
                share = next;
                if moved < 1e-9 {
                    break;
                }
            }
            share
        })
        .collect()
}

/// The bar of a hint in bits: it lifts the prior of the pair to the share of its class.
#[must_use]
pub fn weight(share: f64, prior: f64) -> f64 {
    (share / (1.0 - share)).log2() - prior
}
