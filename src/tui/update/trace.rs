//! What do the commands of the trace screen do?

use crate::ident::{EntityId, EntityKind};
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::state::State;
use crate::tui::state::history::Place;
use crate::tui::state::trace::{TraceFocus, Walk};

/// Goes one step in: from entities to fields, from a field to where it comes from.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    match state.trace.focus {
        TraceFocus::Entities => {
            state.trace.focus = TraceFocus::Fields;
            Vec::new()
        }
        TraceFocus::Fields => {
            state.trace.focus = TraceFocus::Lineage;
            walk(state)
        }
        TraceFocus::Lineage => walk(state),
    }
}

/// Walks the field back to its rows.
pub fn walk(state: &mut State) -> Vec<Effect> {
    if matches!(state.trace.current_walk(), Walk::Walking | Walk::Done(_)) {
        return Vec::new();
    }
    page(state, 0)
}

/// How many contributing rows are on one page.
pub const PAGE_ROWS: u64 = 200;

/// Walks, with the contributing rows from `offset` on. The field walked before is a place to come back to.
fn page(state: &mut State, offset: u64) -> Vec<Effect> {
    let Some(cell) = state.trace.cell() else { return Vec::new() };
    let (entity, field) = (cell.entity.clone(), cell.field.clone());
    if let Some((before, of, _)) = &state.trace.walk
        && (*before != entity || *of != field)
    {
        let place = Place::Cell(Some(before.clone()), Some(of.clone()));
        state.history.leave(place);
    }
    state.trace.walk = Some((entity.clone(), field.clone(), Walk::Walking));
    vec![Effect::Ask(Question::Trace { entity, field, offset })]
}

/// The next contributing rows.
pub fn next_rows(state: &mut State) -> Vec<Effect> {
    let Walk::Done(view) = state.trace.current_walk() else { return Vec::new() };
    let next = view.contributing_offset + PAGE_ROWS;
    if next >= view.contributing_total { Vec::new() } else { page(state, next) }
}

/// The contributing rows before those.
pub fn previous_rows(state: &mut State) -> Vec<Effect> {
    let Walk::Done(view) = state.trace.current_walk() else { return Vec::new() };
    let before = view.contributing_offset;
    if before == 0 { Vec::new() } else { page(state, before.saturating_sub(PAGE_ROWS)) }
}

/// Copies SQL that gives the value again.
pub fn copy_sql(state: &mut State) -> Vec<Effect> {
    let Walk::Done(view) = state.trace.current_walk() else { return Vec::new() };
    let Some(sql) = view.sql.clone() else {
        state.warn("no SQL gives this value");
        return Vec::new();
    };
    vec![Effect::Copy(format!("{};", sql.trim_end()))]
}

/// Goes to the first field that this one feeds.
pub fn follow(state: &mut State) -> Vec<Effect> {
    let Walk::Done(view) = state.trace.current_walk() else { return Vec::new() };
    let fed: Vec<String> =
        view.feeds.iter().filter(|feed| feed.kind == "field").map(|feed| feed.name.clone()).collect();
    to_field(state, &fed, "it feeds no other field of this entity")
}

/// Goes to the first field that this one is made of.
pub fn made_of(state: &mut State) -> Vec<Effect> {
    let Walk::Done(view) = state.trace.current_walk() else { return Vec::new() };
    let fields = view.made_of.clone();
    to_field(state, &fields, "it is made of rows, not of another field of this entity")
}

/// Goes to the first of these fields that the entity on the screen has.
fn to_field(state: &mut State, fields: &[String], otherwise: &str) -> Vec<Effect> {
    let is_person = state.trace.entity.as_ref().is_some_and(|entity| entity.kind == EntityKind::Person);
    let table = if is_person { "people." } else { "accounts." };
    let place = fields
        .iter()
        .filter_map(|name| name.strip_prefix(table))
        .find_map(|field| state.trace.cells.iter().position(|cell| cell.field == field));
    let Some(place) = place else {
        state.warn(otherwise);
        return Vec::new();
    };
    state.trace.field = place;
    state.trace.scroll = 0;
    walk(state)
}

/// Opens the lineage of a field by a link.
pub fn open_cell(state: &mut State, entity: &str, field: Option<String>) -> Vec<Effect> {
    state.trace.wanted_walk = field.is_some();
    super::go::to_entity(state, EntityId::new(entity), field)
}

/// Reveals the field under the cursor.
pub(super) fn reveal(state: &mut State) -> Vec<Effect> {
    let Some(cell) = state.trace.cell().cloned() else { return Vec::new() };
    let Some(record) = cell.record else {
        state.warn("this value comes from no single row");
        return Vec::new();
    };
    let ticket = state.ticket();
    state.trace.revealing.push((ticket, cell.entity, cell.field.clone()));
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Reveal { records: vec![record], fields: vec![cell.field], reviewer, at })]
}
