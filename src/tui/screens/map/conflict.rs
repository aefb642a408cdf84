//! What is one conflict about: both sides, their rows, the money, what to do?

use ratatui::layout::Rect;

use super::kinds::severity;
use crate::chart::conflict::{Conflict, Side};
use crate::chart::standing::Ledger;
use crate::tui::diff::{Segment, difference};
use crate::tui::state::State;
use crate::tui::state::map::MapState;
use crate::tui::theme::Meaning;
use crate::tui::widgets::list::place;
use crate::tui::widgets::paint::{Paint, beside, shrink};
use crate::tui::widgets::value::{Column, lines};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let Some(row) = map.conflicts.current() else {
        let words = vec![paint.say("…", Meaning::Dim)];
        paint.line(area, 0, words);
        return;
    };
    let conflict = &row.conflict;
    let title = format!(
        "{} {}",
        text::clean(&conflict.kind).replace('_', " "),
        place(map.conflicts.selected, map.conflicts.len())
    );
    paint.rule(area, 0, &title, true);
    let (word, meaning) = severity(conflict.severity);
    let about = if row.label.is_empty() { String::new() } else { format!("{} · ", text::clean(&row.label)) };
    let head = vec![
        paint.say(format!("{word}  "), meaning),
        paint.say(about, Meaning::Title),
        paint.say(text::clean(&conflict.field), Meaning::Text),
        paint.say(format!(" · {}", status(map, conflict)), Meaning::Dim),
    ];
    let stake = conflict.money_at_stake.map(|sum| words::money(sum, conflict.currency.as_deref()));
    let right = stake.map(|stake| vec![paint.say(format!("{stake} at stake"), Meaning::Title)]);
    paint.line_both(area, 1, head, right.unwrap_or_default());
    let mut at = paint.prose(area, 3, &text::clean(&conflict.detail), Meaning::Text) + 1;
    at = sides(paint, area, at, conflict.side_a.as_ref(), conflict.side_b.as_ref()) + 1;
    if let Some(words) = map.words_of(&conflict.kind) {
        paint.rule(area, at, "what to do", false);
        at = paint.prose(shrink(area, 2, 0), at + 1, &text::clean(&words.action), Meaning::Text) + 1;
    }
    at = said(paint, area, at, &map.ledger(conflict));
    if conflict.entity.is_some() {
        let next = "next: t traces the field to its rows, r reviews its pairs, j and k go to other conflicts";
        paint.prose(area, at, next, Meaning::Dim);
    }
}

/// The status as the rules have it today; as the run left it before they were read.
fn status(map: &MapState, conflict: &Conflict) -> String {
    let ledger = map.ledger(conflict);
    let mut said = text::clean(if ledger.status.is_empty() { &conflict.status } else { ledger.status });
    if let Some(until) = &ledger.until {
        let word = if ledger.expired { "its acceptance ended" } else { "until" };
        said.push_str(&format!(", {word} {}", text::clean(until)));
    }
    if let Some(owner) = &ledger.owner {
        said.push_str(&format!(" · looked after by {}", text::clean(owner)));
    }
    said
}

/// What people said of it; returns the row after that.
fn said(paint: &mut Paint, area: Rect, at: usize, ledger: &Ledger) -> usize {
    let mut lines = Vec::new();
    if let Some(quote) = &ledger.quote {
        let why = if quote.why.is_empty() { String::new() } else { format!(": \"{}\"", quote.why) };
        lines.push(format!("{} · {}{why}", ledger.reason, quote.who));
    }
    lines.extend(ledger.notes.iter().map(|note| format!("{} ({}): {}", note.who, note.when, note.note)));
    if lines.is_empty() {
        return at;
    }
    paint.rule(area, at, "what people said", false);
    let mut row = at + 1;
    for line in lines {
        row = paint.prose(shrink(area, 2, 0), row, &text::clean(&line), Meaning::Text);
    }
    row + 1
}

fn sides(paint: &mut Paint, area: Rect, at: usize, one: Option<&Side>, other: Option<&Side>) -> usize {
    let value = |side: Option<&Side>| side.map_or(String::new(), |side| text::clean(&side.value));
    let shown = difference(&value(one), &value(other));
    let (left, right) = beside(area, usize::from(area.width) / 2 - 1);
    let end = side(paint, left, at, one, &shown.left, Column::Left);
    end.max(side(paint, right, at, other, &shown.right, Column::Right))
}

fn side(paint: &mut Paint, area: Rect, at: usize, side: Option<&Side>, value: &[Segment], column: Column) -> usize {
    let Some(side) = side else {
        let words = vec![paint.say("no row on this side", Meaning::Dim)];
        paint.line(area, at, words);
        return at + 1;
    };
    let width = usize::from(area.width);
    let place = format!("{}.{}", side.record.source, side.record.table);
    paint.rule(area, at, &text::clean(&place), false);
    let row =
        |name: &str, said: &str| format!("{}{}", text::fit(name, 8), text::cut_middle(said, width.saturating_sub(10)));
    let pk = if side.record.pk.is_empty() { "the table as a whole".to_owned() } else { text::clean(&side.record.pk) };
    for (line, (name, said)) in [("record", pk), ("column", text::clean(&side.column))].into_iter().enumerate() {
        let words = vec![paint.say(format!("  {}", row(name, &said)), Meaning::Dim)];
        paint.line(area, at + 1 + line, words);
    }
    let mut end = at + 3;
    let empty = [Segment { text: "(empty)".to_owned(), differs: false }];
    let value = if value.is_empty() { &empty } else { value };
    for (index, words) in
        lines(paint, value, width.saturating_sub(10), 4, column, Meaning::Title).into_iter().enumerate()
    {
        let label = if index == 0 { "  value   " } else { "          " };
        let line = [vec![paint.say(label, Meaning::Dim)], words].concat();
        paint.line(area, end, line);
        end += 1;
    }
    end
}
