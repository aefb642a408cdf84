//! How does the person get from one place to another, and back?

use super::{drift, log, map, motion, plays, search, trace};
use crate::ident::EntityId;
use crate::tui::effect::{Effect, Question};
use crate::tui::state::history::Place;
use crate::tui::state::map::MapDepth;
use crate::tui::state::trace::TraceFocus;
use crate::tui::state::{Screen, State};
use crate::tui::view::List;

/// Where the person is.
#[must_use]
pub fn here(state: &State) -> Place {
    match state.screen {
        Screen::Map => match state.map.depth {
            MapDepth::Overview => Place::Map(None, None),
            MapDepth::Kind => Place::Map(Some(state.map.kind), None),
            MapDepth::One => Place::Map(Some(state.map.kind), Some(state.map.conflicts.selected)),
        },
        Screen::Review => Place::Pair(state.review.here().unwrap_or(0)),
        Screen::Trace => Place::Cell(
            state.trace.entity.as_ref().or(state.trace.list.current()).map(|entity| entity.id.clone()),
            state.trace.cell().filter(|_| state.trace.focus > TraceFocus::Entities).map(|cell| cell.field.clone()),
        ),
        Screen::Plays => Place::Play(state.plays.selected),
        Screen::Drift => Place::Finding(state.drift.selected),
        Screen::Log => Place::Log,
    }
}

fn switch(state: &mut State, screen: Screen) -> Vec<Effect> {
    if state.screen != screen {
        let place = here(state);
        state.history.leave(place);
        state.screen = screen;
    }
    Vec::new()
}

/// Goes to the map.
pub fn map(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Map)
}

/// Goes to the queue.
pub fn review(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Review)
}

/// Goes to the fields.
pub fn trace(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Trace)
}

/// Goes to the workflows.
pub fn plays(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Plays)
}

/// Goes to what moved.
pub fn drift(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Drift)
}

/// Goes to the decisions.
pub fn log(state: &mut State) -> Vec<Effect> {
    switch(state, Screen::Log)
}

/// Goes to a screen by its tab.
pub(super) fn tab(state: &mut State, screen: Screen) -> Vec<Effect> {
    switch(state, screen)
}

/// Goes back.
pub fn back(state: &mut State) -> Vec<Effect> {
    let from = here(state);
    match state.history.back(from) {
        Some(place) => to(state, place),
        None => Vec::new(),
    }
}

/// Goes forward again.
pub fn forward(state: &mut State) -> Vec<Effect> {
    let from = here(state);
    match state.history.forward(from) {
        Some(place) => to(state, place),
        None => Vec::new(),
    }
}

fn to(state: &mut State, place: Place) -> Vec<Effect> {
    match place {
        Place::Map(kind, one) => {
            state.screen = Screen::Map;
            map::restore(state, kind, one);
            Vec::new()
        }
        Place::Pair(position) => {
            state.screen = Screen::Review;
            to_position(state, position);
            Vec::new()
        }
        Place::Cell(entity, field) => {
            state.screen = Screen::Trace;
            state.trace.focus = if field.is_some() { TraceFocus::Fields } else { TraceFocus::Entities };
            state.trace.wanted_field = field;
            entity.map(|entity| Effect::Ask(Question::LocateEntity(entity))).into_iter().collect()
        }
        Place::Play(play) => {
            state.screen = Screen::Plays;
            motion::select(state, List::Plays, play);
            Vec::new()
        }
        Place::Finding(finding) => {
            state.screen = Screen::Drift;
            motion::select(state, List::Findings, finding);
            Vec::new()
        }
        Place::Log => {
            state.screen = Screen::Log;
            Vec::new()
        }
    }
}

/// Shows a pair by its position; a filter that hides it is lifted.
pub(super) fn to_position(state: &mut State, position: u32) {
    let review = &mut state.review;
    review.arrived = false;
    review.field = 0;
    review.outside = None;
    if position >= review.queue_length {
        review.outside = Some(position);
        return;
    }
    if review.index_of(position).is_none() {
        search::set(state, "");
    }
    if let Some(index) = state.review.index_of(position) {
        state.review.list.select(index);
    }
}

/// Goes to an entity, and to one of its fields when the joined model has it.
pub(super) fn to_entity(state: &mut State, entity: EntityId, field: Option<String>) -> Vec<Effect> {
    switch(state, Screen::Trace);
    state.trace.focus = TraceFocus::Fields;
    state.trace.wanted_field = field;
    vec![Effect::Ask(Question::LocateEntity(entity))]
}

/// Opens what is under the cursor.
pub fn open(state: &mut State) -> Vec<Effect> {
    match state.screen {
        Screen::Map => map::open(state),
        Screen::Review => Vec::new(),
        Screen::Trace => trace::open(state),
        Screen::Plays => plays::open(state),
        Screen::Drift => drift::open(state),
        Screen::Log => log::open(state),
    }
}

/// Goes one step out.
pub fn close(state: &mut State) -> Vec<Effect> {
    match state.screen {
        Screen::Map => map::close(state),
        Screen::Review => {
            if state.review.outside.take().is_some() {
                return Vec::new();
            }
            search::set(state, "")
        }
        Screen::Trace => match state.trace.focus {
            TraceFocus::Lineage => {
                state.trace.focus = TraceFocus::Fields;
                Vec::new()
            }
            TraceFocus::Fields => {
                state.trace.focus = TraceFocus::Entities;
                Vec::new()
            }
            TraceFocus::Entities => search::set(state, ""),
        },
        Screen::Plays => plays::close(state),
        Screen::Drift => drift::close(state),
        Screen::Log => search::set(state, ""),
    }
}

/// Copies what is under the cursor.
pub fn copy(state: &mut State) -> Vec<Effect> {
    super::copied::text(state).map(Effect::Copy).into_iter().collect()
}
