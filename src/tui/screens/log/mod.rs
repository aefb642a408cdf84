//! Who decided what, and when? The newest first.

mod disputes;
mod entry;

use ratatui::layout::Rect;

use super::empty;
use crate::review::Action;
use crate::tui::event::LogRow;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, Words, below, first};
use crate::tui::{text, words};

/// Rows of the entry under the cursor.
const DETAIL: usize = 6;

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let log = &state.log;
    if log.shows_disputes {
        disputes::draw(paint, area, state);
        return;
    }
    if let Some(failure) = &log.failure {
        empty::message(paint, area, &failure.message, &failure.hints.iter().map(String::as_str).collect::<Vec<_>>());
        return;
    }
    if log.rows.is_empty() {
        nothing(paint, area, state);
        return;
    }
    let more = if log.next.is_some() { "+" } else { "" };
    let mut title = format!("{} of {}{more} entries", log.selected + 1, words::count(log.rows.len() as u64));
    if !log.filter.is_empty() {
        title.push_str(&format!(" matching {}", text::clean(&log.filter)));
    }
    if let Some(reviewers) = &log.reviewers {
        let differ = reviewers.disputed.len() as u64;
        if differ > 0 {
            title.push_str(&format!(" · reviewers differ on {} (d)", words::counted(differ, "pair", "pairs")));
        }
        if let Some(agreement) = reviewers.agreement.iter().find(|agreement| agreement.kappa.is_some()) {
            title.push_str(&format!(" · kappa {:.2}", agreement.kappa.unwrap_or_default()));
        }
    }
    paint.rule(area, 0, &title, true);
    let height = usize::from(area.height).saturating_sub(DETAIL + 1);
    let rows = first(below(area, 1), height);
    let view =
        ListView { list: List::Log, offset: log.offset, selected: log.selected, total: log.rows.len(), focused: true };
    let width = usize::from(area.width) - 2;
    list::draw(paint, rows, &view, |paint, index| log.rows.get(index).map(|row| line(paint, row, width)));
    if let Some(row) = log.rows.get(log.selected) {
        entry::draw(paint, below(area, height + 1), row);
    }
}

fn nothing(paint: &mut Paint, area: Rect, state: &State) {
    let log = &state.log;
    if !log.fresh {
        empty::message(paint, area, "reading the log …", &[]);
    } else if log.filter.is_empty() {
        empty::message(paint, area, "Nothing was decided yet.", &["the queue (2) holds the pairs to decide"]);
    } else {
        let what = format!("No entry matches  / {}", text::clean(&log.filter));
        empty::message(paint, area, &what, &["esc clears it"]);
    }
}

fn line(paint: &Paint, row: &LogRow, width: usize) -> Words {
    let entry = &row.entry;
    let (what, meaning) = match &entry.what {
        Action::Decide(decision) if entry.undone => (format!("({})", decision.verdict), Meaning::Dim),
        Action::Decide(decision) => (decision.verdict.to_string(), Meaning::Title),
        other => (other.as_str().to_owned(), Meaning::Dim),
    };
    let about = about(row);
    let (who, verdict) = if width >= 110 { (14, 20) } else { (8, 13) };
    let room = width.saturating_sub(18 + who + verdict + 2 + 11);
    let undone = if entry.undone { "taken back" } else { "" };
    vec![
        paint.say(text::fit(&words::moment(entry.at), 18), Meaning::Dim),
        paint.say(text::fit(&text::clean(&entry.reviewer), who), Meaning::Text),
        paint.say(" ", Meaning::Text),
        paint.say(text::fit(&what, verdict), meaning),
        paint.say(" ", Meaning::Text),
        paint.say(text::fit(&about, room), Meaning::Text),
        paint.say(text::fit_right(undone, 11), Meaning::Warn),
    ]
}

/// What an entry is about, in few words.
pub(super) fn about(row: &LogRow) -> String {
    if let Some((left, right)) = &row.labels {
        return format!("{} | {}", text::clean(left), text::clean(right));
    }
    match &row.entry.what {
        Action::Decide(decision) => match &decision.pair {
            Some(pair) => format!("{} | {}", text::clean(&pair.left.to_string()), text::clean(&pair.right.to_string())),
            None => "erased".to_owned(),
        },
        Action::Skip { pair: Some(pair) } => {
            format!("{} | {}", text::clean(&pair.left.to_string()), text::clean(&pair.right.to_string()))
        }
        Action::Skip { pair: None } | Action::Reveal { record: None, .. } => "erased".to_owned(),
        Action::Reveal { record: Some(record), field } => {
            format!("{} of {}", text::clean(field), text::clean(&record.to_string()))
        }
        Action::Undo { target } | Action::Redo { target } => text::clean(&target.to_string()),
        Action::Erase { entries } | Action::Import { entries } => words::counted(*entries as u64, "entry", "entries"),
        Action::Create => "the log was begun".to_owned(),
    }
}
