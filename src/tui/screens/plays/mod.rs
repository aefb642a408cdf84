//! Which workflows run on the joined model, and who do they name?

use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    if plays.names.is_empty() {
        empty::message(paint, area, "No play has run yet.", &["`fourfold run` takes every step"]);
        return;
    }
    paint.rule(area, 0, "plays", true);
    let view = ListView {
        list: List::Plays,
        offset: plays.offset,
        selected: plays.selected,
        total: plays.names.len(),
        focused: true,
    };
    list::draw(paint, below(area, 1), &view, |paint, index| {
        plays.names.get(index).map(|row| vec![paint.say(text::clean(row), Meaning::Text)])
    });
}
