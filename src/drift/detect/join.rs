//! Do keys still find their rows, and records their entities?

use super::pair::Pairing;
use super::past::usual_move;
use super::{Comparison, percent};
use crate::drift::baseline::JoinRate;
use crate::drift::finding::{Finding, FindingKind, Severity};
use crate::drift::statistics::{cohen_h, standard_errors};

/// Fewer rows say little of a rate.
const FEWEST: u64 = 20;
/// Standard errors between two rates before they are believed to differ.
const SURE: f64 = 4.0;
/// The least effect on Cohen's scale.
const EFFECT: f64 = 0.15;

pub(super) fn find(comparison: &Comparison<'_>, pairing: &Pairing<'_>, findings: &mut Vec<Finding>) {
    for before in comparison.before.joins.iter().filter(|rate| rate.sort != "segment") {
        // A table that is gone is told of as such.
        if !pairing.tables.iter().any(|pair| pair.before.source == before.source && pair.before.table == before.table) {
            continue;
        }
        let Some(now) = comparison.now.join(before.key()) else {
            missing(comparison, before, findings);
            continue;
        };
        rate(comparison, before, now, findings);
    }
    segments(comparison, findings);
}

/// A relation that no row has any more.
fn missing(comparison: &Comparison<'_>, before: &JoinRate, findings: &mut Vec<Finding>) {
    let there = comparison.now.table(&before.source, &before.table).is_some_and(|table| table.rows > 0);
    if before.sort == "foreign_key" || before.hits < FEWEST || !there {
        return;
    }
    let gone = JoinRate { hits: 0, total: before.total, ..before.clone() };
    push(before, &gone, findings);
}

fn rate(comparison: &Comparison<'_>, before: &JoinRate, now: &JoinRate, findings: &mut Vec<Finding>) {
    if before.total < FEWEST || now.total < FEWEST {
        return;
    }
    let series: Vec<f64> = comparison
        .past
        .iter()
        .filter_map(|past| past.joins.iter().find(|rate| rate.key() == before.key()))
        .map(JoinRate::rate)
        .collect();
    let moved = (now.rate() - before.rate()).abs();
    let least = (comparison.thresholds().rate / 2.0).max(usual_move(&series));
    let sure = standard_errors(before.hits, before.total, now.hits, now.total);
    if moved < least || sure < SURE || cohen_h(before.rate(), now.rate()).abs() < EFFECT {
        return;
    }
    push(before, now, findings);
}

fn push(before: &JoinRate, now: &JoinRate, findings: &mut Vec<Finding>) {
    let fell = now.rate() < before.rate();
    let (kind, column, detail) = match before.sort.as_str() {
        "foreign_key" => (
            FindingKind::JoinRate,
            before.name.as_str(),
            format!(
                "{} of the filled {} find their row, {} before",
                percent(now.rate()),
                before.name,
                percent(before.rate())
            ),
        ),
        "relation" => (
            FindingKind::MatchRate,
            "",
            format!(
                "{} of the rows have their {}, {} before",
                percent(now.rate()),
                before.name.replace('_', " "),
                percent(before.rate())
            ),
        ),
        _ => (
            FindingKind::MatchRate,
            "",
            format!(
                "{} of the records are known to another source too, {} before",
                percent(now.rate()),
                percent(before.rate())
            ),
        ),
    };
    let severity = if fell { Severity::High } else { Severity::Low };
    findings.push(
        Finding::new(kind, severity, (&before.source, &before.table, column), detail)
            .about(if before.sort == "foreign_key" { "" } else { &before.name })
            .changed(format!("{} of {}", before.hits, before.total), format!("{} of {}", now.hits, now.total))
            .because("effect (Cohen's h)", format!("{:.2}", cohen_h(before.rate(), now.rate()).abs()))
            .of_size(cohen_h(before.rate(), now.rate()).abs()),
    );
}

/// Segments whose share of matches a person set a bound for.
fn segments(comparison: &Comparison<'_>, findings: &mut Vec<Finding>) {
    for segment in &comparison.settings.segments {
        let (name, sort) = match &segment.only {
            Some(only) => (format!("{}={}", only.column, only.value), "segment"),
            None => (String::new(), "match"),
        };
        let Some(rate) = comparison.now.join((&segment.source, &segment.table, &name, sort)) else { continue };
        if rate.total < FEWEST || rate.rate() >= segment.least_matched {
            continue;
        }
        let detail = format!(
            "{} of the records{} are matched; at least {} was accepted",
            percent(rate.rate()),
            if name.is_empty() { String::new() } else { format!(" with {name}") },
            percent(segment.least_matched)
        );
        findings.push(
            Finding::new(FindingKind::SegmentOut, Severity::Medium, (&segment.source, &segment.table, ""), detail)
                .about(&name)
                .changed(percent(segment.least_matched), percent(rate.rate())),
        );
    }
}
