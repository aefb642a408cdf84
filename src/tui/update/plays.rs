//! What do the commands of the plays screen do, and what follows from its answers?

use tui_input::Input;

use super::trace;
use crate::plays::explain::FieldValue;
use crate::plays::tune;
use crate::tui::effect::{Effect, Question};
use crate::tui::event::Outcome;
use crate::tui::play_desk::{PlayAnswer, PlayQuestion};
use crate::tui::state::State;
use crate::tui::state::overlay::{Overlay, Purpose};
use crate::tui::state::plays::{Line, PlaysDepth, PlaysState, Tuning};

fn ask(state: &mut State, waiting: &'static str, question: PlayQuestion) -> Vec<Effect> {
    state.plays.waiting = Some(waiting);
    vec![Effect::Ask(Question::Plays(Box::new(question)))]
}

fn name(state: &State) -> Option<String> {
    state.plays.view().map(|view| view.play.name.clone())
}

/// Asks for the plays when the screen is shown for the first time in a run.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    if state.plays.asked {
        return Vec::new();
    }
    state.plays.asked = true;
    ask(state, "the plays are being read", PlayQuestion::All)
}

/// Opens what is under the cursor: a play, an account, a field; in the numbers it saves them, in a diff it ships.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some(play) = name(state) else { return Vec::new() };
    match state.plays.depth {
        PlaysDepth::List => {
            state.plays.depth = PlaysDepth::One;
            state.plays.account = 0;
            Vec::new()
        }
        PlaysDepth::One => {
            let fired = state.plays.view().and_then(|view| view.preview.fired.get(state.plays.account));
            let Some(entity) = fired.map(|fired| fired.entity_id.clone()) else { return Vec::new() };
            ask(state, "the score is being taken apart", PlayQuestion::Explain { play, entity })
        }
        PlaysDepth::Account => walk(state, play),
        PlaysDepth::Rows => {
            state.say("these are rows of the sources; backspace goes back");
            Vec::new()
        }
        PlaysDepth::Tune => save(state, play),
        PlaysDepth::Ship => {
            if state.setting.read_only {
                state.warn("opened with --read-only");
                return Vec::new();
            }
            let repository = state.plays.repository.clone();
            ask(state, "the commit is being made", PlayQuestion::Ship { play, repository })
        }
    }
}

/// Goes from a line of an explanation to the field on the trace screen.
fn walk(state: &mut State, play: String) -> Vec<Effect> {
    let lines = state.plays.lines();
    let found = match lines.get(state.plays.line) {
        Some(Line::Field(row, field)) => Some((row.entity_id.clone(), (*field).clone())),
        Some(Line::Signal(row, place)) => {
            row.signals[*place].fields.first().map(|field| (row.entity_id.clone(), field.clone()))
        }
        Some(Line::Column(row, place)) => {
            row.columns[*place].fields.first().map(|field| (row.entity_id.clone(), field.clone()))
        }
        _ => None,
    };
    match found {
        Some((entity, field)) if field.table == "accounts" => trace::open_cell(state, &entity, Some(field.field)),
        Some((entity, FieldValue { table, field, .. })) => {
            ask(state, "the rows are being read", PlayQuestion::Rows { play, entity, table, field })
        }
        None => {
            state.say("choose a signal or a field");
            Vec::new()
        }
    }
}

fn save(state: &mut State, play: String) -> Vec<Effect> {
    let values = state.plays.tuning.changed();
    if state.setting.read_only {
        state.warn("opened with --read-only");
        return Vec::new();
    }
    if values.is_empty() {
        state.say("no number was changed");
        return Vec::new();
    }
    if state.plays.waiting.is_some() || state.plays.tuning.effect.is_none() {
        state.say("the effect is still being worked out");
        return Vec::new();
    }
    ask(state, "fourfold.toml is being written", PlayQuestion::Save { play, values })
}

/// Goes one step out.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    state.plays.depth = match state.plays.depth {
        PlaysDepth::List | PlaysDepth::One => PlaysDepth::List,
        PlaysDepth::Rows => PlaysDepth::Account,
        PlaysDepth::Account | PlaysDepth::Tune | PlaysDepth::Ship => PlaysDepth::One,
    };
    Vec::new()
}

