//! What does a key do?

use crossterm::event::{KeyEvent, KeyEventKind};
use tui_input::{Input, InputRequest};

use super::overlay;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::keys::Key;
use crate::tui::state::{Screen, State};

/// More pasted text than this is no filter and no note.
const LONGEST_PASTE: usize = 2_000;

/// Keys that wait at most; more are a key held down.
const TYPED_AHEAD: usize = 200;

/// Only presses count: some systems report the release of a key too.
pub(super) fn key(state: &mut State, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    take(state, Key::from_event(event))
}

fn take(state: &mut State, key: Key) -> Vec<Effect> {
    if state.overlay.is_some() {
        return overlay::key(state, key);
    }
    let command = state.keymap.command(state.screen, key);
    if must_wait(state, command) {
        state.typed_ahead.push_back(key);
        return Vec::new();
    }
    let Some(command) = command else { return Vec::new() };
    state.toast = None;
    run(state, command)
}

/// Keys about a pair that is not at hand yet wait for it, and so do those pressed after them. What leads away does not.
fn must_wait(state: &State, command: Option<&Command>) -> bool {
    const LEAD_AWAY: [&str; 7] = ["quit", "help", "suspend", "redraw", "map", "trace", "log"];
    let leads_away = command.is_some_and(|command| LEAD_AWAY.contains(&command.name));
    if leads_away || state.typed_ahead.len() >= TYPED_AHEAD || !state.is_waiting() {
        return false;
    }
    // What follows a key that waits may be meant for what that key opens.
    !state.typed_ahead.is_empty() || command.is_some_and(|command| (command.enabled)(state).is_err())
}

/// Takes the keys that have waited, as far as they need wait no longer.
pub(super) fn catch_up(state: &mut State) -> Vec<Effect> {
    if state.screen != Screen::Review {
        state.typed_ahead.clear();
    }
    let mut effects = Vec::new();
    while !state.is_waiting()
        && let Some(key) = state.typed_ahead.pop_front()
    {
        effects.extend(take(state, key));
    }
    effects
}

/// Runs a command, or says why it cannot be run now.
pub(super) fn run(state: &mut State, command: &Command) -> Vec<Effect> {
    match (command.enabled)(state) {
        Ok(()) => (command.run)(state),
        Err(reason) => {
            state.warn(format!("{}: {reason}", command.name));
            Vec::new()
        }
    }
}

/// Pasted text goes where one can type, and nowhere else: it must never work as a row of keys.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    let line: String = text.chars().take(LONGEST_PASTE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if overlay::type_text(state, &line) {
        return overlay::typed(state);
    }
    state.warn("pasted text is taken only where you can type (`/`, `:`, note)");
    Vec::new()
}

/// Edits a line of text as terminals do; says whether the key was one for editing.
pub(super) fn edit(input: &mut Input, key: Key) -> bool {
    use crossterm::event::KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
    let request = match (key.code, key.control, key.alt) {
        (Char(character), false, false) => InputRequest::InsertChar(character),
        (Backspace, false, false) | (Char('h'), true, _) => InputRequest::DeletePrevChar,
        (Backspace, ..) | (Char('w'), true, _) => InputRequest::DeletePrevWord,
        (Delete, ..) => InputRequest::DeleteNextChar,
        (Left, false, _) | (Char('b'), true, _) => InputRequest::GoToPrevChar,
        (Right, false, _) | (Char('f'), true, _) => InputRequest::GoToNextChar,
        (Left, true, _) => InputRequest::GoToPrevWord,
        (Right, true, _) => InputRequest::GoToNextWord,
        (Home, ..) | (Char('a'), true, _) => InputRequest::GoToStart,
        (End, ..) | (Char('e'), true, _) => InputRequest::GoToEnd,
        (Char('u'), true, _) => InputRequest::DeleteFromStart,
        (Char('k'), true, _) => InputRequest::DeleteTillEnd,
        (Char('y'), true, _) => InputRequest::Yank,
        _ => return false,
    };
    input.handle(request);
    true
}
