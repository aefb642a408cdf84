//! How does a file become a table to match?

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::intern::hash_text;
use super::table::{MatchColumn, MatchTable, Span};
use crate::error::{Context, Error, ErrorKind, Result};

/// Reads a CSV or JSON-lines file into a table of one group; every column without a concept yet.
///
/// The encoding is UTF-8 where the bytes are, and guessed where they are not; the separator is the one of comma,
/// semicolon, tab and bar that the header holds most. The id is the column called `id`, else the first column whose name
/// ends in `id` and whose values are unique, else the first unique column, else the row number.
///
/// # Errors
/// `NotFound` or `Io` with the path; `Data` with file and line for a row of the wrong width or a broken line.
pub fn read_table(path: &Path) -> Result<MatchTable> {
    let bytes = std::fs::read(path).map_err(|cause| {
        let kind = if cause.kind() == std::io::ErrorKind::NotFound { ErrorKind::NotFound } else { ErrorKind::Io };
        Error::new(kind, format!("cannot read {}", path.display())).because(cause)
    })?;
    let bytes = if path.extension().is_some_and(|ending| ending == "gz") { unpack(&bytes, path)? } else { bytes };
    let text = decode(bytes);
    let inner = path
        .file_stem()
        .map(Path::new)
        .filter(|_| path.extension().is_some_and(|ending| ending == "gz"))
        .unwrap_or(path);
    let ending = inner.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let cells =
        if matches!(ending.as_str(), "jsonl" | "ndjson") { json_lines(&text, path)? } else { csv_cells(text, path)? };
    build(cells, path)
}

fn unpack(bytes: &[u8], path: &Path) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut plain)
        .context(ErrorKind::Data, || format!("{} is no gzip file", path.display()))?;
    Ok(plain)
}

fn decode(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..3);
            }
            text
        }
        Err(other) => {
            let bytes = other.into_bytes();
            let guessed = || {
                let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
                guess.feed(&bytes, true);
                guess.guess(None, chardetng::Utf8Detection::Allow)
            };
            let encoding = encoding_rs::Encoding::for_bom(&bytes).map_or_else(guessed, |(encoding, _)| encoding);
            encoding.decode(&bytes).0.into_owned()
        }
    }
}

/// All cells of a file, row after row, as places in one text.
struct Cells {
    header: Vec<String>,
    text: String,
    spans: Vec<Span>,
}

fn csv_cells(text: String, path: &Path) -> Result<Cells> {
    let first = text.lines().next().unwrap_or_default();
    let mark = [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|mark| (memchr::memchr_iter(*mark, first.as_bytes()).count(), u8::MAX - mark))
        .unwrap_or(b',');
    if first.trim().is_empty() {
        return Err(Error::data(format!("{} is empty", path.display()))
            .hint("a table needs a header line with the names of its columns"));
    }
    let (header_spans, body, extra) = {
        let mut reader = RowReader::new(&text, mark, 0);
        let mut spans = Vec::new();
        reader.row(&mut spans);
        (spans, reader.at, reader.unescaped)
    };
    let header: Vec<String> = header_spans.iter().map(|piece| piece.text(&text, &extra).trim().to_owned()).collect();
    let width = header.len();
    let parts = split_rows(&text, body, rayon::current_num_threads().max(1) * 2);
    let read: Vec<Result<(Vec<Piece>, String)>> = parts
        .par_iter()
        .map(|(start, end)| {
            let mut reader = RowReader::new(&text[..*end], mark, *start);
            let mut pieces: Vec<Piece> = Vec::with_capacity((end - start) / 8);
            while reader.at < *end {
                let before = pieces.len();
                let row_start = reader.at;
                reader.row(&mut pieces);
                let found = pieces.len() - before;
                if found == 1 && width > 1 && pieces[before].is_empty() {
                    pieces.truncate(before);
                } else if found != width {
                    let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..row_start]).count() + 1;
                    return Err(Error::data(format!(
                        "{}, line {line}: {found} cells where the header has {width}",
                        path.display()
                    ))
                    .hint("quote cells that hold the separator or a line break"));
                }
            }
            Ok((pieces, reader.unescaped))
        })
        .collect();
    let mut all = text;
    let mut spans = Vec::new();
    for part in read {
        let (pieces, unescaped) = part?;
        let offset = all.len();
        all.push_str(&unescaped);
        spans.reserve(pieces.len());
        spans.extend(pieces.iter().map(|piece| match piece {
            Piece::Inside(start, length) => Span::new(*start, *length),
            Piece::Unescaped(start, length) => Span::new(offset + start, *length),
        }));
    }
    Ok(Cells { header, text: all, spans })
}

