//! How is what decisions say about the weights looked at, and taken over or not?

use crossterm::event::KeyCode;

use crate::impact::Proposal;
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::event::Outcome;
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::overlay::Overlay;

/// Asks what decisions say, and shows it.
pub fn open(state: &mut State) -> Vec<Effect> {
    state.review.proposals = None;
    state.overlay = Some(Overlay::Calibration { which: 0 });
    vec![Effect::Ask(Question::Propose)]
}

/// Takes what decisions say.
pub(super) fn proposed(state: &mut State, outcome: Outcome<Vec<Proposal>>) {
    let learned = outcome.as_ref().is_ok_and(|proposals| proposals.iter().any(|one| one.calibration.is_some()));
    let first = outcome.as_ref().ok().and_then(|proposals| proposals.iter().position(|one| one.calibration.is_some()));
    if let (true, Some(Overlay::Calibration { which })) = (learned, &mut state.overlay) {
        *which = first.unwrap_or(0);
    }
    state.review.proposals = Some(outcome);
}

/// The proposal that is looked at.
#[must_use]
pub fn shown(state: &State, which: usize) -> Option<&Proposal> {
    state.review.proposals.as_ref()?.as_ref().ok()?.get(which)
}

pub(super) fn key(state: &mut State, key: Key, which: usize) -> Vec<Effect> {
    let kinds = state.review.proposals.as_ref().and_then(|found| found.as_ref().ok()).map_or(1, Vec::len).max(1);
    let which = match key.code {
        KeyCode::Esc | KeyCode::Char('q' | 'n') => {
            state.say("the weights stay as they are");
            return Vec::new();
        }
        KeyCode::Tab | KeyCode::Char('j' | 'l') | KeyCode::Down | KeyCode::Right => (which + 1) % kinds,
        KeyCode::BackTab | KeyCode::Char('k' | 'h') | KeyCode::Up | KeyCode::Left => (which + kinds - 1) % kinds,
        KeyCode::Char('y') => match shown(state, which).filter(|proposal| proposal.calibration.is_some()).cloned() {
            Some(_) if state.setting.read_only => {
                state.warn("accept: opened with --read-only");
                return Vec::new();
            }
            Some(proposal) => return accept(state, proposal),
            None => which,
        },
        _ => which,
    };
    state.overlay = Some(Overlay::Calibration { which });
    Vec::new()
}

fn accept(state: &mut State, proposal: Proposal) -> Vec<Effect> {
    let ticket = state.ticket();
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Accept { proposal: Box::new(proposal), reviewer, at })]
}
