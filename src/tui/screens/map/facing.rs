//! Fields by pairs of surfaces: where do they disagree, how often, for how much money?

use ratatui::layout::Rect;

use super::kinds::money;
use crate::tui::state::State;
use crate::tui::state::facing::title;
use crate::tui::state::map::MapFocus;
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

/// Columns of one pair of surfaces.
const WIDTH: usize = 18;

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let facing = &map.facing;
    let focused = map.focus == MapFocus::Matrix;
    paint.rule(area, 0, "surface against surface: open conflicts, field by field", focused);
    if facing.rows.is_empty() {
        let words = vec![paint.say("  No conflict stands between surfaces.", Meaning::Good)];
        paint.line(area, 1, words);
        return;
    }
    let name = if area.width < 100 { 22 } else { 30 };
    let shown = (usize::from(area.width).saturating_sub(name + 2) / WIDTH).max(1);
    let first = (facing.column + 1).saturating_sub(shown).min(facing.columns.len().saturating_sub(shown));
    let mut head = vec![paint.say(text::fit("  field", name + 2), Meaning::Dim)];
    for (offset, column) in facing.columns.iter().skip(first).take(shown).enumerate() {
        let here = first + offset == facing.column && focused;
        let meaning = if here { Meaning::Accent } else { Meaning::Dim };
        head.push(paint.say(text::fit_right(&title(*column), WIDTH), meaning));
    }
    paint.line(area, 1, head);
    let rows = below(area, 2);
    let view = ListView {
        list: List::Facing,
        offset: state.view.offset(List::Facing),
        selected: facing.row,
        total: facing.rows.len(),
        focused,
    };
    list::draw(paint, rows, &view, |paint, index| {
        let row = facing.rows.get(index)?;
        let mut line = vec![paint.say(text::fit(&text::clean(&row.field), name), Meaning::Text)];
        for (offset, cell) in row.cells.iter().skip(first).take(shown).enumerate() {
            let here = index == facing.row && first + offset == facing.column && focused;
            let said = cell.as_ref().map_or_else(|| "·".to_owned(), |cell| words::count(cell.open));
            let said = if here { format!("[{said}]") } else { format!("{said} ") };
            let meaning = match cell {
                None => Meaning::Dim,
                Some(cell) if cell.open == 0 => Meaning::Good,
                Some(_) => Meaning::Title,
            };
            line.push(paint.say(text::fit_right(&said, WIDTH), meaning));
        }
        Some(line)
    });
    for (offset, _) in facing.columns.iter().skip(first).take(shown).enumerate() {
        let x = area.x + (name + 2 + offset * WIDTH) as u16;
        let column = Rect { x, width: WIDTH as u16, ..area }.intersection(area);
        paint.view.hit(column, Hit::FacingColumn(first + offset));
    }
}

/// The cell under the cursor in words.
pub(super) fn detail(paint: &mut Paint, area: Rect, state: &State) {
    let facing = &state.map.facing;
    let (Some(row), Some(column)) = (facing.rows.get(facing.row), facing.columns.get(facing.column)) else { return };
    paint.rule(area, 0, &format!("{} {}", text::clean(&row.field), title(*column)), false);
    let said = match facing.here() {
        None => "nothing disagrees here".to_owned(),
        Some(cell) => {
            let stake =
                if cell.money.is_empty() { String::new() } else { format!(" · {} at stake", money(&cell.money)) };
            format!(
                "{} open of {}{stake} · enter lists them with their entities",
                words::count(cell.open),
                words::counted(cell.count, "conflict", "conflicts")
            )
        }
    };
    let words = vec![paint.say(format!("  {said}"), Meaning::Text)];
    paint.line(area, 1, words);
}