/// Where rows can be parted for several readers: at line breaks outside quotes.
fn split_rows(text: &str, body: usize, wanted: usize) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let size = (bytes.len() - body).div_ceil(wanted).max(1 << 16);
    let mut parts = Vec::new();
    let mut start = body;
    while start < bytes.len() {
        let wanted_end = start + size;
        if wanted_end >= bytes.len() {
            parts.push((start, bytes.len()));
            break;
        }
        // An even number of quotes since the row's start means that a line break ends a row.
        let mut quotes = memchr::memchr_iter(b'"', &bytes[start..wanted_end]).count();
        let mut at = wanted_end;
        let end = loop {
            match memchr::memchr2(b'"', b'\n', &bytes[at..]) {
                None => break bytes.len(),
                Some(found) if bytes[at + found] == b'"' => {
                    quotes += 1;
                    at += found + 1;
                }
                Some(found) => {
                    at += found + 1;
                    if quotes.is_multiple_of(2) {
                        break at;
                    }
                }
            }
        };
        parts.push((start, end));
        start = end;
    }
    parts
}

/// One cell: a stretch of the file, or of the text of cells whose doubled quotes were resolved.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Inside(usize, usize),
    Unescaped(usize, usize),
}

impl Piece {
    fn text<'a>(&self, text: &'a str, unescaped: &'a str) -> &'a str {
        match self {
            Self::Inside(start, length) => &text[*start..start + length],
            Self::Unescaped(start, length) => &unescaped[*start..start + length],
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Inside(_, 0))
    }
}

/// Reads rows after RFC 4180; quotes inside an unquoted cell are kept.
struct RowReader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    mark: u8,
    at: usize,
    unescaped: String,
}

impl<'a> RowReader<'a> {
    fn new(text: &'a str, mark: u8, at: usize) -> Self {
        Self { bytes: text.as_bytes(), text, mark, at, unescaped: String::new() }
    }

    fn row(&mut self, pieces: &mut Vec<Piece>) {
        loop {
            let start = self.at;
            if self.bytes.get(start) == Some(&b'"') {
                pieces.push(self.quoted(start + 1));
            } else {
                let end = memchr::memchr2(self.mark, b'\n', &self.bytes[start..])
                    .map_or(self.bytes.len(), |found| start + found);
                self.at = end;
                let ends_line = self.bytes.get(end) != Some(&self.mark);
                let shown = if ends_line && end > start && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
                pieces.push(Piece::Inside(start, shown - start));
            }
            match self.bytes.get(self.at) {
                Some(found) if *found == self.mark => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    return;
                }
                None => return,
            }
        }
    }

    /// Reads a quoted cell from behind its first quote and stops at the separator or line end.
    fn quoted(&mut self, start: usize) -> Piece {
        let mut at = start;
        let mut doubled = false;
        let end = loop {
            match memchr::memchr(b'"', &self.bytes[at..]) {
                None => break self.bytes.len(),
                Some(found) if self.bytes.get(at + found + 1) == Some(&b'"') => {
                    doubled = true;
                    at += found + 2;
                }
                Some(found) => break at + found,
            }
        };
        let after = (end + 1).min(self.bytes.len());
        self.at =
            memchr::memchr2(self.mark, b'\n', &self.bytes[after..]).map_or(self.bytes.len(), |found| after + found);
        if doubled {
            let from = self.unescaped.len();
            self.unescaped.push_str(&self.text[start..end].replace("\"\"", "\""));
            Piece::Unescaped(from, self.unescaped.len() - from)
        } else {
            Piece::Inside(start, end - start)
        }
    }
}

