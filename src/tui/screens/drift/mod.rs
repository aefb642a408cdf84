//! What moved since the last report, what did it touch, and what is to be done?

mod one;
mod rows;

use ratatui::layout::Rect;

use super::empty;
use crate::drift::cause::Cause;
use crate::drift::finding::Severity;
use crate::drift::report::{View, moment};
use crate::tui::state::State;
use crate::tui::state::drift::DriftDepth;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, Words, below, first};

/// Rows of the cause under the cursor.
const DETAIL: usize = 6;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let drift = &state.drift;
    if let Some(failure) = &drift.failure {
        let hints: Vec<&str> = failure.hints.iter().map(String::as_str).collect();
        empty::message(paint, area, &failure.message, &hints);
        return;
    }
    let Some(view) = drift.report.as_deref() else {
        empty::message(paint, area, "reading the report …", &[]);
        return;
    };
    match (drift.depth, drift.cause()) {
        (DriftDepth::One, Some(cause)) => one::draw(paint, area, state, view, cause),
        (DriftDepth::Rows, Some(_)) => rows::draw(paint, area, state),
        _ => causes(paint, area, state, view),
    }
}

fn causes(paint: &mut Paint, area: Rect, state: &State, view: &View) {
    let drift = &state.drift;
    paint.rule(area, 0, &title(view), true);
    let mut row = 1;
    for (line, meaning) in notices(view) {
        let words = vec![paint.say(format!("  {}", text::cut(&line, usize::from(area.width) - 2)), meaning)];
        paint.line(area, row, words);
        row += 1;
    }
    if drift.findings.is_empty() {
        let what = if view.report.reference.is_none() {
            "A baseline is kept. The next run says what moved."
        } else {
            "Nothing moved since the last report."
        };
        empty::message(paint, below(area, row), what, &["`fourfold run` takes every step"]);
        return;
    }
    let height = usize::from(area.height).saturating_sub(row + DETAIL + 1).max(1);
    let rows = first(below(area, row), height);
    let list = ListView {
        list: List::Findings,
        offset: drift.offset,
        selected: drift.selected,
        total: drift.findings.len(),
        focused: true,
    };
    let width = usize::from(area.width) - 2;
    list::draw(paint, rows, &list, |paint, index| {
        let cause = view.report.causes.get(*drift.findings.get(index)?)?;
        Some(line(paint, view, cause, width))
    });
    if let Some(cause) = drift.cause() {
        under(paint, below(area, row + height), view, cause);
    }
}

fn title(view: &View) -> String {
    let [high, medium, low] = view.counts();
    let quiet = view.quiet().count();
    // Days, so that both stand in eighty columns; the report has the moments.
    let day = |at: i64| moment(at).get(..10).map(str::to_owned).unwrap_or_default();
    let against = view.report.reference_as_of.map_or(String::new(), |before| format!(" against {}", day(before)));
    format!("{high} high · {medium} medium · {low} low · {quiet} answered · {}{against}", day(view.report.as_of))
}

/// What stands above the list: what is frozen, which runs are missing, which mappings hold.
fn notices(view: &View) -> Vec<(String, Meaning)> {
    let report = &view.report;
    let mut lines = Vec::new();
    if !report.broken.is_empty() {
        let what = if report.published {
            "broken, and published nevertheless"
        } else {
            "FROZEN, the last good run stays published"
        };
        for broken in report.broken.iter().take(3) {
            lines.push((format!("{what}: {}: {}", text::clean(&broken.what), text::clean(&broken.why)), Meaning::Bad));
        }
    }
    lines.extend(report.health.iter().take(2).map(|line| (text::clean(line), Meaning::Warn)));
    lines.extend(report.mappings.iter().take(2).map(|line| (text::clean(line), Meaning::Good)));
    lines
}

/// A severity in words and colour.
fn severity(severity: Severity) -> (&'static str, Meaning) {
    match severity {
        Severity::High => ("HIGH  ", Meaning::Bad),
        Severity::Medium => ("medium", Meaning::Warn),
        Severity::Low => ("low   ", Meaning::Dim),
    }
}

/// What was done about a cause, in a word.
fn state_word(view: &View, cause: &Cause) -> String {
    let standing = view.standing.get(&cause.id);
    match standing {
        Some(standing) if standing.is_quiet() => standing.state.clone(),
        Some(standing) if standing.assignee.is_some() => {
            format!("@{}", text::clean(standing.assignee.as_deref().unwrap_or_default()))
        }
        _ if view.is_new(cause) => String::new(),
        _ => "seen before".to_owned(),
    }
}

fn line(paint: &Paint, view: &View, cause: &Cause, width: usize) -> Words {
    let (word, meaning) = severity(cause.severity);
    let quiet = view.is_quiet(cause);
    let more = match cause.findings.len() {
        1 => String::new(),
        many => format!(" +{}", many - 1),
    };
    let state = state_word(view, cause);
    let room = width.saturating_sub(7 + 5 + 14);
    vec![
        paint.say(format!("{word} "), if quiet { Meaning::Dim } else { meaning }),
        paint.say(text::fit(&text::clean(&cause.title), room), if quiet { Meaning::Dim } else { Meaning::Text }),
        paint.say(text::fit_right(&more, 5), Meaning::Dim),
        paint.say(text::fit_right(&state, 14), Meaning::Good),
    ]
}

/// What hangs on the cause under the cursor, and what to do.
fn under(paint: &mut Paint, area: Rect, view: &View, cause: &Cause) {
    paint.rule(area, 0, &cause.id, false);
    let inside = below(area, 1);
    let impact = cause.impact.line();
    let touches =
        if impact.is_empty() { "touches nothing of the joined model".to_owned() } else { format!("touches {impact}") };
    let mut row = paint.prose(inside, 0, &text::clean(&touches), Meaning::Text);
    row = paint.prose(inside, row, cause.findings[0].kind.advice(), Meaning::Dim);
    if cause.findings.iter().any(|finding| finding.rename.is_some()) {
        row = paint.prose(
            inside,
            row,
            "c confirms the rename: fourfold.toml keeps it, and the join goes on",
            Meaning::Good,
        );
    }
    if let Some(standing) = view.standing.get(&cause.id) {
        for note in &standing.notes {
            row = paint.prose(inside, row, &format!("note: {}", text::clean(note)), Meaning::Dim);
        }
    }
}
