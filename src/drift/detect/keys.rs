//! Do keys still name one row each, and are the rows still there?

use super::pair::TablePair;
use super::past::usual_move;
use super::{Comparison, percent};
use crate::chart::profile::contained;
use crate::drift::finding::{Finding, FindingKind, Severity};

/// Fewer repeated keys are noise.
const FEWEST: u64 = 5;
/// Repeated keys matter from this share of the rows that came since on.
const REPEATED: f64 = 0.002;
/// The least share of gone rows that is told of, beyond what sampling explains.
const GONE: f64 = 0.05;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    uniqueness(pair, findings);
    deletes(comparison, pair, findings);
}

fn uniqueness(pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let (before, now) = (pair.before, pair.now);
    let more = now.duplicates.saturating_sub(before.duplicates);
    let came = now.rows.saturating_sub(before.rows).max(now.rows / 20).max(1);
    if more < FEWEST || (more as f64) < REPEATED * came as f64 || now.primary_key.is_empty() {
        return;
    }
    let key = now.primary_key.join(", ");
    let severity = if now.role == "other" { Severity::Low } else { Severity::High };
    let detail = format!("{} rows share their {key} with another, {} before", now.duplicates, before.duplicates);
    findings.push(
        Finding::new(FindingKind::KeyUniqueness, severity, (&now.source, &now.table, &key), detail)
            .changed(before.duplicates.to_string(), now.duplicates.to_string())
            .because("rows", format!("{} before, {} now", before.rows, now.rows))
            .of_size(more as f64 / came as f64),
    );
}

fn deletes(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let (before, now) = (pair.before, pair.now);
    if before.rows < 20 || now.role == "event" && now.rows >= before.rows {
        return;
    }
    let place = (now.source.as_str(), now.table.as_str(), "");
    let series: Vec<f64> = comparison
        .past
        .iter()
        .filter_map(|past| past.table(&now.source, &now.table))
        .map(|table| (table.rows.max(1) as f64).ln())
        .collect();
    let fell = 1.0 - now.rows as f64 / before.rows as f64;
    let (gone, said) = match contained(&before.keys, &now.keys) {
        Some(kept) => {
            let gone = 1.0 - kept;
            // The share is estimated from a sketch: what sampling explains is not told.
            let sample = before.keys.len().max(1) as f64;
            let error =
                if before.keys.len() as u64 >= before.rows { 0.0 } else { (gone * (1.0 - gone) / sample).sqrt() };
            if kept < 0.5 && fell < 0.25 {
                // The rows are there under other keys; the shape of keys tells of it.
                return;
            }
            (gone - 2.0 * error, format!("{} of the keys of before are gone", percent(gone)))
        }
        None => (fell, format!("{} fewer rows", percent(fell.max(0.0)))),
    };
    if gone < GONE || gone * (before.rows as f64) < 10.0 || fell > 0.0 && fell < usual_move(&series) {
        return;
    }
    let severity = if now.role == "other" { Severity::Low } else { Severity::High };
    let detail = format!("{said}, without a mark that they were deleted");
    findings.push(
        Finding::new(FindingKind::BulkDelete, severity, place, detail)
            .changed(format!("{} rows", before.rows), format!("{} rows", now.rows))
            .of_size(gone),
    );
}
