//! How do words with meanings get onto the screen?

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::state::State;
use crate::tui::text;
use crate::tui::theme::{Meaning, Theme};
use crate::tui::view::View;

/// Spans of one line.
pub type Words = Vec<Span<'static>>;

/// Draws one frame: knows the theme, and notes what lies where.
pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    /// The theme.
    pub theme: &'a Theme,
    /// What lies where.
    pub view: View,
}

impl<'a> Paint<'a> {
    /// Begins a frame.
    pub fn new(buffer: &'a mut Buffer, state: &'a State) -> Self {
        Self { buffer, theme: &state.theme, view: View::default() }
    }

    /// The style of a meaning.
    #[must_use]
    pub fn style(&self, meaning: Meaning) -> Style {
        self.theme.style(meaning)
    }

    /// A text with a meaning. The caller has cleaned what comes from sources.
    #[must_use]
    pub fn say(&self, text: impl Into<String>, meaning: Meaning) -> Span<'static> {
        Span::styled(text.into(), self.style(meaning))
    }

    /// One line of an area, counted from its top; lines outside are dropped.
    pub fn line(&mut self, area: Rect, row: usize, words: Words) {
        let Some(line) = line_of(area, row) else { return };
        self.buffer.set_line(line.x, line.y, &Line::from(words), line.width);
    }

    /// One line with some words at its right end; the left ones give way.
    pub fn line_both(&mut self, area: Rect, row: usize, left: Words, right: Words) {
        let Some(line) = line_of(area, row) else { return };
        let width: usize = right.iter().map(|span| text::width(&span.content)).sum();
        let width = (width as u16).min(line.width);
        let room = line.width.saturating_sub(width + u16::from(width > 0));
        self.buffer.set_line(line.x, line.y, &Line::from(shortened(left, usize::from(room))), room);
        self.buffer.set_line(line.right().saturating_sub(width), line.y, &Line::from(right), width);
    }

    /// A style over a whole line, on top of what is there.
    pub fn highlight(&mut self, area: Rect, row: usize, meaning: Meaning) {
        if let Some(line) = line_of(area, row) {
            let style = self.style(meaning);
            self.buffer.set_style(line, style);
        }
    }

    /// A horizontal line with a title in it.
    pub fn rule(&mut self, area: Rect, row: usize, title: &str, focused: bool) {
        let width = usize::from(area.width);
        let border = |text: String| self.say(text, Meaning::Border);
        let words = if title.is_empty() {
            vec![border("─".repeat(width))]
        } else {
            let title = text::cut(title, width.saturating_sub(6));
            let rest = width.saturating_sub(text::width(&title) + 4);
            let meaning = if focused { Meaning::Accent } else { Meaning::Title };
            let mark = if focused { "▸ " } else { "─ " };
            vec![border(mark.to_owned()), self.say(title, meaning), border(format!(" {}", "─".repeat(rest + 1)))]
        };
        self.line(area, row, words);
    }

    /// A vertical line at the left edge of an area.
    pub fn edge(&mut self, area: Rect) {
        let style = self.style(Meaning::Border);
        for y in area.top()..area.bottom() {
            self.buffer.set_string(area.x, y, "│", style);
        }
    }

    /// Lines of ordinary text, wrapped, from a row on; returns the row after them.
    pub fn prose(&mut self, area: Rect, row: usize, words: &str, meaning: Meaning) -> usize {
        let mut row = row;
        for line in text::wrap(words, usize::from(area.width)) {
            let words = vec![self.say(line, meaning)];
            self.line(area, row, words);
            row += 1;
        }
        row
    }

    /// Empties an area and puts a frame with a title around it; returns the inside.
    pub fn window(&mut self, area: Rect, title: &str) -> Rect {
        for y in area.top()..area.bottom() {
            self.buffer.set_string(area.x, y, " ".repeat(usize::from(area.width)), Style::reset());
        }
        let inner = usize::from(area.width.saturating_sub(2));
        let title = text::cut(title, inner.saturating_sub(4));
        let rest = inner.saturating_sub(text::width(&title) + 3);
        let top = vec![
            self.say("┌─ ".to_owned(), Meaning::Border),
            self.say(title, Meaning::Accent),
            self.say(format!(" {}┐", "─".repeat(rest)), Meaning::Border),
        ];
        self.line(area, 0, top);
        for row in 1..usize::from(area.height.saturating_sub(1)) {
            let bar = || Span::styled("│", self.theme.style(Meaning::Border));
            let (left, right) = (vec![bar()], vec![bar()]);
            self.line_both(area, row, left, right);
        }
        let bottom = vec![self.say(format!("└{}┘", "─".repeat(inner)), Meaning::Border)];
        self.line(area, usize::from(area.height).saturating_sub(1), bottom);
        shrink(area, 2, 1)
    }
}

/// Words in so many columns; what does not fit is replaced by an ellipsis.
#[must_use]
pub fn shortened(words: Words, columns: usize) -> Words {
    let total: usize = words.iter().map(|span| text::width(&span.content)).sum();
    if total <= columns {
        return words;
    }
    let mut left = columns;
    let mut kept = Words::new();
    for span in words {
        let wide = text::width(&span.content);
        if wide < left {
            left -= wide;
            kept.push(span);
            continue;
        }
        // One column more than there is, so that the cut always shows.
        let cut = text::cut(&format!("{}  ", span.content), left);
        kept.push(Span::styled(cut, span.style));
        break;
    }
    kept
}

fn line_of(area: Rect, row: usize) -> Option<Rect> {
    let row = u16::try_from(row).ok().filter(|row| *row < area.height)?;
    Some(Rect { y: area.y + row, height: 1, ..area })
}

/// The inside of an area.
#[must_use]
pub fn shrink(area: Rect, columns: u16, rows: u16) -> Rect {
    Rect {
        x: area.x + columns.min(area.width),
        y: area.y + rows.min(area.height),
        width: area.width.saturating_sub(2 * columns),
        height: area.height.saturating_sub(2 * rows),
    }
}

/// An area of some size in the middle of another.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The rows of an area from one on.
#[must_use]
pub fn below(area: Rect, rows: usize) -> Rect {
    let rows = (rows as u16).min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// The first rows of an area.
#[must_use]
pub fn first(area: Rect, rows: usize) -> Rect {
    Rect { height: (rows as u16).min(area.height), ..area }
}

/// An area cut in two, side by side, with a column between them.
#[must_use]
pub fn beside(area: Rect, left: usize) -> (Rect, Rect) {
    let left = (left as u16).min(area.width);
    let right = area.width.saturating_sub(left + 2);
    (Rect { width: left, ..area }, Rect { x: area.right() - right, width: right, ..area })
}
