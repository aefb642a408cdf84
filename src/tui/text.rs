//! How wide is a text on a terminal, and how is it cut without harm?
//!
//! The only place that measures or cuts. Every value from a source goes through [`clean`] first: escape sequences,
//! control characters and invisible direction marks become visible signs, so that a name can neither move the cursor
//! nor hide a part of itself.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// What stands for the part that was cut off.
pub const ELLIPSIS: &str = "…";

/// More code points than this in one grapheme are a flood of accents; the rest is dropped.
const LONGEST_GRAPHEME: usize = 12;

/// Makes everything visible and nothing harmful. Longer texts than `limit` bytes are not looked at further.
#[must_use]
pub fn clean_upto(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit) + 8);
    for grapheme in text.graphemes(true) {
        if out.len() >= limit {
            out.push_str(ELLIPSIS);
            break;
        }
        for character in grapheme.chars().take(LONGEST_GRAPHEME) {
            push_clean(character, &mut out);
        }
    }
    out
}

/// Makes everything visible and nothing harmful, up to 16 KiB.
#[must_use]
pub fn clean(text: &str) -> String {
    clean_upto(text, 16 * 1024)
}

fn push_clean(character: char, out: &mut String) {
    match character {
        '\t' => out.push(' '),
        // The Unicode pictures of the control characters: ESC is shown as one sign that says ESC.
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        '\u{a0}' | '\u{2007}' | '\u{202f}' => out.push(' '),
        _ if is_invisible(character) => {
            out.push_str(&format!("⟨{:04X}⟩", u32::from(character)));
        }
        _ => out.push(character),
    }
}

/// Characters that move, reorder or hide others: C1 controls, direction marks and isolates, zero-width spaces, line
/// separators, tags, interlinear notes. The joiner and the variation selectors stay: scripts and emoji need them.
fn is_invisible(character: char) -> bool {
    matches!(
        u32::from(character),
        0x80..=0x9f | 0xad | 0x61c | 0x115f..=0x1160 | 0x180e | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0x3164 | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe007f
    )
}

/// The width in terminal columns.
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(grapheme_width).sum()
}

/// The width of one grapheme in terminal columns, never more than 2.
#[must_use]
pub fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width().min(2)
}

/// At most `columns` wide; what is cut off is replaced by an ellipsis.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if text.len() <= columns && text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    let mut before_last = (0, 0);
    for grapheme in text.graphemes(true) {
        let wide = grapheme_width(grapheme);
        if used + wide > columns {
            if columns == 0 {
                return String::new();
            }
            // Room for the ellipsis: step back until one column is free.
            while used + 1 > columns {
                let Some((at, last)) = out.grapheme_indices(true).next_back() else { break };
                used -= grapheme_width(last);
                before_last.0 = at;
                out.truncate(before_last.0);
            }
            out.push_str(ELLIPSIS);
            return out;
        }
        used += wide;
        out.push_str(grapheme);
    }
    out
}

/// At most `columns` wide, cut in the middle: for ids and paths, whose ends tell them apart.
#[must_use]
pub fn cut_middle(text: &str, columns: usize) -> String {
    let total = width(text);
    if total <= columns {
        return text.to_owned();
    }
    if columns < 5 {
        return cut(text, columns);
    }
    let tail_columns = (columns - 1) / 2;
    let head = cut(text, columns - tail_columns);
    let mut tail: Vec<&str> = Vec::new();
    let mut used = 0;
    for grapheme in text.graphemes(true).rev() {
        let wide = grapheme_width(grapheme);
        if used + wide > tail_columns {
            break;
        }
        used += wide;
        tail.push(grapheme);
    }
    let tail: String = tail.into_iter().rev().collect();
    format!("{head}{tail}")
}

/// Exactly `columns` wide: cut or filled with spaces on the right.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    out.push_str(&" ".repeat(columns.saturating_sub(width(&out))));
    out
}

/// Exactly `columns` wide: cut or filled with spaces on the left.
#[must_use]
pub fn fit_right(text: &str, columns: usize) -> String {
    let out = cut(text, columns);
    format!("{}{out}", " ".repeat(columns.saturating_sub(width(&out))))
}

/// Breaks a text into lines of at most `columns`, between words where it can.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in pieces(text) {
        let wide = width(word);
        if used + wide <= columns {
            line.push_str(word);
            used += wide;
            continue;
        }
        if used > 0 {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
        }
        if word.trim().is_empty() {
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme_width(grapheme);
            if used + wide > columns && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Blanks and what stands between them, in turn: a bracket stays with its word.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut blank = None;
    for (at, character) in text.char_indices() {
        if blank.is_some_and(|blank| blank != character.is_whitespace()) {
            pieces.push(&text[start..at]);
            start = at;
        }
        blank = Some(character.is_whitespace());
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}
