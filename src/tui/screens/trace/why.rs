//! Why are the records one entity, who disagrees about the field, and what does it feed?

use super::lineage::wrapped;
use super::rows::title;
use crate::model::trace::TracedPair;
use crate::tui::backend::TraceView;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, Words};
use crate::tui::{text, words};

/// Cells of the longest bar.
const LONGEST: f64 = 20.0;

pub(super) fn lines(paint: &Paint, view: &TraceView, width: usize, hidden: bool) -> Vec<Words> {
    let mut lines = Vec::new();
    if !view.conflicts.is_empty() {
        lines.push(title(paint, "conflicts about it"));
    }
    for conflict in &view.conflicts {
        let money = conflict
            .money_at_stake
            .map_or(String::new(), |money| format!(" · {}", words::money(money, conflict.currency.as_deref())));
        // What it says may name what is masked.
        let detail = if hidden { String::new() } else { format!(" · {}", text::clean(&conflict.detail)) };
        let said = format!("{} · {}{money}{detail}", conflict.kind, conflict.severity);
        lines.extend(wrapped(paint, "", &said, width, Meaning::Warn));
    }
    if !view.made_of.is_empty() {
        lines.push(title(paint, "made of (F goes there)"));
        lines.extend(wrapped(paint, "", &view.made_of.join(", "), width, Meaning::Text));
    }
    if !view.feeds.is_empty() {
        lines.push(title(paint, "feeds (f goes to the first field)"));
    }
    for feed in &view.feeds {
        let detail = if feed.detail.is_empty() { String::new() } else { format!(" · {}", text::clean(&feed.detail)) };
        let said = format!("{}{detail}", text::clean(&feed.name));
        lines.extend(wrapped(paint, &text::clean(&feed.kind), &said, width, Meaning::Text));
    }
    let winner = view.winner.as_ref().map(|winner| winner.record.to_string());
    let about: Vec<&TracedPair> = view
        .pairs
        .iter()
        .filter(|pair| winner.as_ref().is_none_or(|winner| pair.left == *winner || pair.right == *winner))
        .collect();
    if !about.is_empty() {
        lines.push(title(paint, "why its records are one entity"));
    }
    for pair in about {
        lines.extend(one_pair(paint, pair, winner.as_deref(), width));
    }
    lines
}

/// Two records with the bars that sum to their weight, and the decision of a person.
fn one_pair(paint: &Paint, pair: &TracedPair, winner: Option<&str>, width: usize) -> Vec<Words> {
    let mut lines = Vec::new();
    let names = match winner {
        Some(winner) if pair.left == winner => pair.right.clone(),
        Some(winner) if pair.right == winner => pair.left.clone(),
        _ => format!("{} with {}", pair.left, pair.right),
    };
    let room = width.saturating_sub(10);
    lines.push(super::lineage::labelled(paint, "with", text::cut_middle(&text::clean(&names), room), Meaning::Text));
    let said = format!("{} by {} · {} bits", pair.status, text::clean(&pair.rule), words::bits(pair.weight));
    lines.extend(wrapped(paint, "", &said, width, Meaning::Dim));
    let greatest = pair.waterfall.bars.iter().map(|bar| bar.weight.abs()).fold(1.0, f64::max);
    // Comparisons that say nothing would only take lines from those that do.
    for bar in pair.waterfall.bars.iter().filter(|bar| bar.weight.abs() >= 0.05) {
        let cells = (bar.weight.abs() / greatest * LONGEST).round() as usize;
        let drawn = if bar.weight < 0.0 { "░".repeat(cells) } else { "█".repeat(cells) };
        let name = text::fit(&format!("{} {}", text::clean(&bar.comparison), text::clean(&bar.level)), 26);
        let weight = text::fit_right(&words::bits(bar.weight), 6);
        let meaning = if bar.weight < 0.0 { Meaning::Bad } else { Meaning::Good };
        lines.push(vec![
            paint.say(format!("          {name} {weight} "), Meaning::Dim),
            paint.say(text::cut(&drawn, width.saturating_sub(44).max(1)), meaning),
        ]);
    }
    if let Some(decision) = &pair.decision {
        lines.extend(wrapped(paint, "decided", &text::clean(decision), width, Meaning::Accent));
    }
    lines
}
