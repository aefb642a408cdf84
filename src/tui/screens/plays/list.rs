//! Which plays are there, and what does the one under the cursor say?

use ratatui::layout::Rect;

use super::bars;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below, beside};
use crate::tui::words::count;

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let (left, right) = beside(area, usize::from(area.width) * 2 / 5);
    paint.rule(left, 0, "plays", true);
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: plays.selected,
        total: plays.views.len(),
        focused: true,
    };
    list::draw(paint, below(left, 1), &view, |paint, index| {
        let view = plays.views.get(index)?;
        let fired = count(view.preview.fired_count);
        let meaning = if view.preview.fired_count > 0 { Meaning::Warn } else { Meaning::Dim };
        let state = match (view.enabled, view.changed) {
            (false, _) => " off",
            (true, true) => " ~",
            _ => "",
        };
        Some(vec![
            paint.say(format!("{:<18}", text::cut(&text::clean(&view.play.name), 18)), Meaning::Text),
            paint.say(format!("{fired:>5} fire"), meaning),
            paint.say(state, Meaning::Dim),
        ])
    });
    let Some(view) = plays.view() else { return };
    paint.rule(right, 0, &text::clean(&view.play.title), false);
    let mut row = 1;
    let about = view.play.about.split_whitespace().collect::<Vec<_>>().join(" ");
    let question = about.split_inclusive('?').next().unwrap_or_default().trim().to_owned();
    row = paint.prose(right, row, &text::clean(&question), Meaning::Text);
    row = paint.prose(right, row, &bars::summary(&view.preview), Meaning::Dim) + 1;
    row = bars::tiers(paint, right, row, &view.preview) + 1;
    row = bars::distribution(paint, right, row, &view.preview, 4) + 1;
    for gap in &view.preview.missing {
        let told = format!("no source has {}: {}", gap.field, gap.effect);
        row = paint.prose(right, row, &text::clean(&told), Meaning::Warn);
    }
}
