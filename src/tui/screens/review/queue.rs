//! The queue: which pairs wait, which are answered?

use ratatui::layout::Rect;

use crate::review::Verdict;
use crate::snapshot::PairRow;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::update::masked::labels;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let review = &state.review;
    let place = list::place(review.list.selected, review.list.len());
    let title = match &review.filter {
        Some(filter) => format!("{place} matching {}", text::clean(&filter.typed)),
        None => format!("queue {place}"),
    };
    paint.rule(area, 0, &title, false);
    let rows = below(area, 1);
    let view = ListView {
        list: List::Pairs,
        offset: review.list.offset,
        selected: review.list.selected,
        total: review.list.len(),
        focused: review.outside.is_none(),
    };
    let width = usize::from(area.width).saturating_sub(2);
    list::draw(paint, rows, &view, |paint, index| {
        let row = review.list.get(index)?;
        let (sign, meaning) = sign(state, row);
        let money = row.money.map_or(String::new(), |amount| words::money(amount, row.currency.as_deref()));
        let names = width.saturating_sub(3 + 10 + 3) / 2;
        let (left, right) = labels(state, row);
        Some(vec![
            paint.say(format!("{sign} "), meaning),
            paint.say(text::fit(&left, names), Meaning::Text),
            paint.say(" | ", Meaning::Border),
            paint.say(text::fit(&right, names), Meaning::Text),
            paint.say(text::fit_right(&money, 10), Meaning::Dim),
        ])
    });
}

/// How a pair stands, in one sign.
pub(super) fn sign(state: &State, row: &PairRow) -> (&'static str, Meaning) {
    let review = &state.review;
    if review.pending.iter().any(|pending| pending.row.position == row.position) {
        return ("…", Meaning::Warn);
    }
    if let Some(given) = review.verdicts.get(&row.position) {
        return match given.verdict {
            _ if given.disputed => ("!", Meaning::Bad),
            _ if given.stale => ("↻", Meaning::Warn),
            verdict => verdict_sign(verdict),
        };
    }
    if review.skipped.contains(&row.position) {
        return ("–", Meaning::Dim);
    }
    if review.implied_for(row).is_some() {
        return ("∵", Meaning::Dim);
    }
    reason_sign(row)
}

/// Why a pair is asked, in one sign.
pub(super) fn reason_sign(row: &PairRow) -> (&'static str, Meaning) {
    let has = |reason| words::has_reason(row, reason);
    match () {
        () if has("reopened") => ("↻", Meaning::Warn),
        () if has("bridge") => ("⋈", Meaning::Warn),
        () if has("audit") => ("◦", Meaning::Accent),
        () => ("·", Meaning::Dim),
    }
}

/// A verdict in one sign.
pub(super) fn verdict_sign(verdict: Verdict) -> (&'static str, Meaning) {
    match verdict {
        Verdict::Same => ("=", Meaning::Good),
        Verdict::Different => ("≠", Meaning::Bad),
        Verdict::Unsure => ("?", Meaning::Warn),
        Verdict::ChildOf { .. } => ("⊂", Meaning::Good),
        Verdict::BillsFor { .. } => ("$", Meaning::Good),
        Verdict::SuccessorOf { .. } => ("→", Meaning::Good),
    }
}
