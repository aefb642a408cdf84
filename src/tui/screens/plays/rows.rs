//! Which rows of the sources stand behind a field of an account?

use ratatui::layout::Rect;

use crate::tui::screens::empty;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let (field, rows) = &plays.rows;
    let count = if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
    paint.rule(area, 0, &format!("{}: {count} of the sources, with the value in each", text::clean(field)), true);
    if rows.is_empty() {
        empty::message(paint, below(area, 1), "No source has a row of this kind for the account.", &[]);
        return;
    }
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: plays.row,
        total: rows.len(),
        focused: true,
    };
    list::draw(paint, below(area, 1), &view, |paint, index| {
        let row = rows.get(index)?;
        let value = row.value.as_deref().map_or_else(|| "(empty)".to_owned(), text::clean);
        Some(vec![
            paint.say(format!("{value:<28} "), Meaning::Text),
            paint.say(format!("{}.{}", text::clean(&row.source), text::clean(&row.table)), Meaning::Title),
            paint.say(format!(" {}", text::clean(&row.pk)), Meaning::Dim),
        ])
    });
}
