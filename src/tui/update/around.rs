//! What follows when the surroundings of a pair are known, and how does a sitting go on where it stopped?

use super::{review_answer, search};
use crate::impact::Tally;
use crate::review::Verdict;
use crate::snapshot::PairRow;
use crate::tui::effect::{Effect, Question};
use crate::tui::event::{Around, Outcome, Past};
use crate::tui::state::State;
use crate::tui::words;

/// Keeps what stands around a pair.
pub(super) fn found(state: &mut State, position: u32, outcome: Outcome<Option<Box<Around>>>) {
    match outcome {
        Ok(Some(around)) => state.review.hold_around(position, *around),
        Ok(None) => state.review.asking.retain(|asked| *asked != position),
        Err(failure) => {
            // Kept as empty, or it would be asked for again at once.
            let question = state.review.detail(position).map(|pair| pair.row.clone());
            let question = question.map(|row| state.review.around_question(&row)).unwrap_or_default();
            state.review.hold_around(position, Around { question, ..Around::default() });
            state.fail("what stands around the pair cannot be read", &failure);
        }
    }
}

/// What a verdict on a pair changes, as far as it was worked out.
#[must_use]
pub fn change_of(state: &State, row: &PairRow, verdict: Verdict) -> Tally {
    let Some(around) = state.review.around_of(row) else {
        // Not at hand: at least two entities are known to become one.
        let merged =
            verdict == Verdict::Same && state.review.implied_for(row).is_none() && row.left_entity != row.right_entity;
        return Tally { merged: i64::from(merged), ..Tally::default() };
    };
    match verdict {
        Verdict::Unsure => Tally::default(),
        Verdict::Same => Tally::of(&around.blast.same),
        _ => Tally::of(&around.blast.apart),
    }
}

/// A change in a few words, to follow a verdict.
#[must_use]
pub fn said_of(change: &Tally) -> String {
    let mut said = String::new();
    let mut add = |count: i64, one: &str, many: &str| {
        if count != 0 {
            said.push_str(&format!(" · {}", words::counted(count.unsigned_abs(), one, many)));
        }
    };
    add(change.split, "entity splits", "entities split");
    add(change.closed, "conflict closes", "conflicts close");
    add(change.opened, "conflict opens", "conflicts open");
    said
}

/// Goes on where the last sitting stopped: first the filter, then the pair.
pub(super) fn resume(state: &mut State) -> Vec<Effect> {
    let memory = state.remembered.clone().unwrap_or_default();
    let Some(pair) = state.review.resuming.clone() else { return Vec::new() };
    let mut effects = Vec::new();
    if !memory.filter.trim().is_empty() && state.review.filter.is_none() {
        effects.extend(search::pairs(state, &memory.filter));
    }
    effects.push(Effect::Ask(Question::Resume(pair)));
    effects
}

/// The pair where the last sitting stopped is found, or gone.
pub(super) fn resumed(state: &mut State, outcome: Outcome<Option<Box<PairRow>>>) {
    let review = &mut state.review;
    if review.resuming.take().is_none() {
        return;
    }
    let Ok(Some(row)) = outcome else { return };
    // Somebody may have answered it meanwhile.
    if !review.closed.has(row.position)
        && review.outside.is_none()
        && let Some(index) = review.index_of(row.position)
    {
        review.list.select(index);
        review.arrived = true;
        review_answer::pass_implied(state);
    }
}

/// Takes over what was done before the program was last started, when the sitting goes on.
pub(super) fn sitting(state: &mut State, outcome: Outcome<Vec<Past>>) {
    let past = match outcome {
        Ok(past) => past,
        Err(failure) => {
            state.fail("the sitting so far cannot be read", &failure);
            return;
        }
    };
    let mut place = 0;
    while let Some(first) = past.get(place) {
        // A batch is one act.
        let same = |other: &&Past| !first.batch.is_empty() && other.batch == first.batch;
        let count = past[place..].iter().take_while(same).count().max(1);
        for one in &past[place..place + count] {
            if one.verdict.is_some() {
                state.review.sitting.changed(one.position, one.change.clone());
            }
        }
        match first.verdict {
            Some(verdict) => state.review.sitting.add(verdict, count as u64, first.at),
            None => {
                state.review.sitting.skipped += 1;
                pass_over(state, first.position);
            }
        }
        place += count;
    }
}

/// A pair that was passed over comes back at the end, also after a restart.
fn pass_over(state: &mut State, position: u32) {
    let review = &mut state.review;
    if position < review.queue_length && !review.closed.has(position) {
        review.closed.set(position, true);
        review.skipped.insert(position);
    }
    if review.decisions_known
        && review.here() == Some(position)
        && let Some(index) = review.next_open(review.list.selected)
    {
        review.list.select(index);
    }
}
