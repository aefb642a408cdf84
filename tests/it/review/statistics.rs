//! Estimates hold what they promise: 95 of 100 intervals contain the truth.

use fourfold::review::Verdict;
use fourfold::review::estimates::{StratumSample, precision, recall, strata, wilson};
use rand::{RngExt as _, SeedableRng as _};

use super::support::{TestLog, decision, pair};

#[test]
fn wilson_matches_the_published_example() {
    // Newcombe (1998), table I: 81 of 263 and 0 of 20.
    let some = wilson(81.0 / 263.0, 263.0);
    assert!((some.low - 0.2553).abs() < 1e-4 && (some.high - 0.3662).abs() < 1e-4, "{some:?}");
    let none = wilson(0.0, 20.0);
    assert!(none.low.abs() < 1e-12 && (none.high - 0.1611).abs() < 1e-4, "{none:?}");
}

#[test]
fn without_enough_there_is_no_estimate() {
    let matched = StratumSample { population: 100, checked: 0, same: 0, matched: true };
    assert_eq!(precision(&[matched]), None);
    assert_eq!(precision(&[]), None);
    let below = StratumSample { matched: false, ..matched };
    let checked = StratumSample { checked: 10, same: 10, ..matched };
    assert!(precision(&[checked, below]).is_some());
    assert_eq!(recall(&[checked, below]), None, "what lies below the threshold was never looked at");
    let hopeless = StratumSample { checked: 10, same: 0, ..matched };
    assert_eq!(recall(&[hopeless, StratumSample { checked: 10, ..below }]), None, "no true match was seen");
}

#[test]
fn whoever_checked_everything_knows() {
    let all = [
        StratumSample { population: 40, checked: 40, same: 30, matched: true },
        StratumSample { population: 60, checked: 60, same: 10, matched: false },
    ];
    let (precision, recall) = (precision(&all).unwrap(), recall(&all).unwrap());
    assert_eq!((precision.low, precision.value, precision.high), (0.75, 0.75, 0.75));
    assert_eq!((recall.low, recall.value, recall.high), (0.75, 0.75, 0.75));
}

#[test]
fn one_stratum_is_plain_wilson() {
    let sample = StratumSample { population: 10_000_000, checked: 50, same: 45, matched: true };
    let (found, plain) = (precision(&[sample]).unwrap(), wilson(0.9, 50.0));
    assert!((found.low - plain.low).abs() < 1e-3 && (found.high - plain.high).abs() < 1e-3);
}

/// Draws from strata of known truth, many times; counts how often the intervals hold it.
fn coverage(shapes: &[(u64, f64, u64, bool)]) -> (f64, f64) {
    let mut random = rand::rngs::StdRng::seed_from_u64(11);
    let count = |matched: bool| -> f64 {
        shapes.iter().filter(|shape| shape.3 == matched).map(|shape| (shape.0 as f64 * shape.1).round()).sum()
    };
    let all: f64 = shapes.iter().filter(|shape| shape.3).map(|shape| shape.0 as f64).sum();
    let (true_precision, true_recall) = (count(true) / all, count(true) / (count(true) + count(false)));
    let (mut precise, mut recalled, mut rounds) = (0, 0, 0);
    for _ in 0..2_000 {
        let samples: Vec<StratumSample> = shapes
            .iter()
            .map(|(population, share, checked, matched)| {
                let (mut left, mut same, mut seen) = (*population, (*population as f64 * share).round() as u64, 0);
                for _ in 0..*checked {
                    if random.random_range(0..left) < same {
                        same -= 1;
                        seen += 1;
                    }
                    left -= 1;
                }
                StratumSample { population: *population, checked: *checked, same: seen, matched: *matched }
            })
            .collect();
        let (Some(precision), Some(recall)) = (precision(&samples), recall(&samples)) else { continue };
        rounds += 1;
        precise += i32::from(precision.low <= true_precision && true_precision <= precision.high);
        recalled += i32::from(recall.low <= true_recall && true_recall <= recall.high);
    }
    (f64::from(precise) / f64::from(rounds), f64::from(recalled) / f64::from(rounds))
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let shapes: [&[(u64, f64, u64, bool)]; 4] = [
        &[(1_000, 0.98, 60, true), (500, 0.7, 60, true), (800, 0.2, 60, false), (5_000, 0.01, 100, false)],
        &[(10_000, 0.95, 100, true), (20_000, 0.02, 200, false)],
        &[(300, 0.9, 30, true), (300, 0.5, 30, true), (300, 0.3, 30, false)],
        &[(5_000, 0.99, 200, true), (100_000, 0.001, 400, false)],
    ];
    for shape in shapes {
        let (precise, recalled) = coverage(shape);
        assert!(precise > 0.92, "precision held {precise} of the time for {shape:?}");
        assert!(recalled > 0.90, "recall held {recalled} of the time for {shape:?}");
    }
}

#[test]
fn only_the_random_draw_counts() {
    let test = TestLog::new();
    let probabilities = [0.99, 0.95, 0.6, 0.4, 0.1, 0.05];
    for (n, (verdict, drawn)) in (0..).zip([
        (Verdict::Same, true),
        (Verdict::Different, true),
        (Verdict::Different, false),
        (Verdict::Same, true),
        (Verdict::Unsure, true),
    ]) {
        let mut decided = decision(pair(n, n), verdict, "jo", 0);
        decided.stratum = if drawn { fourfold::review::Stratum::Audit } else { fourfold::review::Stratum::Queue };
        test.log.append(&decided).unwrap();
    }
    let effective = test.log.effective().unwrap();
    let pairs = (0..).zip(probabilities).map(|(n, probability)| (probability, effective.of(&pair(n, n))));
    let found = strata(pairs, 0.5, &[0.2, 0.9]);
    let sample = |population, checked, same, matched| StratumSample { population, checked, same, matched };
    assert_eq!(found, [sample(2, 0, 0, false), sample(1, 1, 1, false), sample(1, 0, 0, true), sample(2, 2, 1, true)]);
}
