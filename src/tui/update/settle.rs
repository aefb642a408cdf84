//! After everything an event changed: what must be loaded for what is on the screen now?

use crate::tui::effect::{Effect, Question};
use crate::tui::paged::PAGE;
use crate::tui::state::map::MapDepth;
use crate::tui::state::review::ReviewState;
use crate::tui::state::{Opening, Screen, State};
use crate::tui::view::{List, follow};

/// Pairs loaded ahead, so that the next verdict finds its pair at hand.
const AHEAD: usize = 3;

pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    if state.opening != Opening::Ready {
        return Vec::new();
    }
    match state.screen {
        Screen::Map => conflicts(state),
        Screen::Review => pairs(state),
        Screen::Trace => entities(state),
        Screen::Plays | Screen::Drift => Vec::new(),
        Screen::Log => log(state),
    }
}

/// The offset that the next frame will use; pages are asked for by it.
fn offset_of(state: &State, list: List, selected: usize, total: usize) -> usize {
    follow(state.view.offset(list), selected, state.view.height(list), total)
}

fn conflicts(state: &mut State) -> Vec<Effect> {
    if state.map.depth == MapDepth::Overview {
        return Vec::new();
    }
    let kind = state.map.kind;
    let Some(count) = state.map.kinds.get(kind) else { return Vec::new() };
    let (first, total) = (count.first, count.count);
    state.map.conflicts.offset =
        offset_of(state, List::Conflicts, state.map.conflicts.selected, state.map.conflicts.len());
    let height = state.view.height(List::Conflicts);
    let pages = state.map.conflicts.wanted(height);
    pages
        .into_iter()
        .map(|page| {
            let skip = (page * PAGE) as u64;
            let limit = (total - skip.min(total)).min(PAGE as u64) as u32;
            Effect::Ask(Question::Conflicts { kind, page, first: first + skip, limit })
        })
        .collect()
}

fn page_of(positions: Option<&Vec<u32>>, page: usize) -> (u32, Option<Vec<u32>>) {
    let first = page * PAGE;
    match positions {
        None => (first as u32, None),
        Some(positions) => {
            let end = (first + PAGE).min(positions.len());
            (0, Some(positions.get(first..end).unwrap_or_default().to_vec()))
        }
    }
}

fn pairs(state: &mut State) -> Vec<Effect> {
    let height = state.view.height(List::Pairs).max(20);
    state.review.list.offset = offset_of(state, List::Pairs, state.review.list.selected, state.review.list.len());
    let review = &mut state.review;
    let generation = review.generation;
    let waiting = review.filter.as_ref().is_some_and(|filter| filter.positions.is_none());
    let mut effects = Vec::new();
    if !waiting {
        for page in review.list.wanted(height) {
            let positions = review.filter.as_ref().and_then(|filter| filter.positions.as_ref());
            let (first, positions) = page_of(positions, page);
            effects.push(Effect::Ask(Question::Pairs { generation, page, first, positions }));
        }
    }
    let mut wanted: Vec<u32> = review.here().into_iter().collect();
    let mut index = review.list.selected;
    for _ in 0..AHEAD {
        match review.next_open(index + 1) {
            Some(next) if next > index => {
                index = next;
                wanted.extend(review.position_of(next));
            }
            _ => break,
        }
    }
    let beside = [review.list.selected.checked_sub(1), review.list.selected.checked_add(1)];
    wanted.extend(beside.into_iter().flatten().filter_map(|index| review.position_of(index)));
    for position in wanted {
        if !review.is_held(position) && !review.loading.contains(&position) {
            review.loading.push(position);
            effects.push(Effect::Ask(Question::Pair(position)));
        }
    }
    effects.extend(around(review));
    effects
}

/// What stands around the pair shown and around the next open one, unless it is at hand and still true.
fn around(review: &mut ReviewState) -> Vec<Effect> {
    if !review.decisions_known {
        return Vec::new();
    }
    let next = review.next_open(review.list.selected + 1).and_then(|index| review.position_of(index));
    let mut effects = Vec::new();
    for position in review.here().into_iter().chain(next) {
        let Some(row) = review.detail(position).map(|pair| pair.row.clone()) else { continue };
        if review.around_of(&row).is_none() && !review.asking.contains(&position) {
            review.asking.push(position);
            effects.push(Effect::Ask(Question::Around(Box::new(review.around_question(&row)))));
        }
    }
    effects
}

fn entities(state: &mut State) -> Vec<Effect> {
    let height = state.view.height(List::Entities).max(20);
    state.trace.list.offset = offset_of(state, List::Entities, state.trace.list.selected, state.trace.list.len());
    let trace = &mut state.trace;
    let generation = trace.generation;
    let mut effects = Vec::new();
    if trace.filter.is_empty() || trace.positions.is_some() {
        for page in trace.list.wanted(height) {
            let (first, positions) = page_of(trace.positions.as_ref(), page);
            effects.push(Effect::Ask(Question::Entities { generation, page, first, positions }));
        }
    }
    if trace.entity.is_none() {
        trace.entity = trace.list.current().cloned();
    }
    let shown = trace.entity.as_ref().map(|entity| entity.id.clone());
    if let Some(id) = shown
        && trace.cells_of.as_ref() != Some(&id)
        && trace.loading.as_ref() != Some(&id)
    {
        trace.loading = Some(id.clone());
        effects.push(Effect::Ask(Question::Cells(id)));
    }
    effects
}

fn log(state: &mut State) -> Vec<Effect> {
    let height = state.view.height(List::Log);
    state.log.offset = offset_of(state, List::Log, state.log.selected, state.log.rows.len());
    let log = &mut state.log;
    let near_end = log.selected + 2 * height >= log.rows.len();
    if log.loading || (log.fresh && !(log.next.is_some() && near_end)) {
        return Vec::new();
    }
    log.loading = true;
    let (mut filter, typed) = super::search::log_filter(&log.filter);
    if log.fresh {
        filter.before = log.next;
    }
    vec![Effect::Ask(Question::LogPage { generation: log.generation, filter: Box::new(filter), typed })]
}
