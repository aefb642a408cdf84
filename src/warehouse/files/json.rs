//! What are the rows of a JSON file?
//!
//! Lines of objects, one array of objects, or objects one after another. Values keep the digits they were written with,
//! so that a 25-digit id stays whole: `serde_json` checks each object, and its members are then cut out of the raw text.

use std::io::{BufRead, BufReader, Read};

use rustc_hash::FxHashMap;
use serde::de::IgnoredAny;

use super::row::{ReadRows, Reject, Row, Step, lossless};
use crate::error::{Error, Result};

/// What a JSON value is, as far as columns care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A number, true or false.
    Scalar,
    /// An object or array, kept as its raw text.
    Nested,
}

/// Reads the objects of a file as rows. New members become new columns.
pub(super) struct JsonRows {
    input: Input,
    line: u64,
    names: Vec<String>,
    places: FxHashMap<String, usize>,
    /// What the cells of the last row are.
    pub(super) kinds: Vec<Option<Kind>>,
}

/// A raw value with the line on which it starts, or what is wrong there.
type Raw = (u64, Result<Vec<u8>, Reject>);

enum Input {
    Lines { reader: BufReader<Box<dyn Read + Send>>, buffer: Vec<u8>, first: Option<Vec<u8>> },
    Whole { text: Vec<u8>, at: usize },
}

impl JsonRows {
    /// Starts with the columns already known. `lines` says that the name of the file promises one object a line.
    pub(super) fn new(input: Box<dyn Read + Send>, lines: bool, names: &[String]) -> Result<Self> {
        let mut reader = BufReader::with_capacity(256 << 10, input);
        let mut head = Vec::new();
        // Blank lines before the first value stay in front of it, so that lines are counted right.
        while head.iter().all(u8::is_ascii_whitespace) {
            if reader.read_until(b'\n', &mut head).map_err(unreadable)? == 0 {
                break;
            }
        }
        let start = head.trim_ascii_start();
        let by_line = !start.starts_with(b"[") && (lines || serde_json::from_slice::<IgnoredAny>(start).is_ok());
        let input = if by_line {
            Input::Lines { reader, buffer: Vec::new(), first: Some(head) }
        } else {
            reader.read_to_end(&mut head).map_err(unreadable)?;
            Input::Whole { text: head, at: 0 }
        };
        let places = names.iter().enumerate().map(|(place, name)| (name.clone(), place)).collect();
        Ok(Self { input, line: 1, names: names.to_vec(), places, kinds: Vec::new() })
    }

    /// The columns met so far, in the order in which they were met.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The next raw value with the line on which it starts.
    fn value(&mut self) -> Result<Option<Raw>> {
        let line = self.line;
        match &mut self.input {
            Input::Lines { reader, buffer, first } => {
                buffer.clear();
                match first.take() {
                    Some(head) => *buffer = head,
                    None => drop(reader.read_until(b'\n', buffer).map_err(unreadable)?),
                }
                if buffer.is_empty() {
                    return Ok(None);
                }
                let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace());
                let line = line + blank.filter(|byte| **byte == b'\n').count() as u64;
                self.line += memchr::memchr_iter(b'\n', buffer).count() as u64;
                let value = buffer.trim_ascii().to_vec();
                Ok(Some((line, Ok(value))))
            }
            Input::Whole { text, at } => {
                let between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']');
                let start = *at + text[*at..].iter().take_while(|byte| between(byte)).count();
                self.line += memchr::memchr_iter(b'\n', &text[*at..start]).count() as u64;
                *at = start;
                if start == text.len() {
                    return Ok(None);
                }
                let line = self.line;
                let mut values = serde_json::Deserializer::from_slice(&text[start..]).into_iter::<IgnoredAny>();
                let (length, fault) = match values.next() {
                    Some(Ok(_)) => (values.byte_offset(), None),
                    Some(Err(cause)) => (next_object(&text[start..]), Some(fault(&cause))),
                    None => (text.len() - start, Some("not JSON".to_owned())),
                };
                let raw = text[start..start + length].to_vec();
                *at += length;
                self.line += memchr::memchr_iter(b'\n', &raw).count() as u64;
                let value = match fault {
                    None => Ok(raw),
                    Some(reason) => Err(Reject { line, raw: lossless(raw.trim_ascii_end()), reason }),
                };
                Ok(Some((line, value)))
            }
        }
    }

    /// Fills the row with the members of an object, or says what is wrong with it.
    fn fill(&mut self, raw: &[u8], row: &mut Row) -> Result<(), String> {
        let text = std::str::from_utf8(raw).map_err(|_| "bytes that are not UTF-8".to_owned())?;
        serde_json::from_str::<IgnoredAny>(text).map_err(|cause| fault(&cause))?;
        if !text.starts_with('{') {
            return Err("not a JSON object".to_owned());
        }
        row.clear();
        self.kinds.clear();
        for (key, value) in Members::of(text) {
            let key = decoded(key)?;
            let place = if let Some(place) = self.places.get(key.as_ref()) {
                *place
            } else {
                self.names.push(key.as_ref().to_owned());
                self.places.insert(key.into_owned(), self.names.len() - 1);
                self.names.len() - 1
            };
            if self.kinds.len() <= place {
                self.kinds.resize(place + 1, None);
            }
            let kind = match value.as_bytes().first() {
                Some(b'"') => Kind::Text,
                Some(b'{' | b'[') => Kind::Nested,
                Some(b'n') | None => continue,
                Some(_) => Kind::Scalar,
            };
            self.kinds[place] = Some(kind);
            if kind == Kind::Text { row.put(place, &decoded(value)?) } else { row.put(place, value) }
        }
        Ok(())
    }
}

