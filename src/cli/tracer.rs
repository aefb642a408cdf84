//! How does the terminal UI walk a field back to its rows?

use std::time::Duration;

use crate::config::Workspace;
use crate::engine::connect::{self, Access};
use crate::ident::RecordKey;
use crate::model::trace::{Trace, TraceRequest, TracedCell, TracedPart};
use crate::progress::Silent;
use crate::tui::{Contribution, LinkLine, OriginValue, TraceView, Tracer};

/// A walk that opens the warehouse only while it is needed, so that an open UI never blocks a scheduled run.
pub(super) fn tracer(workspace: &Workspace, patience: Duration) -> Tracer {
    let workspace = workspace.clone();
    Box::new(move |entity, field, offset, cancel| {
        let warehouse = connect::open(&workspace, Access::read(patience), &Silent, cancel)?;
        let request = TraceRequest { offset, ..TraceRequest::new(entity.as_str(), field) };
        Ok(view(crate::engine::trace::walk(&workspace, warehouse.as_ref(), &request)?))
    })
}

fn view(trace: Trace) -> TraceView {
    let highlighted = trace.source_row.iter().position(|field| field.is_origin);
    let changed: Vec<String> = trace
        .winner
        .iter()
        .filter(|cell| cell.changed == Some(true))
        .map(|cell| {
            format!(
                "{}.{} says {} now, it said {} in the run",
                cell.table,
                cell.column.as_deref().unwrap_or(""),
                cell.now.as_deref().unwrap_or("nothing"),
                cell.value.as_deref().unwrap_or("nothing")
            )
        })
        .chain(trace.parts.iter().any(|part| part.changed == Some(true)).then(|| {
            let moved = trace.parts.iter().filter(|part| part.changed == Some(true)).count();
            format!("{moved} contributing rows say something else now")
        }))
        .chain(trace.notes.iter().cloned())
        .collect();
    TraceView {
        value: trace.value,
        currency: trace.currency,
        rule: trace.rule,
        winner: trace.winner.as_ref().filter(|cell| cell.pk.is_some()).map(origin),
        losing: trace.losers.iter().map(origin).collect(),
        source_row: trace.source_row.into_iter().map(|field| (field.column, field.value.unwrap_or_default())).collect(),
        highlighted,
        contributing: trace.parts.iter().map(contribution).collect(),
        contributing_total: trace.part_count,
        sum_now: trace.check.as_ref().map(|check| check.rows_give.clone()),
        sum_matches: trace.check.as_ref().map(|check| check.agrees),
        links: trace
            .links
            .into_iter()
            .map(|link| LinkLine {
                record: RecordKey::new(link.source, link.table, link.pk),
                rule: link.rule,
                weight: link.weight,
                decided_by: link.decided_by,
            })
            .collect(),
        changed_since_run: (!changed.is_empty()).then(|| changed.join("; ")),
        contributing_offset: trace.part_offset,
        pairs: trace.pairs,
        conflicts: trace.conflicts,
        made_of: trace.made_of,
        feeds: trace.feeds,
        sql: trace.sql,
    }
}

fn origin(cell: &TracedCell) -> OriginValue {
    OriginValue {
        record: RecordKey::new(cell.source.clone(), cell.table.clone(), cell.pk.clone().unwrap_or_default()),
        column: cell.column.clone().unwrap_or_default(),
        value: cell.value.clone().unwrap_or_default(),
        sync_id: cell.sync_id.clone(),
        synced_at: cell.synced_at.clone(),
        reason: cell.rule.clone(),
        now: (cell.changed == Some(true)).then(|| cell.now.clone().unwrap_or_default()),
    }
}

fn contribution(part: &TracedPart) -> Contribution {
    let column = part.column.as_deref().unwrap_or("row");
    let read = part.value.as_deref().unwrap_or("");
    Contribution {
        record: RecordKey::new(part.source.clone(), part.table.clone(), part.pk.clone()),
        amount: part.contribution.clone().unwrap_or_default(),
        text: format!("{} {column} {read}", part.part).trim_end().to_owned(),
        related_by: match &part.of {
            Some(of) => format!("one step down, in {of}"),
            None => part.related_by.clone().unwrap_or_default(),
        },
        now: (part.changed == Some(true)).then(|| part.now.clone().unwrap_or_default()),
    }
}
