//! How is a command of this screen found by its name?

use ratatui::layout::Rect;
use tui_input::Input;

use super::dialog::typed;
use super::list::{self, ListView};
use super::paint::{Paint, below, centred};
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::update::{pair_id, palette_rows};
use crate::tui::view::List;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State, input: &Input, selected: usize) {
    let window = centred(area, area.width.saturating_sub(8).min(100), area.height.saturating_sub(4).min(24));
    let inside = paint.window(window, "commands");
    let line = [vec![paint.say(": ", Meaning::Key)], typed(paint, input, usize::from(inside.width) - 3)].concat();
    paint.line(inside, 0, line);
    let rest = below(inside, 2);
    if let Some(id) = pair_id(input.value()) {
        let words = vec![paint.say(format!("enter goes to pair {id}"), Meaning::Text)];
        paint.line(rest, 0, words);
        return;
    }
    let rows = palette_rows(state, input.value());
    if rows.is_empty() {
        let words = vec![paint.say("no command is called that; backspace takes letters back", Meaning::Dim)];
        paint.line(rest, 0, words);
        return;
    }
    let view = ListView { list: List::Palette, offset: 0, selected, total: rows.len(), focused: true };
    list::draw(paint, rest, &view, |paint, index| {
        let command = rows.get(index)?;
        let reason = (command.enabled)(state).err();
        let meaning = if reason.is_none() { Meaning::Text } else { Meaning::Dim };
        let doc = reason.map_or(command.doc.to_owned(), |reason| format!("(not now: {reason})"));
        let room = usize::from(rest.width).saturating_sub(36);
        Some(vec![
            paint.say(text::fit(command.name, 17), meaning),
            paint.say(text::fit(state.keymap.label(command), 11), Meaning::Key),
            paint.say(text::cut(&doc, room), Meaning::Dim),
        ])
    });
}
