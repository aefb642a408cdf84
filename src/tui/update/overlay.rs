//! What do keys do while something lies over the screen?

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use super::{app, batch, calibrate, groups, key, review, search, verdict};
use crate::tui::command::{Command, TABLE};
use crate::tui::effect::{Effect, Question};
use crate::tui::fuzzy::Pattern;
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::overlay::{Confirmed, Overlay, Purpose};
use crate::tui::view::List;

pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let control_c = key.control && key.code == KeyCode::Char('c');
    if control_c && !matches!(state.overlay, Some(Overlay::Prompt { purpose: Purpose::Note, .. })) {
        state.overlay = None;
        return Vec::new();
    }
    match state.overlay.take() {
        Some(Overlay::Help { scroll }) => help(state, key, scroll),
        Some(Overlay::Palette { input, selected }) => palette(state, key, input, selected),
        Some(Overlay::Prompt { purpose, input }) => prompt(state, key, purpose, input),
        Some(Overlay::Direction { left, right, question }) => match key.code {
            KeyCode::Left | KeyCode::Char('h' | '1') => verdict::decide(state, left),
            KeyCode::Right | KeyCode::Char('l' | '2') => verdict::decide(state, right),
            KeyCode::Esc | KeyCode::Char('q') => Vec::new(),
            _ => {
                state.overlay = Some(Overlay::Direction { left, right, question });
                Vec::new()
            }
        },
        Some(Overlay::Batch(draft)) => batch::key(state, key, draft),
        Some(Overlay::Groups { by, selected }) => groups::key(state, key, by, selected),
        Some(Overlay::Calibration { which }) => calibrate::key(state, key, which),
        Some(Overlay::Confirm { question, then }) => match key.code {
            KeyCode::Char('y') => match then {
                Confirmed::Quit => app::leave(state),
            },
            KeyCode::Char('n' | 'q') | KeyCode::Esc => Vec::new(),
            _ => {
                state.overlay = Some(Overlay::Confirm { question, then });
                Vec::new()
            }
        },
        None => Vec::new(),
    }
}

fn help(state: &mut State, key: Key, scroll: usize) -> Vec<Effect> {
    let page = state.view.height(List::Help);
    let scroll = match key.code {
        KeyCode::Char('j') | KeyCode::Down => scroll + 1,
        KeyCode::Char('k') | KeyCode::Up => scroll.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => scroll + page,
        KeyCode::PageUp => scroll.saturating_sub(page),
        KeyCode::Home | KeyCode::Char('g') => 0,
        _ => return Vec::new(),
    };
    state.overlay = Some(Overlay::Help { scroll });
    Vec::new()
}

/// The commands of this screen that match what was typed: best first, and as in the table while nothing is typed.
#[must_use]
pub fn palette_rows(state: &State, typed: &str) -> Vec<&'static Command> {
    let pattern = Pattern::new(typed);
    let here = TABLE.iter().filter(|command| command.is_on(state.screen) && command.name != "commands");
    if pattern.is_empty() {
        return here.collect();
    }
    let mut scored: Vec<(i64, &'static Command)> = here
        .filter_map(|command| {
            let by_name = pattern.score(command.name).map(|score| 2 * score);
            by_name.or_else(|| pattern.score(command.doc)).map(|score| (score, command))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, command)| command).collect()
}

/// The id of a pair in what was typed: `p` and 16 hexadecimal digits, also inside `fourfold://review/<pair>`.
#[must_use]
pub fn pair_id(typed: &str) -> Option<&str> {
    let last = typed.trim().rsplit('/').next()?;
    let digits = last.strip_prefix('p')?;
    (digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(last)
}

fn palette(state: &mut State, key: Key, mut input: Input, selected: usize) -> Vec<Effect> {
    let rows = palette_rows(state, input.value());
    let selected = match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Enter => {
            if let Some(id) = pair_id(input.value()) {
                return vec![Effect::Ask(Question::LocateId(id.to_owned()))];
            }
            return match rows.get(selected) {
                Some(command) => key::run(state, command),
                None => Vec::new(),
            };
        }
        KeyCode::Down | KeyCode::Tab => (selected + 1).min(rows.len().saturating_sub(1)),
        KeyCode::Up | KeyCode::BackTab => selected.saturating_sub(1),
        KeyCode::Char('n') if key.control => (selected + 1).min(rows.len().saturating_sub(1)),
        KeyCode::Char('p') if key.control => selected.saturating_sub(1),
        _ => {
            key::edit(&mut input, key);
            0
        }
    };
    state.overlay = Some(Overlay::Palette { input, selected });
    Vec::new()
}

fn prompt(state: &mut State, key: Key, purpose: Purpose, mut input: Input) -> Vec<Effect> {
    match (key.code, purpose) {
        (KeyCode::Esc, Purpose::Filter) => search::set(state, ""),
        (KeyCode::Esc, Purpose::Note | Purpose::Goal) => Vec::new(),
        (KeyCode::Enter, Purpose::Goal) => {
            review::set_goal(state, input.value());
            Vec::new()
        }
        (KeyCode::Enter, Purpose::Filter) => Vec::new(),
        (KeyCode::Enter, Purpose::Note) => {
            let text = input.value().trim().to_owned();
            let here = state.review.here();
            state.review.note = here.filter(|_| !text.is_empty()).map(|position| (position, text));
            Vec::new()
        }
        (KeyCode::Char('c'), Purpose::Note) if key.control => {
            state.overlay = Some(Overlay::Confirm {
                question: "The note is not stored. Leave without it?".to_owned(),
                then: Confirmed::Quit,
            });
            Vec::new()
        }
        (KeyCode::Down | KeyCode::Up, Purpose::Filter) => {
            let step = if key.code == KeyCode::Down { 1 } else { -1 };
            super::motion::by(state, step);
            state.overlay = Some(Overlay::Prompt { purpose, input });
            Vec::new()
        }
        _ => {
            let before = input.value().to_owned();
            key::edit(&mut input, key);
            let changed = before != input.value();
            state.overlay = Some(Overlay::Prompt { purpose, input });
            if changed { typed(state) } else { Vec::new() }
        }
    }
}

/// What follows from a change of what is typed.
pub(super) fn typed(state: &mut State) -> Vec<Effect> {
    match &state.overlay {
        Some(Overlay::Prompt { purpose: Purpose::Filter, input }) => {
            let text = input.value().to_owned();
            search::set(state, &text)
        }
        _ => Vec::new(),
    }
}

/// Types a text where one can type; says whether one could.
pub(super) fn type_text(state: &mut State, text: &str) -> bool {
    let input = match &mut state.overlay {
        Some(Overlay::Palette { input, selected }) => {
            *selected = 0;
            input
        }
        Some(Overlay::Prompt { input, .. }) => input,
        _ => return false,
    };
    for character in text.chars() {
        input.handle(InputRequest::InsertChar(character));
    }
    true
}
