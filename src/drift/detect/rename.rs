//! Which column that is gone lives on under which new name?
//!
//! Type, share of NULLs, values and their shapes speak for a rename; the position alone is known to fail and only breaks
//! ties. What is proposed here is for a person to confirm.

use crate::chart::profile::contained;
use crate::drift::baseline::{ColumnBaseline, TableBaseline};
use crate::drift::statistics::{classes, moved, psi};

/// From this confidence on a rename is proposed.
const PROPOSED: f64 = 0.65;
/// Values must overlap at least by this share.
const OVERLAP: f64 = 0.5;

/// A column that seems to be renamed, with what speaks for it.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// As it was.
    pub from: &'a ColumnBaseline,
    /// As it is.
    pub to: &'a ColumnBaseline,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// What was looked at, and what was seen.
    pub evidence: Vec<(String, String)>,
}

/// A table that seems to be renamed.
#[derive(Debug, Clone)]
pub struct TableProposal<'a> {
    /// As it was.
    pub from: &'a TableBaseline,
    /// As it is.
    pub to: &'a TableBaseline,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// What was looked at, and what was seen.
    pub evidence: Vec<(String, String)>,
}

/// Takes pairs that seem to be renamed out of both lists, the surest first.
pub(super) fn columns<'a>(
    before: &TableBaseline,
    now: &TableBaseline,
    removed: &mut Vec<&'a ColumnBaseline>,
    added: &mut Vec<&'a ColumnBaseline>,
) -> Vec<Proposal<'a>> {
    let place = |table: &TableBaseline, column: &ColumnBaseline| {
        table.columns.iter().position(|own| own.name == column.name).unwrap_or(0)
    };
    let mut candidates = Vec::new();
    for from in removed.iter() {
        for to in added.iter() {
            if let Some(proposal) = judge(before, now, from, to) {
                candidates.push((proposal, place(before, from).abs_diff(place(now, to))));
            }
        }
    }
    candidates.sort_by(|(one, near), (other, far)| {
        other
            .confidence
            .total_cmp(&one.confidence)
            .then(near.cmp(far))
            .then_with(|| (&one.from.name, &one.to.name).cmp(&(&other.from.name, &other.to.name)))
    });
    let mut chosen: Vec<Proposal<'a>> = Vec::new();
    for (proposal, _) in candidates {
        let taken = chosen.iter().any(|own| own.from.name == proposal.from.name || own.to.name == proposal.to.name);
        if !taken {
            chosen.push(proposal);
        }
    }
    removed.retain(|column| !chosen.iter().any(|own| own.from.name == column.name));
    added.retain(|column| !chosen.iter().any(|own| own.to.name == column.name));
    chosen
}

fn judge<'a>(
    before: &TableBaseline,
    now: &TableBaseline,
    from: &'a ColumnBaseline,
    to: &'a ColumnBaseline,
) -> Option<Proposal<'a>> {
    let (filled, filled_now) = (from.filled(before.rows), to.filled(now.rows));
    if from.kind != to.kind || filled == 0 || filled_now == 0 || before.is_loaders(&from.name) {
        return None;
    }
    let overlap = overlap(from, to)?;
    let (nulls, nulls_now) = (before.null_rate(from), now.null_rate(to));
    let alike_nulls = (1.0 - (nulls - nulls_now).abs() * 5.0).max(0.0);
    let alike_formats = 1.0 - moved(&from.formats, &to.formats);
    let alike_names = words_in_common(&from.name, &to.name);
    let mut confidence = 0.55 * overlap + 0.2 * alike_nulls + 0.15 * alike_formats + 0.1 * alike_names;
    // Two columns of yes and no look alike whatever they mean.
    if from.distinct <= 2 {
        confidence *= 0.6 + 0.4 * alike_names;
    }
    if confidence < PROPOSED || overlap < OVERLAP {
        return None;
    }
    let percent = super::percent;
    let evidence = vec![
        ("values in common".to_owned(), percent(overlap)),
        ("empty".to_owned(), format!("{} before, {} now", percent(nulls), percent(nulls_now))),
        ("shape of the values".to_owned(), format!("{} alike", percent(alike_formats))),
        ("type".to_owned(), format!("{:?} both times", to.kind.0).to_lowercase()),
    ];
    Some(Proposal { from, to, confidence, evidence })
}

