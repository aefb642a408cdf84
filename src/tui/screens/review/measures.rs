//! How good are the matches, and what has this sitting changed?

use ratatui::layout::Rect;

use crate::ident::EntityKind;
use crate::impact::Tally;
use crate::review::estimates::Estimate;
use crate::tui::state::State;
use crate::tui::state::measures::Measured;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, Words};
use crate::tui::{text, words};

/// Columns of a bar that shows a share.
const BAR: usize = 16;

pub(super) fn height(state: &State) -> usize {
    estimates(state).map(|(_, measured)| 2 + measured.strata.len()).sum::<usize>() + 2
}

fn estimates(state: &State) -> impl Iterator<Item = (EntityKind, Measured)> + '_ {
    let kinds = [EntityKind::Account, EntityKind::Person];
    kinds.into_iter().filter_map(|kind| Some((kind, state.review.measures.measured(kind)?)))
}

/// Everything: the total of the sitting, and for each kind the estimates with the strata behind them.
pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let mut row = 0;
    for line in totals(paint, state) {
        paint.line(area, row, line);
        row += 1;
    }
    for (kind, measured) in estimates(state) {
        for line in kind_lines(paint, kind, &measured) {
            paint.line(area, row, line);
            row += 1;
        }
        for (stratum, population, drawn, checked, same) in &measured.strata {
            let said = format!(
                "    {} {} pairs · {checked} of {drawn} drawn answered · {same} same",
                text::fit(stratum, 20),
                text::fit_right(&words::count(*population), 9)
            );
            let line = vec![paint.say(said, Meaning::Dim)];
            paint.line(area, row, line);
            row += 1;
        }
    }
    if row == 0 {
        let line = vec![paint.say("  the run drew no sample", Meaning::Dim)];
        paint.line(area, row, line);
    }
}

/// Precision and recall of a kind.
fn kind_lines(paint: &Paint, kind: EntityKind, measured: &Measured) -> Vec<Words> {
    let many = if kind == EntityKind::Person { "people" } else { "accounts" };
    let (checked, drawn) = measured.checked;
    let mut lines = Vec::new();
    for (name, estimate) in [("precision", measured.precision), ("recall", measured.recall)] {
        let label = format!("  {} {}", text::fit(many, 9), text::fit(name, 10));
        let mut line = vec![paint.say(label, Meaning::Text)];
        match estimate {
            Some(estimate) => line.extend(share(paint, estimate)),
            None => {
                let missing = measured
                    .missing
                    .map_or("no true match seen yet".to_owned(), |missing| format!("after an answer in: {missing}"));
                line.push(paint.say(format!("–  {missing}"), Meaning::Dim));
            }
        }
        if name == "precision" {
            line.push(paint.say(format!("  {checked}/{drawn} ◦"), Meaning::Dim));
        }
        lines.push(line);
    }
    lines
}

/// A share with its interval, as numbers and as a bar.
fn share(paint: &Paint, estimate: Estimate) -> Words {
    let place = |share: f64| ((share * BAR as f64).round() as usize).min(BAR);
    let (low, high) = (place(estimate.low), place(estimate.high).max(place(estimate.low) + 1).min(BAR));
    let low = low.min(high.saturating_sub(1));
    let bar = format!("{}{}{}", "·".repeat(low), "━".repeat(high - low), "·".repeat(BAR - high));
    vec![
        paint.say(format!("{:>5.1}% ", estimate.value * 100.0), Meaning::Title),
        paint.say(bar, Meaning::Accent),
        paint.say(format!(" {:.1}–{:.1}%", estimate.low * 100.0, estimate.high * 100.0), Meaning::Dim),
    ]
}

/// The sitting: how far, how fast, and what it changed.
pub(super) fn totals(paint: &Paint, state: &State) -> Vec<Words> {
    let sitting = &state.review.sitting;
    let mut first = vec![paint.say("  sitting   ", Meaning::Text)];
    let mut said = vec![words::counted(sitting.decided, "verdict", "verdicts")];
    if let Some(goal) = sitting.goal {
        said[0] = format!("{} of {}", words::count(sitting.decided), words::counted(goal, "verdict", "verdicts"));
    }
    if let Some(pace) = sitting.per_minute() {
        said.push(format!("{pace:.1} a minute"));
    }
    first.push(paint.say(said.join(" · "), Meaning::Title));
    let changed = changed(&sitting.tally);
    let changed = if changed.is_empty() { "nothing has changed yet".to_owned() } else { changed.join(" · ") };
    vec![first, vec![paint.say("  changed   ", Meaning::Text), paint.say(changed, Meaning::Good)]]
}

/// A running total in words.
pub(super) fn changed(tally: &Tally) -> Vec<String> {
    let mut said = Vec::new();
    let mut add = |count: i64, one: &str, many: &str| {
        if count > 0 {
            said.push(words::counted(count.unsigned_abs(), one, many));
        }
    };
    add(tally.merged, "entity merged", "entities merged");
    add(tally.split, "split", "splits");
    add(tally.closed, "conflict closed", "conflicts closed");
    add(tally.opened, "opened", "opened");
    add(tally.owners, "owner to settle", "owners to settle");
    add(tally.plays, "play output moved", "play outputs moved");
    for (currency, amount) in &tally.revenue {
        said.push(format!("{} joined", words::money(*amount, Some(currency))));
    }
    said
}
