//! Did something land that should have?
//!
//! A stopped sync raises no error downstream. The loader's column is held against what the table usually does: one that is
//! changed every week and brings nothing for longer than its system takes is stale, one that rests for months is not.

use super::pair::TablePair;
use super::{Comparison, DAY};
use crate::drift::baseline::TableBaseline;
use crate::drift::finding::{Finding, FindingKind, Severity};

/// Hours after which a system's tables are late, as its connectors usually run.
const LATE: &[(&str, i64)] = &[
    ("salesforce", 48),
    ("intercom", 72),
    ("hubspot", 72),
    ("stripe", 168),
    ("zendesk", 168),
    ("recurly", 168),
    ("pendo", 168),
    ("zuora", 168),
    ("mixpanel", 96),
    ("amplitude", 96),
    ("segment", 48),
    ("rudderstack", 48),
];
/// Hours for systems that are not known.
const LATE_OTHERWISE: i64 = 72;
/// Changes in four weeks that a table must have had for a week without any to be unusual.
const LIVELY: u64 = 12;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let Some((newest, before)) = pair.now.newest_sync.zip(pair.before.newest_sync) else { return };
    let late = hours(pair.now.system.as_deref());
    let (lag, lag_before) = (comparison.now.as_of - newest, comparison.before.as_of - before);
    let landed = newest > before;
    if landed || lag < late * 3600 || lag <= lag_before || comparison.now.as_of <= comparison.before.as_of {
        return;
    }
    let Some(usual) = cadence(comparison, pair) else { return };
    let column = pair.now.synced_column.as_deref().unwrap_or_default();
    let severity = if pair.now.role == "other" { Severity::Low } else { Severity::High };
    let detail = format!("nothing landed for {}; {usual}", span(lag));
    findings.push(
        Finding::new(FindingKind::Freshness, severity, (&pair.now.source, &pair.now.table, column), detail)
            .changed(format!("{} behind", span(lag_before)), format!("{} behind", span(lag)))
            .because("late for this system after", span(late * 3600))
            .because("rows", format!("{} before, {} now", pair.before.rows, pair.now.rows))
            .of_size(lag as f64 / (late * 3600) as f64),
    );
}

fn hours(system: Option<&str>) -> i64 {
    LATE.iter().find(|(known, _)| Some(*known) == system).map_or(LATE_OTHERWISE, |(_, hours)| *hours)
}

/// What the table usually does, in words; None when a week without news is nothing unusual for it.
fn cadence(comparison: &Comparison<'_>, pair: &TablePair<'_>) -> Option<String> {
    let past: Vec<i64> = comparison
        .past
        .iter()
        .filter_map(|past| past.table(&pair.now.source, &pair.now.table)?.newest_sync)
        .chain(pair.before.newest_sync)
        .collect();
    // A long past tells it directly: in nearly every run something new had landed.
    if past.len() >= 4 {
        let moved = past.windows(2).filter(|two| two[1] > two[0]).count();
        let steps = past.len() - 1;
        return (moved * 10 >= steps * 9)
            .then(|| format!("something new had landed in {moved} of {steps} runs before"));
    }
    let until = comparison.before.as_of.div_euclid(DAY) as i32;
    let (changes, weeks) = activity(pair.before, until)?;
    (changes >= LIVELY && weeks >= 3).then(|| format!("{changes} rows were made or changed in the four weeks before"))
}

/// Changes in the four weeks before a day, and in how many of the weeks there were any; by the column with most of them.
fn activity(table: &TableBaseline, until: i32) -> Option<(u64, usize)> {
    ["updated_at", "at", "created_at", "issued_at"]
        .iter()
        .filter_map(|property| table.meaning(property))
        .map(|column| {
            let week = |weeks: i32| -> u64 {
                let (from, to) = (until - 7 * (weeks + 1), until - 7 * weeks);
                column.days.iter().filter(|(day, _)| (from..to).contains(day)).map(|(_, count)| count).sum()
            };
            let weeks: Vec<u64> = (0..4).map(week).collect();
            (weeks.iter().sum(), weeks.iter().filter(|count| **count > 0).count())
        })
        .max()
}

/// A span of time in words.
fn span(seconds: i64) -> String {
    let hours = seconds.max(0) / 3600;
    match hours {
        0..=1 => "an hour".to_owned(),
        2..=47 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}
