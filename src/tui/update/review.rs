//! What do the commands of the review screen do that decide nothing?

use tui_input::Input;

use super::{go, masked};
use crate::tui::effect::Effect;
use crate::tui::state::overlay::{Overlay, Purpose};
use crate::tui::state::review::Panel;
use crate::tui::state::{Screen, State};
use crate::tui::words;

/// Opens the line for a note.
pub fn note(state: &mut State) -> Vec<Effect> {
    let here = state.review.here();
    let present = state.review.note.as_ref().filter(|(position, _)| Some(*position) == here);
    let input = Input::new(present.map(|(_, text)| text.clone()).unwrap_or_default());
    state.overlay = Some(Overlay::Prompt { purpose: Purpose::Note, input });
    Vec::new()
}

/// Opens the line for a filter, with the filter in force.
pub fn filter(state: &mut State) -> Vec<Effect> {
    let typed = match state.screen {
        Screen::Review => state.review.filter.as_ref().map(|filter| filter.typed.clone()).unwrap_or_default(),
        Screen::Trace => {
            state.trace.focus = crate::tui::state::trace::TraceFocus::Entities;
            state.trace.filter.clone()
        }
        Screen::Log => state.log.filter.clone(),
        Screen::Map | Screen::Plays | Screen::Drift => String::new(),
    };
    state.overlay = Some(Overlay::Prompt { purpose: Purpose::Filter, input: Input::new(typed) });
    Vec::new()
}

/// Shows the bars.
pub fn waterfall(state: &mut State) -> Vec<Effect> {
    state.review.panel = Panel::Waterfall;
    Vec::new()
}

/// Shows what the neighbours say.
pub fn evidence(state: &mut State) -> Vec<Effect> {
    state.review.panel = Panel::Evidence;
    Vec::new()
}

/// Shows what a verdict would change.
pub fn effect(state: &mut State) -> Vec<Effect> {
    state.review.panel = Panel::Effect;
    Vec::new()
}

/// Shows earlier verdicts that bear on the pair.
pub fn prior(state: &mut State) -> Vec<Effect> {
    state.review.panel = Panel::Prior;
    Vec::new()
}

/// Shows how good the matches are.
pub fn measures(state: &mut State) -> Vec<Effect> {
    state.review.panel = Panel::Measures;
    Vec::new()
}

/// Opens the line for a goal.
pub fn goal(state: &mut State) -> Vec<Effect> {
    let present = state.review.sitting.goal.map(|goal| goal.to_string()).unwrap_or_default();
    state.overlay = Some(Overlay::Prompt { purpose: Purpose::Goal, input: Input::new(present) });
    Vec::new()
}

/// Takes the goal that was typed: a number of verdicts; nothing lifts it.
pub(super) fn set_goal(state: &mut State, typed: &str) {
    let typed = typed.trim();
    if typed.is_empty() {
        state.review.sitting.goal = None;
        state.say("no goal");
        return;
    }
    match typed.parse::<u64>().ok().filter(|goal| (1..=1_000_000).contains(goal)) {
        Some(goal) => {
            state.review.sitting.goal = Some(goal);
            state.say(format!("the goal of this sitting: {}", words::counted(goal, "verdict", "verdicts")));
        }
        None => state.warn("a goal is a number of verdicts, such as 40"),
    }
}

/// Goes to the entity of the left record.
pub fn lineage(state: &mut State) -> Vec<Effect> {
    let field = state.review.current().and_then(|pair| pair.body.fields.get(state.review.field));
    let field = field.map(|field| field.field.clone());
    match state.review.current().map(|pair| pair.row.left_entity.clone()) {
        Some(entity) => go::to_entity(state, entity, field),
        None => Vec::new(),
    }
}

/// Shows or hides the queue.
pub fn toggle_list(state: &mut State) -> Vec<Effect> {
    state.review.hide_list = !state.review.hide_list;
    Vec::new()
}

/// Opens both records where they come from.
pub fn open_source(state: &mut State) -> Vec<Effect> {
    let Some(pair) = state.review.current() else { return Vec::new() };
    let urls = [&pair.body.left_note.url, &pair.body.right_note.url];
    urls.into_iter().flatten().map(|url| Effect::Open(url.clone())).collect()
}

/// Reveals the field under the cursor.
pub fn reveal(state: &mut State) -> Vec<Effect> {
    if state.screen == Screen::Trace {
        return super::trace::reveal(state);
    }
    let Some(pair) = state.review.current() else { return Vec::new() };
    let Some(field) = pair.body.fields.get(state.review.field) else { return Vec::new() };
    let (records, fields) = (vec![pair.row.key.left.clone(), pair.row.key.right.clone()], vec![field.field.clone()]);
    vec![masked::reveal(state, records, fields)]
}

/// Reveals every masked field of the pair.
pub fn reveal_all(state: &mut State) -> Vec<Effect> {
    let fields = masked::of_pair(state);
    let Some(pair) = state.review.current() else { return Vec::new() };
    let records = vec![pair.row.key.left.clone(), pair.row.key.right.clone()];
    vec![masked::reveal(state, records, fields)]
}
