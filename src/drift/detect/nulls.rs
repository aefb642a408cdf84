//! Which columns are suddenly empty, or empty more often?

use super::pair::TablePair;
use super::past::usual_move;
use super::{Comparison, percent, weight};
use crate::drift::finding::{Finding, FindingKind, Severity};
use crate::drift::statistics::{cohen_h, standard_errors};

/// At least so many values must have been there for their absence to mean something.
const FEWEST: u64 = 5;
/// Standard errors between two shares before they are believed to differ.
const SURE: f64 = 5.0;
/// A small effect on Cohen's scale is 0.2, a medium one 0.5.
const EFFECT: f64 = 0.25;
/// Of the values that were there, the share that must be gone from rows that are still there to speak of values taken away
/// rather than of new rows that come without.
const TAKEN: f64 = 0.2;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let (source, table) = (pair.now.source.as_str(), pair.now.table.as_str());
    if pair.now.rows == 0 || pair.before.rows == 0 {
        return;
    }
    for (before, now) in &pair.columns {
        let (rate, rate_now) = (pair.before.null_rate(before), pair.now.null_rate(now));
        let place = (source, table, now.name.as_str());
        let (filled, filled_now) = (before.filled(pair.before.rows), now.filled(pair.now.rows));
        if filled >= FEWEST && filled_now == 0 {
            let detail =
                format!("{} is still landed and always empty; it was {} filled", now.name, percent(1.0 - rate));
            let severity = weight(before.concept.as_deref(), before.is_key).min(Severity::Medium);
            findings.push(
                Finding::new(FindingKind::SilentNull, severity, place, detail)
                    .changed(format!("{filled} values"), "no value")
                    .because("rows in the table", format!("{} before, {} now", pair.before.rows, pair.now.rows))
                    .of_size(1.0 - rate),
            );
            continue;
        }
        let series: Vec<f64> = comparison
            .past
            .iter()
            .filter_map(|past| past.table(source, table)?.nulls.iter().find(|(name, _)| *name == now.name))
            .map(|(_, rate)| *rate)
            .collect();
        let least = comparison.thresholds().rate.max(usual_move(&series));
        let effect = cohen_h(rate, rate_now);
        let sure = standard_errors(before.nulls, pair.before.rows, now.nulls, pair.now.rows);
        if (rate_now - rate).abs() < least || effect.abs() < EFFECT || sure < SURE {
            continue;
        }
        let word = if rate_now > rate { "empty" } else { "filled" };
        let detail =
            format!("{} is {word} more often: {} empty, {} before", now.name, percent(rate_now), percent(rate));
        let points = now.is_key && !pair.now.primary_key.contains(&now.name);
        // Rows that are gone took their values with them; what is missing beyond that was taken out of rows that stayed.
        let gone = pair.before.rows.saturating_sub(pair.now.rows);
        let taken = filled.saturating_sub(filled_now).saturating_sub(gone);
        let is_taken = taken >= FEWEST && taken as f64 >= TAKEN * filled as f64;
        let (kind, detail) = match (points, is_taken) {
            (true, _) => (FindingKind::JoinRate, detail),
            (false, true) => {
                let share = percent(taken as f64 / filled as f64);
                let kept = format!("{share} of its values are gone from rows that are still there");
                (
                    FindingKind::SilentNull,
                    format!(
                        "{} is still landed and {kept}: {} empty, {} before",
                        now.name,
                        percent(rate_now),
                        percent(rate)
                    ),
                )
            }
            (false, false) => (FindingKind::NullRate, detail),
        };
        let mut severity = weight(now.concept.as_deref(), now.is_key);
        if rate_now < rate {
            severity = Severity::Low;
        }
        findings.push(
            Finding::new(kind, severity, place, detail)
                .changed(format!("{} empty", percent(rate)), format!("{} empty", percent(rate_now)))
                .because("effect (Cohen's h)", format!("{:.2}", effect.abs()))
                .because("rows without a value", format!("{} before, {} now", before.nulls, now.nulls))
                .of_size(effect.abs()),
        );
    }
}
