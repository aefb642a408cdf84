//! Which rows of the source are behind a finding?

use ratatui::layout::Rect;

use crate::tui::screens::empty;
use crate::tui::state::State;
use crate::tui::state::drift::DriftRows;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};
use crate::tui::widgets::paint::{Paint, below};

/// The widest that one column is shown.
const WIDEST: usize = 28;

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let drift = &state.drift;
    let place = drift.here().map_or(String::new(), |finding| text::clean(&finding.place()));
    let rows = match &drift.rows {
        DriftRows::Done(rows) if rows.len() > 1 => rows,
        DriftRows::Done(_) => {
            empty::message(paint, area, &format!("No row of {place} is like that now."), &["esc goes back"]);
            return;
        }
        DriftRows::Failed(failure) => {
            let hints: Vec<&str> = failure.hints.iter().map(String::as_str).collect();
            empty::message(paint, area, &failure.message, &hints);
            return;
        }
        DriftRows::Loading | DriftRows::None => {
            empty::message(paint, area, &format!("reading rows of {place} …"), &[]);
            return;
        }
    };
    paint.rule(area, 0, &title(rows.len() - 1, &place), true);
    let inside = below(area, 1);
    let columns = rows[0].len();
    let wide: Vec<usize> = (0..columns)
        .map(|column| {
            let widths = rows.iter().filter_map(|row| row.get(column)).map(|cell| text::width(cell));
            widths.max().unwrap_or(0).clamp(1, WIDEST)
        })
        .collect();
    let line = |row: &[String]| {
        row.iter().zip(&wide).map(|(cell, wide)| text::fit(&text::clean(cell), *wide)).collect::<Vec<_>>().join("  ")
    };
    let head = vec![paint.say(format!("  {}", line(&rows[0])), Meaning::Title)];
    paint.line(inside, 0, head);
    let body = below(inside, 1);
    let height = usize::from(body.height);
    let scroll = drift.scroll.min((rows.len() - 1).saturating_sub(height));
    paint.view.list(List::Findings, scroll, height);
    paint.view.hit(body, Hit::Area(List::Findings));
    for (at, row) in rows[1..].iter().skip(scroll).take(height).enumerate() {
        let words = vec![paint.say(format!("  {}", line(row)), Meaning::Text)];
        paint.line(body, at, words);
    }
}

fn title(count: usize, place: &str) -> String {
    if count == 1 { format!("1 row of {place}") } else { format!("{count} rows of {place}") }
}
