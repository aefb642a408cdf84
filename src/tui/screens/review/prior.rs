//! Which earlier verdicts bear on the pair?

use ratatui::layout::Rect;

use super::queue::verdict_sign;
use crate::tui::event::{Around, PairDetail, Prior};
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::update::masked::labels;
use crate::tui::widgets::paint::{Paint, Words};
use crate::tui::{text, words};

fn known<'a>(state: &'a State, detail: &PairDetail) -> Option<&'a Around> {
    state.review.around_of(&detail.row)
}

/// How many there are, for the title; None while they are looked for.
pub(super) fn count(state: &State, detail: &PairDetail) -> Option<usize> {
    known(state, detail).map(|around| {
        let own = around.prior.iter().filter(|prior| prior.own).count();
        own + around.question.prior_total.max(around.prior.len() - own)
    })
}

pub(super) fn height(state: &State, detail: &PairDetail) -> usize {
    known(state, detail).map_or(1, |around| around.prior.len().max(1))
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let Some(around) = known(state, detail) else {
        let words = vec![paint.say("  looking …", Meaning::Dim)];
        paint.line(area, 0, words);
        return;
    };
    if around.prior.is_empty() {
        let words = vec![paint.say("  nobody has decided on these records or entities yet", Meaning::Dim)];
        paint.line(area, 0, words);
        return;
    }
    let width = usize::from(area.width);
    for (row, prior) in around.prior.iter().enumerate() {
        let words = line(paint, state, prior, width);
        paint.line(area, row, words);
    }
}

fn line(paint: &Paint, state: &State, prior: &Prior, width: usize) -> Words {
    let (sign, meaning) = if prior.undone { ("↶", Meaning::Dim) } else { verdict_sign(prior.verdict) };
    let when = words::ago_of(prior.at, state.now);
    let what = if prior.own {
        format!("this pair: {}{}", prior.verdict, if prior.undone { ", taken back" } else { "" })
    } else {
        let (left, right) = labels(state, &prior.row);
        format!("{left} | {right}")
    };
    let note = prior.note.as_ref().map_or(String::new(), |note| format!(" “{}”", text::clean(note)));
    let who = format!("{} · {when}", text::clean(&prior.reviewer));
    let room = width.saturating_sub(4 + 26);
    vec![
        paint.say(format!("  {sign} "), meaning),
        paint.say(text::fit(&format!("{what}{note}"), room), if prior.undone { Meaning::Dim } else { Meaning::Text }),
        paint.say(text::fit_right(&text::cut(&who, 26), 26), Meaning::Dim),
    ]
}
