//! What do the commands of the log screen do?

use super::go;
use crate::review::Action;
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::state::State;

/// Starts the list anew, for a new filter or after something was written.
pub(super) fn refresh(state: &mut State) {
    state.log.generation += 1;
    state.log.fresh = false;
    state.log.loading = false;
}

/// Goes to the pair of the entry.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.log.rows.get(state.log.selected) else { return Vec::new() };
    let pair = match &row.entry.what {
        Action::Decide(decision) => decision.pair.clone(),
        Action::Skip { pair } => pair.clone(),
        _ => None,
    };
    let Some(pair) = pair else {
        state.warn("this entry is about no pair");
        return Vec::new();
    };
    let place = go::here(state);
    state.history.leave(place);
    vec![Effect::Ask(Question::Locate(pair))]
}

/// Takes back the decision under the cursor.
pub fn undo_this(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.log.rows.get(state.log.selected) else { return Vec::new() };
    let target = Some(row.entry.undo_target());
    let ticket = state.ticket();
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Undo { target, reviewer, at })]
}
