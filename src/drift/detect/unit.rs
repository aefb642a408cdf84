//! Is an amount in another unit than it was, such as units instead of cents?

use super::pair::TablePair;
use super::unit_part::mixture;
use super::weight;
use crate::chart::profile::middle;
use crate::drift::baseline::ColumnBaseline;
use crate::drift::finding::{Finding, FindingKind, Plot, Severity};
use crate::drift::statistics::{FEWEST_ROWS, classes, middle_bucket, psi};

/// Factors by which units differ: cents, thousands, percent, milliseconds.
const FACTORS: [f64; 2] = [100.0, 1000.0];
/// How far a middle may lie from a factor, in buckets of a fifth each.
const TOLERANCE: f64 = 2.0;
/// Distributions that are the same but for the factor differ less than this.
const SAME: f64 = 0.5;
/// Numbers needed on either side.
const FEWEST: u64 = 20;

/// Which rows are in another unit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scope {
    All,
    Latest,
    /// This share of them.
    Some(f64),
}

/// Finds columns in another unit, and returns their names.
pub(super) fn find(pair: &TablePair<'_>, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut found = Vec::new();
    for (before, now) in &pair.columns {
        if now.is_key || before.is_key {
            continue;
        }
        let (old, new) = (sized(&before.buckets), sized(&now.buckets));
        let shift = whole(&old, &new).or_else(|| match (latest(&old, &new), some(&old, &new)) {
            // Where both see a factor and not the same one, the one that explains all of the numbers is right.
            (Some(late), Some(part)) if (late.0 / part.0).ln().abs() > 0.1 => Some(part),
            (late, part) => late.or(part),
        });
        let Some((factor, scope)) = shift else { continue };
        let word = if factor > 1.0 {
            format!("{factor:.0} times as large")
        } else {
            format!("1/{:.0} as large", 1.0 / factor)
        };
        let scope = match scope {
            Scope::All => "all rows".to_owned(),
            Scope::Latest => "the rows that came since".to_owned(),
            Scope::Some(share) => format!("about {:.0} % of the rows", share * 100.0),
        };
        let severity = weight(now.concept.as_deref(), false).min(Severity::Medium);
        let detail = format!("{} is {word} in {scope}: another unit", now.name);
        let typical =
            |counts: &[(i32, u64)]| middle_bucket(counts).map_or(String::new(), |bucket| number(middle(bucket)));
        let mut finding =
            Finding::new(FindingKind::UnitChanged, severity, (&pair.now.source, &pair.now.table, &now.name), detail)
                .changed(typical(&old), typical(&new))
                .because("factor between the middle values", format!("{factor}"))
                .of_size(factor.ln().abs());
        finding.plot = Some(plot(&old, &new));
        findings.push(finding);
        found.push(now.name.clone());
    }
    found
}

/// The numbers that have a size: zero is zero in every unit.
fn sized(buckets: &[(i32, u64)]) -> Vec<(i32, u64)> {
    buckets.iter().filter(|(bucket, _)| *bucket > 0).copied().collect()
}

fn total(counts: &[(i32, u64)]) -> u64 {
    counts.iter().map(|(_, count)| count).sum()
}

/// The factor when the whole column was changed: the distribution is the same but for a shift.
fn whole(old: &[(i32, u64)], new: &[(i32, u64)]) -> Option<(f64, Scope)> {
    if total(old) < FEWEST || total(new) < FEWEST {
        return None;
    }
    let factor = factor(old, new)?;
    let steps = steps(factor);
    // Small numbers lose their digits on the way, so the best of the neighbouring shifts counts.
    let fits = (-1..=1).any(|more| {
        let shifted: Vec<(i32, u64)> =
            old.iter().map(|(bucket, count)| (bucket + steps.round() as i32 + more, *count)).collect();
        let (before, now) = classes(&shifted, new);
        psi(&before, &now) < SAME + 20.0 / FEWEST_ROWS.min(total(new)) as f64 * 0.5
    });
    fits.then_some((factor, Scope::All))
}

/// The factor when only rows that came since are in another unit.
fn latest(old: &[(i32, u64)], new: &[(i32, u64)]) -> Option<(f64, Scope)> {
    let count = |bucket: i32| old.iter().find(|(own, _)| *own == bucket).map_or(0, |(_, count)| *count);
    let came: Vec<(i32, u64)> = new
        .iter()
        .map(|(bucket, counted)| (*bucket, counted.saturating_sub(count(*bucket))))
        .filter(|(_, count)| *count > 0)
        .collect();
    let left = new.iter().map(|(bucket, counted)| count(*bucket).min(*counted)).sum::<u64>();
    // Rows that were there are still there as they were, and the new ones lie where hardly any lay before.
    if total(&came) < FEWEST + 10 || left * 10 < total(old) * 8 || total(old) < FEWEST_ROWS {
        return None;
    }
    let factor = factor(old, &came)?;
    let outside: u64 =
        came.iter().filter(|(bucket, count)| count_near(old, *bucket) < 2 * count).map(|(_, count)| count).sum();
    (outside * 10 >= total(&came) * 7).then_some((factor, Scope::Latest))
}

/// The factor when some of the rows, old ones among them, are in another unit.
fn some(old: &[(i32, u64)], new: &[(i32, u64)]) -> Option<(f64, Scope)> {
    let (shift, share) = mixture(old, new)?;
    unit(f64::from(shift)).map(|factor| (factor, Scope::Some(share)))
}

/// How many lay in a bucket or beside it.
fn count_near(counts: &[(i32, u64)], bucket: i32) -> u64 {
    counts.iter().filter(|(own, _)| (own - bucket).abs() <= 1).map(|(_, count)| count).sum()
}

fn factor(old: &[(i32, u64)], new: &[(i32, u64)]) -> Option<f64> {
    unit(f64::from(middle_bucket(new)? - middle_bucket(old)?))
}

/// The factor between units that is so many buckets.
fn unit(shift: f64) -> Option<f64> {
    FACTORS.iter().flat_map(|factor| [*factor, 1.0 / factor]).find(|factor| (shift - steps(*factor)).abs() <= TOLERANCE)
}

/// A factor in buckets.
fn steps(factor: f64) -> f64 {
    factor.log2() * 4.0
}

fn number(value: f64) -> String {
    if value >= 100.0 { format!("around {value:.0}") } else { format!("around {value:.2}") }
}

/// Shares by size, a doubling a bar.
pub(super) fn plot(old: &[(i32, u64)], new: &[(i32, u64)]) -> Plot {
    let step = |bucket: i32| (bucket - 1000).div_euclid(4);
    let (low, high) = old
        .iter()
        .chain(new)
        .fold((i32::MAX, i32::MIN), |(low, high), (bucket, _)| (low.min(step(*bucket)), high.max(step(*bucket))));
    if low > high {
        return Plot::default();
    }
    let shares = |counts: &[(i32, u64)]| -> Vec<f64> {
        let all = total(counts).max(1) as f64;
        (low..=high)
            .map(|wanted| {
                let sum: u64 =
                    counts.iter().filter(|(bucket, _)| step(*bucket) == wanted).map(|(_, count)| count).sum();
                sum as f64 / all
            })
            .collect()
    };
    Plot {
        title: "share of values by size, before and now".to_owned(),
        labels: (low..=high).map(|step| number(f64::from(step).exp2()).replace("around ", "")).collect(),
        before: shares(old),
        now: shares(new),
    }
}

/// As [`plot`], of two columns.
pub(super) fn plot_of(before: &ColumnBaseline, now: &ColumnBaseline) -> Plot {
    plot(&sized(&before.buckets), &sized(&now.buckets))
}
