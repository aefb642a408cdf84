//! The last line: what can be done here, with which key?

use ratatui::layout::Rect;
use ratatui::text::Span;

use super::paint::{Paint, Words};
use crate::tui::command::{Command, TABLE};
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::Hit;

/// The commands that always stand at the right end; the narrower the terminal, the fewer.
fn last(width: u16) -> &'static [&'static str] {
    if width < 100 { &["help"] } else { &["commands", "help", "quit"] }
}

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let standing = last(area.width);
    let is_last = |command: &&Command| standing.contains(&command.name);
    let hidden = |command: &&Command| !standing.contains(&command.name) && last(u16::MAX).contains(&command.name);
    let here = || {
        let shown = TABLE.iter().filter(|command| command.is_on(state.screen) && !command.label.is_empty());
        shown.filter(move |command| !hidden(command))
    };
    let last_width: usize = here().filter(is_last).map(|command| width_of(state, command)).sum();
    let last_line = usize::from(area.height) - 1;
    let mut lines: Vec<Words> = vec![vec![Span::raw(" ")]; usize::from(area.height)];
    let mut used = vec![1; usize::from(area.height)];
    let mut line = 0;
    for command in here().filter(|command| !is_last(command)) {
        let width = width_of(state, command);
        let reserved = if line == last_line { last_width + 1 } else { 0 };
        if used[line] + width > usize::from(area.width).saturating_sub(reserved) {
            if line == last_line {
                break;
            }
            line += 1;
        }
        place(paint, state, command, area, line, used[line]);
        let shown = words(paint, state, command);
        lines[line].extend(shown);
        used[line] += width;
    }
    let gap = usize::from(area.width).saturating_sub(used[last_line] + last_width);
    lines[last_line].push(Span::raw(" ".repeat(gap)));
    used[last_line] += gap;
    for command in here().filter(is_last) {
        place(paint, state, command, area, last_line, used[last_line]);
        let shown = words(paint, state, command);
        lines[last_line].extend(shown);
        used[last_line] += width_of(state, command);
    }
    for (row, words) in lines.into_iter().enumerate() {
        paint.line(area, row, words);
    }
}

fn width_of(state: &State, command: &Command) -> usize {
    let around = if (command.enabled)(state).is_ok() { 3 } else { 4 };
    text::width(state.keymap.label(command)) + text::width(command.label) + around
}

/// What cannot be done now stands in brackets, so that it is seen without colour; its key says why.
fn words(paint: &Paint, state: &State, command: &Command) -> Words {
    let key = state.keymap.label(command).to_owned();
    if (command.enabled)(state).is_ok() {
        vec![paint.say(key, Meaning::Key), paint.say(format!(" {}  ", command.label), Meaning::Dim)]
    } else {
        vec![paint.say(format!("({key} {})", command.label), Meaning::Dim), Span::raw(" ")]
    }
}

fn place(paint: &mut Paint, state: &State, command: &Command, area: Rect, line: usize, used: usize) {
    let width = width_of(state, command).saturating_sub(2) as u16;
    let hit = Rect { x: area.x + used as u16, y: area.y + line as u16, width, height: 1 };
    paint.view.hit(hit, Hit::Command(command.name));
}
