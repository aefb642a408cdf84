//! What do the neighbours say: shared domains, contacts, invoices, tickets?

use ratatui::layout::Rect;

use crate::tui::event::PairDetail;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, below};

pub(super) fn height(detail: &PairDetail) -> usize {
    detail.body.evidence.len().max(1) + 1
}

pub(super) fn draw(paint: &mut Paint, area: Rect, detail: &PairDetail) {
    paint.rule(area, 0, "evidence: for (+) and against (−)", false);
    let rows = below(area, 1);
    if detail.body.evidence.is_empty() {
        let words = vec![paint.say("  the neighbours say nothing about this pair", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    let mut row = 0;
    let width = usize::from(rows.width).saturating_sub(16);
    for evidence in &detail.body.evidence {
        let (sign, meaning) = match evidence.speaks_for {
            Some(true) => ("+", Meaning::Good),
            Some(false) => ("−", Meaning::Bad),
            None => ("·", Meaning::Dim),
        };
        for (index, line) in text::wrap(&text::clean(&evidence.text), width).into_iter().enumerate() {
            let kind = if index == 0 { text::clean(&evidence.kind) } else { String::new() };
            let words = vec![
                paint.say(format!("  {} ", if index == 0 { sign } else { " " }), meaning),
                paint.say(text::fit(&kind, 12), Meaning::Dim),
                paint.say(line, Meaning::Text),
            ];
            paint.line(rows, row, words);
            row += 1;
        }
    }
}
