//! How does the cursor move?

use crate::tui::effect::Effect;
use crate::tui::state::map::{MapDepth, MapFocus};
use crate::tui::state::trace::TraceFocus;
use crate::tui::state::{Screen, State};
use crate::tui::view::List;

/// The list that the keys move in.
#[must_use]
pub fn list(state: &State) -> List {
    match state.screen {
        Screen::Map => match (state.map.depth, state.map.focus) {
            (MapDepth::Overview, MapFocus::Matrix) => List::Matrix,
            (MapDepth::Overview, MapFocus::Conflicts) => List::Kinds,
            _ => List::Conflicts,
        },
        Screen::Review => List::Pairs,
        Screen::Trace => match state.trace.focus {
            TraceFocus::Entities => List::Entities,
            TraceFocus::Fields => List::Cells,
            TraceFocus::Lineage => List::Lineage,
        },
        Screen::Plays => List::Plays,
        Screen::Drift => List::Findings,
        Screen::Log => List::Log,
    }
}

/// Next row.
pub fn down(state: &mut State) -> Vec<Effect> {
    by(state, 1);
    Vec::new()
}

/// Previous row.
pub fn up(state: &mut State) -> Vec<Effect> {
    by(state, -1);
    Vec::new()
}

/// One page down.
pub fn page_down(state: &mut State) -> Vec<Effect> {
    by(state, page(state));
    Vec::new()
}

/// One page up.
pub fn page_up(state: &mut State) -> Vec<Effect> {
    by(state, -page(state));
    Vec::new()
}

/// First row.
pub fn top(state: &mut State) -> Vec<Effect> {
    by(state, isize::MIN / 2);
    Vec::new()
}

/// Last row.
pub fn bottom(state: &mut State) -> Vec<Effect> {
    by(state, isize::MAX / 2);
    Vec::new()
}

fn page(state: &State) -> isize {
    state.view.height(list(state)).saturating_sub(1).max(1).cast_signed()
}

/// Moves the cursor of the list that has the keys.
pub fn by(state: &mut State, steps: isize) {
    let list = list(state);
    move_in(state, list, steps);
}

/// Moves the cursor of a list.
pub(super) fn move_in(state: &mut State, list: List, steps: isize) {
    let step = |at: usize, length: usize| at.saturating_add_signed(steps).min(length.saturating_sub(1));
    match list {
        List::Matrix => state.map.row = step(state.map.row, state.map.matrix.rows.len()),
        List::Kinds => state.map.kind = step(state.map.kind, state.map.kinds.len()),
        List::Conflicts => state.map.conflicts.move_by(steps),
        List::Pairs => {
            state.review.outside = None;
            state.review.arrived = false;
            state.review.field = 0;
            state.review.list.move_by(steps);
        }
        List::PairFields => {
            let fields = state.review.current().map_or(0, |pair| pair.body.fields.len());
            state.review.field = step(state.review.field, fields);
        }
        List::Entities => {
            state.trace.list.move_by(steps);
            state.trace.entity = None;
            state.trace.field = 0;
            state.trace.scroll = 0;
        }
        List::Cells => {
            state.trace.field = step(state.trace.field, state.trace.cells.len());
            state.trace.scroll = 0;
        }
        List::Lineage => state.trace.scroll = state.trace.scroll.saturating_add_signed(steps).min(10_000),
        List::Plays => state.plays.selected = step(state.plays.selected, state.plays.names.len()),
        List::Findings => state.drift.selected = step(state.drift.selected, state.drift.findings.len()),
        List::Log => state.log.selected = step(state.log.selected, state.log.rows.len()),
        List::Palette | List::Help => {}
    }
}

/// Puts the cursor of a list on a row.
pub(super) fn select(state: &mut State, list: List, row: usize) {
    let at = match list {
        List::Matrix => state.map.row,
        List::Kinds => state.map.kind,
        List::Conflicts => state.map.conflicts.selected,
        List::Pairs => state.review.list.selected,
        List::PairFields => state.review.field,
        List::Entities => state.trace.list.selected,
        List::Cells => state.trace.field,
        List::Lineage => state.trace.scroll,
        List::Plays => state.plays.selected,
        List::Findings => state.drift.selected,
        List::Log => state.log.selected,
        List::Palette | List::Help => return,
    };
    move_in(state, list, row.cast_signed() - at.cast_signed());
}

/// One column or part to the left.
pub fn left(state: &mut State) -> Vec<Effect> {
    sideways(state, false);
    Vec::new()
}

/// One column or part to the right.
pub fn right(state: &mut State) -> Vec<Effect> {
    sideways(state, true);
    Vec::new()
}

fn sideways(state: &mut State, right: bool) {
    match state.screen {
        Screen::Map if state.map.depth == MapDepth::Overview && state.map.focus == MapFocus::Matrix => {
            let last = state.map.matrix.columns.len().saturating_sub(1);
            state.map.column =
                if right { (state.map.column + 1).min(last) } else { state.map.column.saturating_sub(1) };
        }
        Screen::Trace => {
            state.trace.focus = match (state.trace.focus, right) {
                (TraceFocus::Entities, true) | (TraceFocus::Lineage, false) => TraceFocus::Fields,
                (TraceFocus::Entities | TraceFocus::Fields, false) => TraceFocus::Entities,
                (_, true) => TraceFocus::Lineage,
            };
        }
        _ => {}
    }
}

/// Next part of the screen.
pub fn next_part(state: &mut State) -> Vec<Effect> {
    part(state, 1);
    Vec::new()
}

/// Previous part of the screen.
pub fn previous_part(state: &mut State) -> Vec<Effect> {
    part(state, -1);
    Vec::new()
}

fn part(state: &mut State, step: isize) {
    match state.screen {
        Screen::Map => {
            state.map.focus = match state.map.focus {
                MapFocus::Matrix => MapFocus::Conflicts,
                MapFocus::Conflicts => MapFocus::Matrix,
            };
        }
        Screen::Review => {
            let fields = state.review.current().map_or(0, |pair| pair.body.fields.len()).cast_signed();
            if fields > 0 {
                state.review.field = (state.review.field.cast_signed() + step).rem_euclid(fields).cast_unsigned();
            }
        }
        Screen::Trace => {
            const PARTS: [TraceFocus; 3] = [TraceFocus::Entities, TraceFocus::Fields, TraceFocus::Lineage];
            let here = PARTS.iter().position(|part| *part == state.trace.focus).unwrap_or(0).cast_signed();
            state.trace.focus = PARTS[(here + step).rem_euclid(3).cast_unsigned()];
        }
        Screen::Plays | Screen::Drift | Screen::Log => {}
    }
}
