//! What follows from an event? The only place where the state changes; nothing here reads, writes or draws.

mod answer;
pub mod app;
mod around;
pub mod batch;
pub mod calibrate;
pub mod copied;
pub mod drift;
pub mod go;
pub mod groups;
mod key;
pub mod log;
pub mod map;
pub mod masked;
pub mod motion;
mod mouse;
mod overlay;
pub mod plays;
pub mod review;
mod review_answer;
mod search;
mod settle;
pub mod trace;
pub mod verdict;

pub use overlay::{pair_id, palette_rows};

use super::effect::{Effect, Question};
use super::event::Event;
use super::memory::Memory;
use super::state::State;

/// What to do first of all.
#[must_use]
pub fn start(reviewer: &str) -> Vec<Effect> {
    vec![Effect::Ask(Question::Open { reviewer: reviewer.to_owned() })]
}

/// Changes the state as the event demands, and says what is to be done outside.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = match event {
        Event::Key(event) => key::key(state, event),
        Event::Paste(text) => key::paste(state, &text),
        Event::Mouse(event) => mouse::mouse(state, event),
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            Vec::new()
        }
        Event::Focus => vec![Effect::Ask(Question::NewerRun)],
        Event::Terminate => app::leave(state),
        Event::Answer(answer) => answer::answer(state, answer),
    };
    effects.extend(settle::settle(state));
    if !state.typed_ahead.is_empty() && !state.is_waiting() {
        effects.extend(key::catch_up(state));
        effects.extend(settle::settle(state));
    }
    if let Some(memory) = Memory::of(state).filter(|memory| state.remembered.as_ref() != Some(memory)) {
        state.remembered = Some(memory.clone());
        let reviewer = state.setting.reviewer.clone();
        effects.push(Effect::Remember { reviewer, memory: Box::new(memory) });
    }
    effects
}
