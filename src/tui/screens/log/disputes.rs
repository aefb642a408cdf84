//! On which pairs do reviewers differ, and how far do they agree?

use ratatui::layout::Rect;

use crate::review::agreement::Agreement;
use crate::tui::desk::Disputed;
use crate::tui::screens::empty;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, Words, below};
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let log = &state.log;
    let Some(reviewers) = &log.reviewers else {
        empty::message(paint, area, "reading what reviewers said …", &[]);
        return;
    };
    let count = reviewers.disputed.len() as u64;
    paint.rule(area, 0, &format!("reviewers differ on {}", words::counted(count, "pair", "pairs")), true);
    let mut row = 1;
    for agreement in reviewers.agreement.iter().take(4) {
        let words = vec![paint.say(format!("  {}", agreed(agreement)), Meaning::Text)];
        paint.line(area, row, words);
        row += 1;
    }
    if reviewers.agreement.is_empty() {
        let words = vec![paint.say("  No two reviewers have judged a pair in common.", Meaning::Dim)];
        paint.line(area, row, words);
        row += 1;
    }
    if reviewers.disputed.is_empty() {
        let words = vec![paint.say("  Nothing waits to be settled.", Meaning::Good)];
        paint.line(area, row + 1, words);
        return;
    }
    paint.rule(area, row, "a verdict on one of these settles it", false);
    let view = ListView {
        list: List::Disputed,
        offset: state.view.offset(List::Disputed),
        selected: log.dispute,
        total: reviewers.disputed.len(),
        focused: true,
    };
    let width = usize::from(area.width) - 2;
    let blind = state.setting.blind;
    list::draw(paint, below(area, row + 1), &view, |paint, index| {
        reviewers.disputed.get(index).map(|row| line(paint, row, width, blind))
    });
}

/// `ada and mo: 40 pairs in common, 36 alike, kappa 0.78 ± 0.15`.
fn agreed(agreement: &Agreement) -> String {
    let kappa = match (agreement.kappa, agreement.standard_error) {
        (Some(kappa), Some(error)) => format!("kappa {kappa:.2} ± {:.2}", 1.96 * error),
        _ => "kappa is not defined: both said the same throughout".to_owned(),
    };
    format!(
        "{} and {}: {} in common, {} alike, {kappa}",
        text::clean(&agreement.one),
        text::clean(&agreement.other),
        words::counted(agreement.pairs as u64, "pair", "pairs"),
        words::count(agreement.agreed as u64)
    )
}

fn line(paint: &Paint, row: &Disputed, width: usize, blind: bool) -> Words {
    let said: Vec<String> =
        row.opinions.iter().map(|(who, verdict)| format!("{} {verdict}", text::clean(who))).collect();
    // Whoever judges blind does not see what the others said.
    let said = if blind { format!("{} opinions", row.opinions.len()) } else { said.join(" · ") };
    let right = (width / 3).max(24);
    let about = match &row.labels {
        Some((left, right)) => format!("{} | {}", text::clean(left), text::clean(right)),
        None => format!("{} | {}", text::clean(&row.pair.left.to_string()), text::clean(&row.pair.right.to_string())),
    };
    vec![
        paint.say(text::fit(&about, width.saturating_sub(right + 2)), Meaning::Text),
        paint.say("  ", Meaning::Text),
        paint.say(text::fit(&said, right), Meaning::Warn),
    ]
}
