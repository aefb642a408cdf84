//! Concepts by sources: how full, and are the values unique?

use ratatui::layout::Rect;

use crate::tui::state::State;
use crate::tui::state::map::MapFocus;
use crate::tui::state::matrix::{MatrixCell, MatrixColumn};
use crate::tui::theme::Meaning;
use crate::tui::view::{Hit, List};
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, Words, below};
use crate::tui::{text, words};

/// The width of the concept, for a matrix so wide.
fn concept_width(width: u16) -> usize {
    if width < 100 { 19 } else { 26 }
}

/// Eight steps of fullness.
const FULLNESS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let focused = map.focus == MapFocus::Matrix;
    let concept = concept_width(area.width);
    let room = usize::from(area.width).saturating_sub(concept + 2);
    let count = map.matrix.columns.len();
    let width = (room / count.max(1)).clamp(11, 22);
    let shown = (room / width).max(1);
    // The columns follow the cursor sideways.
    let first = (map.column + 1).saturating_sub(shown).min(count.saturating_sub(shown));
    let columns: Vec<usize> = (first..count).take(shown).collect();
    let title = format!(
        "source map: {} in {} (u: every value once)",
        words::counted(map.matrix.rows.len() as u64, "concept", "concepts"),
        words::counted(count as u64, "source", "sources")
    );
    paint.rule(area, 0, &title, focused);
    let more = (first > 0, first + shown < count);
    let head = head(paint, state, &columns, (concept + 2, width), more);
    for (row, words) in head.into_iter().enumerate() {
        paint.line(area, row + 1, words);
    }
    let rows = below(area, 3);
    for (place, column) in columns.iter().enumerate() {
        let hit = Rect {
            x: rows.x + (concept + 2 + place * width) as u16,
            width: width as u16,
            y: area.y + 1,
            height: rows.height + 2,
        };
        paint.view.hit(hit, Hit::MatrixColumn(*column));
    }
    let view = ListView {
        list: List::Matrix,
        offset: state.view.offset(List::Matrix),
        selected: map.row,
        total: map.matrix.rows.len(),
        focused,
    };
    list::draw(paint, rows, &view, |paint, index| {
        let row = map.matrix.rows.get(index)?;
        let mut line = vec![paint.say(text::fit(&text::clean(&row.concept), concept), Meaning::Text)];
        for column in &columns {
            let here = focused && index == map.row && *column == map.column;
            line.extend(cell(paint, row.cells.get(*column).and_then(Option::as_ref), width, here));
        }
        Some(line)
    });
}

/// Two lines: the sources under their surfaces.
fn head(
    paint: &Paint,
    state: &State,
    columns: &[usize],
    (label, width): (usize, usize),
    more: (bool, bool),
) -> [Words; 2] {
    let mark = match more {
        (true, true) => "← more →",
        (true, false) => "← more",
        (false, true) => "more →",
        (false, false) => "",
    };
    let mut surfaces = vec![paint.say(text::fit(&format!("  {mark}"), label), Meaning::Dim)];
    let mut sources = vec![paint.say(text::fit("", label), Meaning::Dim)];
    let mut last = None;
    for column in columns {
        let Some(source) = state.map.matrix.columns.get(*column) else { continue };
        let surface = if last == Some(source.surface) { "" } else { source.surface.as_str() };
        last = Some(source.surface);
        surfaces.push(paint.say(text::fit(surface, width), Meaning::Dim));
        let meaning = if *column == state.map.column { Meaning::Accent } else { Meaning::Title };
        sources.push(paint.say(text::fit(&name(source, width - 1), width), meaning));
    }
    [surfaces, sources]
}

fn name(source: &MatrixColumn, width: usize) -> String {
    text::cut_middle(&text::clean(&source.source), width)
}

fn cell(paint: &Paint, cell: Option<&MatrixCell>, width: usize, here: bool) -> Words {
    let (open, close) = if here { ("[", "]") } else { (" ", " ") };
    let inside = width - 2;
    let Some(cell) = cell else {
        return vec![
            paint.say(open, Meaning::Accent),
            paint.say(text::fit("·", inside), Meaning::Border),
            paint.say(close, Meaning::Accent),
        ];
    };
    let share = if cell.rows == 0 { 0.0 } else { cell.filled as f64 / cell.rows as f64 };
    let step = (share * 8.0).ceil() as usize;
    let meaning = match () {
        () if cell.filled == 0 => Meaning::Bad,
        () if share < 0.5 => Meaning::Warn,
        () => Meaning::Text,
    };
    let mut said = text::fit_right(&words::percent(cell.filled, cell.rows), 4);
    if cell.filled == 0 {
        said.push_str(" none");
    } else if cell.is_unique() {
        said.push_str(" u");
    }
    if width >= 19
        && let Some(format) = &cell.format
    {
        said = text::fit(&said, 9);
        said.push_str(&text::clean(format));
    }
    vec![
        paint.say(open, Meaning::Accent),
        paint.say(FULLNESS[step.min(8)], meaning),
        paint.say(text::fit(&said, inside - 1), meaning),
        paint.say(close, Meaning::Accent),
    ]
}
