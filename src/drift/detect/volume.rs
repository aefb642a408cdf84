//! Do as many rows come as usually do on such a day?
//!
//! Rows are dated by the source (made, happened) or by the loader, so one baseline already holds weeks of them: each day
//! is compared with the same weekday of the weeks before, and growth moves the expectation along. The last day is left
//! out: it is not over.

use super::pair::TablePair;
use super::{Comparison, DAY, percent};
use crate::drift::baseline::{ColumnBaseline, TableBaseline};
use crate::drift::finding::{Finding, FindingKind, Plot, Severity};
use crate::drift::statistics::{median, spread};
use crate::warehouse::moment::date_text;

/// At most so many days are looked at, however long ago the last run was.
const WINDOW: i32 = 14;
/// Weeks that say what is usual.
const WEEKS: i32 = 4;
/// Fewer rows a day are counted by the week.
const FEWEST_A_DAY: f64 = 20.0;
/// Fewer rows a week say nothing.
const FEWEST_A_WEEK: f64 = 20.0;
/// Less than this share of the expected rows is few, when it lasts for two days.
const FEW: f64 = 0.65;
/// Less than this share is few also on a single day.
const HARDLY_ANY: f64 = 0.25;
/// More than this many times the expected rows is many.
const MANY: f64 = 2.0;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let Some(column) = dated(pair.now) else { return };
    let until = comparison.now.as_of.div_euclid(DAY) as i32;
    let since = (comparison.before.as_of.div_euclid(DAY) as i32).max(until - WINDOW);
    let days = unusual_days(&column.days, since, until, comparison.thresholds().deviations);
    let place = (pair.now.source.as_str(), pair.now.table.as_str(), "");
    if let Some((first, last)) = days.first().zip(days.last()) {
        let (got, usual) = (days.iter().map(|day| day.got).sum::<f64>(), days.iter().map(|day| day.usual).sum::<f64>());
        let when = if first.day == last.day {
            format!("on {}", date_text(first.day))
        } else {
            format!("on {} days from {} to {}", days.len(), date_text(first.day), date_text(last.day))
        };
        let detail = format!("{} of the usual rows by {} {when}", percent(got / usual), column.name);
        let mut finding = Finding::new(FindingKind::Volume, severity(pair.now, got < usual), place, detail)
            .changed(format!("{usual:.0} rows usual"), format!("{got:.0} rows"))
            .because("compared with", format!("the same weekdays of {WEEKS} weeks, growth taken along"))
            .of_size((got / usual.max(1.0) - 1.0).abs());
        finding.plot = Some(plot(&column.days, since, until));
        findings.push(finding);
        return;
    }
    weekly(pair, column, since, until, findings);
}

fn severity(table: &TableBaseline, fewer: bool) -> Severity {
    match (table.role.as_str(), fewer) {
        ("other", _) => Severity::Low,
        (_, true) => Severity::High,
        (_, false) => Severity::Medium,
    }
}

/// The column that dates the rows: when something happened or was made, else when it landed.
fn dated(table: &TableBaseline) -> Option<&ColumnBaseline> {
    let properties: &[&str] = match table.role.as_str() {
        "event" => &["at", "received_at"],
        "invoice" => &["issued_at", "created_at"],
        _ => &["created_at", "issued_at", "started_at"],
    };
    properties.iter().find_map(|property| table.meaning(property)).filter(|column| !column.days.is_empty()).or_else(
        || {
            // Of a table that is not known, only one that is written once and for all can be dated by its loader.
            let synced = table.synced_column.as_deref().and_then(|name| table.column(name))?;
            (table.role == "event" && !synced.days.is_empty()).then_some(synced)
        },
    )
}

/// A day with fewer or more rows than such days have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnusualDay {
    /// The day since 1970.
    pub day: i32,
    /// Rows that came.
    pub got: f64,
    /// Rows that usually come.
    pub usual: f64,
}

