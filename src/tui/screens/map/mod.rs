//! The map: which concept is in which source, and where do they disagree?

mod cell;
mod conflict;
mod conflicts;
mod facing;
mod kinds;
mod matrix;

use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::state::map::{MapDepth, MapTable};
use crate::tui::widgets::paint::{Paint, below, beside, first};

/// From so many columns on, conflicts stand beside the matrix.
const WIDE: u16 = 150;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    match state.map.depth {
        MapDepth::Overview => overview(paint, area, state),
        MapDepth::Kind => conflicts::draw(paint, area, state),
        MapDepth::One => conflict::draw(paint, area, state),
    }
}

fn overview(paint: &mut Paint, area: Rect, state: &State) {
    if state.map.matrix.columns.is_empty() {
        let next = ["`fourfold init` connects sources", "`fourfold run` charts them"];
        empty::message(paint, area, "No source is charted yet.", &next);
        return;
    }
    let high = usize::from(area.height);
    if area.width >= WIDE {
        let (left, right) = beside(area, usize::from(area.width) * 3 / 5);
        let rows = (high - 7.min(high / 3)).min(length(state) + 4);
        table(paint, first(left, rows), below(left, rows), state);
        kinds::draw(paint, right, state);
        return;
    }
    let kinds = (state.map.kinds.len().max(1) + 1).clamp(2, high * 2 / 5);
    let detail = if high >= 30 { 5 } else { 3 };
    let matrix = high.saturating_sub(kinds + detail).min(length(state) + 3);
    let rest = below(area, matrix);
    table(paint, first(area, matrix), first(rest, detail), state);
    kinds::draw(paint, below(rest, detail), state);
}

/// How many rows the table has that is shown.
fn length(state: &State) -> usize {
    match state.map.shows {
        MapTable::Sources => state.map.matrix.rows.len(),
        MapTable::Surfaces => state.map.facing.rows.len(),
    }
}

/// Concepts by sources, or fields by pairs of surfaces, with the cell under the cursor in words.
fn table(paint: &mut Paint, upper: Rect, lower: Rect, state: &State) {
    match state.map.shows {
        MapTable::Sources => {
            matrix::draw(paint, upper, state);
            cell::draw(paint, lower, state);
        }
        MapTable::Surfaces => {
            facing::draw(paint, upper, state);
            facing::detail(paint, lower, state);
        }
    }
}
