//! Into which rules, pairs of sources, clusters and reasons does the queue fall?

use ratatui::layout::Rect;

use super::list::{self, ListView};
use super::paint::{Paint, below, centred};
use crate::snapshot::GroupBy;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::update::groups::rows;
use crate::tui::view::List;
use crate::tui::{text, words};

/// Columns of the bar that shows how large a group is.
const BAR: usize = 14;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State, by: GroupBy, selected: usize) {
    let window = centred(area, area.width.saturating_sub(8).min(96), area.height.saturating_sub(4).min(26));
    let inside = paint.window(window, "the queue by groups");
    let mut tabs = Vec::new();
    for sort in GroupBy::ALL {
        let count = rows(state, sort).len();
        let label = format!("{} {}", sort.title(), words::count(count as u64));
        let (label, meaning) =
            if sort == by { (format!("[{label}]"), Meaning::Accent) } else { (format!(" {label} "), Meaning::Dim) };
        tabs.push(paint.say(format!("{label}  "), meaning));
    }
    paint.line(inside, 0, tabs);
    let groups = rows(state, by);
    let last = usize::from(inside.height).saturating_sub(1);
    if groups.is_empty() {
        let words = vec![paint.say("no group of more than one pair", Meaning::Dim)];
        paint.line(inside, 2, words);
    }
    let largest = groups.iter().map(|group| group.pairs).max().unwrap_or(1).max(1);
    let view = ListView { list: List::Palette, offset: 0, selected, total: groups.len(), focused: true };
    let list = Rect { height: (last as u16).saturating_sub(3), ..below(inside, 2) };
    let name = usize::from(inside.width).saturating_sub(2 + 12 + BAR + 2);
    list::draw(paint, list, &view, |paint, index| {
        let group = groups.get(index)?;
        let full = ((group.pairs as f64 / largest as f64) * BAR as f64).ceil() as usize;
        let label = text::clean(&group.label);
        Some(vec![
            paint.say(text::fit(&label, name), Meaning::Text),
            paint.say(text::fit_right(&words::count(group.pairs), 10), Meaning::Title),
            paint.say(format!("  {}", "▪".repeat(full.min(BAR))), Meaning::Dim),
        ])
    });
    let keys = vec![paint.say("enter looks at the group   tab another sort   j k choose   esc leave", Meaning::Key)];
    paint.line(inside, last, keys);
}
