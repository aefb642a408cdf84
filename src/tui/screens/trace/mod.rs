//! How does an account or a person lead to its fields, and each value to where it comes from?

mod cells;
mod entities;
mod lineage;
mod rows;
mod why;

use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::state::trace::TraceFocus;
use crate::tui::widgets::paint::{Paint, beside};

/// From so many columns on, all three parts stand side by side.
const WIDE: u16 = 140;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let trace = &state.trace;
    if trace.list.is_empty() && trace.entity.is_none() {
        if trace.filter.is_empty() {
            empty::message(
                paint,
                area,
                "The joined model holds no accounts and no people yet.",
                &["`fourfold run` makes it"],
            );
        } else {
            let what = format!("No name matches  / {}", crate::tui::text::clean(&trace.filter));
            empty::message(paint, area, &what, &["esc clears it"]);
        }
        return;
    }
    let width = usize::from(area.width);
    if area.width >= WIDE {
        let (list, rest) = beside(area, width / 4);
        let (fields, lineage) = beside(rest, usize::from(rest.width) * 2 / 5);
        entities::draw(paint, list, state);
        cells::draw(paint, fields, state);
        lineage::draw(paint, lineage, state);
        return;
    }
    if trace.focus == TraceFocus::Lineage {
        // Everything about one field on one screen: the list of fields is one key away.
        lineage::draw(paint, area, state);
        return;
    }
    if trace.focus == TraceFocus::Entities {
        let (list, fields) = beside(area, width * 9 / 20);
        entities::draw(paint, list, state);
        cells::draw(paint, fields, state);
    } else {
        let (fields, lineage) = beside(area, width * 9 / 20);
        cells::draw(paint, fields, state);
        lineage::draw(paint, lineage, state);
    }
}
