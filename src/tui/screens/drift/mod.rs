//! What moved since the run before, and what did it touch?

use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let drift = &state.drift;
    if drift.findings.is_empty() {
        empty::message(paint, area, "Nothing moved since the run before.", &["`fourfold run` takes every step"]);
        return;
    }
    paint.rule(area, 0, "findings", true);
    let view = ListView {
        list: List::Findings,
        offset: drift.offset,
        selected: drift.selected,
        total: drift.findings.len(),
        focused: true,
    };
    list::draw(paint, below(area, 1), &view, |paint, index| {
        drift.findings.get(index).map(|row| vec![paint.say(text::clean(row), Meaning::Text)])
    });
}
