//! How is a value drawn in a narrow column, with its differences marked?

use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation as _;

use super::paint::{Paint, Words};
use crate::tui::diff::Segment;
use crate::tui::text;
use crate::tui::theme::Meaning;

/// The side of a pair: decides which marks stand around what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `[-…]`.
    Left,
    /// `{+…}`.
    Right,
}

/// A value in lines of `columns`, at most `most` of them.
#[must_use]
pub fn lines(
    paint: &Paint,
    segments: &[Segment],
    columns: usize,
    most: usize,
    side: Column,
    plain: Meaning,
) -> Vec<Words> {
    let mut lines: Vec<Words> = vec![Vec::new()];
    let mut used = 0;
    let mut full = false;
    'all: for segment in segments {
        let meaning = if segment.differs { Meaning::Differs } else { plain };
        let marked = segment.differs && paint.theme.marks;
        let (before, after) = match side {
            _ if !marked => ("", ""),
            Column::Left => ("[-", "]"),
            Column::Right => ("{+", "}"),
        };
        let mut run = String::new();
        for grapheme in before.graphemes(true).chain(segment.text.graphemes(true)).chain(after.graphemes(true)) {
            let wide = text::grapheme_width(grapheme);
            if used + wide > columns {
                push(&mut lines, paint, std::mem::take(&mut run), meaning);
                if lines.len() == most {
                    full = true;
                    break 'all;
                }
                lines.push(Vec::new());
                used = 0;
            }
            run.push_str(grapheme);
            used += wide;
        }
        push(&mut lines, paint, run, meaning);
    }
    if full && let Some(last) = lines.last_mut() {
        shorten(last, columns);
    }
    lines
}

fn push(lines: &mut [Words], paint: &Paint, run: String, meaning: Meaning) {
    if !run.is_empty()
        && let Some(line) = lines.last_mut()
    {
        line.push(paint.say(run, meaning));
    }
}

/// Makes room for an ellipsis at the end of a line.
fn shorten(line: &mut Words, columns: usize) {
    let style = line.last().map(|span| span.style).unwrap_or_default();
    let total: usize = line.iter().map(|span| text::width(&span.content)).sum();
    let mut over = (total + 1).saturating_sub(columns);
    while over > 0 {
        let Some(last) = line.pop() else { break };
        let wide = text::width(&last.content);
        if wide > over {
            let kept = text::cut(&last.content, wide - over);
            let kept = kept.trim_end_matches(text::ELLIPSIS).to_owned();
            line.push(Span::styled(kept, last.style));
            break;
        }
        over -= wide;
    }
    line.push(Span::styled(text::ELLIPSIS, style));
}

/// A line filled with blanks up to `columns`.
#[must_use]
pub fn padded(mut line: Words, columns: usize) -> Words {
    let used: usize = line.iter().map(|span| text::width(&span.content)).sum();
    line.push(Span::raw(" ".repeat(columns.saturating_sub(used))));
    line
}
