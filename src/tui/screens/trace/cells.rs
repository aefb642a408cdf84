//! What do we know of one entity, field by field, and which source won?

use ratatui::layout::Rect;

use crate::snapshot::CellRow;
use crate::tui::mask::mask;
use crate::tui::state::State;
use crate::tui::state::trace::TraceFocus;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let trace = &state.trace;
    let focused = trace.focus == TraceFocus::Fields;
    let Some(entity) = &trace.entity else {
        paint.rule(area, 0, "fields", focused);
        return;
    };
    paint.rule(area, 0, &text::clean(&entity.label), focused);
    let width = usize::from(area.width);
    let said = format!(
        "{} · {} in {}",
        entity.id,
        words::counted(entity.record_count, "record", "records"),
        text::clean(&entity.sources.join(", "))
    );
    let line = vec![paint.say(format!("  {}", text::cut(&said, width.saturating_sub(2))), Meaning::Dim)];
    paint.line(area, 1, line);
    let rows = below(area, 2);
    if trace.cells_of.as_ref() != Some(&entity.id) {
        let words = vec![paint.say("  …", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    if trace.cells.is_empty() {
        let words = vec![paint.say("  the joined model has no row for it", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    let view = ListView {
        list: List::Cells,
        offset: state.view.offset(List::Cells),
        selected: trace.field,
        total: trace.cells.len(),
        focused,
    };
    let (name, source) = match width {
        56.. => (24, 14),
        46.. => (18, 12),
        _ => (18, 0),
    };
    let room = width.saturating_sub(2 + name + source);
    list::draw(paint, rows, &view, |paint, index| {
        let cell = trace.cells.get(index)?;
        let (value, meaning) = shown(state, cell);
        let from = cell.record.as_ref().map_or(String::new(), |record| text::clean(record.source.as_str()));
        let mut line = vec![
            paint.say(format!("{} ", text::fit(&text::clean(&cell.field), name - 1)), Meaning::Dim),
            paint.say(text::fit(&value, room), meaning),
        ];
        if source > 0 {
            line.push(paint.say(text::fit_right(&from, source), Meaning::Dim));
        }
        Some(line)
    });
}

/// The value as it may be seen.
pub(super) fn shown(state: &State, cell: &CellRow) -> (String, Meaning) {
    let Some(value) = &cell.value else { return ("–".to_owned(), Meaning::Dim) };
    let hidden = cell.personal && !state.trace.revealed.contains(&(cell.entity.clone(), cell.field.clone()));
    let value = text::clean(value);
    if hidden { (mask(&value), Meaning::Masked) } else { (value, Meaning::Text) }
}
