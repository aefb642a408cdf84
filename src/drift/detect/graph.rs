//! Which entities moved, which decisions stand on facts that changed, and which totals of the model moved with them?

use super::past::{Past, usual_move};
use super::{Comparison, percent};
use crate::drift::finding::{Finding, FindingKind, Severity};

/// Entities that may merge, split or exchange records in an ordinary week, at least and as a share.
const ORDINARY: (f64, f64) = (5.0, 0.01);
/// Totals of the model have moved by at least this share.
pub(super) const TOTAL: f64 = 0.2;
/// A share of filled cells has moved by at least this much.
const FILLED: f64 = 0.1;
/// Counts below this say little.
pub(super) const FEWEST: f64 = 20.0;

pub(super) fn find(comparison: &Comparison<'_>, findings: &mut Vec<Finding>) {
    entities(comparison, findings);
    decisions(comparison, findings);
    totals(comparison, findings);
}

fn entities(comparison: &Comparison<'_>, findings: &mut Vec<Finding>) {
    let events = |name: &str| comparison.now.graph_number(&format!("events.{name}")).unwrap_or(0.0);
    let moved = events("merged_into") + events("split_from") + events("moved");
    let all = comparison.now.graph_number("entities.account").unwrap_or(0.0)
        + comparison.now.graph_number("entities.person").unwrap_or(0.0);
    let series: Vec<f64> = comparison
        .past
        .iter()
        .map(|past| {
            past.graph
                .iter()
                .filter(|(name, _)| {
                    ["events.merged_into", "events.split_from", "events.moved"].contains(&name.as_str())
                })
                .map(|(_, count)| count)
                .sum()
        })
        .collect();
    let usual = series.iter().copied().fold(0.0, f64::max);
    if moved < ORDINARY.0.max(ORDINARY.1 * all).max(usual + usual_move(&series)) + 1.0 {
        return;
    }
    let detail = format!(
        "{} entities merged, {} were split, between {} records moved",
        events("merged_into"),
        events("split_from"),
        events("moved")
    );
    findings.push(
        Finding::new(FindingKind::GraphMoved, Severity::Medium, ("", "", ""), detail)
            .changed(format!("{all:.0} entities"), format!("{moved:.0} moved"))
            .of_size(moved / all.max(1.0)),
    );
}

fn decisions(comparison: &Comparison<'_>, findings: &mut Vec<Finding>) {
    let reopened = comparison.reopened;
    if reopened == 0 {
        return;
    }
    let detail = match reopened {
        1 => "1 decision was made on a value that has changed since".to_owned(),
        many => format!("{many} decisions were made on values that have changed since"),
    };
    findings.push(
        Finding::new(FindingKind::DecisionsReopened, Severity::Medium, ("", "", ""), detail)
            .changed("", reopened.to_string())
            .of_size(reopened as f64),
    );
}

/// Sums of money, counts by state and filled shares of the model.
fn totals(comparison: &Comparison<'_>, findings: &mut Vec<Finding>) {
    for (name, before) in &comparison.before.model {
        let now = comparison.now.model_number(name).unwrap_or(0.0);
        let mut parts = name.split('.');
        let (Some(sort), Some(table), Some(field)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let of = parts.collect::<Vec<_>>().join(".");
        let past =
            |value: &dyn Fn(f64) -> f64| -> Vec<f64> { series(comparison.past, name).into_iter().map(value).collect() };
        let moved = match sort {
            "sum" | "count" => {
                // A count moves by chance about as much as its root.
                let sure = (now - before).abs() >= 5.0 * before.max(now).sqrt();
                let enough = if sort == "count" { before.max(now) >= FEWEST && sure } else { *before > 0.0 };
                let usual = usual_move(&past(&|value| value.max(1.0).ln()));
                let share = now / before.max(1.0) - 1.0;
                let new = *before == 0.0;
                (enough && !new && share.abs() >= TOTAL.max(usual)).then(|| (share, percent(share.abs())))
            }
            "filled" => {
                let share = now - before;
                (share.abs() >= FILLED.max(usual_move(&past(&|value| value)))).then(|| (share, percent(share.abs())))
            }
            _ => None,
        };
        let Some((share, words)) = moved else { continue };
        let falls = if share < 0.0 { "less" } else { "more" };
        let place = format!("{table}.{field}");
        let detail = match sort {
            "sum" => format!("the total in {of} is {words} {falls}"),
            "count" => format!("{of} is {words} {falls} frequent"),
            _ => format!("filled in {words} {falls} of the rows"),
        };
        let number = |value: f64| if sort == "filled" { percent(value) } else { format!("{value:.0}") };
        let severity = if sort == "sum" && share.abs() >= 2.0 * TOTAL { Severity::High } else { Severity::Medium };
        let mut finding = Finding::new(FindingKind::ModelMoved, severity, ("", table, field), detail)
            .about(&format!("{sort}.{of}"))
            .changed(number(*before), number(now))
            .of_size(share.abs());
        finding.impact.fields = vec![place];
        findings.push(finding);
    }
}

fn series(past: &[Past], name: &str) -> Vec<f64> {
    past.iter().filter_map(|past| past.model.iter().find(|(own, _)| own == name)).map(|(_, number)| *number).collect()
}
