//! Which conflicts are of one kind? Those with most money first.

use ratatui::layout::Rect;

use crate::chart::conflict::Side;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let place = list::place(map.conflicts.selected, map.conflicts.len());
    let Some(mut row) = head(paint, area, state, &place) else { return };
    row += 1;
    let width = usize::from(area.width) - 2;
    let (money, label) = (11, width * 11 / 50);
    let side = (width - money - label - 6) / 2;
    let head = vec![
        paint.say(text::fit("  about", label + 4), Meaning::Dim),
        paint.say(text::fit("one side", side + 2), Meaning::Dim),
        paint.say(text::fit("other side", side), Meaning::Dim),
        paint.say(text::fit_right("at stake", money), Meaning::Dim),
    ];
    paint.line(area, row, head);
    let rows = below(area, row + 1);
    let view = ListView {
        list: List::Conflicts,
        offset: map.conflicts.offset,
        selected: map.conflicts.selected,
        total: map.conflicts.len(),
        focused: true,
    };
    list::draw(paint, rows, &view, |paint, index| {
        let row = map.conflicts.get(index)?;
        let conflict = &row.conflict;
        let about = if row.label.is_empty() { &conflict.field } else { &row.label };
        let stake = conflict.money_at_stake.map(|sum| words::money(sum, conflict.currency.as_deref()));
        let ledger = map.ledger(conflict);
        let status = if ledger.status.is_empty() { conflict.status.as_str() } else { ledger.status };
        let meaning = if status == "open" { Meaning::Text } else { Meaning::Dim };
        let about = match &ledger.owner {
            _ if status != "open" => format!("({status}) {about}"),
            Some(owner) => format!("@{owner} {about}"),
            None => about.clone(),
        };
        let detail = conflict.side_a.is_none() && conflict.side_b.is_none();
        let mut line = vec![paint.say(text::fit(&text::clean(&about), label), meaning), paint.say("  ", meaning)];
        if detail {
            line.push(paint.say(text::fit(&text::clean(&conflict.detail), side * 2 + 2), meaning));
        } else {
            line.push(paint.say(text::fit(&one_side(conflict.side_a.as_ref()), side), meaning));
            line.push(paint.say("  ", meaning));
            line.push(paint.say(text::fit(&one_side(conflict.side_b.as_ref()), side), meaning));
        }
        line.push(paint.say(text::fit_right(&stake.unwrap_or_default(), money), Meaning::Title));
        Some(line)
    });
}

/// What the list is of; the row after it, or None when there is nothing to list.
fn head(paint: &mut Paint, area: Rect, state: &State, place: &str) -> Option<usize> {
    let map = &state.map;
    if let Some(cell) = &map.cell {
        paint.rule(area, 0, &format!("{}: {place}", text::clean(&cell.title)), true);
        let said = match &cell.positions {
            None => "looking …",
            Some(positions) if positions.is_empty() => {
                "No conflict is about this cell: what stands here agrees, or stands alone."
            }
            Some(_) => "the conflicts of this cell, with the entities they are about",
        };
        let row = paint.prose(area, 1, said, Meaning::Dim);
        return cell.positions.as_ref().is_some_and(|positions| !positions.is_empty()).then_some(row);
    }
    let kind = map.kinds.get(map.kind)?;
    paint.rule(area, 0, &format!("{}: {place}", text::clean(&kind.kind).replace('_', " ")), true);
    let mut row = 1;
    if let Some(words) = map.words_of(&kind.kind) {
        row = paint.prose(area, row, &text::clean(&words.meaning), Meaning::Text);
        row = paint.prose(area, row, &format!("what to do: {}", text::clean(&words.action)), Meaning::Dim);
    }
    if let Some(trend) = map.trend_of(&kind.kind) {
        let since = crate::tui::words::ago(&trend.since, state.now);
        let said = format!("{} were open {since}; {} of those open now are new since", trend.before, trend.fresh);
        row = paint.prose(area, row, &said, Meaning::Dim);
    }
    Some(row)
}

fn one_side(side: Option<&Side>) -> String {
    side.map_or("–".to_owned(), |side| {
        let value = if side.value.is_empty() { "(empty)".to_owned() } else { text::clean(&side.value) };
        format!("{}: {value}", text::clean(side.record.source.as_str()))
    })
}
