//! What does the cell under the cursor say in words: where it is, how full, how fresh, who says so?

use ratatui::layout::Rect;

use crate::chart::source_map::Origin;
use crate::tui::state::State;
use crate::tui::state::matrix::{MatrixCell, MatrixColumn};
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::Paint;
use crate::tui::{text, words};

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let map = &state.map;
    let (Some(row), Some(source)) = (map.matrix.rows.get(map.row), map.matrix.columns.get(map.column)) else { return };
    let title = format!("{} in {}", text::clean(&row.concept), text::clean(&source.source));
    paint.rule(area, 0, &title, false);
    let lines = match row.cells.get(map.column).and_then(Option::as_ref) {
        Some(cell) => lines(cell, state),
        None => vec!["This source does not have it, or its column is not recognised yet.".to_owned()],
    };
    let width = usize::from(area.width) - 2;
    let mut at = 1;
    for line in lines.into_iter().chain([describe(source, state)]) {
        for line in text::wrap(&line, width) {
            let words = vec![paint.say(format!("  {line}"), if at == 1 { Meaning::Text } else { Meaning::Dim })];
            paint.line(area, at, words);
            at += 1;
        }
    }
}

fn lines(cell: &MatrixCell, state: &State) -> Vec<String> {
    let format = match (&cell.format, cell.formats) {
        (Some(format), 0 | 1) => format!(" · {}", text::clean(format)),
        (Some(format), more) => {
            format!(" · {} and {} more", text::clean(format), words::counted(more as u64 - 1, "shape", "shapes"))
        }
        (None, _) => String::new(),
    };
    let unique =
        if cell.is_unique() { "each once".to_owned() } else { format!("{} distinct", words::count(cell.distinct)) };
    let age = cell.newest_sync.as_ref().map_or(String::new(), |at| format!(" · synced {}", words::ago(at, state.now)));
    let others = match cell.others {
        0 => String::new(),
        more => format!(" · {} with this meaning", words::counted(more as u64, "other column", "other columns")),
    };
    let mut said = vec![format!(
        "{}.{} · {} of {} filled, {unique}{format}{age} · {}{others}",
        text::clean(&cell.table),
        text::clean(&cell.column),
        words::count(cell.filled),
        words::count(cell.rows),
        says(cell),
    )];
    // Whole values of a column are shown only where they repeat: what stands in one row each may be personal.
    if cell.distinct > 0 && cell.distinct * 5 < cell.filled {
        let top: Vec<String> = cell
            .top
            .iter()
            .map(|(value, count)| format!("{} ({})", text::cut(&text::clean(value), 24), words::count(*count)))
            .collect();
        said.push(format!("most frequent: {}", top.join(", ")));
    }
    said
}

fn says(cell: &MatrixCell) -> String {
    match cell.origin {
        Some(Origin::Operator) => "stated in fourfold.toml".to_owned(),
        Some(Origin::CatalogName) => "known by name".to_owned(),
        Some(Origin::CatalogContent) => "known by content".to_owned(),
        Some(Origin::Inferred) | None => format!("guessed, {:.0}% sure", cell.confidence * 100.0),
    }
}

fn describe(source: &MatrixColumn, state: &State) -> String {
    let system = source.system.as_deref().map_or("unknown system".to_owned(), text::clean);
    let loader = source.loader.as_deref().map_or(String::new(), |loader| format!(" by {}", text::clean(loader)));
    let age =
        source.newest_sync.as_ref().map_or(String::new(), |at| format!(" · synced {}", words::ago(at, state.now)));
    format!(
        "{}: {system}{loader} · {}, {}{age}",
        text::clean(&source.source),
        words::counted(source.tables as u64, "table", "tables"),
        words::counted(source.rows, "row", "rows"),
    )
}
