//! Where does a row of delimited text begin and end, and what are its cells?
//!
//! RFC 4180, read leniently and without losing a byte. The `csv` crate is not used, because a row that does not fit must be
//! kept with its raw text and line, and one stray quote must cost one line, not the rest of the file:
//! - a quote ends a cell only before a delimiter, a line end or the end of the file; elsewhere it is a character;
//! - a row of several lines that does not fit gives up its first line when the second one fits by itself.

use std::io::Read;

use encoding_rs::Encoding;
use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::encoding::without_marks;
use super::row::{ReadRows, Reject, Row, Step};
use crate::error::{Error, Result};

/// How a delimited file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Between cells.
    pub delimiter: u8,
    /// Around cells.
    pub quote: u8,
    /// Whether a backslash takes the meaning from a following quote, as MySQL writes.
    pub backslash: bool,
    /// The last byte of a line end: `\n`, or `\r` in files of the old Macintosh.
    pub line_end: u8,
}

/// A row longer than this is a quote that nobody closed.
const LONGEST: usize = 256 << 20;

/// Reads rows.
pub(super) struct Delimited {
    input: Box<dyn Read + Send>,
    encoding: &'static Encoding,
    shape: Shape,
    /// How many cells a row has; None until the first row has said it.
    width: Option<usize>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    line: u64,
    fields: Fields,
}

/// The cells of the row being read.
#[derive(Default)]
struct Fields {
    bytes: Vec<u8>,
    /// The end of each cell in `bytes`, and whether it was quoted.
    ends: Vec<(usize, bool)>,
    unclosed: bool,
}

impl Delimited {
    pub(super) fn new(input: Box<dyn Read + Send>, encoding: &'static Encoding, shape: Shape) -> Self {
        Self {
            input,
            encoding,
            shape,
            width: None,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            line: 1,
            fields: Fields::default(),
        }
    }

    /// Goes past the first row and returns its cells, which name the columns. Damaged bytes are shown, not refused.
    pub(super) fn header(&mut self) -> Result<Vec<String>> {
        loop {
            let length = self.find()?;
            if length == 0 {
                return Ok(Vec::new());
            }
            let blank = self.fields.bytes.is_empty() && self.fields.ends.len() == 1;
            let mut from = 0;
            let cells = self.fields.ends.iter().map(|(end, _)| {
                let cell = without_marks(&self.fields.bytes[from..*end], self.encoding);
                from = *end;
                cell
            });
            let cells: Vec<String> = cells.collect();
            self.pass(length);
            if !blank {
                self.width = Some(cells.len());
                return Ok(cells);
            }
        }
    }

    /// Reads the next row with its cells into `fields`; returns how many bytes it takes, 0 at the end.
    fn find(&mut self) -> Result<usize> {
        loop {
            let rest = &self.buffer[self.start..];
            let last = self.ended || rest.len() > LONGEST;
            if rest.is_empty() && self.ended {
                return Ok(0);
            }
            if !rest.is_empty()
                && let Some(length) = parse(rest, last, self.shape, &mut self.fields)
            {
                return Ok(length);
            }
            self.fill()?;
        }
    }

    /// Reads on, as much again as the unfinished row already holds, so that a long row is not looked at too often.
    fn fill(&mut self) -> Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let more = self.buffer.len().max(256 << 10) as u64;
        let read = self
            .input
            .by_ref()
            .take(more)
            .read_to_end(&mut self.buffer)
            .map_err(|cause| Error::io("the file cannot be read on").because(cause))?;
        self.ended = read == 0;
        Ok(())
    }

    /// Goes past `length` bytes.
    fn pass(&mut self, length: usize) {
        let passed = &self.buffer[self.start..self.start + length];
        self.line += memchr_iter(self.shape.line_end, passed).count() as u64;
        self.start += length;
    }

    fn reject(&mut self, length: usize, reason: String) -> Step {
        let raw = &self.buffer[self.start..self.start + length];
        let end = raw.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let reject = Reject { line: self.line, raw: without_marks(&raw[..end], self.encoding), reason };
        self.pass(length);
        Step::Reject(reject)
    }

    /// What is wrong with the cells found, if anything.
    fn fault(&self) -> Option<String> {
        let (found, width) = (self.fields.ends.len(), self.width.unwrap_or(self.fields.ends.len()));
        if self.fields.unclosed {
            return Some("a quote is not closed".to_owned());
        }
        if found == width + 1 && self.fields.last_is_empty() {
            return None;
        }
        (found != width).then(|| {
            let word = if found < width { "too few" } else { "too many" };
            format!("{word} cells: {found} instead of {width}")
        })
    }

    /// Whether a row of several lines should lose only its first line; returns the length of that line.
    fn first_line_alone(&mut self, length: usize) -> Option<usize> {
        let rest = &self.buffer[self.start..self.start + length];
        let first = memchr(self.shape.line_end, rest)? + 1;
        if first == length {
            return None;
        }
        let unclosed = self.fields.unclosed;
        let mut next = Fields::default();
        parse(&rest[first..], true, self.shape, &mut next)?;
        (unclosed || Some(next.ends.len()) == self.width && !next.unclosed).then_some(first)
    }
}

