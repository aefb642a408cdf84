//! What is the evidence for a cause, and what are its consequences?

use ratatui::layout::Rect;

use super::{severity, state_word};
use crate::drift::cause::Cause;
use crate::drift::finding::Finding;
use crate::drift::impact::amount_words;
use crate::drift::report::{View, sparkline};
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};
use crate::tui::widgets::paint::{Paint, below};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, view: &View, cause: &Cause) {
    let drift = &state.drift;
    let at = drift.finding.min(cause.findings.len() - 1);
    let finding = &cause.findings[at];
    let (word, _) = severity(cause.severity);
    let mut title = format!("{} · {}", word.trim(), text::clean(&cause.title));
    let done = state_word(view, cause);
    if !done.is_empty() {
        title.push_str(&format!(" · {done}"));
    }
    paint.rule(area, 0, &title, true);
    let inside = below(area, 1);
    let width = usize::from(inside.width);
    let mut lines: Vec<(String, Meaning)> = Vec::new();
    if cause.findings.len() > 1 {
        lines.push((format!("finding {} of {} · ← → go through them", at + 1, cause.findings.len()), Meaning::Dim));
    }
    lines.extend(of_finding(finding));
    lines.push((String::new(), Meaning::Text));
    lines.extend(of_impact(finding));
    if cause.findings.len() > 1 {
        lines.push(("all findings of this cause".to_owned(), Meaning::Title));
        for (place, other) in cause.findings.iter().enumerate() {
            let mark = if place == at { "▸" } else { " " };
            lines.push((format!("{mark} {} {}", other.kind.as_str(), text::clean(&other.place())), Meaning::Text));
        }
    }
    if let Some(standing) = view.standing.get(&cause.id) {
        let quiet = standing.until.as_ref().map_or(String::new(), |until| format!(" until {}", text::clean(until)));
        if standing.is_quiet() {
            lines.push((format!("{} by {}{quiet}", standing.state, text::clean(&standing.who)), Meaning::Good));
        }
        lines.extend(standing.notes.iter().map(|note| (format!("note: {}", text::clean(note)), Meaning::Dim)));
    }
    let wrapped: Vec<(String, Meaning)> = lines
        .into_iter()
        .flat_map(|(line, meaning)| {
            let parts = if line.is_empty() { vec![String::new()] } else { text::wrap(&line, width.saturating_sub(2)) };
            parts.into_iter().map(move |part| (part, meaning))
        })
        .collect();
    let height = usize::from(inside.height);
    let scroll = drift.scroll.min(wrapped.len().saturating_sub(height));
    paint.view.list(List::Findings, scroll, height);
    paint.view.hit(inside, Hit::Area(List::Findings));
    for (row, (line, meaning)) in wrapped.into_iter().skip(scroll).take(height).enumerate() {
        let words = vec![paint.say(format!("  {line}"), meaning)];
        paint.line(inside, row, words);
    }
}

fn of_finding(finding: &Finding) -> Vec<(String, Meaning)> {
    let mut lines = vec![(text::clean(&format!("{}  {}", finding.kind.as_str(), finding.place())), Meaning::Title)];
    lines.push((text::clean(&finding.detail), Meaning::Text));
    if !(finding.before.is_empty() && finding.after.is_empty()) {
        let or_none = |value: &str| if value.is_empty() { "nothing".to_owned() } else { text::clean(value) };
        lines.push((format!("before  {}", or_none(&finding.before)), Meaning::Dim));
        lines.push((format!("now     {}", or_none(&finding.after)), Meaning::Text));
    }
    for (what, seen) in &finding.evidence {
        lines.push((text::clean(&format!("{what}: {seen}")), Meaning::Dim));
    }
    if let Some(plot) = &finding.plot {
        lines.push((text::clean(&plot.title), Meaning::Dim));
        lines.push((sparkline(plot), Meaning::Accent));
        if let (Some(first), Some(last)) = (plot.labels.first(), plot.labels.last()) {
            lines.push((text::clean(&format!("{first} … {last}")), Meaning::Dim));
        }
    }
    lines.push((finding.kind.advice().to_owned(), Meaning::Good));
    lines
}

fn of_impact(finding: &Finding) -> Vec<(String, Meaning)> {
    let impact = &finding.impact;
    if impact.is_nothing() {
        return vec![("touches nothing of the joined model".to_owned(), Meaning::Dim)];
    }
    let mut lines = vec![(text::clean(&format!("touches {}", impact.line())), Meaning::Title)];
    for (name, values) in [("means", &impact.concepts), ("fields", &impact.fields), ("plays", &impact.plays)] {
        if !values.is_empty() {
            lines.push((text::clean(&format!("{name}: {}", values.join(", "))), Meaning::Text));
        }
    }
    for (kind, count) in &impact.conflicts {
        lines.push((text::clean(&format!("new conflicts: {count} of {kind}")), Meaning::Text));
    }
    for account in &impact.examples {
        let money = account.arr.zip(account.currency.as_deref());
        let money = money.map_or(String::new(), |(arr, code)| format!("  {}", amount_words(arr, code)));
        lines.push((text::clean(&format!("  {}{money}", account.label)), Meaning::Text));
    }
    lines
}
