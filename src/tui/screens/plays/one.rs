//! Who does a play name, and how are its scores spread?

use ratatui::layout::Rect;

use super::bars;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below, beside, first};
use crate::tui::words::count;

/// From so many columns on, accounts and distribution stand side by side.
const WIDE: u16 = 120;

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let Some(view) = plays.view() else { return };
    let preview = &view.preview;
    let (accounts, numbers) = if area.width >= WIDE {
        beside(area, usize::from(area.width) * 2 / 3)
    } else {
        let high = (preview.tiers.len() + 1).min(usize::from(area.height) / 2);
        (below(area, high), first(area, high))
    };
    paint.rule(numbers, 0, &format!("{} · {}", text::clean(&view.play.title), bars::summary(preview)), false);
    if area.width >= WIDE {
        let row = bars::tiers(paint, numbers, 1, preview) + 1;
        bars::distribution(paint, numbers, row, preview, 8);
    } else {
        let (left, right) = beside(numbers, usize::from(numbers.width) / 2);
        bars::tiers(paint, below(left, 1), 0, preview);
        let high = usize::from(right.height).saturating_sub(3).max(1);
        bars::distribution(paint, below(right, 1), 0, preview, high);
    }
    let fired = preview.fired.len();
    let place = list::place(plays.account, fired);
    let title = if fired as u64 == preview.fired_count {
        format!("who fires: {place}")
    } else {
        format!("who fires: {place} listed, {} in all", count(preview.fired_count))
    };
    paint.rule(accounts, 0, if fired == 0 { "nobody fires" } else { &title }, true);
    let lines = below(accounts, 1);
    let detail = usize::from(lines.height > 8) * 3;
    let rows = first(lines, usize::from(lines.height).saturating_sub(detail));
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: plays.account,
        total: fired,
        focused: true,
    };
    let wide = usize::from(area.width) / 3;
    list::draw(paint, rows, &view, |paint, index| {
        let row = preview.fired.get(index)?;
        let score = row.score.map_or_else(|| "    -".to_owned(), |score| format!("{score:>5.1}"));
        let name = row.name.as_deref().unwrap_or(&row.key);
        let owner = row.owner.as_deref().map_or_else(|| "nobody".to_owned(), text::clean);
        Some(vec![
            paint.say(score, Meaning::Warn),
            paint.say(format!(" {:<10} ", text::cut(&text::clean(&row.tier), 10)), Meaning::Dim),
            paint.say(text::cut(&format!("{:<wide$}", text::clean(name)), wide), Meaning::Text),
            paint.say(format!(" {}", text::cut(&owner, 24)), Meaning::Dim),
        ])
    });
    if let Some(row) = preview.fired.get(plays.account).filter(|_| detail > 0) {
        let known =
            row.known_share.map_or_else(String::new, |share| format!(" · {:.0} % of the weight known", 100.0 * share));
        let told = format!("{}{known}", text::clean(&row.drivers));
        paint.prose(below(lines, usize::from(rows.height)), 0, &told, Meaning::Dim);
    }
}
