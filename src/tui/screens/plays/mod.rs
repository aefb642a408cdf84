//! Which workflows run on the joined model, who do they name, and why?

mod account;
mod bars;
mod list;
mod one;
mod rows;
mod ship;
mod tune;

use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::state::plays::PlaysDepth;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, first};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    if plays.views.is_empty() {
        match &plays.failure {
            Some(failure) => empty::failed(paint, area, failure),
            None if plays.waiting.is_some() || !plays.asked => {
                empty::message(paint, area, "The plays are being read.", &[]);
            }
            None => empty::message(paint, area, "There is no play.", &["`fourfold plays new NAME` begins one"]),
        }
        return;
    }
    // What is worked out meanwhile stands in the last line, so that nothing jumps.
    let (body, last) = match plays.waiting {
        Some(waiting) => (first(area, usize::from(area.height).saturating_sub(1)), Some(waiting)),
        None => (area, None),
    };
    match plays.depth {
        PlaysDepth::List => list::draw(paint, body, state),
        PlaysDepth::One => one::draw(paint, body, state),
        PlaysDepth::Account => account::draw(paint, body, state),
        PlaysDepth::Rows => rows::draw(paint, body, state),
        PlaysDepth::Tune => tune::draw(paint, body, state),
        PlaysDepth::Ship => ship::draw(paint, body, state),
    }
    if let Some(waiting) = last {
        let words = vec![paint.say(format!("… {waiting}"), Meaning::Dim)];
        paint.line(area, usize::from(area.height).saturating_sub(1), words);
    }
}
