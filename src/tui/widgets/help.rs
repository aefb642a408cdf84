//! Which commands does this screen have, with which keys, and why can one not be used now?

use ratatui::layout::Rect;

use super::paint::{Paint, Words, centred};
use crate::tui::command::TABLE;
use crate::tui::state::{Screen, State};
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};

const KEYS: usize = 14;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State, scroll: usize) {
    let window = centred(area, area.width.saturating_sub(4).min(110), area.height.saturating_sub(2));
    let inside = paint.window(window, &format!("{}: keys   (j k scroll, any other key closes)", state.screen.title()));
    let width = usize::from(inside.width).saturating_sub(KEYS + 2);
    let mut lines: Vec<Words> = Vec::new();
    for (title, everywhere) in [("On this screen", false), ("Everywhere", true)] {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(vec![paint.say(title, Meaning::Title)]);
        for command in TABLE.iter().filter(|command| command.is_on(state.screen)) {
            if (command.screens.len() == Screen::ALL.len()) != everywhere {
                continue;
            }
            let keys = text::fit_right(state.keymap.labels(command), KEYS);
            let doc = match (command.enabled)(state) {
                Ok(()) => command.doc.to_owned(),
                Err(reason) => format!("{} Not now: {reason}.", command.doc),
            };
            for (index, line) in text::wrap(&doc, width).into_iter().enumerate() {
                let keys = if index == 0 { keys.clone() } else { " ".repeat(KEYS) };
                lines.push(vec![paint.say(keys, Meaning::Key), paint.say(format!("  {line}"), Meaning::Text)]);
            }
        }
    }
    let height = usize::from(inside.height);
    let scroll = scroll.min(lines.len().saturating_sub(height));
    paint.view.list(List::Help, scroll, height);
    paint.view.hit(window, Hit::Area(List::Help));
    let more = lines.len().saturating_sub(scroll + height);
    for (row, words) in lines.into_iter().skip(scroll).take(height).enumerate() {
        paint.line(inside, row, words);
    }
    if more > 0 {
        let words = vec![paint.say(format!(" {more} more lines below "), Meaning::Dim)];
        paint.line(window, usize::from(window.height) - 1, [vec![paint.say("└─", Meaning::Border)], words].concat());
    }
}
