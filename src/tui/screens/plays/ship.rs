//! What would shipping change in the repository?

use ratatui::layout::Rect;

use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let Some(draft) = &plays.draft else { return };
    let new = draft.files.iter().filter(|(_, new)| *new).count();
    let title = format!(
        "enter makes the branch {} · {new} new files, {} changed · {}",
        text::clean(&draft.branch),
        draft.files.len() - new,
        text::clean(&plays.repository)
    );
    paint.rule(area, 0, &title, true);
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: plays.scroll,
        total: draft.diff.len(),
        focused: true,
    };
    list::draw(paint, below(area, 1), &view, |paint, index| {
        let line = draft.diff.get(index)?;
        let meaning = match line.chars().next() {
            Some('+') => Meaning::Good,
            Some('-') => Meaning::Bad,
            Some('@') => Meaning::Dim,
            _ if line.starts_with("diff ") => Meaning::Title,
            _ => Meaning::Text,
        };
        Some(vec![paint.say(text::clean(line), meaning)])
    });
}
