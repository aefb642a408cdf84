//! What do the commands of the drift screen do?

use tui_input::Input;

use crate::drift::store::{Action, ActionKind};
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::event::Outcome;
use crate::tui::state::State;
use crate::tui::state::drift::{DriftDepth, DriftRows};
use crate::tui::state::overlay::{Overlay, Purpose};

/// For how many days a finding is snoozed unless told.
const DAYS: u16 = 7;

/// Opens what is under the cursor: the cause, then the rows behind its finding.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    match state.drift.depth {
        DriftDepth::List => {
            let drift = &mut state.drift;
            (drift.depth, drift.finding, drift.scroll) = (DriftDepth::One, 0, 0);
            Vec::new()
        }
        DriftDepth::One => rows(state),
        DriftDepth::Rows => Vec::new(),
    }
}

/// Goes one step out.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    let drift = &mut state.drift;
    drift.depth = if drift.depth == DriftDepth::Rows { DriftDepth::One } else { DriftDepth::List };
    drift.scroll = 0;
    Vec::new()
}

/// Moves in the list, or in what is opened.
pub(super) fn step(state: &mut State, steps: isize) {
    let drift = &mut state.drift;
    if drift.depth == DriftDepth::List {
        drift.selected = drift.selected.saturating_add_signed(steps).min(drift.findings.len().saturating_sub(1));
    } else {
        drift.scroll = drift.scroll.saturating_add_signed(steps).min(10_000);
    }
}

/// The next finding of the cause, or the one before.
pub(super) fn sideways(state: &mut State, forward: bool) {
    let length = state.drift.cause().map_or(0, |cause| cause.findings.len());
    let drift = &mut state.drift;
    if drift.depth == DriftDepth::One && length > 0 {
        let step = if forward { 1 } else { length - 1 };
        drift.finding = (drift.finding + step) % length;
        drift.scroll = 0;
    }
}

/// Goes to the next cause that asks for attention.
pub fn next(state: &mut State) -> Vec<Effect> {
    match state.drift.next_open() {
        Some(place) => {
            let drift = &mut state.drift;
            (drift.selected, drift.finding, drift.scroll) = (place, 0, 0);
            if drift.depth == DriftDepth::Rows {
                drift.depth = DriftDepth::One;
            }
        }
        None => state.say("nothing else asks for attention"),
    }
    Vec::new()
}

/// Reads rows of the source behind the finding.
pub fn rows(state: &mut State) -> Vec<Effect> {
    let Some(finding) = state.drift.here().cloned() else { return Vec::new() };
    let drift = &mut state.drift;
    (drift.depth, drift.scroll, drift.rows) = (DriftDepth::Rows, 0, DriftRows::Loading);
    vec![Effect::Ask(Question::DriftRows(Box::new(finding)))]
}

/// It is as it should be.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let stored = act(state, ActionKind::Accept, None, String::new());
    advance(state);
    stored
}

/// It is open again.
pub fn reopen(state: &mut State) -> Vec<Effect> {
    act(state, ActionKind::Reopen, None, String::new())
}

/// Asks for how long it can wait.
pub fn snooze(state: &mut State) -> Vec<Effect> {
    // What is typed stands alone: behind a 7 that is there already, a 3 would make 73.
    ask(state, Purpose::Snooze, "")
}

/// Asks who takes care of it.
pub fn assign(state: &mut State) -> Vec<Effect> {
    ask(state, Purpose::Assign, "")
}

/// Asks for a remark.
pub fn note(state: &mut State) -> Vec<Effect> {
    ask(state, Purpose::FindingRemark, "")
}

/// A proposed rename is right.
pub fn confirm(state: &mut State) -> Vec<Effect> {
    let renamed = state.drift.cause().and_then(|cause| cause.findings.iter().find(|finding| finding.rename.is_some()));
    let Some(finding) = renamed.map(|finding| finding.id.clone()) else { return Vec::new() };
    let (ticket, reviewer) = (state.ticket(), state.setting.reviewer.clone());
    vec![Effect::Store(ticket, Write::ConfirmRename { finding, reviewer, at: state.now })]
}

fn ask(state: &mut State, purpose: Purpose, value: &str) -> Vec<Effect> {
    state.overlay = Some(Overlay::Prompt { purpose, input: Input::new(value.to_owned()) });
    Vec::new()
}

/// What was typed for a finding is complete.
pub(super) fn typed(state: &mut State, purpose: Purpose, text: &str) -> Vec<Effect> {
    match purpose {
        Purpose::FindingRemark if text.is_empty() => Vec::new(),
        Purpose::FindingRemark => act(state, ActionKind::Note, None, text.to_owned()),
        Purpose::Assign => act(state, ActionKind::Assign, None, text.to_owned()),
        Purpose::Snooze => {
            let days = if text.is_empty() { Some(DAYS) } else { text.parse().ok() };
            let Some(days) = days.filter(|days| (1..=366).contains(days)) else {
                state.warn("say for how many days, 1 to 366");
                return ask(state, Purpose::Snooze, text);
            };
            let until = state.now.checked_add(jiff::Span::new().hours(i64::from(days) * 24)).ok();
            let stored = act(state, ActionKind::Snooze, until, String::new());
            advance(state);
            stored
        }
        _ => Vec::new(),
    }
}

fn act(state: &mut State, kind: ActionKind, until: Option<jiff::Timestamp>, text: String) -> Vec<Effect> {
    let Some(finding) = state.drift.cause().map(|cause| cause.id.clone()) else { return Vec::new() };
    let action = Action {
        finding,
        kind,
        who: state.setting.reviewer.clone(),
        at: state.now.to_string(),
        until: until.map(|until| until.to_string()),
        text,
    };
    vec![Effect::Store(state.ticket(), Write::Drift(Box::new(action)))]
}

/// What is answered gives way to the next one; the last one stays.
fn advance(state: &mut State) {
    if state.drift.next_open().is_some() {
        next(state);
    }
}

/// The report has been read, or not.
pub(super) fn reported(state: &mut State, outcome: Outcome<Box<crate::drift::report::View>>) {
    match outcome {
        Ok(view) => state.drift.take(view),
        Err(failure) => {
            state.drift.report = None;
            state.drift.findings.clear();
            state.drift.failure = Some(failure);
        }
    }
}

/// Rows have been read, or not.
pub(super) fn rows_read(state: &mut State, finding: &str, outcome: Outcome<Vec<Vec<String>>>) {
    if state.drift.here().is_some_and(|here| here.id == finding) {
        state.drift.rows = match outcome {
            Ok(rows) => DriftRows::Done(rows),
            Err(failure) => DriftRows::Failed(failure),
        };
    }
}

/// What is shown must be read first.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    if state.drift.asked {
        return Vec::new();
    }
    state.drift.asked = true;
    vec![Effect::Ask(Question::Drift)]
}
