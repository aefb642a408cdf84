//! What is masked where the person looks?

use crate::ident::{EntityKind, RecordKey};
use crate::snapshot::PairRow;
use crate::tui::effect::{Effect, Write};
use crate::tui::mask::initials;
use crate::tui::state::{Screen, State};
use crate::tui::text::clean;

/// Whether the field under the cursor is masked.
#[must_use]
pub fn here(state: &State) -> bool {
    match state.screen {
        Screen::Review => {
            let name = state.review.current().and_then(|pair| pair.body.fields.get(state.review.field));
            name.is_some_and(|field| of_pair(state).contains(&field.field))
        }
        Screen::Trace => state.trace.cell().is_some_and(|cell| {
            cell.personal && !state.trace.revealed.contains(&(cell.entity.clone(), cell.field.clone()))
        }),
        _ => false,
    }
}

/// What the names of people in the evidence are called in the log.
pub const PEOPLE: &str = "people named by the evidence";

/// The masked fields of the pair that is looked at.
#[must_use]
pub fn of_pair(state: &State) -> Vec<String> {
    let Some(pair) = state.review.current() else { return Vec::new() };
    let mut masked: Vec<String> = pair
        .body
        .fields
        .iter()
        .filter(|field| field.personal && !is_revealed(state, pair.row.position, &field.field))
        .map(|field| field.field.clone())
        .collect();
    let around = state.review.around_of(&pair.row).map(|around| around.evidence.as_slice()).unwrap_or_default();
    let names = pair.body.evidence.iter().chain(around).any(|evidence| !evidence.personal.is_empty());
    if names && !is_revealed(state, pair.row.position, PEOPLE) {
        masked.push(PEOPLE.to_owned());
    }
    masked
}

/// Whether a field of a pair was revealed in this sitting.
#[must_use]
pub fn is_revealed(state: &State, position: u32, field: &str) -> bool {
    state.review.revealed.contains(&(position, field.to_owned()))
}

/// Both records of a pair in words, fit for a screen: of people only the initials, until the pair's name was revealed.
#[must_use]
pub fn labels(state: &State, row: &PairRow) -> (String, String) {
    let (left, right) = (clean(&row.left_label), clean(&row.right_label));
    if row.kind == EntityKind::Account || is_revealed(state, row.position, "name") {
        return (left, right);
    }
    (initials(&left), initials(&right))
}

/// Asks the log to note that fields of the pair are looked at; they are shown once it has.
pub(super) fn reveal(state: &mut State, records: Vec<RecordKey>, fields: Vec<String>) -> Effect {
    let ticket = state.ticket();
    if let Some(position) = state.review.here() {
        state.review.revealing.push((ticket, position, fields.clone()));
    }
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    Effect::Store(ticket, Write::Reveal { records, fields, reviewer, at })
}
