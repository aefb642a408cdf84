//! What is said when there is nothing to show, and in the line above the footer?

use ratatui::layout::Rect;

use crate::tui::event::Failure;
use crate::tui::state::{Opening, Screen, State};
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, Words, shrink};
use crate::tui::{text, words};

pub(crate) fn loading(paint: &mut Paint, area: Rect) {
    message(paint, area, "opening the last run …", &[]);
}

pub(crate) fn failed(paint: &mut Paint, area: Rect, failure: &Failure) {
    let hints: Vec<&str> = failure.hints.iter().map(String::as_str).collect();
    if failure.missing {
        let mut next = hints;
        next.extend(["`fourfold demo` makes a worked example to look at", "ctrl-r looks again"]);
        message(paint, area, "There is no run to show yet.", &next);
    } else {
        let mut next = hints;
        next.push("ctrl-r tries again");
        message(paint, area, &failure.message, &next);
    }
}

/// What is the matter, and what to do next.
pub(crate) fn message(paint: &mut Paint, area: Rect, what: &str, next: &[&str]) {
    let inside = shrink(area, 2, 1);
    let mut row = paint.prose(inside, 0, what, Meaning::Title) + 1;
    for hint in next {
        row = paint.prose(inside, row, &format!("next: {}", text::clean(hint)), Meaning::Dim);
    }
}

/// The line above the footer: what just happened, or how it is going; on the review screen the count always.
pub(crate) fn status(paint: &mut Paint, area: Rect, state: &State) {
    let width = usize::from(area.width);
    let mut right = storing(paint, state);
    let left = if let Some(toast) = &state.toast {
        let (sign, meaning) = if toast.bad { (" ! ", Meaning::Bad) } else { (" ", Meaning::Good) };
        if state.screen == Screen::Review && state.opening == Opening::Ready {
            right.push(paint.say(format!("{} ", short_count(state)), Meaning::Dim));
        }
        vec![paint.say(sign, meaning), paint.say(text::cut(&text::clean(&toast.text), width), meaning)]
    } else if state.opening != Opening::Ready {
        Vec::new()
    } else if state.screen == Screen::Review {
        sitting(paint, state)
    } else {
        vec![paint.say(format!(" {}", text::cut(&counts(state), width)), Meaning::Dim)]
    };
    paint.line_both(area, 0, left, right);
}

fn short_count(state: &State) -> String {
    let review = &state.review;
    let implied = match review.passed_implied.len() as u64 {
        0 => String::new(),
        passed => format!(" · {} implied", words::count(passed)),
    };
    format!("{} decided{implied} · {} left", words::count(review.decided()), words::count(review.left()))
}

fn storing(paint: &Paint, state: &State) -> Words {
    if state.storing.is_empty() {
        return Vec::new();
    }
    vec![paint.say(format!("storing {} … ", state.storing.len()), Meaning::Warn)]
}

fn counts(state: &State) -> String {
    let said: Vec<String> = state
        .run
        .counts
        .iter()
        .map(|(name, number)| format!("{} {}", words::count(*number), text::clean(name)))
        .collect();
    match state.run.warnings.first() {
        Some(warning) => format!("! {} · {}", text::clean(warning), said.join(" · ")),
        None => said.join(" · "),
    }
}

fn sitting(paint: &Paint, state: &State) -> Words {
    let review = &state.review;
    let sitting = &review.sitting;
    let left = review.left();
    if let Some(done) = super::review::is_done(state) {
        return vec![paint.say(format!(" {done}"), Meaning::Good)];
    }
    let mut said = vec![short_count(state)];
    if let Some(goal) = sitting.goal {
        let reached = if sitting.to_goal() == Some(0) { ", reached" } else { "" };
        said.push(format!("goal {} of {}{reached}", words::count(sitting.decided), words::count(goal)));
    } else if sitting.decided > 0 {
        said.push(format!(
            "now: {} same, {} apart, {} unsure",
            words::count(sitting.same),
            words::count(sitting.apart),
            words::count(sitting.unsure)
        ));
    }
    if let Some(pace) = sitting.per_minute() {
        said.push(format!("{pace:.1} a minute"));
    }
    // To the goal, when there is one, or else to the end of the queue.
    let ahead = sitting.to_goal().map_or(left, |goal| goal.min(left));
    if let Some(seconds) = sitting.seconds_to_go(ahead).filter(|_| ahead > 0) {
        said.push(format!("{} to go", words::duration(seconds)));
    }
    if sitting.tally.merged > 0 {
        let merged = sitting.tally.merged.unsigned_abs();
        said.push(format!("{} merged", words::counted(merged, "entity", "entities")));
    }
    vec![paint.say(format!(" {}", said.join(" · ")), Meaning::Dim)]
}
