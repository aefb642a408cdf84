//! What does a filter do to the list of the screen?

use crate::review;
use crate::tui::effect::{Effect, Question};
use crate::tui::paged::Paged;
use crate::tui::state::review::Filter;
use crate::tui::state::{Screen, State};

/// Sets the filter of the screen; an empty text clears it.
pub(super) fn set(state: &mut State, typed: &str) -> Vec<Effect> {
    match state.screen {
        Screen::Map | Screen::Plays | Screen::Drift => Vec::new(),
        Screen::Review => pairs(state, typed),
        Screen::Trace => entities(state, typed),
        Screen::Log => log(state, typed),
    }
}

pub(super) fn pairs(state: &mut State, typed: &str) -> Vec<Effect> {
    let review = &mut state.review;
    let here = review.here();
    review.generation += 1;
    if typed.trim().is_empty() {
        if review.filter.take().is_some() {
            review.list = Paged::of_length(review.queue_length as usize);
            if let Some(index) = here.and_then(|position| review.index_of(position)) {
                review.list.select(index);
            }
        }
        return Vec::new();
    }
    // The rows shown stay until the new ones are found.
    let positions = review.filter.take().and_then(|filter| filter.positions);
    review.filter = Some(Filter { typed: typed.to_owned(), positions });
    vec![Effect::Ask(Question::SearchPairs { generation: review.generation, typed: typed.to_owned() })]
}

fn entities(state: &mut State, typed: &str) -> Vec<Effect> {
    let trace = &mut state.trace;
    trace.generation += 1;
    trace.filter = typed.trim().to_owned();
    if trace.filter.is_empty() {
        trace.positions = None;
        trace.list = Paged::of_length(trace.entity_count as usize);
        return Vec::new();
    }
    vec![Effect::Ask(Question::SearchEntities { generation: trace.generation, typed: trace.filter.clone() })]
}

fn log(state: &mut State, typed: &str) -> Vec<Effect> {
    state.log.filter = typed.trim().to_owned();
    super::log::refresh(state);
    Vec::new()
}

/// Takes `by:`, `rule:` and `on:` out of what was typed on the log screen; the rest is looked for in the rows.
pub(super) fn log_filter(typed: &str) -> (review::Filter, String) {
    let mut filter = review::Filter { limit: 200, ..review::Filter::default() };
    let mut rest = Vec::new();
    for word in typed.split_whitespace() {
        match word.split_once(':') {
            Some(("by", who)) if !who.is_empty() => filter.reviewer = Some(who.to_owned()),
            Some(("rule", rule)) if !rule.is_empty() => filter.rule = Some(rule.to_owned()),
            Some(("on", day)) => {
                let zone = jiff::tz::TimeZone::system();
                let date = day.parse::<jiff::civil::Date>().ok();
                let start = date.and_then(|date| date.to_zoned(zone.clone()).ok());
                filter.until = date
                    .and_then(|date| date.tomorrow().ok())
                    .and_then(|date| date.to_zoned(zone).ok())
                    .map(|end| end.timestamp());
                filter.since = start.map(|start| start.timestamp());
            }
            _ => rest.push(word),
        }
    }
    (filter, rest.join(" "))
}
