//! What does the mouse do?

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};

use super::{go, key, motion};
use crate::tui::command;
use crate::tui::effect::Effect;
use crate::tui::keys::Key;
use crate::tui::state::map::MapFocus;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::trace::TraceFocus;
use crate::tui::state::{Screen, State};
use crate::tui::view::{Hit, List};

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

pub(super) fn mouse(state: &mut State, event: MouseEvent) -> Vec<Effect> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(state, event.column, event.row),
        MouseEventKind::ScrollDown => wheel(state, event.column, event.row, NOTCH),
        MouseEventKind::ScrollUp => wheel(state, event.column, event.row, -NOTCH),
        _ => Vec::new(),
    }
}

fn click(state: &mut State, column: u16, row: u16) -> Vec<Effect> {
    let hits: Vec<Hit> = state.view.at(column, row).collect();
    let Some(hit) = hits.first().copied() else { return Vec::new() };
    if state.overlay.is_some() {
        return click_overlay(state, hit);
    }
    state.toast = None;
    match hit {
        Hit::Tab(screen) => go::tab(state, screen),
        Hit::Command(name) => command::find(name).map_or_else(Vec::new, |command| key::run(state, command)),
        Hit::Row(list, index) => {
            let again = motion::list(state) == list && is_selected(state, list, index);
            focus(state, list);
            if let Some(Hit::MatrixColumn(column)) = hits.iter().find(|hit| matches!(hit, Hit::MatrixColumn(_))) {
                state.map.column = *column;
            }
            motion::select(state, list, index);
            if again && list != List::Matrix && state.screen != Screen::Review { go::open(state) } else { Vec::new() }
        }
        Hit::MatrixColumn(column) => {
            state.map.focus = MapFocus::Matrix;
            state.map.column = column;
            Vec::new()
        }
        Hit::Area(list) => {
            focus(state, list);
            Vec::new()
        }
    }
}

fn click_overlay(state: &mut State, hit: Hit) -> Vec<Effect> {
    match (hit, state.overlay.take()) {
        (Hit::Row(List::Palette, index), Some(Overlay::Palette { input, selected })) if index == selected => {
            match super::overlay::palette_rows(state, input.value()).get(index) {
                Some(command) => key::run(state, command),
                None => Vec::new(),
            }
        }
        (Hit::Row(List::Palette, selected), Some(Overlay::Palette { input, .. })) => {
            state.overlay = Some(Overlay::Palette { input, selected });
            Vec::new()
        }
        (Hit::Row(List::Palette, index), Some(Overlay::Groups { by, selected })) => {
            // As everywhere: the first click chooses, the second opens.
            let code = if index == selected { KeyCode::Enter } else { KeyCode::Null };
            super::groups::key(state, Key { code, control: false, alt: false }, by, index)
        }
        // A click beside it closes what explains; what asks stays until it is answered.
        (_, Some(Overlay::Help { .. } | Overlay::Palette { .. } | Overlay::Groups { .. })) => Vec::new(),
        (_, overlay) => {
            state.overlay = overlay;
            Vec::new()
        }
    }
}

fn is_selected(state: &State, list: List, index: usize) -> bool {
    match list {
        List::Kinds => state.map.kind == index,
        List::Conflicts => state.map.conflicts.selected == index,
        List::Entities => state.trace.list.selected == index,
        List::Cells => state.trace.field == index,
        List::Plays => state.plays.selected == index,
        List::Findings => state.drift.selected == index,
        List::Log => state.log.selected == index,
        _ => false,
    }
}

fn focus(state: &mut State, list: List) {
    match list {
        List::Matrix => state.map.focus = MapFocus::Matrix,
        List::Kinds => state.map.focus = MapFocus::Conflicts,
        List::Entities => state.trace.focus = TraceFocus::Entities,
        List::Cells => state.trace.focus = TraceFocus::Fields,
        List::Lineage => state.trace.focus = TraceFocus::Lineage,
        _ => {}
    }
}

fn wheel(state: &mut State, column: u16, row: u16, steps: isize) -> Vec<Effect> {
    if let Some(Overlay::Help { scroll }) = &mut state.overlay {
        *scroll = scroll.saturating_add_signed(steps);
        return Vec::new();
    }
    if state.overlay.is_some() {
        return Vec::new();
    }
    let under = state.view.at(column, row).find_map(|hit| match hit {
        Hit::Area(list) | Hit::Row(list, _) => Some(list),
        _ => None,
    });
    if let Some(list) = under {
        motion::move_in(state, list, steps);
    }
    Vec::new()
}
