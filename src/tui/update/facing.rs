//! What do the cells of the map open, and what is done about a conflict?

use jiff::civil::Date;
use tui_input::Input;

use super::go;
use crate::engine::desk::Mark;
use crate::tui::desk::{DeskAnswer, DeskQuestion, DeskWrite, MapCell};
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::paged::{PAGE, Paged};
use crate::tui::state::facing::title;
use crate::tui::state::map::{CellList, MapDepth, MapTable};
use crate::tui::state::overlay::{Overlay, Purpose};
use crate::tui::state::{Screen, State};

/// Shows concepts by sources, or fields by pairs of surfaces.
pub fn turn(state: &mut State) -> Vec<Effect> {
    let place = go::here(state);
    if state.map.depth != MapDepth::Overview {
        state.history.leave(place);
        state.map.depth = MapDepth::Overview;
        state.map.cell = None;
    }
    state.map.shows = match state.map.shows {
        MapTable::Sources => MapTable::Surfaces,
        MapTable::Surfaces => MapTable::Sources,
    };
    state.map.focus = crate::tui::state::map::MapFocus::Matrix;
    Vec::new()
}

/// The cell under the cursor, with what it is called.
fn cell(state: &State) -> Option<(MapCell, String)> {
    let map = &state.map;
    match map.shows {
        MapTable::Sources => {
            let (row, column) = (map.matrix.rows.get(map.row)?, map.matrix.columns.get(map.column)?);
            let (concept, source) = (row.concept.clone(), column.source.clone());
            let called = format!("{concept} of {source}");
            Some((MapCell::Source { concept, source }, called))
        }
        MapTable::Surfaces => {
            let (row, column) = (map.facing.rows.get(map.facing.row)?, *map.facing.columns.get(map.facing.column)?);
            let called = format!("{} {}", row.field, title(column));
            Some((MapCell::Surfaces { field: row.field.clone(), one: column.0, other: column.1 }, called))
        }
    }
}

/// Opens the conflicts of the cell under the cursor.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some((cell, called)) = cell(state) else { return Vec::new() };
    let place = go::here(state);
    state.history.leave(place);
    state.map.generation += 1;
    state.map.cell = Some(CellList { title: called, positions: None });
    state.map.conflicts = Paged::of_length(0);
    state.map.depth = MapDepth::Kind;
    vec![Effect::Ask(Question::Desk(DeskQuestion::Cell { generation: state.map.generation, cell }))]
}

/// The pages of a cell's conflicts to ask for.
pub(super) fn pages(state: &mut State, height: usize) -> Vec<Effect> {
    let map = &mut state.map;
    let Some(positions) = map.cell.as_ref().and_then(|cell| cell.positions.as_ref()) else { return Vec::new() };
    let generation = map.generation;
    map.conflicts
        .wanted(height)
        .into_iter()
        .map(|page| {
            let first = (page * PAGE).min(positions.len());
            let positions = positions[first..(first + PAGE).min(positions.len())].to_vec();
            Effect::Ask(Question::Desk(DeskQuestion::CellPage { generation, page, positions }))
        })
        .collect()
}

/// What a worker found.
pub(super) fn answer(state: &mut State, answer: DeskAnswer) -> Vec<Effect> {
    match answer {
        DeskAnswer::Standing(Ok(standing)) => state.map.standing = Some(standing),
        // Without a workspace to read rules from, conflicts stand as the run left them.
        DeskAnswer::Standing(Err(_)) => {}
        DeskAnswer::Cell { generation, positions } if generation == state.map.generation => match positions {
            Ok(positions) => {
                state.map.conflicts = Paged::of_length(positions.len());
                if let Some(cell) = &mut state.map.cell {
                    cell.positions = Some(positions);
                }
            }
            Err(failure) => state.fail("conflicts", &failure),
        },
        DeskAnswer::CellPage { generation, page, rows } if generation == state.map.generation => match rows {
            Ok(rows) => state.map.conflicts.put(page, rows),
            Err(failure) => {
                state.map.conflicts.give_up(page);
                state.fail("conflicts", &failure);
            }
        },
        DeskAnswer::Reviewers(Ok(reviewers)) => {
            let log = &mut state.log;
            log.asking_reviewers = false;
            log.dispute = log.dispute.min(reviewers.disputed.len().saturating_sub(1));
            log.reviewers = Some(reviewers);
        }
        DeskAnswer::Reviewers(Err(failure)) => {
            state.log.asking_reviewers = false;
            state.fail("reviewers", &failure);
        }
        _ => {}
    }
    Vec::new()
}

