//! What follows when a worker has answered about pairs and decisions?

use super::{go, log, verdict};
use crate::impact::Tally;
use crate::review::Verdict;
use crate::snapshot::PairRow;
use crate::tui::effect::{Effect, Question, Ticket};
use crate::tui::event::{Changed, Failure, KnownVerdict, Outcome, PairDetail, Stored};
use crate::tui::paged::Paged;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::review::Pending;
use crate::tui::state::{Screen, State};
use crate::tui::words;

/// Takes the decisions of earlier sittings, and starts where they left off.
pub(super) fn decisions(state: &mut State, outcome: Outcome<Vec<KnownVerdict>>) -> Vec<Effect> {
    state.review.decisions_known = true;
    match outcome {
        Ok(known) => {
            for verdict in &known {
                state.review.learn(verdict);
            }
            if state.review.outside.is_none()
                && let Some(index) = state.review.next_open(state.review.list.selected)
            {
                state.review.list.select(index);
                state.review.arrived = true;
            }
            pass_implied(state);
        }
        Err(failure) => state.fail("the decisions cannot be read", &failure),
    }
    super::around::resume(state)
}

pub(super) fn page(state: &mut State, generation: u64, page: usize, rows: Outcome<Vec<PairRow>>) {
    if generation != state.review.generation {
        return;
    }
    match rows {
        Ok(rows) => {
            state.review.list.put(page, rows);
            pass_implied(state);
        }
        Err(failure) => {
            state.review.list.give_up(page);
            state.fail("the queue cannot be read", &failure);
        }
    }
}

pub(super) fn pair(state: &mut State, position: u32, detail: Outcome<Option<Box<PairDetail>>>) {
    match detail {
        Ok(detail) => {
            state.review.hold(position, detail.map(|detail| *detail));
            pass_implied(state);
        }
        Err(failure) => {
            state.review.hold(position, None);
            state.fail("the pair cannot be read", &failure);
        }
    }
}

/// Goes on past pairs that earlier verdicts answer, as long as the cursor came there by itself.
pub(super) fn pass_implied(state: &mut State) {
    while state.review.arrived && state.review.decisions_known {
        let Some(row) = state.review.current().map(|pair| pair.row.clone()) else { return };
        if !state.review.pass_if_implied(&row) {
            return;
        }
        let before = state.review.list.selected;
        verdict::advance(state);
        if state.review.list.selected == before {
            return;
        }
    }
}

/// A pair was looked for: goes there.
pub(super) fn located(state: &mut State, outcome: Outcome<Option<Box<PairRow>>>) {
    match outcome {
        Ok(Some(row)) => {
            if state.screen != Screen::Review {
                state.history.leave(go::here(state));
                state.screen = Screen::Review;
            }
            go::to_position(state, row.position);
        }
        Ok(None) => state.warn("this pair is not part of the last run"),
        Err(failure) => state.fail("the pair cannot be found", &failure),
    }
}

/// A search is done.
pub(super) fn found(state: &mut State, generation: u64, outcome: Outcome<Vec<u32>>) {
    if generation != state.review.generation {
        return;
    }
    match outcome {
        Ok(mut positions) => {
            let Some(typed) = state.review.filter.as_ref().map(|filter| filter.typed.clone()) else { return };
            for word in typed.split_whitespace() {
                if let Some(wanted) = word.strip_prefix("is:") {
                    let review = &state.review;
                    positions.retain(|position| is(review, *position, wanted));
                }
            }
            let here = state.review.here();
            state.review.outside = None;
            state.review.list = Paged::of_length(positions.len());
            if let Some(filter) = &mut state.review.filter {
                filter.positions = Some(positions);
            }
            let index = here.and_then(|position| state.review.index_of(position));
            let first = index.or_else(|| state.review.next_open(0)).unwrap_or(0);
            state.review.list.select(first);
            state.review.arrived = false;
        }
        Err(failure) => state.fail("search", &failure),
    }
}

