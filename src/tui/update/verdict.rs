//! What does a verdict do, and what does taking it back do?

use crate::resolve::graph::ComparedField;
use crate::review::{NewDecision, Side, Stratum, Verdict};
use crate::snapshot::PairBody;
use crate::tui::effect::{Effect, Write};
use crate::tui::event::PairDetail;
use crate::tui::state::State;
use crate::tui::state::history::Place;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::review::Pending;

/// One entity.
pub fn same(state: &mut State) -> Vec<Effect> {
    decide(state, Verdict::Same)
}

/// Two entities.
pub fn different(state: &mut State) -> Vec<Effect> {
    decide(state, Verdict::Different)
}

/// Cannot tell.
pub fn unsure(state: &mut State) -> Vec<Effect> {
    decide(state, Verdict::Unsure)
}

/// One belongs to the other: which?
pub fn child_of(state: &mut State) -> Vec<Effect> {
    let of = |child| Verdict::ChildOf { child };
    ask(state, of(Side::Left), of(Side::Right), "Which one is the child?")
}

/// One pays for the other: which?
pub fn bills_for(state: &mut State) -> Vec<Effect> {
    let of = |payer| Verdict::BillsFor { payer };
    ask(state, of(Side::Left), of(Side::Right), "Which one pays?")
}

/// One took the place of the other: which?
pub fn successor_of(state: &mut State) -> Vec<Effect> {
    let of = |successor| Verdict::SuccessorOf { successor };
    ask(state, of(Side::Left), of(Side::Right), "Which one came later?")
}

fn ask(state: &mut State, left: Verdict, right: Verdict, question: &'static str) -> Vec<Effect> {
    state.overlay = Some(Overlay::Direction { left, right, question });
    Vec::new()
}

/// Sends a verdict on the pair that is looked at on its way to disk, and goes on to the next pair.
pub(super) fn decide(state: &mut State, verdict: Verdict) -> Vec<Effect> {
    let Some(pair) = state.review.current().cloned() else { return Vec::new() };
    let mut decision =
        NewDecision::new(pair.row.key.clone(), pair.row.kind, verdict, state.setting.reviewer.clone(), state.now);
    decision.fields = compared(&pair);
    decision.weight_shown = (!state.setting.blind).then_some(pair.row.weight);
    decision.stratum = stratum(&pair.row.reason);
    decision.rule = plain_rule(&pair.row.rule);
    decision.settles = state.review.verdicts.get(&pair.row.position).is_some_and(|given| given.disputed);
    if let Some((_, note)) = state.review.note.take_if(|(position, _)| *position == pair.row.position) {
        decision.note = Some(note);
    }
    let ticket = state.ticket();
    pass(state, &pair, ticket, Some(verdict));
    vec![Effect::Store(ticket, Write::Decide(Box::new(decision)))]
}

/// Passes over the pair that is looked at.
pub fn skip(state: &mut State) -> Vec<Effect> {
    let Some(pair) = state.review.current().cloned() else { return Vec::new() };
    let ticket = state.ticket();
    pass(state, &pair, ticket, None);
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Skip { pair: pair.row.key, reviewer, at })]
}

fn pass(state: &mut State, pair: &PairDetail, ticket: u64, verdict: Option<Verdict>) {
    let position = pair.row.position;
    state.history.leave(Place::Pair(position));
    state.review.pending.push(Pending { ticket, row: pair.row.clone(), verdict });
    state.review.closed.set(position, true);
    // A pair that was passed over before is now decided, or passed over again.
    state.review.skipped.remove(&position);
    state.review.passed_implied.remove(&position);
    advance(state);
}

/// Goes on to the next open pair, and to those passed over when no other is left.
pub(super) fn advance(state: &mut State) {
    let review = &mut state.review;
    review.field = 0;
    let from = if review.outside.take().is_some() { review.list.selected } else { review.list.selected + 1 };
    let next = review.next_open(from).or_else(|| {
        for position in review.skipped.drain() {
            review.closed.set(position, false);
        }
        review.next_open(0)
    });
    if let Some(index) = next {
        review.list.select(index);
        review.arrived = true;
    }
}

/// Takes back the latest verdict.
pub fn undo(state: &mut State) -> Vec<Effect> {
    let ticket = state.ticket();
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Undo { target: None, reviewer, at })]
}

/// Puts the latest undone verdict back.
pub fn redo(state: &mut State) -> Vec<Effect> {
    let ticket = state.ticket();
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Redo { reviewer, at })]
}

/// The fields that the verdict rests on: those that were compared, or all when none of them bears a bar's name.
#[must_use]
pub fn compared(pair: &PairDetail) -> Vec<ComparedField> {
    compared_fields(&pair.body)
}

/// As [`compared`], from what lies behind the pair.
#[must_use]
pub fn compared_fields(body: &PairBody) -> Vec<ComparedField> {
    let weighed = |name: &str| body.waterfall.bars.iter().any(|bar| bar.comparison == name);
    let any = body.fields.iter().any(|field| weighed(&field.field));
    body.fields.iter().filter(|field| !any || weighed(&field.field)).cloned().collect()
}

/// Pairs drawn at random carry the estimates.
#[must_use]
pub fn stratum(reason: &str) -> Stratum {
    if reason.split('+').any(|known| known == "audit") { Stratum::Audit } else { Stratum::Queue }
}

/// The rule as the log takes it: without control characters.
#[must_use]
pub fn plain_rule(rule: &str) -> Option<String> {
    let plain: String = rule.chars().filter(|character| !character.is_control()).collect();
    (!plain.is_empty()).then_some(plain)
}
