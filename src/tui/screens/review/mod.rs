//! How do the queue, the pair, and what speaks for and against share one screen?

mod bars;
mod evidence;
mod fields;
mod impact;
mod measures;
mod pair_head;
mod prior;
mod queue;

pub use bars::{Step, steps, tenths};
use ratatui::layout::Rect;

use super::empty;
use crate::tui::command::find;
use crate::tui::event::PairDetail;
use crate::tui::state::State;
use crate::tui::state::review::Panel;
use crate::tui::theme::Meaning;
use crate::tui::view::Hit;
use crate::tui::widgets::paint::{Paint, below, beside, first};
use crate::tui::{text, words};

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
    if rest.height >= HIGH.saturating_sub(3) {
        all_panels(paint, rest, state, detail);
        return;
    }
    let wanted = fields::height(detail);
    let panel = panel_height(state, detail, review.panel, rest.width);
    let panel = (panel + 1).min(usize::from(rest.height).saturating_sub(6)).max(6);
    let fields = usize::from(rest.height).saturating_sub(panel).min(wanted + 1);
    fields::draw(paint, first(rest, fields), state, detail);
    let area = below(rest, fields);
    tabs(paint, area, state, detail);
    one_panel(paint, below(area, 1), state, detail, review.panel);
}

/// The panels with the commands that show them.
const PANELS: [(Panel, &str, &str); 5] = [
    (Panel::Waterfall, "waterfall", "weights"),
    (Panel::Evidence, "evidence", "evidence"),
    (Panel::Effect, "effect", "effect"),
    (Panel::Prior, "prior", "prior"),
    (Panel::Measures, "measures", "measures"),
];

/// The panels by their names, the one that is shown standing out, with how much there is to see in the others.
fn tabs(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let mut words = vec![paint.say("─", Meaning::Border)];
    let mut used = 1;
    for (panel, command, name) in PANELS {
        let count = match panel {
            Panel::Evidence => Some(evidence::known(state, detail).len()),
            Panel::Prior => prior::count(state, detail),
            _ => None,
        };
        let count = count.filter(|count| *count > 0).map_or(String::new(), |count| format!(" {count}"));
        let key = find(command).map_or("", |command| state.keymap.label(command));
        let here = panel == state.review.panel;
        let (before, after) = if here { ("[", "]") } else { (" ", " ") };
        let width = text::width(key) + text::width(name) + text::width(&count) + 3;
        let place = Rect { x: area.x + used as u16, height: 1, width: width as u16, ..area };
        paint.view.hit(place, Hit::Command(command));
        used += width + 1;
        let meaning = if here { Meaning::Accent } else { Meaning::Dim };
        words.extend([
            paint.say(before, meaning),
            paint.say(key.to_owned(), Meaning::Key),
            paint.say(format!(" {name}{count}{after}"), meaning),
            paint.say("─", Meaning::Border),
        ]);
    }
    words.push(paint.say("─".repeat(usize::from(area.width).saturating_sub(used)), Meaning::Border));
    paint.line(area, 0, words);
}

fn panel_height(state: &State, detail: &PairDetail, panel: Panel, width: u16) -> usize {
    match panel {
        Panel::Waterfall => bars::height(detail, state),
        Panel::Evidence => evidence::height(state, detail, width),
        Panel::Effect => impact::height(state, detail, width),
        Panel::Prior => prior::height(state, detail),
        Panel::Measures => measures::height(state),
    }
}

fn one_panel(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail, panel: Panel) {
    match panel {
        Panel::Waterfall => bars::draw(paint, area, state, detail),
        Panel::Evidence => evidence::draw(paint, area, state, detail),
        Panel::Effect => impact::draw(paint, area, state, detail),
        Panel::Prior => prior::draw(paint, area, state, detail),
        Panel::Measures => measures::draw(paint, area, state),
    }
}

/// Everything at once: fields, the bars, evidence beside the effect, and what was decided or measured below.
fn all_panels(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let height = usize::from(area.height);
    let fields = (fields::height(detail) + 2).min(height * 2 / 5);
    fields::draw(paint, first(area, fields), state, detail);
    let rest = below(area, fields);
    let bars = (bars::height(detail, state) + 2).min(usize::from(rest.height) * 2 / 5);
    paint.rule(rest, 0, "weights: bits for (█) and against (░) one entity", false);
    bars::draw(paint, below(first(rest, bars), 1), state, detail);
    let rest = below(rest, bars);
    let half = usize::from(rest.width) / 2 - 1;
    let narrow = half as u16;
    let middle = evidence::height(state, detail, narrow).max(impact::height(state, detail, narrow)) + 2;
    let middle = middle.min(usize::from(rest.height).saturating_sub(5)).max(6);
    let (left, right) = beside(first(rest, middle), half);
    paint.rule(left, 0, "evidence: for (+) and against (−)", false);
    evidence::draw(paint, below(left, 1), state, detail);
    paint.rule(right, 0, "effect of your verdict", false);
    impact::draw(paint, below(right, 1), state, detail);
    let rest = below(rest, middle);
    let (left, right) = beside(rest, half);
    paint.rule(left, 0, "earlier verdicts that bear on it", false);
    prior::draw(paint, below(left, 1), state, detail);
    paint.rule(right, 0, "measures: precision and recall, 95 %", false);
    measures::draw(paint, below(right, 1), state);
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
            "the log (6) shows what was decided",
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