/// `is:audit` and `is:bridge` are looked up by the search itself; the others depend on what was decided.
fn is(review: &crate::tui::state::review::ReviewState, position: u32, wanted: &str) -> bool {
    let given = review.verdicts.get(&position);
    match wanted {
        "open" => !review.closed.has(position),
        "decided" => given.is_some(),
        "skipped" => review.skipped.contains(&position),
        "disputed" => given.is_some_and(|given| given.disputed),
        "same" | "different" | "unsure" => given.is_some_and(|given| given.verdict.as_str() == wanted),
        _ => true,
    }
}

/// Pairs that touch the entities of a verdict: those it answers are closed.
pub(super) fn touching(state: &mut State, outcome: Outcome<Vec<PairRow>>) {
    let Ok(rows) = outcome else { return };
    let closed = rows.iter().filter(|row| state.review.pass_if_implied(row)).count() as u64;
    if closed > 0 {
        let also = format!("answers {}", words::counted(closed, "more pair", "more pairs"));
        match &mut state.toast {
            Some(toast) if !toast.bad => toast.text = format!("{} · {also}", toast.text),
            _ => state.say(also),
        }
    }
    pass_implied(state);
}

/// Something was written, or not.
pub(super) fn stored(state: &mut State, ticket: Ticket, outcome: Outcome<Stored>) -> Vec<Effect> {
    state.storing.retain(|storing| *storing != ticket);
    let pending = state.review.pending.iter().position(|pending| pending.ticket == ticket);
    let pending = pending.map(|index| state.review.pending.remove(index));
    let mut effects = match outcome {
        Ok(stored) => done(state, ticket, pending, stored),
        Err(failure) => {
            failed(state, ticket, pending, &failure);
            Vec::new()
        }
    };
    log::refresh(state);
    if state.leaving && state.storing.is_empty() {
        effects.push(Effect::Quit);
    }
    effects
}

fn done(state: &mut State, ticket: Ticket, pending: Option<Pending>, stored: Stored) -> Vec<Effect> {
    match stored {
        Stored::Decided => {
            if let Some(Pending { row, verdict: Some(verdict), .. }) = pending {
                return decided(state, row, verdict);
            }
        }
        Stored::Skipped => {
            if let Some(Pending { row, .. }) = pending {
                state.review.skipped.insert(row.position);
                state.review.sitting.skipped += 1;
                state.say("passed over; it comes back at the end");
            }
        }
        Stored::Accepted(place) => {
            state.say(format!("in force from the next run on; written to {}", crate::tui::text::clean(&place)));
        }
        Stored::Batch { rows, verdict } => {
            let count = rows.len() as u64;
            for row in rows {
                let before = state.review.implied.group(&row.left_entity);
                let joins = verdict == Verdict::Same && !before.contains(&row.right_entity);
                let change = Tally { merged: i64::from(joins), ..Tally::default() };
                state.review.sitting.changed(row.position, change);
                learn(state, row, Some(verdict));
            }
            state.review.relearn();
            state.review.sitting.add(verdict, count, state.now);
            state.say(format!("{}: {} · z undoes all of it", verdict, words::counted(count, "pair", "pairs")));
            if state.review.here().is_some_and(|position| state.review.closed.has(position)) {
                verdict::advance(state);
            }
        }
        Stored::Revealed => {
            if let Some(index) = state.review.revealing.iter().position(|(asked, ..)| *asked == ticket) {
                let (_, position, fields) = state.review.revealing.remove(index);
                state.review.revealed.extend(fields.into_iter().map(|field| (position, field)));
                state.say("shown; the log notes that you looked");
            }
            if let Some(index) = state.trace.revealing.iter().position(|(asked, ..)| *asked == ticket) {
                let (_, entity, field) = state.trace.revealing.remove(index);
                state.trace.revealed.insert((entity, field));
                state.say("shown; the log notes that you looked");
            }
        }
        Stored::Undone(None) => state.say("there is nothing to take back"),
        Stored::Redone(None) => state.say("there is nothing to put back"),
        Stored::Undone(Some(changed)) => changed_back(state, &changed, true),
        Stored::Redone(Some(changed)) => changed_back(state, &changed, false),
    }
    Vec::new()
}

