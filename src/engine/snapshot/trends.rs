//! How many conflicts of each kind were there a week ago?

use std::collections::BTreeMap;

use super::published::Published;
use crate::error::Result;
use crate::model::publish::ledger::{HISTORY_TABLE, LEDGER_TABLE};
use crate::snapshot::KindTrend;

/// What the trend is measured against.
const WEEK: i64 = 7 * 24 * 3600;

/// One row of the history.
struct Count {
    started: String,
    kind: String,
    open: bool,
    currency: String,
    conflicts: u64,
    money: f64,
}

/// Compares the last run with the newest one that is a week older, or else with the oldest one. Empty on the first run.
pub(super) fn trends(published: &Published<'_>) -> Result<Vec<KindTrend>> {
    if !published.has(HISTORY_TABLE)? {
        return Ok(Vec::new());
    }
    let rows = published.select(
        HISTORY_TABLE,
        &["run_id", "started", "kind", "status", "currency", "money"],
        &["conflicts"],
        "ORDER BY 2, 1, 3, 4, 5",
    )?;
    let mut runs: BTreeMap<(String, String), Vec<Count>> = BTreeMap::new();
    for row in 0..rows.len() {
        let text = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
        runs.entry((text(1), text(0))).or_default().push(Count {
            started: text(1),
            kind: text(2),
            open: rows.text(row, 3) == Some("open"),
            currency: text(4),
            conflicts: rows.float(row, 6).unwrap_or(0.0) as u64,
            money: rows.text(row, 5).and_then(|money| money.parse().ok()).unwrap_or(0.0),
        });
    }
    let Some((now, last)) = runs.pop_last() else { return Ok(Vec::new()) };
    let moment = |text: &str| text.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second);
    let week_ago = moment(&now.0) - WEEK;
    let before = runs.iter().rev().find(|(run, _)| moment(&run.0) <= week_ago).or_else(|| runs.iter().next());
    let Some((_, before)) = before else { return Ok(Vec::new()) };
    let Some(since) = before.first().map(|count| count.started.clone()) else { return Ok(Vec::new()) };
    let fresh = fresh(published, &since)?;
    let mut trends: BTreeMap<&str, KindTrend> = BTreeMap::new();
    for count in last.iter().chain(before) {
        trends.entry(&count.kind).or_insert_with(|| KindTrend {
            kind: count.kind.clone(),
            since: since.clone(),
            fresh: fresh.get(&count.kind).copied().unwrap_or(0),
            ..KindTrend::default()
        });
    }
    for count in before.iter().filter(|count| count.open) {
        if let Some(trend) = trends.get_mut(count.kind.as_str()) {
            trend.before += count.conflicts;
            if count.money != 0.0 {
                trend.money.push((count.currency.clone(), count.money));
            }
        }
    }
    let mut found: Vec<KindTrend> = trends.into_values().collect();
    for trend in &mut found {
        trend.money.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    }
    Ok(found)
}

/// By kind: the conflicts open now that were first seen after a moment.
fn fresh(published: &Published<'_>, since: &str) -> Result<BTreeMap<String, u64>> {
    let rows = published.select(LEDGER_TABLE, &["kind", "first_seen", "status"], &[], "")?;
    let mut counts = BTreeMap::new();
    for row in 0..rows.len() {
        let (Some(kind), Some(seen)) = (rows.text(row, 0), rows.text(row, 1)) else { continue };
        if rows.text(row, 2) == Some("open") && seen > since {
            *counts.entry(kind.to_owned()).or_default() += 1;
        }
    }
    Ok(counts)
}