fn json_lines(text: &str, path: &Path) -> Result<Cells> {
    let mut header: Vec<String> = Vec::new();
    let mut rows: Vec<serde_json::Map<String, serde_json::Value>> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line)
            .context(ErrorKind::Data, || format!("{}, line {}: no JSON object", path.display(), number + 1))?;
        for name in row.keys() {
            if !header.contains(name) {
                header.push(name.clone());
            }
        }
        rows.push(row);
    }
    let mut all = String::new();
    let mut spans = Vec::with_capacity(rows.len() * header.len());
    for row in &rows {
        for name in &header {
            let start = all.len();
            match row.get(name) {
                None | Some(serde_json::Value::Null) => {}
                Some(serde_json::Value::String(value)) => all.push_str(value),
                Some(serde_json::Value::Array(values)) => {
                    let shown: Vec<String> = values
                        .iter()
                        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                        .collect();
                    all.push_str(&shown.join("\u{1f}"));
                }
                Some(other) => all.push_str(&other.to_string()),
            }
            spans.push(Span::new(start, all.len() - start));
        }
    }
    Ok(Cells { header, text: all, spans })
}

fn build(cells: Cells, path: &Path) -> Result<MatchTable> {
    let width = cells.header.len();
    let rows = cells.spans.len().checked_div(width).unwrap_or(0);
    if rows == 0 {
        return Err(Error::data(format!("{} has no rows", path.display())));
    }
    let text = Arc::new(cells.text);
    let id_column = id_column(&cells.header, &text, &cells.spans);
    let ids: Vec<String> = (0..rows)
        .into_par_iter()
        .with_min_len(4096)
        .map(|row| {
            id_column.map_or_else(
                || (row + 1).to_string(),
                |at| text[cells.spans[row * width + at].range()].trim().to_owned(),
            )
        })
        .collect();
    let columns: Vec<MatchColumn> = (0..width)
        .into_par_iter()
        .filter(|at| Some(*at) != id_column)
        .map(|at| {
            let (spans, numbers) = number_cells(&text, &cells.spans, width, at);
            MatchColumn::from_parts(cells.header[at].clone(), Arc::clone(&text), spans, numbers)
        })
        .collect();
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("table");
    let mut table = MatchTable::new(ids, name);
    table.columns = columns;
    Ok(table)
}

/// Numbers the distinct cells of one column.
fn number_cells(text: &str, spans: &[Span], width: usize, at: usize) -> (Vec<Span>, Vec<u32>) {
    let rows = spans.len() / width;
    let mut distinct: Vec<Span> = vec![Span::new(0, 0)];
    let mut tags: Vec<u32> = vec![0];
    let mut slots: Vec<u32> = vec![0; 1 << 12];
    let mut numbers = Vec::with_capacity(rows);
    for row in 0..rows {
        let (span, value) = trimmed(text, spans[row * width + at]);
        if value.is_empty() {
            numbers.push(0);
            continue;
        }
        if distinct.len() * 2 >= slots.len() {
            let size = slots.len() * 4;
            slots = vec![0; size];
            for number in 1..distinct.len() as u32 {
                let mut slot = hash_text(text[distinct[number as usize].range()].as_bytes()) as usize & (size - 1);
                while slots[slot] != 0 {
                    slot = (slot + 1) & (size - 1);
                }
                slots[slot] = number;
            }
        }
        let hash = hash_text(value.as_bytes());
        let mut slot = hash as usize & (slots.len() - 1);
        let tag = (hash >> 32) as u32;
        loop {
            let found = slots[slot];
            if found == 0 {
                let number = distinct.len() as u32;
                distinct.push(span);
                tags.push(tag);
                slots[slot] = number;
                numbers.push(number);
                break;
            }
            if tags[found as usize] == tag && &text[distinct[found as usize].range()] == value {
                numbers.push(found);
                break;
            }
            slot = (slot + 1) & (slots.len() - 1);
        }
    }
    (distinct, numbers)
}

