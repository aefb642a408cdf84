//! Which numbers does a play weigh with, and what would it say with others?

use ratatui::layout::Rect;

use super::bars;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below, beside};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let tuning = &plays.tuning;
    let (left, right) = beside(area, usize::from(area.width) * 9 / 20);
    paint.rule(left, 0, "numbers: ← → change, enter saves", true);
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: tuning.at,
        total: tuning.values.len(),
        focused: true,
    };
    list::draw(paint, below(left, 1), &view, |paint, index| {
        let (name, value) = tuning.values.get(index)?;
        let before = tuning.before.get(index).map_or(*value, |(_, before)| *before);
        let differs = (before - value).abs() > f64::EPSILON;
        let mut words = vec![
            paint.say(format!("{:<20}", text::cut(&name.replace('_', " "), 20)), Meaning::Text),
            paint.say(format!("{value:>8}"), if differs { Meaning::Differs } else { Meaning::Text }),
        ];
        if differs {
            words.push(paint.say(format!("  was {before}"), Meaning::Dim));
        }
        Some(words)
    });
    let Some(view) = plays.view() else { return };
    let preview = tuning.effect.as_ref().unwrap_or(&view.preview);
    let changed = !tuning.changed().is_empty();
    let title = match (&tuning.effect, changed) {
        (Some(_), _) => "what it would say, against the last run",
        (None, true) => "…",
        (None, false) => "what it says now",
    };
    paint.rule(right, 0, title, false);
    let mut row = paint.prose(right, 1, &bars::summary(preview), Meaning::Dim) + 1;
    row = bars::tiers(paint, right, row, preview) + 1;
    row = bars::distribution(paint, right, row, preview, 5) + 1;
    if tuning.effect.is_none() {
        return;
    }
    let told = format!("{} change tier, {} change owner", preview.tier_changes, preview.owner_changes);
    row = paint.prose(right, row, &told, Meaning::Text);
    for (place, change) in preview.changes.iter().enumerate() {
        let tier = |tier: &Option<String>| tier.as_deref().map_or_else(|| "none".to_owned(), text::clean);
        let name = text::clean(change.name.as_deref().unwrap_or(&change.key));
        let words = vec![
            paint.say(text::cut(&name, 24), Meaning::Text),
            paint.say(format!("  {} → {}", tier(&change.tier_before), tier(&change.tier)), Meaning::Differs),
        ];
        paint.line(right, row + place, words);
    }
}
