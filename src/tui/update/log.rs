//! What do the commands of the log screen do?

use super::go;
use crate::review::{Action, Target};
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::state::State;
use crate::tui::state::overlay::{Confirmed, Overlay};

/// Starts the list anew, for a new filter or after something was written.
pub(super) fn refresh(state: &mut State) {
    state.log.generation += 1;
    state.log.fresh = false;
    state.log.loading = false;
    state.log.reviewers = None;
}

/// Goes to the pair of the entry.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if state.log.shows_disputes {
        let disputed = state.log.reviewers.as_ref().and_then(|reviewers| reviewers.disputed.get(state.log.dispute));
        let Some(pair) = disputed.map(|disputed| disputed.pair.clone()) else { return Vec::new() };
        let place = go::here(state);
        state.history.leave(place);
        return vec![Effect::Ask(Question::Locate(pair))];
    }
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

/// Takes back the decision under the cursor, and no other.
pub fn undo_this(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.log.rows.get(state.log.selected) else { return Vec::new() };
    let target = Target::Entry(row.entry.id);
    revert(state, target)
}

/// Asks whether to take back the whole batch of the decision under the cursor.
pub fn undo_batch(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.log.rows.get(state.log.selected) else { return Vec::new() };
    let Some(decision) = row.entry.decision() else { return Vec::new() };
    let Some(batch) = decision.batch.clone() else { return Vec::new() };
    let name = decision.batch_name.as_deref().map(crate::tui::text::clean).unwrap_or_default();
    let question = format!("Take back every verdict of batch {batch} {name}?");
    state.overlay = Some(Overlay::Confirm { question, then: Confirmed::Revert(Target::Batch(batch)) });
    Vec::new()
}

/// Takes something back.
pub(super) fn revert(state: &mut State, target: Target) -> Vec<Effect> {
    let ticket = state.ticket();
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Undo { target: Some(target), reviewer, at })]
}
