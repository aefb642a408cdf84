//! What do the commands of the map do?

use super::go;
use crate::tui::effect::{Effect, Question};
use crate::tui::paged::Paged;
use crate::tui::state::history::Place;
use crate::tui::state::map::{MapDepth, MapFocus};
use crate::tui::state::{Screen, State};

/// Opens a kind of conflict, then one conflict.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    match (state.map.depth, state.map.focus) {
        (MapDepth::Overview, MapFocus::Matrix) => return super::facing::open(state),
        (MapDepth::Overview, MapFocus::Conflicts) => {
            state.history.leave(Place::Map(None, None));
            state.map.cell = None;
            restore(state, Some(state.map.kind), None);
        }
        (MapDepth::Kind, _) => {
            state.history.leave(Place::Map(Some(state.map.kind), None));
            state.map.depth = MapDepth::One;
        }
        (MapDepth::One, _) => return trace(state),
    }
    Vec::new()
}

/// Goes one step out.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    if state.map.depth == MapDepth::Kind {
        state.map.cell = None;
    }
    state.map.depth = match state.map.depth {
        MapDepth::One => MapDepth::Kind,
        MapDepth::Kind | MapDepth::Overview => MapDepth::Overview,
    };
    Vec::new()
}

/// Opens the map as it was: a kind, and one of its conflicts.
pub(super) fn restore(state: &mut State, kind: Option<usize>, one: Option<usize>) {
    let map = &mut state.map;
    map.depth = match (kind, one) {
        (None, _) => MapDepth::Overview,
        (Some(_), None) => MapDepth::Kind,
        (Some(_), Some(_)) => MapDepth::One,
    };
    if kind.is_none() {
        map.cell = None;
    }
    if let Some(cell) = &map.cell {
        // The conflicts of a cell are still at hand: only the cursor comes back.
        let length = cell.positions.as_ref().map_or(0, Vec::len);
        map.conflicts = Paged::of_length(length);
        map.conflicts.select(one.unwrap_or(0));
        return;
    }
    if let Some(kind) = kind {
        map.focus = MapFocus::Conflicts;
        map.kind = kind;
        let count = map.kinds.get(kind).map_or(0, |kind| kind.count);
        map.conflicts = Paged::of_length(usize::try_from(count).unwrap_or(usize::MAX));
        map.conflicts.select(one.unwrap_or(0));
    }
}

/// Traces the field of the conflict.
pub fn trace(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.map.conflicts.current() else { return Vec::new() };
    let field = row.conflict.field.rsplit('.').next().map(str::to_owned);
    match row.conflict.entity.clone() {
        Some(entity) => go::to_entity(state, entity, field),
        None => Vec::new(),
    }
}

/// Reviews the pair that the two sides make, or else the pairs of the entity.
pub fn review(state: &mut State) -> Vec<Effect> {
    let Some(row) = state.map.conflicts.current() else { return Vec::new() };
    let conflict = row.conflict.clone();
    let place = go::here(state);
    state.history.leave(place);
    state.screen = Screen::Review;
    let records = conflict.side_a.zip(conflict.side_b).map(|(a, b)| (a.record, b.record));
    if let Some((one, other)) =
        records.filter(|(one, other)| one != other && !one.pk.is_empty() && !other.pk.is_empty())
    {
        return vec![Effect::Ask(Question::Locate(crate::ident::PairKey::new(one, other)))];
    }
    let label = state.map.conflicts.current().map(|row| row.label.clone()).unwrap_or_default();
    super::search::set(state, &label)
}
