//! What do the commands do that belong to no screen?

use tui_input::Input;

use crate::tui::effect::{Effect, Question};
use crate::tui::state::overlay::{Confirmed, Overlay};
use crate::tui::state::{Opening, State};

/// Leaves, unless a note would be lost.
pub fn quit(state: &mut State) -> Vec<Effect> {
    if state.review.note.is_some() {
        state.overlay = Some(Overlay::Confirm {
            question: "A note waits for its verdict and is not stored yet. Leave without it?".to_owned(),
            then: Confirmed::Quit,
        });
        return Vec::new();
    }
    leave(state)
}

/// Leaves as soon as everything is stored. Asked a second time, it no longer waits.
pub fn leave(state: &mut State) -> Vec<Effect> {
    if state.storing.is_empty() || state.leaving {
        return vec![Effect::Quit];
    }
    state.leaving = true;
    state.say("storing what you decided …");
    Vec::new()
}

/// Opens the palette.
pub fn palette(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Palette { input: Input::default(), selected: 0 });
    Vec::new()
}

/// Opens the help page.
pub fn help(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Help { scroll: 0 });
    Vec::new()
}

/// Loads the newest run.
pub fn reload(state: &mut State) -> Vec<Effect> {
    state.opening = Opening::Loading;
    state.newer_run = false;
    state.say("opening the newest run …");
    vec![Effect::Ask(Question::Open { reviewer: state.setting.reviewer.clone() })]
}

/// Takes the next theme.
pub fn theme(state: &mut State) -> Vec<Effect> {
    let themes = &state.setting.themes;
    let here = themes.iter().position(|theme| theme.name == state.theme.name).unwrap_or(0);
    if let Some(next) = themes.get((here + 1) % themes.len().max(1)) {
        state.theme = next.clone();
        state.say(format!("theme: {}", state.theme.name));
    }
    vec![Effect::Redraw]
}

/// Catches the mouse or lets it go.
pub fn mouse(state: &mut State) -> Vec<Effect> {
    state.mouse = !state.mouse;
    state.say(if state.mouse { "mouse: caught" } else { "mouse: left to the terminal, select text as usual" });
    vec![Effect::Mouse(state.mouse)]
}

/// Draws everything anew.
pub fn redraw(_state: &mut State) -> Vec<Effect> {
    vec![Effect::Redraw]
}

/// Goes to the background.
pub fn suspend(_state: &mut State) -> Vec<Effect> {
    vec![Effect::Suspend]
}
