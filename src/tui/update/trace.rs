//! What do the commands of the trace screen do?

use crate::tui::effect::{Effect, Question, Write};
use crate::tui::state::State;
use crate::tui::state::trace::{TraceFocus, Walk};

/// Goes one step in: from entities to fields, from a field to where it comes from.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    match state.trace.focus {
        TraceFocus::Entities => {
            state.trace.focus = TraceFocus::Fields;
            Vec::new()
        }
        TraceFocus::Fields => {
            state.trace.focus = TraceFocus::Lineage;
            walk(state)
        }
        TraceFocus::Lineage => walk(state),
    }
}

/// Walks the field back to its rows.
pub fn walk(state: &mut State) -> Vec<Effect> {
    let Some(cell) = state.trace.cell() else { return Vec::new() };
    let (entity, field) = (cell.entity.clone(), cell.field.clone());
    if matches!(state.trace.current_walk(), Walk::Walking | Walk::Done(_)) {
        return Vec::new();
    }
    state.trace.walk = Some((entity.clone(), field.clone(), Walk::Walking));
    vec![Effect::Ask(Question::Trace { entity, field })]
}

/// Reveals the field under the cursor.
pub(super) fn reveal(state: &mut State) -> Vec<Effect> {
    let Some(cell) = state.trace.cell().cloned() else { return Vec::new() };
    let Some(record) = cell.record else {
        state.warn("this value comes from no single row");
        return Vec::new();
    };
    let ticket = state.ticket();
    state.trace.revealing.push((ticket, cell.entity, cell.field.clone()));
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Reveal { records: vec![record], fields: vec![cell.field], reviewer, at })]
}