/// The days from `since` up to before `until` on which unusually few rows came, else those on which unusually many came.
#[must_use]
pub fn unusual_days(days: &[(i32, u64)], since: i32, until: i32, deviations: f64) -> Vec<UnusualDay> {
    let Some(oldest) = days.first().map(|(day, _)| *day) else { return Vec::new() };
    let growth = growth(days, oldest, since);
    let mut few = Vec::new();
    let mut many = Vec::new();
    let mut gone = false;
    for day in since..until {
        let history: Vec<f64> = (1..)
            .map(|weeks| day - 7 * weeks)
            .skip_while(|past| *past >= since)
            .take_while(|past| *past > oldest)
            .take(WEEKS as usize)
            .map(|past| count(days, past))
            .collect();
        let Some(center) = median(&history).filter(|_| history.len() >= 3) else { continue };
        let usual = center * growth;
        if usual < FEWEST_A_DAY {
            continue;
        }
        let got = count(days, day);
        let sigma = spread(&history).max(usual.sqrt()).max(usual * 0.1);
        let unusual = UnusualDay { day, got, usual };
        if (got - usual) / sigma <= -deviations && got < usual * FEW {
            gone |= got < usual * HARDLY_ANY && usual >= 2.5 * FEWEST_A_DAY;
            few.push(unusual);
        } else if (got - usual) / sigma >= deviations && got > usual * MANY {
            many.push(unusual);
        }
    }
    if few.len() >= 2 || gone {
        few
    } else if many.len() >= 2 {
        many
    } else {
        Vec::new()
    }
}

/// How much more rows a week bring than they did in the middle of the weeks compared with.
fn growth(days: &[(i32, u64)], oldest: i32, since: i32) -> f64 {
    let week = |weeks: i32| -> f64 { (1..=7).map(|day| count(days, since - 7 * weeks - day)).sum() };
    if since - 28 <= oldest {
        return 1.0;
    }
    let (late, early) = (week(0) + week(1), week(2) + week(3));
    if early < FEWEST_A_WEEK { 1.0 } else { (late / early).clamp(0.8, 1.5).powf(1.25) }
}

fn count(days: &[(i32, u64)], day: i32) -> f64 {
    days.binary_search_by_key(&day, |(own, _)| *own).map_or(0.0, |place| days[place].1 as f64)
}

/// Tables with few rows a day, by the week.
fn weekly(pair: &TablePair<'_>, column: &ColumnBaseline, since: i32, until: i32, findings: &mut Vec<Finding>) {
    if until - since < 6
        || !["event", "invoice", "ticket", "opportunity", "account", "person"].contains(&pair.now.role.as_str())
    {
        return;
    }
    let days = &column.days;
    let Some(oldest) = days.first().map(|(day, _)| *day) else { return };
    let length = until - since;
    let sum = |from: i32| -> f64 { (from..from + length).map(|day| count(days, day)).sum() };
    let history: Vec<f64> =
        (1..=8).map(|back| since - back * length).take_while(|from| *from > oldest).map(sum).collect();
    let Some(usual) = median(&history).filter(|usual| history.len() >= 4 && *usual >= FEWEST_A_WEEK) else { return };
    let got = sum(since);
    let sigma = spread(&history).max(2.0 * usual.sqrt());
    let quietest = history.iter().copied().fold(f64::INFINITY, f64::min);
    if got > usual * 0.3 || (usual - got) / sigma < 4.0 || got >= quietest {
        return;
    }
    // Nothing at all and nothing landed is the loader's standstill, told of as such.
    let stood_still = pair.now.newest_sync.is_some() && pair.now.newest_sync <= pair.before.newest_sync;
    if stood_still {
        return;
    }
    let place = (pair.now.source.as_str(), pair.now.table.as_str(), "");
    let detail = format!("{} of the usual rows by {} in {length} days", percent(got / usual), column.name);
    let mut finding = Finding::new(FindingKind::Volume, severity(pair.now, true).max(Severity::Medium), place, detail)
        .changed(format!("{usual:.0} rows usual"), format!("{got:.0} rows"))
        .because("compared with", format!("{} spans of {length} days before", history.len()))
        .of_size(1.0 - got / usual);
    finding.plot = Some(plot(days, since, until));
    findings.push(finding);
}

/// Rows by day: the window and two weeks before it.
fn plot(days: &[(i32, u64)], since: i32, until: i32) -> Plot {
    let shown: Vec<i32> = (since - 14..until).collect();
    Plot {
        title: "rows by day, against a week before".to_owned(),
        labels: shown.iter().map(|day| date_text(*day)).collect(),
        before: shown.iter().map(|day| count(days, day - 7)).collect(),
        now: shown.iter().map(|day| count(days, *day)).collect(),
    }
}