fn trimmed(text: &str, span: Span) -> (Span, &str) {
    let range = span.range();
    let value = &text[range.clone()];
    let bytes = value.as_bytes();
    let clean = bytes.first().is_none_or(|byte| *byte > b' ' && *byte < 128)
        && bytes.last().is_none_or(|byte| *byte > b' ' && *byte < 128);
    if clean {
        return (span, value);
    }
    let front = value.trim_start();
    let kept = front.trim_end();
    (Span::new(range.start + value.len() - front.len(), kept.len()), kept)
}

/// The column that names the rows.
fn id_column(header: &[String], text: &str, spans: &[Span]) -> Option<usize> {
    let width = header.len();
    let unique = |at: usize| {
        let mut seen: HashSet<u64, FxBuildHasher> = HashSet::default();
        spans.chunks_exact(width).all(|row| {
            let value = text[row[at].range()].trim();
            !value.is_empty() && seen.insert(hash_text(value.as_bytes()))
        })
    };
    let lower: Vec<String> = header.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    let called = lower.iter().position(|name| name == "id").filter(|at| unique(*at));
    called
        .or_else(|| {
            (0..width).find(|at| {
                (lower[*at].ends_with("_id")
                    || lower[*at].ends_with(" id")
                    || header[*at].ends_with("Id")
                    || lower[*at] == "uuid"
                    || lower[*at] == "key"
                    || lower[*at] == "rec_id")
                    && unique(*at)
            })
        })
        .or_else(|| (0..width.min(1)).find(|at| unique(*at)))
}

/// Puts two tables one below the other; columns meet by name, then by a concept each side has once.
///
/// A column that only one side has is kept for that side's texts and compares with nothing.
#[must_use]
pub fn stack(left: &MatchTable, right: &MatchTable) -> MatchTable {
    let plain = |name: &str| {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect::<String>()
    };
    let mut partner: Vec<Option<usize>> = left
        .columns
        .iter()
        .map(|column| right.columns.iter().position(|other| plain(&other.name) == plain(&column.name)))
        .collect();
    let by_concept: FxHashMap<_, Vec<usize>> = {
        let mut by_concept: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (at, column) in right.columns.iter().enumerate().filter(|(at, _)| !partner.contains(&Some(*at))) {
            by_concept.entry(column.concept).or_default().push(at);
        }
        by_concept
    };
    for (at, column) in left.columns.iter().enumerate() {
        let alone = left
            .columns
            .iter()
            .enumerate()
            .filter(|(other, one)| one.concept == column.concept && partner[*other].is_none())
            .count()
            == 1;
        if partner[at].is_none() && alone {
            partner[at] = by_concept.get(&column.concept).filter(|list| list.len() == 1).map(|list| list[0]);
        }
    }
    let mut ids = left.ids.clone();
    ids.extend(right.ids.iter().cloned());
    let mut table = MatchTable::new(ids, left.group_names.first().cloned().unwrap_or_default());
    table.group_names.push(right.group_names.first().cloned().unwrap_or_default());
    table.groups[left.rows()..].fill(1);
    let join = |one: Option<&MatchColumn>, other: Option<&MatchColumn>| {
        let name = one.or(other).map(|column| column.name.clone()).unwrap_or_default();
        let concept = one.or(other).map_or(super::MatchConcept::Ignore, |column| column.concept);
        let values = (0..left.rows())
            .map(|row| one.map_or("", |column| column.text(row)))
            .chain((0..right.rows()).map(|row| other.map_or("", |column| column.text(row))));
        MatchColumn::from_values(name, concept, values)
    };
    for (at, column) in left.columns.iter().enumerate() {
        table.columns.push(join(Some(column), partner[at].map(|other| &right.columns[other])));
    }
    for (at, column) in right.columns.iter().enumerate() {
        if !partner.contains(&Some(at)) {
            table.columns.push(join(None, Some(column)));
        }
    }
    table
}
