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
    // What other pairs of the two weigh would give the score away.
    let blind = super::bars::is_hidden(detail, state);
    detail.body.evidence.iter().chain(around).filter(|evidence| !(blind && evidence.kind == "pairs")).collect()
}

pub(super) fn height(state: &State, detail: &PairDetail, width: u16) -> usize {
    let room = usize::from(width).saturating_sub(LABEL);
    let rows = |evidence: &Evidence| text::wrap(&said(state, detail, evidence), room).len();
    known(state, detail).into_iter().map(rows).sum::<usize>().max(1)
}

/// Columns before the words.
const LABEL: usize = 16;

/// One piece of evidence in words, with names masked until they are revealed.
fn said(state: &State, detail: &PairDetail, evidence: &Evidence) -> String {
    let shown = is_revealed(state, detail.row.position, PEOPLE);
    let name = |name: &String| if shown { text::clean(name) } else { mask(&text::clean(name)) };
    let names: Vec<String> = evidence.personal.iter().map(name).collect();
    let words = text::clean(&evidence.text);
    if names.is_empty() { words } else { format!("{words}: {}", names.join(", ")) }
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
    let mut row = 0;
    let width = usize::from(area.width).saturating_sub(LABEL);
    for evidence in evidence {
        let (sign, meaning) = match evidence.speaks_for {
            Some(true) => ("+", Meaning::Good),
            Some(false) => ("−", Meaning::Bad),
            None => ("·", Meaning::Dim),
        };
        let said = said(state, detail, evidence);
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