impl ReadRows for JsonRows {
    fn next(&mut self, row: &mut Row) -> Result<Step> {
        loop {
            let Some((line, value)) = self.value()? else { return Ok(Step::End) };
            let raw = match value {
                Ok(raw) => raw,
                Err(reject) => return Ok(Step::Reject(reject)),
            };
            if raw.is_empty() {
                continue;
            }
            return Ok(match self.fill(&raw, row) {
                Ok(()) => Step::Row,
                Err(reason) => Step::Reject(Reject { line, raw: lossless(&raw), reason }),
            });
        }
    }
}

/// Where the next object after a broken one probably begins: at the next line that starts with a brace.
fn next_object(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(distance) = memchr::memchr(b'\n', &text[at..]) {
        at += distance + 1;
        if text[at..].trim_ascii_start().starts_with(b"{") {
            return at;
        }
    }
    text.len()
}

fn fault(cause: &serde_json::Error) -> String {
    let words = cause.to_string();
    format!("broken JSON: {}", words.split(" at line ").next().unwrap_or(&words))
}

fn unreadable(cause: std::io::Error) -> Error {
    Error::io("the file cannot be read on").because(cause)
}

/// The text of a JSON string token.
fn decoded(token: &str) -> Result<std::borrow::Cow<'_, str>, String> {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(plain.into()),
        _ => serde_json::from_str::<String>(token).map(Into::into).map_err(|cause| fault(&cause)),
    }
}

/// The members of an object that is known to be valid JSON, as raw tokens.
struct Members<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Members<'text> {
    fn of(object: &'text str) -> Self {
        Self { text: object, at: 1 }
    }

    fn skip(&mut self, unwanted: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| unwanted(**byte)).count();
    }

    /// The token that starts here.
    fn token(&mut self) -> &'text str {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        let (mut depth, mut inside) = (0_usize, false);
        while let Some(byte) = bytes.get(self.at) {
            match (inside, byte) {
                (true, b'\\') => self.at += 1,
                (true, b'"') => inside = false,
                (false, b'"') => inside = true,
                (false, b'{' | b'[') => depth += 1,
                (false, b'}' | b']') if depth > 0 => depth -= 1,
                (false, b',' | b'}' | b':') if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default().trim_ascii_end()
    }
}

impl<'text> Iterator for Members<'text> {
    type Item = (&'text str, &'text str);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        if self.text.as_bytes().get(self.at) != Some(&b'"') {
            return None;
        }
        let key = self.token();
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
        let value = self.token();
        Some((key, value))
    }
}
