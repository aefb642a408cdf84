//! What would a verdict change?

use ratatui::layout::Rect;

use crate::snapshot::EntityRow;
use crate::tui::event::PairDetail;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

/// Rows wanted.
pub(super) const HEIGHT: usize = 8;

pub(super) fn draw(paint: &mut Paint, area: Rect, detail: &PairDetail) {
    paint.rule(area, 0, "effect of your verdict at the next run", false);
    let rows = below(area, 1);
    let width = usize::from(rows.width);
    let mut row = 0;
    let mut say = |paint: &mut Paint, label: &str, said: &str, meaning| {
        let lines = text::wrap(said, width.saturating_sub(14));
        for (index, line) in lines.into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let words = vec![paint.say(text::fit(&format!("  {label}"), 14), Meaning::Dim), paint.say(line, meaning)];
            paint.line(rows, row, words);
            row += 1;
        }
    };
    let (Some(left), Some(right)) = (&detail.left, &detail.right) else {
        say(paint, "", "the last run does not know both entities", Meaning::Dim);
        return;
    };
    if left.id == right.id {
        let all = describe(left);
        say(paint, "now", &format!("both belong to one {}: {all}", left.kind), Meaning::Text);
        say(paint, "a same", "nothing moves; the link becomes a decision", Meaning::Text);
        say(paint, "x different", "the two records are kept apart: the entity splits", Meaning::Warn);
    } else {
        say(paint, "left", &describe(left), Meaning::Text);
        say(paint, "right", &describe(right), Meaning::Text);
        let records = left.record_count + right.record_count;
        let merged =
            format!("one {} with {}{}", left.kind, words::counted(records, "record", "records"), sum(left, right));
        say(paint, "a same", &merged, Meaning::Good);
        say(paint, "x different", "they stay two, also when later evidence ties them", Meaning::Text);
    }
    let open = detail.conflicts.len() as u64;
    if open == 0 {
        say(paint, "conflicts", "none is open on them", Meaning::Dim);
        return;
    }
    let mut kinds: Vec<&str> = detail.conflicts.iter().map(|row| row.conflict.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let named = kinds.iter().take(3).map(|kind| text::clean(kind)).collect::<Vec<_>>().join(", ");
    say(
        paint,
        "conflicts",
        &format!("{} on them: {named}", words::counted(open, "is open", "are open")),
        Meaning::Warn,
    );
}

fn describe(entity: &EntityRow) -> String {
    let money = entity.arr.map_or(String::new(), |arr| format!(" · {}", words::money(arr, entity.currency.as_deref())));
    let status = if entity.status.is_empty() { String::new() } else { format!(" · {}", text::clean(&entity.status)) };
    format!(
        "{} · {} in {}{status}{money}",
        text::cut(&text::clean(&entity.label), 40),
        words::counted(entity.record_count, "record", "records"),
        text::clean(&entity.sources.join(", "))
    )
}

/// Amounts are added only in one currency.
fn sum(left: &EntityRow, right: &EntityRow) -> String {
    match (left.arr, right.arr) {
        (Some(one), Some(other)) if left.currency == right.currency => {
            format!(" · {}", words::money(one + other, left.currency.as_deref()))
        }
        _ => String::new(),
    }
}
