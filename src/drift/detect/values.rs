//! Which values came or went: plans, events, statuses, currencies?

use super::pair::TablePair;
use super::value_rename::Explained;
use super::{Comparison, weight};
use crate::drift::baseline::ColumnBaseline;
use crate::drift::finding::{Finding, FindingKind, Severity};
use crate::warehouse::ColumnType;

/// More values at once than this are told of in one finding.
const EACH: usize = 3;

pub(super) fn find(
    comparison: &Comparison<'_>,
    pair: &TablePair<'_>,
    explained: &Explained,
    findings: &mut Vec<Finding>,
) {
    for (before, now) in &pair.columns {
        let listed = |column: &ColumnBaseline| !column.values.is_empty();
        if now.kind.0 != ColumnType::Text || !listed(before) || !listed(now) || before.kind != now.kind {
            continue;
        }
        let least = comparison.thresholds().occurrences;
        let empty = (Vec::new(), Vec::new());
        let (olds, news) = explained.get(&now.name).unwrap_or(&empty);
        let fresh: Vec<(&str, u64)> = now
            .values
            .iter()
            .filter(|(value, count)| *count > least && before.count_of(value) == 0 && !news.contains(value))
            .map(|(value, count)| (value.as_str(), *count))
            .collect();
        let gone = vanished(pair, before, now, least);
        let gone: Vec<(&str, u64)> =
            gone.into_iter().filter(|(value, _)| !olds.iter().any(|old| old == value)).collect();
        tell(pair, now, FindingKind::NewValue, &fresh, findings);
        tell(pair, now, FindingKind::VanishedValue, &gone, findings);
    }
}

/// Values that are gone, or that no longer come although others do.
fn vanished<'a>(
    pair: &TablePair<'_>,
    before: &'a ColumnBaseline,
    now: &ColumnBaseline,
    least: u64,
) -> Vec<(&'a str, u64)> {
    let all: u64 = before.values.iter().map(|(_, count)| count).sum();
    let all_now: u64 = now.values.iter().map(|(_, count)| count).sum();
    let more = all_now.saturating_sub(all) as f64;
    // Only rows that are never changed can be told from those that came since.
    let appended = pair.now.role == "event" && all_now > all;
    before
        .values
        .iter()
        .filter_map(|(value, count)| {
            let left = now.count_of(value);
            if left == 0 && *count > least {
                return Some((value.as_str(), *count));
            }
            let expected = more * *count as f64 / all.max(1) as f64;
            let came = left.saturating_sub(*count) as f64;
            (appended && expected > least as f64 + 2.0 && came <= expected * 0.02).then_some((value.as_str(), *count))
        })
        .collect()
}

fn tell(
    pair: &TablePair<'_>,
    column: &ColumnBaseline,
    kind: FindingKind,
    values: &[(&str, u64)],
    findings: &mut Vec<Finding>,
) {
    let place = (pair.now.source.as_str(), pair.now.table.as_str(), column.name.as_str());
    let severity = match weight(column.concept.as_deref(), column.is_key) {
        Severity::High => Severity::Medium,
        other => other,
    };
    let severity = if pair.now.role == "event" { severity.min(Severity::Medium) } else { severity };
    let new = kind == FindingKind::NewValue;
    if values.len() > EACH {
        let names: Vec<&str> = values.iter().take(EACH).map(|(value, _)| *value).collect();
        let word = if new { "new values" } else { "values no longer come" };
        let detail = format!("{} {word} in {}: {} …", values.len(), column.name, names.join(", "));
        findings.push(Finding::new(kind, severity, place, detail).of_size(values.len() as f64));
        return;
    }
    for (value, count) in values {
        let (detail, before, after) = if new {
            (format!("{value} appears in {}, {count} times", column.name), String::new(), (*value).to_owned())
        } else {
            (
                format!("{value} no longer comes in {}; it came {count} times", column.name),
                (*value).to_owned(),
                String::new(),
            )
        };
        findings.push(
            Finding::new(kind, severity, place, detail).about(value).changed(before, after).of_size(*count as f64),
        );
    }
}
