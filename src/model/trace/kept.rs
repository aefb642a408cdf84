//! What did the last run keep about a field?

use super::find::Found;
use super::{Trace, TraceRequest, TracedCell, TracedConflict, TracedLink, TracedPair, TracedPart, kept_sql};
use crate::chart::source_map::TableEntry;
use crate::error::Result;
use crate::model::cell::Amount;
use crate::model::feeds::Feed;
use crate::model::parse;
use crate::warehouse::{Rows, Value, Warehouse};

/// What was kept, and what is needed to look further.
pub(super) struct Kept {
    pub(super) trace: Trace,
    /// The source tables of the cells, by source and table.
    pub(super) tables: Vec<(String, TableEntry)>,
    /// Events a day, for fields that count use.
    pub(super) days: Vec<(String, i64, i64)>,
    /// Users of the account, with the people they are.
    pub(super) users: Vec<User>,
    /// What the sources give for the field's days now.
    pub(super) recount: Option<Recount>,
    /// What all contributions add up to, and how many rows were counted, also those that are not listed.
    pub(super) total: Option<Amount>,
    pub(super) counted: u64,
    /// How many rows contribute or were read, in all.
    pub(super) behind: u64,
}

/// A user of the product.
pub(super) struct User {
    pub(super) source: String,
    pub(super) pk: String,
    /// The person; None when resolution knows none.
    pub(super) person: Option<String>,
}

/// Events counted in their sources again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recount {
    pub(super) events: i64,
    pub(super) people: i64,
}

/// Reads everything in one round trip.
pub(super) fn read(warehouse: &dyn Warehouse, schema: &str, found: &Found, request: &TraceRequest) -> Result<Kept> {
    let sql = kept_sql::query(warehouse.dialect(), schema, found, request);
    let rows = warehouse.query(&sql, &[Value::from(found.id.as_str()), Value::from(found.field.as_str())])?;
    let trace = Trace {
        entity_kind: found.kind.clone(),
        entity_id: found.id.clone(),
        name: found.name.clone(),
        field: found.field.clone(),
        documentation: found.documentation.clone(),
        rule: found.own_rule.clone().unwrap_or_default(),
        part_offset: request.offset,
        round_trips: 2,
        ..Trace::default()
    };
    let mut kept = Kept {
        trace,
        tables: Vec::new(),
        days: Vec::new(),
        users: Vec::new(),
        recount: None,
        total: None,
        counted: 0,
        behind: 0,
    };
    for row in 0..rows.len() {
        take(&mut kept, &rows, row, found);
    }
    settle(&mut kept, request);
    Ok(kept)
}

fn take(kept: &mut Kept, rows: &Rows, row: usize, found: &Found) {
    let cell = |column: usize| rows.text(row, column).map(str::to_owned);
    let words = |column: usize| cell(column).unwrap_or_default();
    let trace = &mut kept.trace;
    match rows.text(row, 0).unwrap_or_default() {
        "value" => (trace.value, trace.currency) = (cell(1), cell(2)),
        "run" => (trace.run_id, trace.as_of) = (cell(1), cell(2)),
        "cell" => {
            let traced = TracedCell {
                value: cell(1),
                source: words(2),
                table: words(3),
                pk: cell(4),
                column: cell(5),
                sync_id: cell(6),
                synced_at: cell(7),
                rule: words(8),
                transform: words(11),
                ..TracedCell::default()
            };
            if words(9) == "true" {
                trace.rule.clone_from(&traced.rule);
                trace.part_count = cell(12).and_then(|count| count.parse().ok()).unwrap_or(0);
                trace.winner = Some(traced);
            } else {
                trace.losers.push(traced);
            }
        }
        "part" => trace.parts.push(TracedPart {
            part: words(1),
            source: words(2),
            table: words(3),
            pk: words(4),
            column: cell(5),
            sync_id: cell(6),
            synced_at: cell(7),
            value: cell(8),
            contribution: cell(9),
            of: cell(10).filter(|of| *of != found.id),
            related_by: cell(11),
            ..TracedPart::default()
        }),
        "link" => trace.links.push(TracedLink {
            source: words(1),
            table: words(2),
            pk: words(3),
            rule: words(4),
            weight: cell(5).and_then(|weight| weight.parse().ok()),
            decided_by: words(6),
        }),
        "total" => {
            kept.total = cell(1).as_deref().and_then(parse::money);
            kept.counted = cell(2).and_then(|count| count.parse().ok()).unwrap_or(0);
            kept.behind = cell(3).and_then(|count| count.parse().ok()).unwrap_or(0);
        }
        "pair" => trace.pairs.push(TracedPair {
            pair_id: words(1),
            left: format!("{}.{}:{}", words(2), words(3), words(4)),
            right: format!("{}.{}:{}", words(5), words(6), words(7)),
            status: words(8),
            rule: words(9),
            weight: cell(10).and_then(|weight| weight.parse().ok()).unwrap_or(0.0),
            probability: cell(11).and_then(|probability| probability.parse().ok()).unwrap_or(0.0),
            waterfall: serde_json::from_str(&words(12)).unwrap_or_default(),
            decision: None,
        }),
        "conflict" => {
            let conflict = TracedConflict {
                conflict_id: words(1),
                kind: words(2),
                severity: words(3),
                money_at_stake: cell(4).and_then(|money| money.parse().ok()),
                currency: cell(5),
                status: words(6),
                detail: words(7),
            };
            trace.feeds.push(Feed::new("conflict", &conflict.kind, &conflict.conflict_id));
            trace.conflicts.push(conflict);
        }
        "user" => kept.users.push(User { source: words(1), pk: words(2), person: cell(3) }),
        "day" => {
            let number = |column: usize| rows.text(row, column).and_then(|text| text.parse().ok()).unwrap_or(0);
            kept.days.push((words(1), number(2), number(3)));
        }
        "table" => {
            if let Ok(entry) = serde_json::from_str::<TableEntry>(&words(2)) {
                kept.tables.push((words(1), entry));
            }
        }
        _ => {}
    }
}

fn settle(kept: &mut Kept, request: &TraceRequest) {
    let as_of = kept.trace.as_of.as_deref().and_then(parse::moment);
    let age = |synced: Option<&str>| {
        let (as_of, synced) = (as_of?, parse::moment(synced?)?);
        Some((as_of.0 - synced.0).div_euclid(3_600_000_000))
    };
    let trace = &mut kept.trace;
    for cell in trace.winner.iter_mut().chain(&mut trace.losers) {
        cell.age_hours = age(cell.synced_at.as_deref());
    }
    if kept.behind > trace.part_count {
        trace.part_count = kept.behind;
    }
    let listed = trace.parts.iter().filter(|part| part.of.is_none()).count() as u64;
    if request.offset + listed < trace.part_count {
        trace.notes.push(format!(
            "{listed} of {} rows are listed, from the one that contributes most; the next begin at {}",
            trace.part_count,
            request.offset + listed
        ));
    }
}
