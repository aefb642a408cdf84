//! How do the fields of both records stand side by side, with what differs?

use ratatui::layout::Rect;

use crate::resolve::graph::ComparedField;
use crate::tui::diff::{Likeness, difference, likeness};
use crate::tui::event::PairDetail;
use crate::tui::mask::mask_difference;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::update::masked::is_revealed;
use crate::tui::view::{Hit, List, follow};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::widgets::value::{Column, lines, padded};

/// The width of the label and of a value, for a pair drawn in so many columns.
pub(super) fn columns(width: usize) -> (usize, usize) {
    let label = if width >= 100 { 18 } else { 15 };
    (label, width.saturating_sub(label + 3) / 2)
}

/// Rows wanted: one for each field.
pub(super) fn height(detail: &PairDetail) -> usize {
    detail.body.fields.len()
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let fields = &detail.body.fields;
    paint.rule(area, 0, "fields", false);
    let rows = below(area, 1);
    let height = usize::from(rows.height);
    if fields.is_empty() {
        let words = vec![paint.say("the run kept no fields of this pair", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    // What one field may take beyond its row: the one under the cursor is shown in full as far as there is room.
    let spare = height.saturating_sub(fields.len());
    let offset = follow(paint.view.offset(List::PairFields), state.review.field, height, fields.len());
    paint.view.list(List::PairFields, offset, height);
    paint.view.hit(rows, Hit::Area(List::PairFields));
    let mut row = 0;
    for (index, field) in fields.iter().enumerate().skip(offset) {
        if row >= height {
            break;
        }
        let here = index == state.review.field;
        let most = if here { 1 + spare.min(4) } else { 1 };
        row += field_rows(paint, rows, row, state, detail, field, (index, here, most));
    }
}

fn field_rows(
    paint: &mut Paint,
    area: Rect,
    row: usize,
    state: &State,
    detail: &PairDetail,
    field: &ComparedField,
    (index, here, most): (usize, bool, usize),
) -> usize {
    let (label, width) = columns(usize::from(area.width));
    let (left, right) = (text::clean(&field.left), text::clean(&field.right));
    let mut shown = difference(&left, &right);
    let hidden = field.personal && !is_revealed(state, detail.row.position, &field.field);
    if hidden {
        shown = mask_difference(&shown);
    }
    let plain = if hidden { Meaning::Masked } else { Meaning::Text };
    let left_lines = lines(paint, &shown.left, width, most, Column::Left, plain);
    let right_lines = lines(paint, &shown.right, width, most, Column::Right, plain);
    let like = weighed(detail, &field.field, likeness(&left, &right));
    let taken = left_lines.len().max(right_lines.len());
    for line in 0..taken {
        let name = if line == 0 { text::clean(&field.field) } else { String::new() };
        let mark = if here && line == 0 { "▸ " } else { "  " };
        let mut words = vec![
            paint.say(mark, Meaning::Accent),
            paint.say(text::fit(&name, label - 3), if here { Meaning::Title } else { Meaning::Dim }),
            paint.say(if hidden && line == 0 { "∗" } else { " " }, Meaning::Dim),
        ];
        words.extend(padded(left_lines.get(line).cloned().unwrap_or_default(), width));
        let sign = if line == 0 { like.sign().0 } else { " " };
        words.push(paint.say(format!(" {sign} "), meaning_of(like)));
        words.extend(right_lines.get(line).cloned().unwrap_or_default());
        paint.line(area, row + line, words);
        if let Ok(y) = u16::try_from(row + line) {
            let hit = Rect { y: area.y.saturating_add(y), height: 1, ..area };
            paint.view.hit(hit, Hit::Row(List::PairFields, index));
        }
    }
    taken
}

/// Values that look different but speak for one entity (`DE`, `Germany`) are not called different.
fn weighed(detail: &PairDetail, field: &str, like: Likeness) -> Likeness {
    let speaks_for = detail
        .body
        .waterfall
        .bars
        .iter()
        .any(|bar| bar.comparison == field && bar.weight > 0.05 && !bar.left.is_empty());
    if like == Likeness::Different && speaks_for { Likeness::Nearly } else { like }
}

fn meaning_of(like: Likeness) -> Meaning {
    match like {
        Likeness::Same | Likeness::Nearly => Meaning::Good,
        Likeness::Similar => Meaning::Warn,
        Likeness::Different => Meaning::Bad,
        Likeness::OneSide | Likeness::Empty => Meaning::Dim,
    }
}
