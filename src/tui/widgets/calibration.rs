//! What do decisions say about the weights, and what would taking it over change?

use ratatui::layout::Rect;

use super::paint::{Paint, Words, centred};
use crate::impact::Proposal;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::update::calibrate::shown;
use crate::tui::update::masked::labels;
use crate::tui::{text, words};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State, which: usize) {
    let window = centred(area, area.width.saturating_sub(6).min(104), area.height.saturating_sub(2).min(30));
    let inside = paint.window(window, "calibrate the weights by decisions");
    let last = usize::from(inside.height).saturating_sub(1);
    match &state.review.proposals {
        None => {
            let words = vec![paint.say("holding every decision against its bars …", Meaning::Dim)];
            paint.line(inside, 0, words);
        }
        Some(Err(failure)) => {
            paint.prose(inside, 0, &failure.message, Meaning::Bad);
        }
        Some(Ok(_)) => {
            if let Some(proposal) = shown(state, which) {
                for (row, line) in
                    lines(paint, state, proposal, usize::from(inside.width)).into_iter().take(last).enumerate()
                {
                    paint.line(inside, row, line);
                }
            }
        }
    }
    let can = shown(state, which).is_some_and(|proposal| proposal.calibration.is_some());
    let keys = if can {
        "y takes it over from the next run on   n leaves the weights   tab the other kind"
    } else {
        "tab the other kind   esc leave"
    };
    let line = vec![paint.say(keys, Meaning::Key)];
    paint.line(inside, last, line);
}

fn lines(paint: &Paint, state: &State, proposal: &Proposal, width: usize) -> Vec<Words> {
    let many = if proposal.kind.as_str() == "person" { "people" } else { "accounts" };
    let mut lines = vec![vec![paint.say(format!("{many}: "), Meaning::Title)]];
    let ground = text::wrap(&proposal.ground(), width);
    lines.extend(ground.into_iter().map(|line| vec![paint.say(line, Meaning::Text)]));
    let Some(calibration) = &proposal.calibration else { return lines };
    lines.push(Vec::new());
    let shift = if calibration.shift == 0.0 {
        "no shift".to_owned()
    } else {
        format!("{} bits on every pair", words::bits(calibration.shift))
    };
    lines.push(vec![paint.say("  shift           ", Meaning::Dim), paint.say(shift, Meaning::Text)]);
    if calibration.factors.is_empty() {
        lines.push(vec![paint.say("  every comparison weighs as much as it should", Meaning::Dim)]);
    }
    for (name, factor) in &calibration.factors {
        let meaning = if *factor >= 1.0 { Meaning::Good } else { Meaning::Bad };
        let steps = ((factor - 1.0).abs() * 20.0).round().min(24.0) as usize;
        lines.push(vec![
            paint.say(format!("  {}", text::fit(&text::clean(name), 16)), Meaning::Text),
            paint.say(format!("x {factor:.2} "), Meaning::Title),
            paint.say(if *factor >= 1.0 { "█".repeat(steps) } else { "░".repeat(steps) }, meaning),
        ]);
    }
    lines.push(Vec::new());
    let said = format!(
        "Of {} pairs looked at {} would rise above even odds and {} fall below.",
        words::count(u64::from(proposal.looked_at)),
        words::count(u64::from(proposal.rising)),
        words::count(u64::from(proposal.falling))
    );
    lines.push(vec![paint.say(said, Meaning::Text)]);
    let names = width.saturating_sub(20) / 2;
    for (row, before, after) in &proposal.examples {
        let (left, right) = labels(state, row);
        lines.push(vec![
            paint.say(format!("  {:>6} → {:>6}  ", words::bits(*before), words::bits(*after)), Meaning::Dim),
            paint.say(text::fit(&left, names), Meaning::Text),
            paint.say("| ", Meaning::Border),
            paint.say(text::cut(&right, names), Meaning::Text),
        ]);
    }
    lines
}
