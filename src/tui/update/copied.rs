//! What does `y` copy?

use crate::tui::event::LogRow;
use crate::tui::state::map::{MapDepth, MapFocus};
use crate::tui::state::trace::TraceFocus;
use crate::tui::state::{Screen, State};

/// The text for the clipboard; None when there is nothing under the cursor. What is masked is not copied.
#[must_use]
pub fn text(state: &State) -> Option<String> {
    match state.screen {
        Screen::Map => map(state),
        Screen::Review => {
            let key = &state.review.current()?.row.key;
            Some(format!("fourfold://review/{}\n{}\n{}", key.id(), key.left, key.right))
        }
        Screen::Trace => trace(state),
        Screen::Plays => state.plays.names.get(state.plays.selected).cloned(),
        Screen::Drift => state.drift.findings.get(state.drift.selected).cloned(),
        Screen::Log => state.log.rows.get(state.log.selected).map(log_row),
    }
}

fn map(state: &State) -> Option<String> {
    if state.map.depth == MapDepth::Overview {
        return match state.map.focus {
            MapFocus::Conflicts => state.map.kinds.get(state.map.kind).map(|kind| kind.kind.clone()),
            MapFocus::Matrix => {
                let row = state.map.matrix.rows.get(state.map.row)?;
                let source = state.map.matrix.columns.get(state.map.column)?;
                Some(match row.cells.get(state.map.column).and_then(Option::as_ref) {
                    Some(cell) => format!("{}.{}.{}", source.source, cell.table, cell.column),
                    None => row.concept.clone(),
                })
            }
        };
    }
    let conflict = &state.map.conflicts.current()?.conflict;
    let mut lines = vec![format!("{} {}", conflict.kind, conflict.id), conflict.detail.clone()];
    for side in [&conflict.side_a, &conflict.side_b].into_iter().flatten() {
        lines.push(format!("{} {} = {}", side.record, side.column, side.value));
    }
    Some(lines.join("\n"))
}

fn trace(state: &State) -> Option<String> {
    if state.trace.focus == TraceFocus::Entities {
        let entity = state.trace.entity.as_ref().or(state.trace.list.current())?;
        return Some(format!("{} {}", entity.id, entity.label));
    }
    let cell = state.trace.cell()?;
    if super::masked::here(state) {
        return Some(format!("fourfold://trace/{}/{}", cell.entity, cell.field));
    }
    let value = cell.value.as_deref().unwrap_or("");
    let link = format!("fourfold://trace/{}/{}", cell.entity, cell.field);
    Some(match &cell.record {
        Some(record) => format!("{link}\n{} = {value}\n{record} {}", cell.field, cell.column),
        None => format!("{link}\n{} = {value}", cell.field),
    })
}

fn log_row(row: &LogRow) -> String {
    let what = row.entry.decision().map_or(row.entry.what.as_str(), |decision| decision.verdict.as_str());
    format!("{} {} {} {what}", row.entry.id.short(), row.entry.at, row.entry.reviewer)
}