fn learn(state: &mut State, row: PairRow, verdict: Option<Verdict>) {
    match verdict {
        Some(verdict) => {
            let reviewer = state.setting.reviewer.clone();
            let drawn = words::has_reason(&row, "audit");
            state.review.learn(&KnownVerdict { row, verdict, reviewer, disputed: false, stale: false, drawn });
        }
        None => state.review.forget(row.position),
    }
}

fn decided(state: &mut State, row: PairRow, verdict: Verdict) -> Vec<Effect> {
    state.review.sitting.add(verdict, 1, state.now);
    let change = super::around::change_of(state, &row, verdict);
    let said = super::around::said_of(&change);
    state.review.sitting.changed(row.position, change);
    let (left, right) = super::masked::labels(state, &row);
    let score = if state.setting.blind {
        format!(" · the score was {} bits, p {:.2}", words::bits(row.weight), row.probability)
    } else {
        String::new()
    };
    let room = usize::from(state.size.0).saturating_sub(48 + score.len() + said.len()) / 2;
    let (left, right) = (crate::tui::text::cut(&left, room.max(12)), crate::tui::text::cut(&right, room.max(12)));
    state.say(format!("{verdict}: {left} | {right}{said}{score}"));
    let entities = (row.left_entity.clone(), row.right_entity.clone());
    learn(state, row, Some(verdict));
    pass_implied(state);
    if state.review.left() == 0 {
        state.say(format!("{verdict}: that was the last one{score}"));
    }
    vec![Effect::Ask(Question::Touching(entities.0, entities.1))]
}

fn changed_back(state: &mut State, changed: &Changed, undone: bool) {
    let count = changed.change.pairs.len() as u64;
    for row in &changed.rows {
        let stands = changed.change.pairs.iter().find(|(pair, _)| *pair == row.key).and_then(|(_, verdict)| *verdict);
        let before = state.review.verdicts.get(&row.position).map(|given| given.verdict);
        if let Some(before) = before.filter(|_| undone) {
            state.review.sitting.take_back(before, 1);
            state.review.sitting.unchanged(row.position);
        }
        learn(state, row.clone(), stands);
    }
    if !undone && let Some((_, Some(verdict))) = changed.change.pairs.first() {
        state.review.sitting.add(*verdict, count, state.now);
    }
    state.review.relearn();
    let what = crate::tui::text::clean(&changed.change.what);
    state.say(if undone { format!("taken back: {what} · Z puts it back") } else { format!("put back: {what}") });
    if state.screen == Screen::Review
        && let Some(row) = changed.rows.first()
    {
        if undone {
            go::to_position(state, row.position);
        } else if state.review.here() == Some(row.position) {
            verdict::advance(state);
        }
    }
}

fn failed(state: &mut State, ticket: Ticket, pending: Option<Pending>, failure: &Failure) {
    state.review.revealing.retain(|(asked, ..)| *asked != ticket);
    state.trace.revealing.retain(|(asked, ..)| *asked != ticket);
    state.leaving = false;
    if let Some(pending) = pending {
        state.review.closed.set(pending.row.position, state.review.verdicts.contains_key(&pending.row.position));
        if state.screen == Screen::Review {
            go::to_position(state, pending.row.position);
        }
        state.overlay = state.overlay.take().filter(|overlay| matches!(overlay, Overlay::Help { .. }));
        state.fail("NOT stored, the pair is still open", failure);
        return;
    }
    state.fail("NOT stored", failure);
}
