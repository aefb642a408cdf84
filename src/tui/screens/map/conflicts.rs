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
    let Some(kind) = map.kinds.get(map.kind) else { return };
    let place = list::place(map.conflicts.selected, map.conflicts.len());
    let title = format!("{}: {place}", text::clean(&kind.kind).replace('_', " "));
    paint.rule(area, 0, &title, true);
    let mut row = 1;
    if let Some(words) = map.words_of(&kind.kind) {
        row = paint.prose(area, row, &text::clean(&words.meaning), Meaning::Text);
        row = paint.prose(area, row, &format!("what to do: {}", text::clean(&words.action)), Meaning::Dim);
    }
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
        let meaning = if conflict.status == "open" { Meaning::Text } else { Meaning::Dim };
        let detail = conflict.side_a.is_none() && conflict.side_b.is_none();
        let mut line = vec![paint.say(text::fit(&text::clean(about), label), meaning), paint.say("  ", meaning)];
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

fn one_side(side: Option<&Side>) -> String {
    side.map_or("–".to_owned(), |side| {
        let value = if side.value.is_empty() { "(empty)".to_owned() } else { text::clean(&side.value) };
        format!("{}: {value}", text::clean(side.record.source.as_str()))
    })
}