/// How much two columns hold the same values, 0 to 1; None when nothing is known of them.
fn overlap(from: &ColumnBaseline, to: &ColumnBaseline) -> Option<f64> {
    if !from.values.is_empty() && !to.values.is_empty() {
        return Some(1.0 - moved(&from.values, &to.values));
    }
    let hashes = contained(&from.sketch, &to.sketch).zip(contained(&to.sketch, &from.sketch));
    let hashes = hashes.map(|(one, other)| one.max(other));
    let spread = (!from.buckets.is_empty() && !to.buckets.is_empty()).then(|| {
        let (before, now) = classes(&from.buckets, &to.buckets);
        (-psi(&before, &now) * 2.0).exp()
    });
    let days = (!from.days.is_empty() && !to.days.is_empty()).then(|| 1.0 - days_moved(&from.days, &to.days));
    [hashes, spread, days].into_iter().flatten().reduce(f64::max)
}

fn days_moved(before: &[(i32, u64)], now: &[(i32, u64)]) -> f64 {
    let named = |days: &[(i32, u64)]| -> Vec<(String, u64)> {
        days.iter().map(|(day, count)| (day.to_string(), *count)).collect()
    };
    moved(&named(before), &named(now))
}

/// The share of the words of the shorter name that the longer one has too.
fn words_in_common(one: &str, other: &str) -> f64 {
    let words = |name: &str| crate::catalog::names::words(name);
    let (one, other) = (words(one), words(other));
    let shorter = one.len().min(other.len());
    if shorter == 0 {
        return 0.0;
    }
    one.iter().filter(|word| other.contains(word)).count() as f64 / shorter as f64
}

/// Takes tables that seem to be renamed out of both lists.
pub(super) fn tables<'a>(
    removed: &mut Vec<&'a TableBaseline>,
    added: &mut Vec<&'a TableBaseline>,
) -> Vec<TableProposal<'a>> {
    let mut chosen: Vec<TableProposal<'a>> = Vec::new();
    for from in removed.iter() {
        let best = added
            .iter()
            .filter(|to| to.source == from.source && !chosen.iter().any(|own| own.to.table == to.table))
            .filter_map(|to| judge_table(from, to))
            .max_by(|one, other| {
                one.confidence.total_cmp(&other.confidence).then_with(|| other.to.table.cmp(&one.to.table))
            });
        chosen.extend(best);
    }
    removed.retain(|table| !chosen.iter().any(|own| own.from.source == table.source && own.from.table == table.table));
    added.retain(|table| !chosen.iter().any(|own| own.to.source == table.source && own.to.table == table.table));
    chosen
}

fn judge_table<'a>(from: &'a TableBaseline, to: &'a TableBaseline) -> Option<TableProposal<'a>> {
    if from.rows == 0 || to.rows == 0 {
        return None;
    }
    let same = from.columns.iter().filter(|column| {
        to.column(&column.name).is_some_and(|other| other.kind == column.kind) && !from.is_loaders(&column.name)
    });
    let (same, all) = (same.count() as f64, from.columns.len().max(to.columns.len()) as f64);
    let columns =
        same / (all - from.columns.iter().filter(|column| from.is_loaders(&column.name)).count() as f64).max(1.0);
    let keys = contained(&from.keys, &to.keys);
    let rows = from.rows.min(to.rows) as f64 / from.rows.max(to.rows) as f64;
    let confidence = 0.4 * columns + 0.4 * keys.unwrap_or(rows * 0.8) + 0.2 * rows;
    if confidence < PROPOSED || columns < 0.6 || keys.is_some_and(|keys| keys < OVERLAP) {
        return None;
    }
    let percent = super::percent;
    let mut evidence = vec![
        ("columns in common".to_owned(), percent(columns)),
        ("rows".to_owned(), format!("{} before, {} now", from.rows, to.rows)),
    ];
    if let Some(keys) = keys {
        evidence.insert(0, ("keys in common".to_owned(), percent(keys)));
    }
    Some(TableProposal { from, to, confidence, evidence })
}
