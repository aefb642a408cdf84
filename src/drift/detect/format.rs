//! Do keys and values still have the shape they had?

use super::pair::TablePair;
use super::{percent, weight};
use crate::chart::profile::contained;
use crate::drift::baseline::ColumnBaseline;
use crate::drift::finding::{Finding, FindingKind, Severity};
use crate::drift::statistics::moved;

/// A key has another shape when this share of its values has.
const KEY: f64 = 0.1;
/// Other values, when this share has.
const VALUE: f64 = 0.3;
/// At least so many values on both sides.
const FEWEST: u64 = 20;
/// Of the values that came since, this share must be of a shape that was not there.
const CAME: f64 = 0.5;

pub(super) fn find(pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    for (before, now) in &pair.columns {
        let (filled, filled_now) = (before.filled(pair.before.rows), now.filled(pair.now.rows));
        if before.kind != now.kind || filled < FEWEST || filled_now < FEWEST {
            continue;
        }
        let share = moved(&before.formats, &now.formats);
        let least = if now.is_key { KEY } else { VALUE };
        let matters = now.is_key || now.concept.is_some() || before.formats.len() <= 2;
        let came = came(&before.formats, &now.formats, filled, filled_now);
        let replaced = replaced(pair, before, now);
        let moved = matters && share >= least || now.is_key && came >= CAME || replaced.is_some();
        if !moved {
            continue;
        }
        let mut severity = weight(now.concept.as_deref(), now.is_key);
        if !now.is_key {
            severity = severity.max(Severity::Medium);
        }
        let detail = match replaced {
            Some(kept) if share < least => {
                format!("{} holds other ids of the same shape: {} of those before are left", now.name, percent(kept))
            }
            _ => format!("{} of the values of {} have another shape", percent(share.max(0.001)), now.name),
        };
        findings.push(
            Finding::new(FindingKind::KeyFormat, severity, (&pair.now.source, &pair.now.table, &now.name), detail)
                .changed(shapes(&before.formats), shapes(&now.formats))
                .because("values", format!("{filled} before, {filled_now} now"))
                .of_size(share),
        );
    }
}

/// Of the values that came since, the share whose shape was rare before; 0 when few came.
fn came(before: &[(String, u64)], now: &[(String, u64)], filled: u64, filled_now: u64) -> f64 {
    let more = filled_now.saturating_sub(filled);
    if more < 2 * FEWEST {
        return 0.0;
    }
    let count =
        |list: &[(String, u64)], name: &str| list.iter().find(|(own, _)| own == name).map_or(0, |(_, count)| *count);
    let fresh: u64 = now
        .iter()
        .map(|(name, counted)| (counted.saturating_sub(count(before, name)), count(before, name)))
        .filter(|(_, was)| *was * 20 < filled)
        .map(|(more, _)| more)
        .sum();
    fresh as f64 / more as f64
}

/// The share of the ids of before that are left, where a table of about as many rows holds nearly none of them: zeros in
/// front, another case, another prefix.
fn replaced(pair: &TablePair<'_>, before: &ColumnBaseline, now: &ColumnBaseline) -> Option<f64> {
    let steady = pair.now.rows * 4 >= pair.before.rows * 3;
    if !now.is_key || !steady || before.distinct < FEWEST {
        return None;
    }
    contained(&before.sketch, &now.sketch).filter(|kept| *kept < 0.3)
}

/// The most frequent shapes with their shares.
fn shapes(formats: &[(String, u64)]) -> String {
    let total: u64 = formats.iter().map(|(_, count)| count).sum();
    let share = |count: u64| percent(count as f64 / total.max(1) as f64);
    formats.iter().take(3).map(|(format, count)| format!("{format} {}", share(*count))).collect::<Vec<_>>().join(", ")
}
