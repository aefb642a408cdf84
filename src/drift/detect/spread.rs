//! Are values spread in another way than they were?

use std::collections::BTreeSet;

use super::pair::TablePair;
use super::{Comparison, unit, weight};
use crate::drift::baseline::ColumnBaseline;
use crate::drift::finding::{Finding, FindingKind, Plot, Severity};
use crate::drift::statistics::{FEWEST_ROWS, classes, psi};

/// Of the rows that came since, a distribution must have moved this many times more: there are fewer of them.
const CAME: f64 = 3.0;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, units: &[String], findings: &mut Vec<Finding>) {
    for (before, now) in &pair.columns {
        if now.is_key || units.contains(&now.name) || pair.now.is_loaders(&now.name) || before.kind != now.kind {
            continue;
        }
        let least = comparison.thresholds().psi;
        let (index, came, plot) = if !before.values.is_empty() && !now.values.is_empty() {
            let (old, new) = aligned(before, now);
            (stable(&old, &new), delta(&old, &new), choices(before, now))
        } else if !before.buckets.is_empty() && !now.buckets.is_empty() {
            let (old, new) = classes(&before.buckets, &now.buckets);
            (stable(&old, &new), delta(&old, &new), unit::plot_of(before, now))
        } else {
            continue;
        };
        let appended = pair.now.role == "event";
        let moved = index.filter(|index| *index >= least);
        let came = came.filter(|index| appended && *index >= least * CAME);
        let Some(index) = moved.or(came) else { continue };
        let severity = match weight(now.concept.as_deref(), false) {
            Severity::High => Severity::Medium,
            _ => Severity::Low,
        };
        let scope = if moved.is_some() { "" } else { " among the rows that came since" };
        let detail = format!("the values of {} are spread in another way{scope} (PSI {index:.2})", now.name);
        let mut finding =
            Finding::new(FindingKind::Distribution, severity, (&pair.now.source, &pair.now.table, &now.name), detail)
                .because("PSI (under 0.1 stable, over 0.25 act)", format!("{index:.2}"))
                .of_size(index);
        finding.plot = Some(plot);
        findings.push(finding);
    }
}

/// The index, where there are rows enough for it to mean something.
fn stable(old: &[u64], new: &[u64]) -> Option<f64> {
    let enough = |counts: &[u64]| counts.iter().sum::<u64>() >= FEWEST_ROWS;
    (enough(old) && enough(new) && old.len() > 1).then(|| psi(old, new))
}

/// The index of what came since, against what was there.
fn delta(old: &[u64], new: &[u64]) -> Option<f64> {
    let came: Vec<u64> = new.iter().zip(old).map(|(new, old)| new.saturating_sub(*old)).collect();
    (came.iter().sum::<u64>() >= 2 * FEWEST_ROWS).then(|| stable(old, &came)).flatten()
}

/// Counts of the values that are in both; what came or went is told of as such.
fn aligned(before: &ColumnBaseline, now: &ColumnBaseline) -> (Vec<u64>, Vec<u64>) {
    before
        .values
        .iter()
        .map(|(value, count)| (*count, now.count_of(value)))
        .filter(|(count, count_now)| *count > 0 && *count_now > 0)
        .unzip()
}

fn choices(before: &ColumnBaseline, now: &ColumnBaseline) -> Plot {
    let names: BTreeSet<&str> = before.values.iter().chain(&now.values).map(|(value, _)| value.as_str()).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(before.count_of(name) + now.count_of(name)));
    names.truncate(12);
    let shares = |column: &ColumnBaseline| -> Vec<f64> {
        let all: u64 = column.values.iter().map(|(_, count)| count).sum();
        names.iter().map(|name| column.count_of(name) as f64 / all.max(1) as f64).collect()
    };
    Plot {
        title: "share of values, before and now".to_owned(),
        labels: names.iter().map(|name| (*name).to_owned()).collect(),
        before: shares(before),
        now: shares(now),
    }
}
