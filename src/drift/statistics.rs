//! When is a difference large enough to speak of?
//!
//! Effect sizes rather than p-values: with many rows every difference is significant and few matter. Spread is measured
//! by the median absolute deviation, with a floor: a series that never moved would otherwise cry at its first step.

use std::collections::BTreeMap;

/// What makes the median absolute deviation comparable with a standard deviation of normal values.
pub const MAD_TO_SIGMA: f64 = 1.4826;
/// Below this many rows a distribution says little (PSI is unstable).
pub const FEWEST_ROWS: u64 = 100;

/// The median; None of nothing.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// The spread of values around their median, as a standard deviation; 0 of fewer than two.
#[must_use]
pub fn spread(values: &[f64]) -> f64 {
    let Some(center) = median(values).filter(|_| values.len() > 1) else { return 0.0 };
    let distances: Vec<f64> = values.iter().map(|value| (value - center).abs()).collect();
    median(&distances).unwrap_or(0.0) * MAD_TO_SIGMA
}

/// How many spreads a value lies from the median of others, the spread being at least `floor`; None when there are no
/// others.
#[must_use]
pub fn deviations(value: f64, others: &[f64], floor: f64) -> Option<f64> {
    let center = median(others)?;
    Some((value - center) / spread(others).max(floor).max(f64::EPSILON))
}

/// Cohen's h, the distance of two shares on a scale where 0.2 is small, 0.5 medium and 0.8 large (Cohen, "Statistical
/// Power Analysis for the Behavioral Sciences", 1988).
#[must_use]
pub fn cohen_h(one: f64, other: f64) -> f64 {
    let angle = |share: f64| 2.0 * share.clamp(0.0, 1.0).sqrt().asin();
    angle(other) - angle(one)
}

/// How sure it is that two shares differ at all: the number of standard errors between them (pooled).
#[must_use]
pub fn standard_errors(hits: u64, total: u64, other_hits: u64, other_total: u64) -> f64 {
    if total == 0 || other_total == 0 {
        return 0.0;
    }
    let (size, other_size) = (total as f64, other_total as f64);
    let pooled = (hits + other_hits) as f64 / (size + other_size);
    let error = (pooled * (1.0 - pooled) * (1.0 / size + 1.0 / other_size)).sqrt();
    let distance = (hits as f64 / size - other_hits as f64 / other_size).abs();
    if error == 0.0 { 0.0 } else { distance / error }
}

/// The population stability index of two distributions over the same classes. Each class counts half a row more, so that an
/// empty one does not make it infinite.
#[must_use]
pub fn psi(before: &[u64], now: &[u64]) -> f64 {
    let classes = before.len().max(now.len());
    let at = |counts: &[u64], place: usize| counts.get(place).copied().unwrap_or(0) as f64 + 0.5;
    let total = |counts: &[u64]| (0..classes).map(|place| at(counts, place)).sum::<f64>();
    let (all_before, all_now) = (total(before), total(now));
    (0..classes)
        .map(|place| {
            let (share_before, share_now) = (at(before, place) / all_before, at(now, place) / all_now);
            (share_now - share_before) * (share_now / share_before).ln()
        })
        .sum()
}

/// Counts by bucket brought into about ten classes of equal size in `before`, for [`psi`].
#[must_use]
pub fn classes(before: &[(i32, u64)], now: &[(i32, u64)]) -> (Vec<u64>, Vec<u64>) {
    let total: u64 = before.iter().map(|(_, count)| count).sum();
    let mut both: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
    for (bucket, count) in before {
        both.entry(*bucket).or_default().0 += count;
    }
    for (bucket, count) in now {
        both.entry(*bucket).or_default().1 += count;
    }
    let full = (total / 10).max(1);
    let (mut old, mut new) = (vec![0], vec![0]);
    for (count_before, count_now) in both.values() {
        let last = old.len() - 1;
        if old[last] >= full {
            old.push(*count_before);
            new.push(*count_now);
        } else {
            old[last] += count_before;
            new[last] += count_now;
        }
    }
    (old, new)
}

/// Half the sum of the differences of shares: the share of rows that would have to change class.
#[must_use]
pub fn moved(before: &[(String, u64)], now: &[(String, u64)]) -> f64 {
    let total = |list: &[(String, u64)]| list.iter().map(|(_, count)| count).sum::<u64>() as f64;
    let (all_before, all_now) = (total(before), total(now));
    if all_before == 0.0 || all_now == 0.0 {
        return 0.0;
    }
    let mut names: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (name, count) in before {
        names.entry(name).or_default().0 += *count as f64 / all_before;
    }
    for (name, count) in now {
        names.entry(name).or_default().1 += *count as f64 / all_now;
    }
    names.values().map(|(old, new)| (old - new).abs()).sum::<f64>() / 2.0
}

/// The number in the middle of counts by bucket; None of nothing.
#[must_use]
pub fn middle_bucket(counts: &[(i32, u64)]) -> Option<i32> {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let mut seen = 0;
    counts.iter().find_map(|(bucket, count)| {
        seen += count;
        (total > 0 && seen * 2 >= total).then_some(*bucket)
    })
}
