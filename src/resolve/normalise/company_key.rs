//! What is a company's name for comparing, many millions of times?
//!
//! The same as [`company_name`] gives, written as one text. Plain names, which most are, take a path without copies; the
//! rest is left to it.

use super::company::{self, company_name};

/// Most words of a name taken apart on the short path.
const MOST_WORDS: usize = 16;

/// Words that may begin a former or a trading name.
const MARKERS: [&str; 9] =
    ["formerly", "fka", "previously", "vormals", "ehemals", "doing", "dba", "trading", "operating"];

/// Adds `core words|legal form` of a name to `into`, abbreviations of common words spelt out; the core alone where no
/// form is written.
pub fn company_key(text: &str, into: &mut String) {
    let from = into.len();
    if plain_key(text, into).is_none() {
        into.truncate(from);
        let name = company_name(text);
        for (at, word) in name.core.iter().enumerate() {
            if at > 0 {
                into.push(' ');
            }
            into.push_str(company::common_word(word));
        }
        if !name.legal_form.is_empty() {
            into.push('|');
            into.push_str(&name.legal_form);
        }
    }
}

/// The key of a name without brackets, marks of other names, regions and letters beyond ASCII; `None` for others.
fn plain_key(text: &str, into: &mut String) -> Option<()> {
    // `&amp;` is read elsewhere.
    if text.contains(';') {
        return None;
    }
    let mut words = Words::default();
    words.read(text)?;
    let (mut first, mut last) = (0, words.count);
    if last - first > 1 && words.get(first) == "the" {
        first += 1;
    }
    if last - first > 1 && words.get(last - 1) == "the" {
        last -= 1;
    }
    if (first..last).any(|at| MARKERS.contains(&words.get(at))) || first == last {
        return None;
    }
    let mut class = "";
    while let Some((count, found)) = company::legal_form_at_end(last - first, |count| words.span(last - count, last)) {
        if class.is_empty() || class == "co" {
            class = found;
        }
        last -= count;
    }
    while last - first > 1 && words.get(last - 1) == "and" {
        last -= 1;
    }
    if class.is_empty()
        && last - first > 1
        && let Some(found) = company::legal_form_in_front(words.get(first))
    {
        class = found;
        first += 1;
    }
    for at in first..last {
        if at > first {
            into.push(' ');
        }
        into.push_str(company::common_word(words.get(at)));
    }
    if !class.is_empty() {
        into.push('|');
        into.push_str(class);
    }
    Some(())
}

/// The words of a plain name in one text with one space between; runs of single letters are one word.
#[derive(Default)]
struct Words {
    text: String,
    spans: [(usize, usize); MOST_WORDS],
    count: usize,
    joining: bool,
}

impl Words {
    fn read(&mut self, text: &str) -> Option<()> {
        let bytes = text.as_bytes();
        let mut after_small = false;
        let mut capitals = 0;
        self.text.reserve(bytes.len() + 4);
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' => self.text.push(char::from(*byte)),
                b'A'..=b'Z' => self.text.push(char::from(byte.to_ascii_lowercase())),
                b'\'' | b'`' => {}
                b'.' if super::fold::joins_letters(bytes, at) => {}
                b' ' | b'.' | b'_' | b'"' => {
                    self.end_word(start)?;
                    start = self.text.len();
                }
                b'&' | b'+' if at == 0 || !bytes[at - 1].is_ascii_digit() => {
                    self.end_word(start)?;
                    let and = self.text.len();
                    self.text.push_str("and");
                    self.end_word(and)?;
                    start = self.text.len();
                }
                // A comma may part a region; whatever stands behind it must be a legal form or no region.
                b',' if !company::is_region_behind(&text[at + 1..]) => {
                    self.end_word(start)?;
                    start = self.text.len();
                }
                b'-' if at > 0 && bytes[at - 1] != b' ' => {
                    self.end_word(start)?;
                    start = self.text.len();
                }
                _ => return None,
            }
            if byte.is_ascii_uppercase() {
                capitals += 1;
            } else {
                after_small = byte.is_ascii_lowercase();
                capitals = 0;
            }
        }
        // `SiemensAG`: a legal form may hang on the last word.
        if capitals >= 2 && after_small {
            return None;
        }
        self.end_word(start)
    }

    /// Ends the word that began at `start` of the text, if one did.
    fn end_word(&mut self, start: usize) -> Option<()> {
        let end = self.text.len();
        if start == end {
            return Some(());
        }
        let single = end - start == 1 && self.text.as_bytes()[start].is_ascii_alphabetic();
        if single && self.joining {
            // The space before it goes, and the word before grows by this letter.
            let letter = self.text.pop()?;
            self.text.pop();
            self.text.push(letter);
            self.spans[self.count - 1].1 = self.text.len();
        } else {
            *self.spans.get_mut(self.count)? = (start, end);
            self.count += 1;
        }
        self.joining = single;
        self.text.push(' ');
        Some(())
    }

    fn get(&self, at: usize) -> &str {
        let (start, end) = self.spans[at];
        &self.text[start..end]
    }

    fn span(&self, from: usize, to: usize) -> &str {
        &self.text[self.spans[from].0..self.spans[to - 1].1]
    }
}
