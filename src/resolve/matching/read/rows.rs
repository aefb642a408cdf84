//! Which cells does a stretch of a CSV file hold?
//!
//! Rows follow RFC 4180; quotes inside an unquoted cell are kept. Cells come out column by column, trimmed and with
//! their hash, so that whoever numbers a column reads one list and nothing else.

use crate::resolve::matching::intern::hash_text;

/// One cell of a [`Stretch`]: where its trimmed text stands, and the hash of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// The hash of the text, 0 for an empty cell.
    pub(super) hash: u64,
    /// Where the text starts; beyond the end of the file for cells whose doubled quotes were resolved.
    start: usize,
    length: usize,
}

const EMPTY: Cell = Cell { hash: 0, start: 0, length: 0 };

/// The cells of the rows that start inside one stretch of the text.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// One list a column, each with a cell a row.
    pub(super) columns: Vec<Vec<Cell>>,
    /// The texts of cells whose doubled quotes were resolved.
    unescaped: String,
    /// Where the first row starts and where the last row read ends.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The row of the wrong width at which reading stopped: where it starts and how many cells it has.
    pub(super) misfit: Option<(usize, usize)>,
}

impl Stretch {
    /// The text of a cell.
    pub(super) fn text<'a>(&'a self, cell: Cell, text: &'a str) -> &'a str {
        let inside = cell.start..cell.start + cell.length;
        if cell.start < text.len() {
            &text[inside]
        } else {
            &self.unescaped[inside.start - text.len()..inside.end - text.len()]
        }
    }

    /// Reads the rows that start at or behind `start` and before `until`, replacing what was read before.
    pub(super) fn read(&mut self, text: &str, mark: u8, width: usize, start: usize, until: usize) {
        self.columns.resize_with(width, Vec::new);
        self.columns.iter_mut().for_each(Vec::clear);
        self.unescaped.clear();
        self.misfit = None;
        self.start = start;
        let mut reader = Reader { text, mark, at: start, ended: false };
        while reader.at < until {
            let row_start = reader.at;
            let mut found = 0;
            reader.ended = false;
            while !reader.ended {
                let piece = reader.cell();
                if found < width {
                    let cell = self.place(text, &piece);
                    self.columns[found].push(cell);
                }
                found += 1;
            }
            if found == 1 && width > 1 && self.columns[0].last().is_some_and(|cell| cell.length == 0) {
                self.columns[0].pop();
            } else if found != width {
                self.columns.iter_mut().take(found).for_each(|column| {
                    column.pop();
                });
                self.misfit = Some((row_start, found));
                break;
            }
        }
        self.end = reader.at;
    }

    fn place(&mut self, text: &str, piece: &Piece) -> Cell {
        if piece.doubled {
            let value = text[piece.start..piece.end].replace("\"\"", "\"");
            let value = value.trim();
            let start = text.len() + self.unescaped.len();
            self.unescaped.push_str(value);
            return Cell { hash: hash_text(value.as_bytes()), start, length: value.len() };
        }
        let bytes = text.as_bytes();
        let (mut start, mut end) = (piece.start, piece.end);
        if start == end {
            return EMPTY;
        }
        // Space and what is beyond ASCII may be white: only then is trimming needed.
        let plain = |byte: u8| byte > b' ' && byte < 0x80;
        if !plain(bytes[start]) || !plain(bytes[end - 1]) {
            let whole = &text[start..end];
            start += whole.len() - whole.trim_start().len();
            end = start + text[start..end].trim_end().len();
            if start == end {
                return EMPTY;
            }
        }
        Cell { hash: hash_text(&bytes[start..end]), start, length: end - start }
    }
}

/// The names in a header line, and where the rows begin.
pub(super) fn header(text: &str, mark: u8) -> (Vec<String>, usize) {
    let mut reader = Reader { text, mark, at: 0, ended: false };
    let mut names = Vec::new();
    while !reader.ended {
        let piece = reader.cell();
        names.push(text[piece.start..piece.end].replace("\"\"", "\"").trim().to_owned());
    }
    (names, reader.at)
}

/// A cell as it stands in the file, without its outer quotes.
struct Piece {
    start: usize,
    end: usize,
    /// Whether it holds doubled quotes.
    doubled: bool,
}

struct Reader<'a> {
    text: &'a str,
    mark: u8,
    at: usize,
    /// Whether the last cell ended its row.
    ended: bool,
}

impl Reader<'_> {
    #[inline]
    fn cell(&mut self) -> Piece {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(start) == Some(&b'"') {
            return self.quoted(start + 1);
        }
        let end = memchr::memchr2(self.mark, b'\n', &bytes[start..]).map_or(bytes.len(), |found| start + found);
        self.ended = bytes.get(end) != Some(&self.mark);
        self.at = (end + 1).min(bytes.len());
        let shown = if self.ended && end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        Piece { start, end: shown, doubled: false }
    }

    /// Reads a quoted cell from behind its first quote.
    fn quoted(&mut self, start: usize) -> Piece {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut doubled = false;
        let end = loop {
            match memchr::memchr(b'"', &bytes[at..]) {
                None => break bytes.len(),
                Some(found) if bytes.get(at + found + 1) == Some(&b'"') => {
                    doubled = true;
                    at += found + 2;
                }
                Some(found) => break at + found,
            }
        };
        let after = (end + 1).min(bytes.len());
        let stop = memchr::memchr2(self.mark, b'\n', &bytes[after..]).map_or(bytes.len(), |found| after + found);
        self.ended = bytes.get(stop) != Some(&self.mark);
        self.at = (stop + 1).min(bytes.len());
        Piece { start, end, doubled }
    }
}