impl ReadRows for Delimited {
    fn next(&mut self, row: &mut Row) -> Result<Step> {
        loop {
            let length = self.find()?;
            if length == 0 {
                return Ok(Step::End);
            }
            // An empty line is no row.
            if self.fields.bytes.is_empty() && self.fields.ends.len() == 1 && !self.fields.ends[0].1 {
                self.pass(length);
                continue;
            }
            if let Some(fault) = self.fault() {
                let alone = self.first_line_alone(length).unwrap_or(length);
                return Ok(self.reject(alone, fault));
            }
            let Ok(text) = std::str::from_utf8(&self.fields.bytes) else {
                let reason = format!("bytes that are not {}", self.encoding.name());
                return Ok(self.reject(length, reason));
            };
            row.clear();
            let mut from = 0;
            for (end, quoted) in &self.fields.ends {
                let Some(cell) = text.get(from..*end) else {
                    let reason = format!("bytes that are not {}", self.encoding.name());
                    return Ok(self.reject(length, reason));
                };
                from = *end;
                row.push((!cell.is_empty() && (*quoted || cell != "\\N")).then_some(cell));
            }
            self.width.get_or_insert(self.fields.ends.len());
            self.pass(length);
            return Ok(Step::Row);
        }
    }
}

impl Fields {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.unclosed = false;
    }

    fn last_is_empty(&self) -> bool {
        let end = self.bytes.len();
        let before = self.ends.iter().rev().nth(1).map_or(0, |(end, _)| *end);
        before == end
    }
}

/// Reads one row from the start of `data` and returns its length with the line end; None when it may go on beyond `data`
/// and this is not the `last` of the file.
fn parse(data: &[u8], last: bool, shape: Shape, fields: &mut Fields) -> Option<usize> {
    fields.clear();
    let mut at = 0;
    loop {
        let quoted = data.get(at) == Some(&shape.quote);
        if quoted {
            at = quoted_cell(data, at + 1, last, shape, fields)?;
        } else {
            let end = match memchr2(shape.delimiter, shape.line_end, &data[at..]) {
                Some(distance) => at + distance,
                None if last => data.len(),
                None => return None,
            };
            let carriage = end > at && data[end - 1] == b'\r' && data.get(end).is_none_or(|byte| *byte == b'\n');
            fields.bytes.extend_from_slice(&data[at..end - usize::from(carriage)]);
            at = end;
        }
        fields.ends.push((fields.bytes.len(), quoted));
        match data.get(at) {
            None => return Some(data.len()),
            Some(byte) if *byte == shape.delimiter => at += 1,
            Some(_) => return Some(at + 1),
        }
        // A delimiter at the very end is followed by one more, empty cell, if the file really ends there.
        if at == data.len() && !last {
            return None;
        }
    }
}

/// Reads a quoted cell whose quote is behind us and returns the place of the delimiter or line end after it.
fn quoted_cell(data: &[u8], mut at: usize, last: bool, shape: Shape, fields: &mut Fields) -> Option<usize> {
    let escape = if shape.backslash { b'\\' } else { shape.quote };
    loop {
        let Some(distance) = memchr3(shape.quote, escape, escape, &data[at..]) else {
            if !last {
                return None;
            }
            fields.bytes.extend_from_slice(&data[at..]);
            fields.unclosed = true;
            return Some(data.len());
        };
        let found = at + distance;
        fields.bytes.extend_from_slice(&data[at..found]);
        let Some(next) = data.get(found + 1) else {
            if !last {
                return None;
            }
            fields.unclosed = data[found] != shape.quote;
            return Some(data.len());
        };
        if data[found] != shape.quote {
            // A backslash: only before a quote or another backslash does it mean anything.
            if *next == shape.quote || *next == b'\\' {
                fields.bytes.push(*next);
                at = found + 2;
            } else {
                fields.bytes.push(b'\\');
                at = found + 1;
            }
            continue;
        }
        if *next == shape.quote {
            fields.bytes.push(shape.quote);
            at = found + 2;
            continue;
        }
        let blank = |byte: &&u8| **byte == b' ' || **byte == b'\r' && shape.line_end == b'\n';
        let after = found + 1 + data[found + 1..].iter().take_while(blank).count();
        match data.get(after) {
            None if !last => return None,
            None => return Some(after),
            Some(byte) if *byte == shape.delimiter || *byte == shape.line_end => return Some(after),
            Some(_) => {
                fields.bytes.push(shape.quote);
                at = found + 1;
            }
        }
    }
}

/// The cells of a row of a sample, with whether each was quoted.
pub(super) type SampleRow = Vec<(Vec<u8>, bool)>;

/// The cells of up to `limit` rows of a sample, for finding out the shape; None per row that does not close its quotes.
pub(super) fn sample_rows(sample: &[u8], whole: bool, shape: Shape, limit: usize) -> Vec<Option<SampleRow>> {
    let (mut rows, mut at, mut fields) = (Vec::new(), 0, Fields::default());
    while at < sample.len() && rows.len() < limit {
        let Some(length) = parse(&sample[at..], whole, shape, &mut fields) else { break };
        at += length;
        if fields.bytes.is_empty() && fields.ends.len() == 1 {
            continue;
        }
        let mut from = 0;
        let cells = fields.ends.iter().map(|(end, quoted)| {
            let cell = fields.bytes[from..*end].to_vec();
            from = *end;
            (cell, *quoted)
        });
        rows.push((!fields.unclosed).then(|| cells.collect()));
    }
    rows
}
