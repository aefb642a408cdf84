//! What do keys do in the interview, and what follows from its answers?

use crossterm::event::KeyCode;
use tui_input::Input;

use super::key;
use crate::tui::desk::{DeskAnswer, DeskQuestion, DeskStored, DeskWrite};
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::event::Outcome;
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::interview::{AnswerDraft, InterviewState, Row, Shown, Stage};
use crate::tui::state::overlay::Overlay;
use crate::tui::view::List;

/// Opens the interview.
pub fn open(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Interview);
    load(state)
}

/// Reads questions and answers.
fn load(state: &mut State) -> Vec<Effect> {
    if state.interview.loading {
        return Vec::new();
    }
    state.interview.loading = true;
    vec![Effect::Ask(Question::Desk(DeskQuestion::Interview))]
}

/// A key while the interview lies over the screen.
pub(super) fn key(state: &mut State, pressed: Key) -> Vec<Effect> {
    state.overlay = Some(Overlay::Interview);
    if state.interview.withdrawing.is_some() {
        return withdrawing(state, pressed);
    }
    if state.interview.draft.is_some() {
        return drafting(state, pressed);
    }
    listing(state, pressed)
}

fn listing(state: &mut State, pressed: Key) -> Vec<Effect> {
    if pressed.control && pressed.code == KeyCode::Char('c') {
        state.overlay = None;
        return Vec::new();
    }
    let page = state.view.height(List::Questions).saturating_sub(1).max(1).cast_signed();
    match pressed.code {
        KeyCode::Esc | KeyCode::Char('q' | 'i') => state.overlay = None,
        KeyCode::Char('j') | KeyCode::Down => step(state, 1),
        KeyCode::Char('k') | KeyCode::Up => step(state, -1),
        KeyCode::PageDown => step(state, page),
        KeyCode::PageUp => step(state, -page),
        KeyCode::Home | KeyCode::Char('g') => step(state, isize::MIN / 2),
        KeyCode::End | KeyCode::Char('G') => step(state, isize::MAX / 2),
        KeyCode::Tab | KeyCode::Char('l') | KeyCode::Right => turn(state, 1),
        KeyCode::BackTab | KeyCode::Char('h') | KeyCode::Left => turn(state, -1),
        KeyCode::Char('r') => return load(state),
        KeyCode::Char('w') => ask_withdrawal(state),
        KeyCode::Enter => return begin(state, state.interview.option),
        KeyCode::Char(digit @ '1'..='9') => {
            let option = digit.to_digit(10).map_or(0, |digit| digit as usize - 1);
            return begin(state, option);
        }
        _ => {}
    }
    Vec::new()
}

fn step(state: &mut State, steps: isize) {
    let last = state.interview.len().saturating_sub(1);
    state.interview.selected = state.interview.selected.saturating_add_signed(steps).min(last);
    state.interview.option = 0;
}

/// Moves among the options of the question.
fn turn(state: &mut State, by: isize) {
    let options = state.interview.here().and_then(Row::question).map_or(0, |question| question.options.len());
    if options > 0 {
        let at = state.interview.option.cast_signed() + by;
        state.interview.option = at.rem_euclid(options.cast_signed()).cast_unsigned();
    }
}

/// Begins an answer with one of the options.
fn begin(state: &mut State, option: usize) -> Vec<Effect> {
    if state.setting.read_only {
        state.warn("answer: opened with --read-only");
        return Vec::new();
    }
    let Some(row) = state.interview.here() else { return Vec::new() };
    let Some(question) = row.question().cloned() else {
        state.warn("the last run no longer asks this; w takes the answer back");
        return Vec::new();
    };
    let Some(option_text) = question.options.get(option).cloned() else { return Vec::new() };
    state.interview.generation += 1;
    state.interview.option = option;
    state.interview.draft = Some(AnswerDraft::new(question, option_text));
    Vec::new()
}

fn ask_withdrawal(state: &mut State) {
    if state.setting.read_only {
        state.warn("take back: opened with --read-only");
        return;
    }
    match state.interview.here() {
        Some(Row::Answered(answered)) => state.interview.withdrawing = Some(answered.id.clone()),
        _ => state.warn("take back: this question is not answered"),
    }
}

