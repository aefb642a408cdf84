//! A batch in the making: which group, which verdict, which pairs?

use ratatui::layout::Rect;

use super::paint::{Paint, centred};
use crate::tui::state::overlay::{Batch, Group};
use crate::tui::theme::Meaning;
use crate::tui::{text, words};

pub(crate) fn draw(paint: &mut Paint, area: Rect, draft: &Batch) {
    let window = centred(area, area.width.saturating_sub(8).min(100), 20.min(area.height.saturating_sub(2)));
    let inside = paint.window(window, "decide many at once");
    let width = usize::from(inside.width);
    let mut row = 0;
    for (index, group) in draft.groups.iter().enumerate() {
        let here = index == draft.selected;
        let count = match &group.positions {
            None => "looking …".to_owned(),
            Some(positions) => words::counted(positions.len() as u64, "open pair", "open pairs"),
        };
        let sort = if group.by_rule { "rule" } else { "cluster" };
        let mark = if here { "▸ " } else { "  " };
        let name = text::cut(&text::clean(&group.name), width.saturating_sub(30));
        let line = vec![
            paint.say(mark, Meaning::Accent),
            paint.say(text::fit(sort, 9), Meaning::Dim),
            paint.say(name, Meaning::Text),
            paint.say(format!("  {count}"), Meaning::Title),
        ];
        paint.line(inside, row, line);
        if here {
            paint.highlight(inside, row, Meaning::Selected);
        }
        row += 1;
    }
    row += 1;
    if let Some(group) = draft.groups.get(draft.selected) {
        sample(paint, inside, row, group);
    }
    let last = usize::from(inside.height).saturating_sub(1);
    let count = draft.groups.get(draft.selected).and_then(|group| group.positions.as_ref()).map_or(0, Vec::len);
    let answers = match draft.verdict {
        None if count == 0 => vec![paint.say("no open pair in it   j k choose   esc leave", Meaning::Dim)],
        None => vec![paint.say("a all same   x all different   u all unsure   j k choose   esc leave", Meaning::Key)],
        Some(verdict) => vec![
            paint.say(format!("{verdict} for {}? ", words::counted(count as u64, "pair", "pairs")), Meaning::Warn),
            paint.say("enter stores it as one batch   esc back", Meaning::Key),
        ],
    };
    paint.line(inside, last, answers);
}

fn sample(paint: &mut Paint, inside: Rect, row: usize, group: &Group) {
    if group.sample.is_empty() {
        return;
    }
    let title = vec![paint.say("a sample of them", Meaning::Dim)];
    paint.line(inside, row, title);
    let room = usize::from(inside.height).saturating_sub(row + 3);
    let width = usize::from(inside.width).saturating_sub(16) / 2;
    for (index, pair) in group.sample.iter().take(room).enumerate() {
        let line = vec![
            paint.say(format!("{:>5} ", words::bits(pair.weight)), Meaning::Dim),
            paint.say(text::fit(&text::clean(&pair.left_label), width), Meaning::Text),
            paint.say(" | ", Meaning::Border),
            paint.say(text::cut(&text::clean(&pair.right_label), width), Meaning::Text),
        ];
        paint.line(inside, row + 1 + index, line);
    }
}
