//! Where does the value under the cursor come from? What the snapshot knows at once, and the walk to the rows.

use ratatui::layout::Rect;

use super::cells::shown;
use super::rows;
use crate::tui::state::State;
use crate::tui::state::trace::{TraceFocus, Walk};
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};
use crate::tui::widgets::paint::{Paint, Words, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let trace = &state.trace;
    let focused = trace.focus == TraceFocus::Lineage;
    let Some(cell) = trace.cell().filter(|_| trace.entity.as_ref().map(|entity| &entity.id) == trace.cells_of.as_ref())
    else {
        paint.rule(area, 0, "lineage", focused);
        return;
    };
    paint.rule(area, 0, &format!("lineage of {}", text::clean(&cell.field)), focused);
    let width = usize::from(area.width).saturating_sub(2);
    let (value, meaning) = shown(state, cell);
    let hidden = meaning == Meaning::Masked;
    let mut lines: Vec<Words> = Vec::new();
    for (index, part) in text::wrap(&value, width.saturating_sub(10)).into_iter().enumerate() {
        let label = if index == 0 { "value" } else { "" };
        lines.push(labelled(paint, label, part, if hidden { meaning } else { Meaning::Title }));
    }
    lines.extend(wrapped(paint, "rule", &text::clean(&cell.rule), width, Meaning::Text));
    match &cell.record {
        Some(record) => {
            let place = format!("{}.{}", text::clean(record.source.as_str()), text::clean(&record.table));
            lines.extend(wrapped(paint, "from", &place, width, Meaning::Accent));
            lines.push(labelled(
                paint,
                "record",
                text::cut_middle(&text::clean(&record.pk), width - 10),
                Meaning::Text,
            ));
            lines.push(labelled(
                paint,
                "column",
                text::cut_middle(&text::clean(&cell.column), width - 10),
                Meaning::Text,
            ));
        }
        None if cell.value.is_none() => {
            lines.extend(wrapped(paint, "from", "no source has a value", width, Meaning::Dim));
        }
        None => lines.extend(wrapped(paint, "from", "several rows together", width, Meaning::Text)),
    }
    if let Some(synced) = &cell.synced_at {
        let sync = cell.sync_id.as_ref().map_or(String::new(), |sync| format!(" by sync {}", text::clean(sync)));
        lines.extend(wrapped(
            paint,
            "synced",
            &format!("{}{sync}", words::ago(synced, state.now)),
            width,
            Meaning::Text,
        ));
    }
    lines.push(Vec::new());
    match trace.current_walk() {
        Walk::None => {
            let hint = if focused {
                "w walks to the rows in the warehouse"
            } else {
                "enter walks to the rows in the warehouse"
            };
            lines.extend(wrapped(paint, "", hint, width, Meaning::Dim));
        }
        Walk::Walking => lines.extend(wrapped(paint, "", "walking to the rows …", width, Meaning::Warn)),
        Walk::Failed(failure) => {
            lines.extend(wrapped(paint, "!", &failure.message, width, Meaning::Bad));
            for hint in &failure.hints {
                lines.extend(wrapped(paint, "next", &text::clean(hint), width, Meaning::Dim));
            }
        }
        Walk::Done(view) => lines.extend(rows::lines(paint, view, width, hidden, state)),
    }
    let rest = below(area, 1);
    let height = usize::from(rest.height);
    let scroll = trace.scroll.min(lines.len().saturating_sub(height));
    let more = lines.len().saturating_sub(scroll + height);
    paint.view.list(List::Lineage, scroll, height);
    paint.view.hit(rest, Hit::Area(List::Lineage));
    for (row, words) in lines.into_iter().skip(scroll).take(height).enumerate() {
        paint.line(rest, row, words);
    }
    if more > 0 {
        let words = vec![
            paint.say(format!("  … {}", words::counted(more as u64 + 1, "more line", "more lines")), Meaning::Dim),
        ];
        let last = Rect { y: rest.bottom() - 1, height: 1, ..rest };
        paint.line(last, 0, vec![paint.say(" ".repeat(usize::from(last.width)), Meaning::Text)]);
        paint.line(last, 0, words);
    }
}

pub(super) fn labelled(paint: &Paint, label: &str, said: String, meaning: Meaning) -> Words {
    vec![paint.say(text::fit(&format!("  {label}"), 10), Meaning::Dim), paint.say(said, meaning)]
}

pub(super) fn wrapped(paint: &Paint, label: &str, said: &str, width: usize, meaning: Meaning) -> Vec<Words> {
    text::wrap(said, width.saturating_sub(10))
        .into_iter()
        .enumerate()
        .map(|(index, line)| labelled(paint, if index == 0 { label } else { "" }, line, meaning))
        .collect()
}
