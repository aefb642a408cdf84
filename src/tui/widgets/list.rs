//! How is a long list drawn, of which only the rows in view are at hand?

use ratatui::layout::Rect;

use super::paint::{Paint, Words};
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List, follow};

/// A list to draw.
pub struct ListView {
    /// Which one it is.
    pub list: List,
    /// The first row shown in the last frame.
    pub offset: usize,
    /// The row under the cursor.
    pub selected: usize,
    /// How many rows there are.
    pub total: usize,
    /// Whether the keys move in it.
    pub focused: bool,
}

/// Draws the rows in view; a row that is not at hand yet is shown as an ellipsis.
pub fn draw(paint: &mut Paint, area: Rect, view: &ListView, row_of: impl Fn(&Paint, usize) -> Option<Words>) {
    let height = usize::from(area.height);
    let offset = follow(view.offset, view.selected, height, view.total);
    paint.view.list(view.list, offset, height);
    paint.view.hit(area, Hit::Area(view.list));
    for row in 0..height.min(view.total.saturating_sub(offset)) {
        let index = offset + row;
        let here = index == view.selected;
        let mark = match (here, view.focused) {
            (true, true) => paint.say("▸ ", Meaning::Accent),
            (true, false) => paint.say("▹ ", Meaning::Dim),
            _ => paint.say("  ", Meaning::Text),
        };
        let mut words = vec![mark];
        match row_of(paint, index) {
            Some(more) => words.extend(more),
            None => words.push(paint.say("…", Meaning::Dim)),
        }
        paint.line(area, row, words);
        if here && view.focused {
            paint.highlight(area, row, Meaning::Selected);
        }
        let line = Rect { y: area.y + row as u16, height: 1, ..area };
        paint.view.hit(line, Hit::Row(view.list, index));
    }
}

/// `12–31 of 412`, for the title of a list.
#[must_use]
pub fn place(selected: usize, total: usize) -> String {
    use crate::tui::words::count;
    if total == 0 { "none".to_owned() } else { format!("{} of {}", count(selected as u64 + 1), count(total as u64)) }
}
