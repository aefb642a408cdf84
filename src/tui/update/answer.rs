//! What follows when a worker has answered?

use super::{around, batch, calibrate, go, log, review_answer};
use crate::tui::effect::{Effect, Question};
use crate::tui::event::{Answer, Opened, Outcome};
use crate::tui::paged::Paged;
use crate::tui::state::map::MapState;
use crate::tui::state::measures::Measures;
use crate::tui::state::review::ReviewState;
use crate::tui::state::trace::{TraceFocus, TraceState, Walk};
use crate::tui::state::{Opening, Screen, State};

pub(super) fn answer(state: &mut State, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Opened(outcome) => return opened(state, outcome),
        Answer::Decisions(outcome) => return review_answer::decisions(state, outcome),
        Answer::Pairs { generation, page, rows } => review_answer::page(state, generation, page, rows),
        Answer::Pair { position, detail } => review_answer::pair(state, position, detail),
        Answer::Located(outcome) => review_answer::located(state, outcome),
        Answer::PairsFound { generation, positions } => review_answer::found(state, generation, positions),
        Answer::Touching(outcome) => review_answer::touching(state, outcome),
        Answer::Group { which, group } => match group {
            Ok(group) => batch::found(state, which, *group),
            Err(failure) => state.fail("batch", &failure),
        },
        Answer::Around { position, around } => around::found(state, position, around),
        Answer::Sitting(outcome) => around::sitting(state, outcome),
        Answer::Resumed(outcome) => around::resumed(state, outcome),
        Answer::Proposed(outcome) => calibrate::proposed(state, outcome),
        Answer::Conflicts { kind, page, rows } if kind == state.map.kind => match rows {
            Ok(rows) => state.map.conflicts.put(page, rows),
            Err(failure) => {
                state.map.conflicts.give_up(page);
                state.fail("conflicts", &failure);
            }
        },
        Answer::Conflicts { .. } => {}
        Answer::Stored { ticket, outcome } => return review_answer::stored(state, ticket, outcome),
        Answer::LogPage { generation, after, rows } if generation == state.log.generation => {
            log_page(state, after, rows);
        }
        Answer::LogPage { .. } => {}
        Answer::NewerRun => state.newer_run = true,
        Answer::Note(text) => state.say(text),
        other => return trace(state, other),
    }
    Vec::new()
}

fn opened(state: &mut State, outcome: Outcome<Box<Opened>>) -> Vec<Effect> {
    let opened = match outcome {
        Ok(opened) => *opened,
        Err(failure) => {
            state.opening = Opening::Failed(failure);
            return Vec::new();
        }
    };
    let again = state.opening == Opening::Loading && !state.run.id.is_empty();
    let memory = opened.memory.unwrap_or_default();
    state.opening = Opening::Ready;
    state.run = opened.run;
    state.map = MapState { matrix: opened.matrix, words: opened.kinds, kinds: opened.conflicts, ..MapState::default() };
    let kept = std::mem::take(&mut state.review);
    state.review = ReviewState {
        queue_length: opened.queue_length,
        list: Paged::of_length(opened.queue_length as usize),
        generation: kept.generation + 1,
        sitting: kept.sitting,
        pending: kept.pending,
        panel: if again { kept.panel } else { memory.panel },
        hide_list: if again { kept.hide_list } else { memory.hide_list },
        measures: Measures::of(opened.strata),
        groups: opened.groups,
        resuming: if again { None } else { memory.pair.clone() },
        ..ReviewState::default()
    };
    if !again {
        state.review.sitting.goal = memory.goal;
        state.remembered = Some(memory);
    }
    if !opened.first_pairs.is_empty() {
        state.review.list.put(0, opened.first_pairs);
    }
    if let Some(first) = opened.first_pair {
        state.review.hold(first.row.position, Some(*first));
    }
    state.trace = TraceState {
        entity_count: opened.entity_count,
        list: Paged::of_length(opened.entity_count as usize),
        generation: state.trace.generation + 1,
        ..TraceState::default()
    };
    if !opened.first_entities.is_empty() {
        state.trace.list.put(0, opened.first_entities);
    }
    log::refresh(state);
    if again {
        state.say("this is the newest run");
    }
    let mut effects = vec![Effect::Ask(Question::Decisions)];
    if !again {
        let (reviewer, now) = (state.setting.reviewer.clone(), state.now);
        effects.push(Effect::Ask(Question::Sitting { reviewer, now }));
    }
    effects
}

fn log_page(state: &mut State, after: bool, rows: Outcome<(Vec<crate::tui::event::LogRow>, Option<i64>)>) {
    let log = &mut state.log;
    log.loading = false;
    log.fresh = true;
    match rows {
        Ok((rows, next)) => {
            log.failure = None;
            if !after {
                log.rows.clear();
            }
            log.rows.extend(rows);
            log.next = next;
            log.selected = log.selected.min(log.rows.len().saturating_sub(1));
        }
        Err(failure) => {
            log.next = None;
            log.failure = Some(failure);
        }
    }
}

fn trace(state: &mut State, answer: Answer) -> Vec<Effect> {
    let trace = &mut state.trace;
    match answer {
        Answer::Entities { generation, page, rows } if generation == trace.generation => match rows {
            Ok(rows) => trace.list.put(page, rows),
            Err(failure) => {
                trace.list.give_up(page);
                state.fail("accounts and people", &failure);
            }
        },
        Answer::EntitiesFound { generation, positions } if generation == trace.generation => match positions {
            Ok(positions) => {
                trace.list = Paged::of_length(positions.len());
                trace.positions = Some(positions);
                trace.entity = None;
                trace.field = 0;
            }
            Err(failure) => state.fail("search", &failure),
        },
        Answer::EntityLocated(Ok(Some((position, entity)))) => {
            if state.screen != Screen::Trace {
                state.history.leave(go::here(state));
                state.screen = Screen::Trace;
            }
            let trace = &mut state.trace;
            let index = match &trace.positions {
                Some(positions) => positions.iter().position(|listed| *listed == position),
                None => Some(position as usize),
            };
            if let Some(index) = index {
                trace.list.select(index);
            }
            if trace.cells_of.as_ref() == Some(&entity.id) {
                choose_field(trace);
            }
            trace.entity = Some(entity);
        }
        Answer::EntityLocated(Ok(None)) => state.warn("this entity is not part of the last run"),
        Answer::EntityLocated(Err(failure)) => state.fail("trace", &failure),
        Answer::Cells { entity, cells } if trace.loading.as_ref() == Some(&entity) => {
            trace.loading = None;
            trace.cells_of = Some(entity);
            match cells {
                Ok(cells) => {
                    trace.cells = cells;
                    trace.field = trace.field.min(trace.cells.len().saturating_sub(1));
                    choose_field(trace);
                    if std::mem::take(&mut trace.wanted_walk) {
                        trace.focus = TraceFocus::Lineage;
                        return super::trace::walk(state);
                    }
                }
                Err(failure) => {
                    trace.cells.clear();
                    state.fail("fields", &failure);
                }
            }
        }
        Answer::Traced { entity, field, view } => {
            if let Some((asked, of, walk)) = &mut trace.walk
                && *asked == entity
                && *of == field
            {
                *walk = match view {
                    Ok(view) => Walk::Done(view),
                    Err(failure) => Walk::Failed(failure),
                };
            }
        }
        _ => {}
    }
    Vec::new()
}

fn choose_field(trace: &mut TraceState) {
    if let Some(wanted) = trace.wanted_field.take()
        && let Some(index) = trace.cells.iter().position(|cell| cell.field == wanted)
    {
        trace.field = index;
    }
}
