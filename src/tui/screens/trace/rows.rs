//! Which rows stand behind a value? What lost, what adds up, the source row as it is now, and why the records belong together.

use super::lineage::{labelled, wrapped};
use crate::tui::backend::TraceView;
use crate::tui::mask::mask;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, Words};
use crate::tui::{text, words};

pub(super) fn lines(paint: &Paint, view: &TraceView, width: usize, hidden: bool, state: &State) -> Vec<Words> {
    let mut lines = Vec::new();
    let value = |said: &str| if hidden { mask(&text::clean(said)) } else { text::clean(said) };
    if let Some(changed) = &view.changed_since_run {
        lines.extend(wrapped(paint, "!", &text::clean(changed), width, Meaning::Warn));
    }
    lines.extend(sum(paint, view, width));
    if !view.losing.is_empty() {
        lines.push(title(paint, "values that lost"));
        for losing in &view.losing {
            let place = format!("{} {}", text::clean(&losing.record.to_string()), text::clean(&losing.column));
            lines.push(labelled(paint, "", text::cut(&value(&losing.value), width.saturating_sub(10)), Meaning::Text));
            lines.push(labelled(paint, "", text::cut_middle(&place, width.saturating_sub(10)), Meaning::Dim));
            let age = losing
                .synced_at
                .as_ref()
                .map_or(String::new(), |at| format!(" · synced {}", words::ago(at, state.now)));
            let why = format!("{}{age}", text::clean(&losing.reason));
            lines.extend(wrapped(paint, "", &why, width, Meaning::Dim));
            if let Some(now) = &losing.now {
                lines.push(labelled(paint, "", format!("now {}", said_now(now, hidden)), Meaning::Warn));
            }
        }
    }
    lines.extend(contributing(paint, view, width, hidden));
    lines.extend(source_row(paint, view, width, hidden));
    lines.extend(super::why::lines(paint, view, width, hidden));
    if !view.links.is_empty() {
        lines.push(title(paint, "records of this entity"));
        for link in &view.links {
            let weight = link.weight.map_or(String::new(), |weight| format!(" {}", words::bits(weight)));
            let why = format!("{}{weight} by {}", text::clean(&link.rule), text::clean(&link.decided_by));
            let room = width.saturating_sub(text::width(&why) + 5);
            lines.push(vec![
                paint.say(
                    format!("  {}  ", text::fit(&text::cut_middle(&text::clean(&link.record.to_string()), room), room)),
                    Meaning::Text,
                ),
                paint.say(why, Meaning::Dim),
            ]);
        }
    }
    lines
}

/// What the source says now, masked like the value.
fn said_now(now: &str, hidden: bool) -> String {
    match (now.is_empty(), hidden) {
        (true, _) => "nothing".to_owned(),
        (false, true) => mask(&text::clean(now)),
        (false, false) => text::clean(now),
    }
}

/// A page of the rows that add up, those that contribute most first.
fn contributing(paint: &Paint, view: &TraceView, width: usize, hidden: bool) -> Vec<Words> {
    if view.contributing.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let value = |said: &str| if hidden { mask(&text::clean(said)) } else { text::clean(said) };
    lines.push(title(paint, &words::counted(view.contributing_total, "row adds up", "rows add up")));
    for row in &view.contributing {
        let amount = text::fit_right(&value(&row.amount), 14);
        let said = format!("{amount}  {} · {}", value(&row.text), text::clean(&row.record.to_string()));
        lines.push(vec![paint.say(format!("  {}", text::cut(&said, width.saturating_sub(2))), Meaning::Text)]);
        if let Some(now) = &row.now {
            let said = format!("                now {}", said_now(now, hidden));
            lines.push(vec![paint.say(text::cut(&said, width), Meaning::Warn)]);
        }
        if !row.related_by.is_empty() && width >= 60 {
            let said = format!("                  {}", text::clean(&row.related_by));
            lines.push(vec![paint.say(text::cut(&said, width), Meaning::Dim)]);
        }
    }
    let shown = view.contributing_offset + view.contributing.len() as u64;
    if view.contributing_offset > 0 || shown < view.contributing_total {
        let page = format!(
            "rows {} to {} of {}, most first · n next · p before",
            words::count(view.contributing_offset + 1),
            words::count(shown.min(view.contributing_total)),
            words::count(view.contributing_total)
        );
        lines.extend(wrapped(paint, "", &page, width, Meaning::Dim));
    }
    lines
}

pub(super) fn title(paint: &Paint, said: &str) -> Words {
    vec![paint.say(format!("  {said}"), Meaning::Title)]
}

/// Whether the rows still add up to the stored number.
fn sum(paint: &Paint, view: &TraceView, width: usize) -> Vec<Words> {
    match (view.sum_matches, &view.sum_now) {
        (Some(true), _) => wrapped(paint, "=", "the rows still add up to it", width, Meaning::Good),
        (Some(false), Some(now)) => {
            let said = format!("the rows add up to {} now, not to the stored value", text::clean(now));
            wrapped(paint, "≠", &said, width, Meaning::Bad)
        }
        _ => Vec::new(),
    }
}

/// The other columns of the source row may hold personal data too: they are shown only with the value itself.
fn source_row(paint: &Paint, view: &TraceView, width: usize, hidden: bool) -> Vec<Words> {
    if view.source_row.is_empty() {
        return Vec::new();
    }
    if hidden {
        return wrapped(paint, "", "the source row is shown once the value is revealed (r)", width, Meaning::Dim);
    }
    let mut lines = vec![title(paint, "the source row now")];
    for (index, (column, value)) in view.source_row.iter().enumerate() {
        let here = view.highlighted == Some(index);
        let (mark, meaning) = if here { ("▸ ", Meaning::Accent) } else { ("  ", Meaning::Text) };
        let room = width.saturating_sub(24);
        lines.push(vec![
            paint.say(format!("{mark}{} ", text::fit(&text::cut_middle(&text::clean(column), 21), 21)), Meaning::Dim),
            paint.say(text::cut(&text::clean(value), room), meaning),
        ]);
    }
    lines
}
