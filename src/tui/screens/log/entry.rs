//! What does the entry under the cursor say in full?

use ratatui::layout::Rect;

use crate::tui::event::LogRow;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, row: &LogRow) {
    let entry = &row.entry;
    paint.rule(area, 0, &format!("entry {} · {}", entry.seq, entry.id.short()), false);
    let rows = below(area, 1);
    let Some(decision) = entry.decision() else {
        let words = vec![paint.say(format!("  {}: {}", entry.what.as_str(), super::about(row)), Meaning::Text)];
        paint.line(rows, 0, words);
        return;
    };
    let mut lines = Vec::new();
    if let Some(pair) = &decision.pair {
        lines.push(format!("{}  |  {}", text::clean(&pair.left.to_string()), text::clean(&pair.right.to_string())));
    }
    let mut said = vec![decision.kind.to_string()];
    if let Some(rule) = &decision.rule {
        said.push(format!("rule {}", text::clean(rule)));
    }
    said.push(match decision.weight_shown {
        Some(weight) => format!("{} bits were shown", words::bits(weight)),
        None => "the score was hidden".to_owned(),
    });
    if let Some(name) = &decision.batch_name {
        said.push(format!("batch {}", text::clean(name)));
    }
    if decision.settles {
        said.push("settled a disagreement".to_owned());
    }
    if entry.imported {
        said.push("from another log".to_owned());
    }
    lines.push(said.join(" · "));
    let rests: Vec<String> = decision.fields.iter().map(|anchor| text::clean(&anchor.field)).collect();
    lines.push(format!("rests on {}", if rests.is_empty() { "no field".to_owned() } else { rests.join(", ") }));
    if let Some(note) = &decision.note {
        lines.push(format!("note: {}", text::clean(note)));
    }
    let width = usize::from(rows.width).saturating_sub(2);
    for (at, line) in lines.into_iter().enumerate() {
        let words = vec![paint.say(format!("  {}", text::cut(&line, width)), Meaning::Text)];
        paint.line(rows, at, words);
    }
}