fn prompt(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    state.overlay = Some(Overlay::Prompt { purpose, input: Input::default() });
    Vec::new()
}

/// Accepts the conflict, for good or up to a day.
pub fn accept(state: &mut State) -> Vec<Effect> {
    prompt(state, Purpose::Accept)
}

/// Says who looks after the conflict.
pub fn assign(state: &mut State) -> Vec<Effect> {
    prompt(state, Purpose::Owner)
}

/// Says something about the conflict.
pub fn remark(state: &mut State) -> Vec<Effect> {
    prompt(state, Purpose::Remark)
}

/// Lets the first side stand, for this entity.
pub fn take_first(state: &mut State) -> Vec<Effect> {
    prompt(state, Purpose::TakeFirst)
}

/// Lets the other side stand, for this entity.
pub fn take_other(state: &mut State) -> Vec<Effect> {
    prompt(state, Purpose::TakeOther)
}

/// Opens the conflict again.
pub fn reopen(state: &mut State) -> Vec<Effect> {
    store(state, Mark::Reopen, String::new())
}

/// Marks the conflict with what was typed.
pub(super) fn mark(state: &mut State, purpose: Purpose, typed: &str) -> Vec<Effect> {
    let Some(row) = state.map.conflicts.current() else { return Vec::new() };
    let source = |side: &Option<crate::chart::conflict::Side>| {
        side.as_ref().map(|side| side.record.source.as_str().to_owned()).unwrap_or_default()
    };
    let (first, other) = (source(&row.conflict.side_a), source(&row.conflict.side_b));
    match purpose {
        Purpose::Accept => match until(typed, state) {
            Ok((until, why)) => store(state, Mark::Accept { until }, why),
            Err(reason) => {
                state.warn(reason);
                Vec::new()
            }
        },
        Purpose::Owner => store(state, Mark::Assign { owner: typed.to_owned() }, String::new()),
        Purpose::Remark if typed.is_empty() => Vec::new(),
        Purpose::Remark => store(state, Mark::Note { text: typed.to_owned() }, String::new()),
        Purpose::TakeFirst => store(state, Mark::Choose { source: first }, typed.to_owned()),
        Purpose::TakeOther => store(state, Mark::Choose { source: other }, typed.to_owned()),
        _ => Vec::new(),
    }
}

/// `2026-12-31 known until the migration`, `90 days`, `90`, or only why.
fn until(typed: &str, state: &State) -> Result<(Option<Date>, String), String> {
    let (head, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let rest = rest.trim();
    if let Ok(day) = head.parse::<Date>() {
        return Ok((Some(day), rest.to_owned()));
    }
    let Ok(days) = head.parse::<i32>() else { return Ok((None, typed.to_owned())) };
    let today = state.now.to_zoned(jiff::tz::TimeZone::system()).date();
    let last = jiff::Span::new().try_days(days).and_then(|span| today.checked_add(span));
    let why = rest.strip_prefix("days").unwrap_or(rest).trim().to_owned();
    last.map(|day| (Some(day), why)).map_err(|_| format!("{days} days from today is out of range"))
}

fn store(state: &mut State, mark: Mark, why: String) -> Vec<Effect> {
    let Some(id) = state.map.conflicts.current().map(|row| row.conflict.id.clone()) else { return Vec::new() };
    let who = state.setting.reviewer.clone();
    let ticket = state.ticket();
    vec![Effect::Store(ticket, Write::Desk(DeskWrite::Mark { id, mark, who, why }))]
}

/// Shows or hides the pairs on which reviewers differ.
pub fn disputes(state: &mut State) -> Vec<Effect> {
    state.log.shows_disputes = !state.log.shows_disputes;
    if state.log.shows_disputes { ask_reviewers(state) } else { Vec::new() }
}

/// Asks how far reviewers agree, unless that is known or under way.
pub(super) fn ask_reviewers(state: &mut State) -> Vec<Effect> {
    let log = &mut state.log;
    if state.screen != Screen::Log || log.asking_reviewers || log.reviewers.is_some() {
        return Vec::new();
    }
    log.asking_reviewers = true;
    vec![Effect::Ask(Question::Desk(DeskQuestion::Reviewers))]
}
