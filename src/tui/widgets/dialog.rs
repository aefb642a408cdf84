//! How are lines typed and questions answered?

use ratatui::layout::Rect;
use tui_input::Input;

use super::paint::{Paint, Words, centred};
use crate::tui::state::overlay::{Overlay, Purpose};
use crate::tui::state::{Screen, State};
use crate::tui::text;
use crate::tui::theme::Meaning;

/// What was typed, with the cursor, in so many columns; the end is kept in view.
#[must_use]
pub fn typed(paint: &Paint, input: &Input, columns: usize) -> Words {
    let value = input.value();
    let at = value.char_indices().nth(input.cursor()).map_or(value.len(), |(at, _)| at);
    let before = text::clean(&value[..at]);
    let mut rest = value[at..].chars();
    let under = rest.next().map_or(" ".to_owned(), |character| text::clean(&character.to_string()));
    let after = text::clean(rest.as_str());
    let room = columns.saturating_sub(2);
    let skip = text::width(&before).saturating_sub(room);
    let mut seen = 0;
    let shown: String = before
        .chars()
        .skip_while(|character| {
            seen += text::width(&character.to_string());
            seen <= skip
        })
        .collect();
    let left = room.saturating_sub(text::width(&shown));
    vec![
        paint.say(shown, Meaning::Text),
        ratatui::text::Span::styled(
            under,
            ratatui::style::Style::new().add_modifier(ratatui::style::Modifier::REVERSED),
        ),
        paint.say(text::cut(&after, left), Meaning::Text),
    ]
}

/// The line above the footer while something is typed there; says whether it was drawn.
pub(crate) fn prompt(paint: &mut Paint, area: Rect, state: &State) -> bool {
    let Some(Overlay::Prompt { purpose, input }) = &state.overlay else { return false };
    let (label, hint) = match purpose {
        Purpose::Snooze => (" wait how many days (7): ", "enter keeps it, esc drops it "),
        Purpose::Assign => (" who takes care: ", "enter keeps it, empty for nobody, esc drops it "),
        Purpose::FindingRemark => (" remark: ", "enter keeps it, esc drops it "),
        Purpose::Note => (" note: ", "enter keeps it for your verdict, esc drops it "),
        Purpose::Accept => (" accept: ", "a day or days first if not for good, then why · enter, esc drops "),
        Purpose::Owner => (" who looks after it: ", "empty for nobody · enter, esc drops "),
        Purpose::Remark => (" note: ", "enter keeps it with the conflict, esc drops it "),
        Purpose::TakeFirst => (" why the first side: ", "enter lets it stand, esc drops "),
        Purpose::TakeOther => (" why the other side: ", "enter lets it stand, esc drops "),
        Purpose::Repository => (" repository: ", "enter shows what would change, esc drops it "),
        Purpose::Goal => (" verdicts to give: ", "enter sets the goal, empty lifts it, esc leaves it "),
        Purpose::Filter if state.screen == Screen::Log => (" / ", "also by: rule: on:2026-03-01 · enter, esc clears "),
        Purpose::Filter if state.screen == Screen::Review => {
            (" / ", "also rule: source: cluster: is: · enter, esc clears ")
        }
        Purpose::Filter => (" / ", "name or id · enter, esc clears "),
    };
    let room = usize::from(area.width).saturating_sub(text::width(label) + text::width(hint) + 1);
    let left = [vec![paint.say(label, Meaning::Key)], typed(paint, input, room)].concat();
    let right = vec![paint.say(hint, Meaning::Dim)];
    paint.line_both(area, 0, left, right);
    true
}

/// A question over the screen.
pub(crate) fn question(paint: &mut Paint, area: Rect, title: &str, lines: &[(String, Meaning)], answers: &str) {
    let wide = lines.iter().map(|(line, _)| text::width(line)).chain([text::width(answers), text::width(title) + 4]);
    let width = wide.max().unwrap_or(20).min(usize::from(area.width).saturating_sub(8)) as u16 + 4;
    let window = centred(area, width, lines.len() as u16 + 4);
    let inside = paint.window(window, title);
    for (row, (line, meaning)) in lines.iter().enumerate() {
        let words = vec![paint.say(text::cut(line, usize::from(inside.width)), *meaning)];
        paint.line(inside, row, words);
    }
    let words = vec![paint.say(answers.to_owned(), Meaning::Key)];
    paint.line(inside, lines.len() + 1, words);
}