fn withdrawing(state: &mut State, pressed: Key) -> Vec<Effect> {
    match pressed.code {
        KeyCode::Char('y') => {
            let Some(question) = state.interview.withdrawing.take() else { return Vec::new() };
            let ticket = state.ticket();
            vec![Effect::Store(ticket, Write::Desk(DeskWrite::Withdraw(question)))]
        }
        KeyCode::Char('n' | 'q') | KeyCode::Esc => {
            state.interview.withdrawing = None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn drafting(state: &mut State, pressed: Key) -> Vec<Effect> {
    let control_c = pressed.control && pressed.code == KeyCode::Char('c');
    if pressed.code == KeyCode::Esc || control_c {
        state.interview.draft = None;
        return Vec::new();
    }
    let who = state.setting.reviewer.clone();
    let generation = state.interview.generation;
    let Some(draft) = &mut state.interview.draft else { return Vec::new() };
    if draft.stage == Stage::Confirm {
        return confirming(state, pressed);
    }
    if pressed.code != KeyCode::Enter {
        if let Some(input) = draft.input() {
            key::edit(input, pressed);
        }
        return Vec::new();
    }
    if draft.stage == Stage::Words && draft.words.value().trim().is_empty() {
        return Vec::new();
    }
    if draft.stage == Stage::Until && draft.is_no_day() {
        state.warn("no such day; write it as 2026-12-31, or leave it empty");
        return Vec::new();
    }
    draft.go_on();
    if draft.stage != Stage::Confirm {
        return Vec::new();
    }
    draft.look = Shown::Waiting;
    let reply = Box::new(draft.reply(&who));
    vec![Effect::Ask(Question::Desk(DeskQuestion::Look { generation, reply }))]
}

fn confirming(state: &mut State, pressed: Key) -> Vec<Effect> {
    let who = state.setting.reviewer.clone();
    let generation = state.interview.generation;
    let page = state.view.height(List::Effect).saturating_sub(1).max(1);
    let Some(draft) = &mut state.interview.draft else { return Vec::new() };
    match pressed.code {
        KeyCode::Char('y') if matches!(draft.look, Shown::Done(_)) => {
            let reply = Box::new(draft.reply(&who));
            let ticket = state.ticket();
            return vec![Effect::Store(ticket, Write::Desk(DeskWrite::Answer(reply)))];
        }
        KeyCode::Char('p') if !matches!(draft.preview, Shown::Waiting) => {
            draft.preview = Shown::Waiting;
            let reply = Box::new(draft.reply(&who));
            return vec![Effect::Ask(Question::Desk(DeskQuestion::Preview { generation, reply }))];
        }
        KeyCode::Char('n' | 'q') => state.interview.draft = None,
        KeyCode::Char('j') | KeyCode::Down => draft.scroll += 1,
        KeyCode::Char('k') | KeyCode::Up => draft.scroll = draft.scroll.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => draft.scroll += page,
        KeyCode::PageUp => draft.scroll = draft.scroll.saturating_sub(page),
        _ => {}
    }
    Vec::new()
}

/// The line that is typed in, for pasted text.
pub(super) fn input(interview: &mut InterviewState) -> Option<&mut Input> {
    interview.draft.as_mut().and_then(AnswerDraft::input)
}

/// What a worker found.
pub(super) fn answer(state: &mut State, answer: DeskAnswer) -> Vec<Effect> {
    match answer {
        DeskAnswer::Interview(outcome) => asked(state, outcome),
        DeskAnswer::Look { generation, look } if generation == state.interview.generation => {
            if let Some(draft) = &mut state.interview.draft {
                draft.look = shown(look);
            }
        }
        DeskAnswer::Preview { generation, preview } if generation == state.interview.generation => {
            if let Some(draft) = &mut state.interview.draft {
                draft.preview = shown(preview);
                draft.scroll = 0;
            }
        }
        DeskAnswer::Look { .. } | DeskAnswer::Preview { .. } => {}
        other => return super::facing::answer(state, other),
    }
    Vec::new()
}

fn shown<T>(outcome: Outcome<Box<T>>) -> Shown<T> {
    match outcome {
        Ok(found) => Shown::Done(found),
        Err(failure) => Shown::Failed(failure),
    }
}

fn asked(state: &mut State, outcome: Outcome<Box<crate::engine::desk::Asked>>) {
    let interview = &mut state.interview;
    interview.loading = false;
    match outcome {
        Ok(asked) => {
            interview.failure = None;
            interview.asked = Some(asked);
            interview.selected = interview.selected.min(interview.len().saturating_sub(1));
        }
        Err(failure) => interview.failure = Some(failure),
    }
}

/// What was written into the file.
pub(super) fn stored(state: &mut State, stored: DeskStored) -> Vec<Effect> {
    let said = match stored {
        DeskStored::Answered(_) => {
            state.interview.draft = None;
            state.interview.generation += 1;
            "saved in fourfold.toml; the next run follows it".to_owned()
        }
        DeskStored::Withdrawn(_) => "taken out of fourfold.toml; the question is open again".to_owned(),
        DeskStored::Marked(marked) => marked.first().map_or_else(String::new, |marked| {
            format!("{}: {}; saved in fourfold.toml", marked.id, marked.ledger.status)
        }),
    };
    state.say(said);
    let mut effects = load(state);
    effects.push(Effect::Ask(Question::Desk(DeskQuestion::Standing)));
    effects
}
