//! How is a finding about the sources written down, and how many of one kind?

use std::collections::BTreeMap;

use super::conflict::{Conflict, Severity, Side};
use super::kinds;
use super::source_map::{SourceEntry, TableEntry};
use crate::ident::{RecordKey, short_hash};

/// At most this many conflicts of one kind and source are listed; a last one says how many more there are.
pub const LISTED: usize = 1000;

/// A side about a row, with the column and the value as the source wrote it.
pub fn side(source: &SourceEntry, table: &TableEntry, pk: &str, column: &str, value: &str) -> Side {
    Side {
        record: RecordKey::new(source.id.as_str(), table.name.table.clone(), pk),
        column: column.to_owned(),
        value: value.chars().take(500).collect(),
    }
}

/// A conflict about the sources, open and without money.
pub fn conflict(kind: &str, field: &str, side_a: Option<Side>, side_b: Option<Side>, detail: String) -> Conflict {
    let mut text = format!("{kind}\u{1f}{field}");
    for side in [&side_a, &side_b].into_iter().flatten() {
        let RecordKey { source, table, pk } = &side.record;
        for part in [source.as_str(), table, pk, &side.column] {
            text.push('\u{1f}');
            text.push_str(part);
        }
    }
    Conflict {
        id: format!("c{}", short_hash(&text)),
        kind: kind.to_owned(),
        severity: kinds::by_id(kind).map_or(Severity::Low, |kind| kind.severity),
        entity: None,
        field: field.to_owned(),
        side_a,
        side_b,
        detail,
        money_at_stake: None,
        currency: None,
        status: "open".to_owned(),
    }
}

/// Adds the money that hangs on it.
pub fn with_money(mut conflict: Conflict, money: Option<(f64, Option<String>)>) -> Conflict {
    if let Some((amount, currency)) = money.filter(|(amount, _)| *amount != 0.0 && amount.is_finite()) {
        conflict.money_at_stake = Some((amount * 100.0).round() / 100.0);
        conflict.currency = currency.map(|currency| currency.to_uppercase());
    }
    conflict
}

/// Sorts conflicts (most severe first, then by kind, source, money and record), drops repeated ones, and cuts each kind of
/// each source to [`LISTED`], saying how many more there are.
pub fn tidy(mut conflicts: Vec<Conflict>) -> Vec<Conflict> {
    let source = |conflict: &Conflict| conflict.side_a.as_ref().map(|side| side.record.source.as_str().to_owned());
    conflicts.sort_by(|one, other| {
        one.severity
            .cmp(&other.severity)
            .then_with(|| one.kind.cmp(&other.kind))
            .then_with(|| source(one).cmp(&source(other)))
            .then_with(|| other.money_at_stake.unwrap_or(0.0).total_cmp(&one.money_at_stake.unwrap_or(0.0)))
            .then_with(|| {
                one.side_a.as_ref().map(|side| &side.record).cmp(&other.side_a.as_ref().map(|side| &side.record))
            })
            .then_with(|| one.id.cmp(&other.id))
    });
    let mut seen = std::collections::BTreeSet::new();
    conflicts.retain(|conflict| seen.insert(conflict.id.clone()));
    // What detectors left out already is counted with what is left out here.
    let mut left_out: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    let mut notes: BTreeMap<(String, Option<String>), Conflict> = BTreeMap::new();
    conflicts.retain(|conflict| {
        let Some(more) = left_out_by(conflict) else { return true };
        *left_out.entry((conflict.kind.clone(), source(conflict))).or_default() += more;
        notes.entry((conflict.kind.clone(), source(conflict))).or_insert_with(|| conflict.clone());
        false
    });
    let mut counts: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut more: BTreeMap<(String, Option<String>), Conflict> = BTreeMap::new();
    let mut kept = Vec::with_capacity(conflicts.len());
    for conflict in conflicts {
        let key = (conflict.kind.clone(), source(&conflict));
        let count = counts.entry(key.clone()).or_default();
        *count += 1;
        if *count <= LISTED {
            kept.push(conflict);
        } else {
            more.entry(key).or_insert(conflict);
        }
    }
    for (key, first) in more {
        *left_out.entry(key.clone()).or_default() += counts.get(&key).map_or(0, |count| count - LISTED) as u64;
        notes.entry(key).or_insert(first);
    }
    for (key, like) in notes {
        kept.push(beyond_listed(&like, left_out.get(&key).copied().unwrap_or(0)));
    }
    kept
}

const NOT_LISTED: &str = " more of this kind are not listed";

/// How many conflicts a note stands for; None for a conflict itself.
fn left_out_by(conflict: &Conflict) -> Option<u64> {
    conflict.detail.strip_suffix(NOT_LISTED)?.parse().ok()
}

/// The note that there are more conflicts of a kind than are listed.
pub fn beyond_listed(like: &Conflict, more: u64) -> Conflict {
    let side_a = like.side_a.clone().map(|mut side| {
        side.record.pk = String::new();
        side.value = String::new();
        side
    });
    let mut note = conflict(&like.kind, &like.field, side_a, None, format!("{more}{NOT_LISTED}"));
    note.severity = like.severity;
    note
}