/// Shows the numbers of the play, to be changed.
pub fn tune(state: &mut State) -> Vec<Effect> {
    let Some(view) = state.plays.view() else { return Vec::new() };
    state.plays.tuning = Tuning::of(view);
    state.plays.depth = PlaysDepth::Tune;
    Vec::new()
}

/// Raises or lowers the number under the cursor, and asks what the play would say.
pub(super) fn step(state: &mut State, up: bool) -> Vec<Effect> {
    if state.plays.depth != PlaysDepth::Tune {
        return Vec::new();
    }
    let at = state.plays.tuning.at;
    let Some((setting, value)) = state.plays.tuning.values.get_mut(at) else { return Vec::new() };
    *value = tune::moved(setting, *value, if up { 1 } else { -1 });
    state.plays.tuning.effect = None;
    let Some(play) = name(state) else { return Vec::new() };
    let values = state.plays.tuning.changed();
    if values.is_empty() {
        state.plays.waiting = None;
        return Vec::new();
    }
    ask(state, "the effect is being worked out", PlayQuestion::Preview { play, values })
}

/// Asks for the repository to ship to.
pub fn ship(state: &mut State) -> Vec<Effect> {
    let input = Input::new(state.plays.repository.clone());
    state.overlay = Some(Overlay::Prompt { purpose: Purpose::Repository, input });
    Vec::new()
}

/// Shows what shipping into a repository would change.
pub(super) fn draft(state: &mut State, repository: &str) -> Vec<Effect> {
    let Some(play) = name(state).filter(|_| !repository.is_empty()) else { return Vec::new() };
    repository.clone_into(&mut state.plays.repository);
    let question = PlayQuestion::Draft { play, repository: repository.to_owned() };
    ask(state, "the changes are being worked out", question)
}

/// What follows when the plays' desk has answered.
pub(super) fn answer(state: &mut State, question: &PlayQuestion, outcome: Outcome<PlayAnswer>) -> Vec<Effect> {
    // An answer about numbers that were changed again meanwhile is overtaken.
    if let PlayQuestion::Preview { values, .. } = question
        && *values != state.plays.tuning.changed()
    {
        return Vec::new();
    }
    state.plays.waiting = None;
    let answer = match outcome {
        Ok(answer) => answer,
        Err(failure) => {
            match question {
                PlayQuestion::All => state.plays.failure = Some(failure),
                PlayQuestion::Draft { .. } | PlayQuestion::Ship { .. } => state.fail("ship", &failure),
                _ => state.fail("plays", &failure),
            }
            return Vec::new();
        }
    };
    match answer {
        PlayAnswer::All(views) => {
            state.plays.failure = None;
            state.plays.views = views;
            state.plays.selected = state.plays.selected.min(state.plays.views.len().saturating_sub(1));
        }
        PlayAnswer::Explained(rows) => {
            state.plays.explained = rows;
            state.plays.depth = PlaysDepth::Account;
            state.plays.line = usize::from(state.plays.lines().len() > 1);
        }
        PlayAnswer::Rows(rows) => {
            if let PlayQuestion::Rows { table, field, .. } = question {
                state.plays.rows = (format!("{table}.{field}"), rows);
                state.plays.row = 0;
                state.plays.depth = PlaysDepth::Rows;
            }
        }
        PlayAnswer::Previewed(preview) => state.plays.tuning.effect = Some(*preview),
        PlayAnswer::Saved(place) => {
            state.say(format!("written to {place}; the next run uses it"));
            state.plays.depth = PlaysDepth::One;
            return ask(state, "the plays are being read", PlayQuestion::All);
        }
        PlayAnswer::Drafted(None) => state.say("the repository holds all of it already"),
        PlayAnswer::Drafted(draft) => {
            state.plays.draft = draft;
            state.plays.scroll = 0;
            state.plays.depth = PlaysDepth::Ship;
        }
        PlayAnswer::Shipped(place) => {
            state.say(place);
            state.plays.draft = None;
            state.plays.depth = PlaysDepth::One;
        }
    }
    Vec::new()
}

/// A new run: everything is asked for again, the place is kept.
pub(super) fn renew(state: &mut State) {
    let kept = std::mem::take(&mut state.plays);
    state.plays = PlaysState { selected: kept.selected, repository: kept.repository, ..PlaysState::default() };
}
