//! What does a key do?

use crossterm::event::{KeyEvent, KeyEventKind};
use tui_input::{Input, InputRequest};

use super::overlay;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::keys::Key;
use crate::tui::state::State;

/// More pasted text than this is no filter and no note.
const LONGEST_PASTE: usize = 2_000;

/// Only presses count: some systems report the release of a key too.
pub(super) fn key(state: &mut State, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let key = Key::from_event(event);
    if state.overlay.is_some() {
        return overlay::key(state, key);
    }
    state.toast = None;
    match state.keymap.command(state.screen, key) {
        Some(command) => run(state, command),
        None => Vec::new(),
    }
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
