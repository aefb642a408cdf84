//! How do the queue, the pair, and what speaks for and against share one screen?

mod bars;
mod evidence;
mod fields;
mod impact;
mod pair_head;
mod queue;

pub use bars::{Step, steps, tenths};
use ratatui::layout::Rect;

use super::empty;
use crate::tui::state::State;
use crate::tui::state::review::Panel;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, below, beside, first};
use crate::tui::words;

/// From so many columns on, the queue stands beside the pair.
const WIDE: u16 = 118;

/// From so many rows of the body on, all panels are shown at once.
const HIGH: u16 = 34;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let review = &state.review;
    if review.outside.is_none() && review.list.is_empty() {
        nothing(paint, area, state);
        return;
    }
    let with_list = area.width >= WIDE && !review.hide_list;
    let pair = if with_list {
        let (list, pair) = beside(area, usize::from(area.width) * 2 / 7);
        queue::draw(paint, list, state);
        paint.edge(Rect { x: pair.x.saturating_sub(1), width: 1, ..pair });
        Rect { x: pair.x + 1, width: pair.width - 1, ..pair }
    } else {
        // The page keys move by what a list would show.
        paint.view.list(crate::tui::view::List::Pairs, review.list.selected, usize::from(area.height));
        area
    };
    let Some(detail) = review.current() else {
        let words = vec![paint.say("…", Meaning::Dim)];
        paint.line(pair, 0, words);
        return;
    };
    let used = pair_head::draw(paint, pair, state, detail);
    let rest = below(pair, used);
    let wanted = fields::height(detail);
    if rest.height >= HIGH.saturating_sub(3) {
        all_panels(paint, rest, state, detail, wanted);
        return;
    }
    let panel = match review.panel {
        Panel::Waterfall => bars::height(detail, state),
        Panel::Evidence => evidence::height(detail),
        Panel::Effect => impact::HEIGHT,
    };
    let panel = (panel + 1).min(usize::from(rest.height).saturating_sub(6)).max(6);
    let fields = usize::from(rest.height).saturating_sub(panel).min(wanted + 1);
    fields::draw(paint, first(rest, fields), state, detail);
    one_panel(paint, below(rest, fields), state, detail, review.panel);
}

fn one_panel(paint: &mut Paint, area: Rect, state: &State, detail: &crate::tui::event::PairDetail, panel: Panel) {
    match panel {
        Panel::Waterfall => bars::draw(paint, area, state, detail),
        Panel::Evidence => evidence::draw(paint, area, detail),
        Panel::Effect => impact::draw(paint, area, detail),
    }
}

fn all_panels(paint: &mut Paint, area: Rect, state: &State, detail: &crate::tui::event::PairDetail, wanted: usize) {
    let fields = (wanted + 2).min(usize::from(area.height) / 2);
    fields::draw(paint, first(area, fields), state, detail);
    let rest = below(area, fields);
    let bars = (bars::height(detail, state) + 2).min(usize::from(rest.height) / 2);
    bars::draw(paint, first(rest, bars), state, detail);
    let rest = below(rest, bars);
    let (left, right) = beside(rest, usize::from(rest.width) / 2 - 1);
    evidence::draw(paint, left, detail);
    impact::draw(paint, right, detail);
}

fn nothing(paint: &mut Paint, area: Rect, state: &State) {
    let review = &state.review;
    if let Some(filter) = &review.filter {
        let what = if filter.positions.is_none() { "looking …" } else { "No pair matches the filter." };
        empty::message(
            paint,
            area,
            &format!("{what}  / {}", crate::tui::text::clean(&filter.typed)),
            &["esc clears it"],
        );
        return;
    }
    empty::message(
        paint,
        area,
        "Nothing to review: the last run left no pair to ask about.",
        &[
            "the map (1) shows where sources disagree",
            "the log (4) shows what was decided",
            "`fourfold run` resolves anew",
        ],
    );
}

/// How the queue stands when every pair is answered.
pub(crate) fn is_done(state: &State) -> Option<String> {
    let review = &state.review;
    (review.decisions_known && review.left() == 0 && review.queue_length > 0).then(|| {
        format!(
            "All {} answered. The next `fourfold run` takes them into the graph.",
            words::counted(u64::from(review.queue_length), "pair is", "pairs are")
        )
    })
}
