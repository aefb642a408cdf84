//! What do the neighbours say: shared domains, contacts, invoices, tickets?

use ratatui::layout::Rect;

use crate::snapshot::Evidence;
use crate::tui::event::PairDetail;
use crate::tui::mask::mask;
use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::update::masked::{PEOPLE, is_revealed};
use crate::tui::widgets::paint::Paint;

/// What is known so far: what the run kept, and what was loaded since.
pub(super) fn known<'a>(state: &'a State, detail: &'a PairDetail) -> Vec<&'a Evidence> {
    let around = state.review.around_of(&detail.row).map(|around| around.evidence.as_slice()).unwrap_or_default();
    detail.body.evidence.iter().chain(around).collect()
}

pub(super) fn height(state: &State, detail: &PairDetail) -> usize {
    known(state, detail).len().max(1)
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let evidence = known(state, detail);
    if evidence.is_empty() {
        let waiting = state.review.around_of(&detail.row).is_none();
        let said = if waiting { "  looking around …" } else { "  the neighbours say nothing about this pair" };
        let words = vec![paint.say(said, Meaning::Dim)];
        paint.line(area, 0, words);
        return;
    }
    let shown = is_revealed(state, detail.row.position, PEOPLE);
    let mut row = 0;
    let width = usize::from(area.width).saturating_sub(16);
    for evidence in evidence {
        let (sign, meaning) = match evidence.speaks_for {
            Some(true) => ("+", Meaning::Good),
            Some(false) => ("−", Meaning::Bad),
            None => ("·", Meaning::Dim),
        };
        let names: Vec<String> = evidence
            .personal
            .iter()
            .map(|name| if shown { text::clean(name) } else { mask(&text::clean(name)) })
            .collect();
        let mut said = text::clean(&evidence.text);
        if !names.is_empty() {
            said.push_str(&format!(": {}", names.join(", ")));
        }
        for (index, line) in text::wrap(&said, width).into_iter().enumerate() {
            let kind = if index == 0 { text::clean(&evidence.kind) } else { String::new() };
            let words = vec![
                paint.say(format!("  {} ", if index == 0 { sign } else { " " }), meaning),
                paint.say(text::fit(&kind, 12), Meaning::Dim),
                paint.say(line, Meaning::Text),
            ];
            paint.line(area, row, words);
            row += 1;
        }
    }
}
