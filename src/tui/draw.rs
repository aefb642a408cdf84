//! How is a frame put together? Draws what the state says, and nothing else.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::screens;
use super::state::overlay::{Overlay, Purpose};
use super::state::{Opening, Screen, State};
use super::theme::Meaning;
use super::view::View;
use super::widgets::paint::{Paint, first};
use super::widgets::{batch, calibration, dialog, footer, groups, header, help, palette};

/// The smallest terminal that is drawn on.
pub const SMALLEST: (u16, u16) = (80, 24);

/// Draws a whole frame and says what lies where.
pub fn draw(buffer: &mut Buffer, state: &State) -> View {
    let area = buffer.area;
    let mut paint = Paint::new(buffer, state);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(&mut paint, area, state);
        return paint.view;
    }
    header::draw(&mut paint, first(area, 1), state);
    paint.rule(area, 1, "", false);
    let footer_rows = if area.height >= 32 && state.screen == Screen::Review { 2 } else { 1 };
    let footer = Rect { y: area.bottom() - footer_rows, height: footer_rows, ..area };
    let status = Rect { y: footer.y - 1, height: 1, ..area };
    let body = Rect { x: area.x + 1, y: area.y + 2, width: area.width - 2, height: status.y - area.y - 2 };
    match &state.opening {
        Opening::Loading if state.run.id.is_empty() => screens::empty::loading(&mut paint, body),
        Opening::Failed(failure) if state.screen != Screen::Log => {
            screens::empty::failed(&mut paint, body, failure);
        }
        _ => match state.screen {
            Screen::Map => screens::map::draw(&mut paint, body, state),
            Screen::Review => screens::review::draw(&mut paint, body, state),
            Screen::Trace => screens::trace::draw(&mut paint, body, state),
            Screen::Plays => screens::plays::draw(&mut paint, body, state),
            Screen::Drift => screens::drift::draw(&mut paint, body, state),
            Screen::Log => screens::log::draw(&mut paint, body, state),
        },
    }
    if !dialog::prompt(&mut paint, status, state) {
        screens::empty::status(&mut paint, status, state);
    }
    footer::draw(&mut paint, footer, state);
    overlay(&mut paint, area, state);
    paint.view
}

fn overlay(paint: &mut Paint, area: Rect, state: &State) {
    match &state.overlay {
        Some(Overlay::Help { scroll }) => help::draw(paint, area, state, *scroll),
        Some(Overlay::Palette { input, selected }) => palette::draw(paint, area, state, input, *selected),
        Some(Overlay::Direction { question, .. }) => {
            let names = state.review.current().map(|pair| (&pair.row.left_label, &pair.row.right_label));
            let (left, right) = names.map(|(left, right)| (left.as_str(), right.as_str())).unwrap_or_default();
            let line = |key: &str, name: &str| (format!("{key}  {}", super::text::clean(name)), Meaning::Text);
            let lines = [line("← or h  left: ", left), line("→ or l  right:", right)];
            dialog::question(paint, area, question, &lines, "esc: neither");
        }
        Some(Overlay::Batch(draft)) => batch::draw(paint, area, state, draft),
        Some(Overlay::Groups { by, selected }) => groups::draw(paint, area, state, *by, *selected),
        Some(Overlay::Calibration { which }) => calibration::draw(paint, area, state, *which),
        Some(Overlay::Confirm { question, .. }) => {
            dialog::question(paint, area, "leave?", &[(question.clone(), Meaning::Text)], "y yes   n no");
        }
        Some(Overlay::Prompt { purpose: Purpose::Filter | Purpose::Note | Purpose::Goal, .. }) | None => {}
    }
}

fn too_small(paint: &mut Paint, area: Rect, state: &State) {
    let (columns, rows) = SMALLEST;
    let words = format!(
        "fourfold needs {columns} columns and {rows} rows; this terminal has {} and {}. Make it larger, or use \
         `fourfold review --plain`.",
        area.width, area.height
    );
    let row = paint.prose(area, 0, &words, Meaning::Text);
    let stored = if state.storing.is_empty() { "Everything decided is stored." } else { "Storing …" };
    let row = paint.prose(area, row, stored, Meaning::Dim);
    paint.prose(area, row, "q quits.", Meaning::Dim);
}
