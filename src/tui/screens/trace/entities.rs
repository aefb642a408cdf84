//! Which accounts and people are there?

use ratatui::layout::Rect;

use crate::ident::EntityKind;
use crate::tui::state::State;
use crate::tui::state::trace::TraceFocus;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView, place};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let trace = &state.trace;
    let focused = trace.focus == TraceFocus::Entities;
    let title = if trace.filter.is_empty() {
        format!("entities {}", place(trace.list.selected, trace.list.len()))
    } else {
        format!("{} matching {}", place(trace.list.selected, trace.list.len()), text::clean(&trace.filter))
    };
    paint.rule(area, 0, &title, focused);
    let view = ListView {
        list: List::Entities,
        offset: trace.list.offset,
        selected: trace.list.selected,
        total: trace.list.len(),
        focused,
    };
    let room = usize::from(area.width).saturating_sub(2 + 8 + 11);
    list::draw(paint, below(area, 1), &view, |paint, index| {
        let entity = trace.list.get(index)?;
        let kind = match entity.kind {
            EntityKind::Account => "account",
            EntityKind::Person => "person",
        };
        let money = entity.arr.map_or(String::new(), |arr| words::money(arr, entity.currency.as_deref()));
        Some(vec![
            paint.say(text::fit(kind, 8), Meaning::Dim),
            paint.say(text::fit(&text::clean(&entity.label), room), Meaning::Text),
            paint.say(text::fit_right(&money, 11), Meaning::Dim),
        ])
    });
}
