//! A batch in the making: which group, which verdict, which pairs, and what would it do?

use ratatui::layout::Rect;

use super::paint::{Paint, below, centred, first};
use crate::review::Verdict;
use crate::tui::diff::difference;
use crate::tui::mask::mask_difference;
use crate::tui::state::State;
use crate::tui::state::overlay::{Batch, Group};
use crate::tui::theme::Meaning;
use crate::tui::update::batch::inspected;
use crate::tui::update::masked::labels;
use crate::tui::widgets::value::{Column, lines};
use crate::tui::{text, words};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State, draft: &Batch) {
    let window = centred(area, area.width.saturating_sub(6).min(120), area.height.saturating_sub(3).min(34));
    let inside = paint.window(window, "decide many at once");
    let mut row = 0;
    for (index, group) in draft.groups.iter().enumerate() {
        group_line(paint, inside, row, group, index == draft.selected);
        row += 1;
    }
    let last = usize::from(inside.height).saturating_sub(1);
    if let Some(group) = draft.groups.get(draft.selected) {
        let said = preview(group, draft.verdict, state.setting.blind);
        let meaning = if draft.verdict.is_some() { Meaning::Warn } else { Meaning::Dim };
        let line = vec![paint.say(text::cut(&said, usize::from(inside.width)), meaning)];
        paint.line(inside, row, line);
        row += 1;
        let middle = first(below(inside, row + 1), last.saturating_sub(row + 2));
        sample(paint, middle, state, draft, group);
    }
    let count = draft.groups.get(draft.selected).and_then(|group| group.positions.as_ref()).map_or(0, Vec::len);
    let answers = match draft.verdict {
        None if count == 0 => vec![paint.say("no open pair in it   j k choose   esc leave", Meaning::Dim)],
        None if draft.inspect.is_some() => {
            vec![paint.say("j k in the sample   tab groups   a x u decide all   esc back", Meaning::Key)]
        }
        None => {
            vec![paint.say("a all same   x different   u unsure   j k group   tab sample   esc leave", Meaning::Key)]
        }
        Some(verdict) => vec![
            paint.say(format!("{verdict} for {}? ", words::counted(count as u64, "pair", "pairs")), Meaning::Warn),
            paint.say("enter stores one batch, z undoes it   esc back", Meaning::Key),
        ],
    };
    paint.line(inside, last, answers);
}

fn group_line(paint: &mut Paint, inside: Rect, row: usize, group: &Group, here: bool) {
    let width = usize::from(inside.width);
    let count = match &group.positions {
        None => "looking …".to_owned(),
        Some(positions) => words::counted(positions.len() as u64, "open pair", "open pairs"),
    };
    let mark = if here { "▸ " } else { "  " };
    let name = text::cut(&text::clean(&group.name), width.saturating_sub(30));
    let line = vec![
        paint.say(mark, Meaning::Accent),
        paint.say(text::fit(group.sort, 9), Meaning::Dim),
        paint.say(name, Meaning::Text),
        paint.say(format!("  {count}"), Meaning::Title),
    ];
    paint.line(inside, row, line);
    if here {
        paint.highlight(inside, row, Meaning::Selected);
    }
}

/// What the verdict would do to the group, in one line.
fn preview(group: &Group, verdict: Option<Verdict>, blind: bool) -> String {
    let mut said = Vec::new();
    match verdict {
        Some(Verdict::Same) => {
            said.push(format!("{} fewer at the next run", words::counted(group.joins, "entity", "entities")));
        }
        Some(Verdict::Unsure) => said.push("the pairs wait for someone else".to_owned()),
        Some(_) => said.push("they stay apart, also when later evidence ties them".to_owned()),
        None => {}
    }
    if let Some((low, high)) = group.weights.filter(|_| !blind) {
        said.push(format!("{} to {} bits", words::bits(low), words::bits(high)));
    }
    for (currency, amount) in &group.money {
        said.push(format!("{} a year hang on them", words::money(*amount, Some(currency))));
    }
    format!("  {}", said.join(" · "))
}

fn sample(paint: &mut Paint, area: Rect, state: &State, draft: &Batch, group: &Group) {
    if group.sample.is_empty() {
        return;
    }
    let all = group.positions.as_ref().map_or(0, Vec::len);
    let title = format!("a sample: {} of {}", group.sample.len().min(all), words::count(all as u64));
    paint.rule(area, 0, &title, draft.inspect.is_some());
    let detail = inspected(draft).and_then(|position| state.review.detail(position));
    let looked = if draft.inspect.is_some() { usize::from(area.height) / 2 } else { 0 };
    let room = usize::from(area.height).saturating_sub(1 + looked);
    let width = usize::from(area.width).saturating_sub(16) / 2;
    let offset = draft.inspect.map_or(0, |at| (at + 1).saturating_sub(room.max(1)));
    for (index, pair) in group.sample.iter().enumerate().skip(offset).take(room) {
        let mark = if draft.inspect == Some(index) { "▸" } else { " " };
        let (left, right) = labels(state, pair);
        let weight = if state.setting.blind { String::new() } else { words::bits(pair.weight) };
        let line = vec![
            paint.say(mark, Meaning::Accent),
            paint.say(format!("{weight:>6} "), Meaning::Dim),
            paint.say(text::fit(&left, width), Meaning::Text),
            paint.say(" | ", Meaning::Border),
            paint.say(text::cut(&right, width), Meaning::Text),
        ];
        paint.line(area, 1 + index - offset, line);
    }
    let Some(detail) = detail else { return };
    let below = below(area, 1 + room);
    paint.rule(below, 0, "fields of the pair under the cursor", false);
    let column = usize::from(area.width).saturating_sub(17) / 2;
    for (row, field) in detail.body.fields.iter().enumerate() {
        let (left, right) = (text::clean(&field.left), text::clean(&field.right));
        let shown = difference(&left, &right);
        let shown = if field.personal { mask_difference(&shown) } else { shown };
        let mut line = vec![paint.say(text::fit(&format!("  {}", text::clean(&field.field)), 14), Meaning::Dim)];
        let left =
            lines(paint, &shown.left, column, 1, Column::Left, Meaning::Text).into_iter().next().unwrap_or_default();
        line.extend(super::value::padded(left, column));
        line.push(paint.say(" | ", Meaning::Border));
        line.extend(
            lines(paint, &shown.right, column, 1, Column::Right, Meaning::Text).into_iter().next().unwrap_or_default(),
        );
        paint.line(below, row + 1, line);
    }
}
