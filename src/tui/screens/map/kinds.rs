//! Which kinds of conflicts are there: how grave, how many, how much money?

use ratatui::layout::Rect;

use crate::chart::conflict::Severity;
use crate::tui::state::State;
use crate::tui::state::map::MapFocus;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, below};
use crate::tui::{text, words};

/// A word, a sign and a meaning for a severity.
pub(super) fn severity(severity: Severity) -> (&'static str, Meaning) {
    match severity {
        Severity::High => ("▲ high", Meaning::Bad),
        Severity::Medium => ("■ medium", Meaning::Warn),
        Severity::Low => ("· low", Meaning::Dim),
    }
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let focused = map.focus == MapFocus::Conflicts;
    let all: u64 = map.kinds.iter().map(|kind| kind.count).sum();
    let title = format!(
        "{} of {}",
        words::counted(all, "conflict", "conflicts"),
        words::counted(map.kinds.len() as u64, "kind", "kinds")
    );
    paint.rule(area, 0, &title, focused);
    let rows = below(area, 1);
    if map.kinds.is_empty() {
        let words = vec![paint.say("  The sources do not contradict each other.", Meaning::Good)];
        paint.line(rows, 0, words);
        return;
    }
    let view = ListView {
        list: List::Kinds,
        offset: state.view.offset(List::Kinds),
        selected: map.kind,
        total: map.kinds.len(),
        focused,
    };
    let term = usize::from(area.width) >= 76;
    // Before a second run there is nothing to compare with.
    let trends = if map.trends.is_empty() { 0 } else { 6 };
    let name = usize::from(area.width).saturating_sub(2 + 10 + 10 + 16 + trends + if term { 18 } else { 0 });
    list::draw(paint, rows, &view, |paint, index| {
        let kind = map.kinds.get(index)?;
        let (word, meaning) = severity(kind.severity);
        let standard = map.words_of(&kind.kind).map_or("", |words| words.term.as_str());
        let mut line = vec![
            paint.say(text::fit(word, 10), meaning),
            paint.say(text::fit(&text::clean(&kind.kind).replace('_', " "), name), Meaning::Text),
        ];
        if term {
            line.push(paint.say(text::fit(&text::clean(standard), 18), Meaning::Dim));
        }
        let trend = map.trend_of(&kind.kind).map_or(String::new(), |trend| {
            match kind.count.cast_signed() - trend.before.cast_signed() {
                0 => "=".to_owned(),
                more if more > 0 => format!("↑{more}"),
                less => format!("↓{}", -less),
            }
        });
        line.push(paint.say(text::fit_right(&words::count(kind.count), 8), Meaning::Title));
        line.push(paint.say(text::fit_right(&trend, trends), Meaning::Dim));
        line.push(paint.say(text::fit_right(&money(&kind.money), 18), Meaning::Text));
        Some(line)
    });
}

/// The largest sum, and that there are others: currencies are never added up.
pub(super) fn money(sums: &[(String, f64)]) -> String {
    match sums {
        [] => String::new(),
        [(currency, sum)] => words::money(*sum, Some(currency)),
        [(currency, sum), rest @ ..] => format!("{} +{}", words::money(*sum, Some(currency)), rest.len()),
    }
}
