//! Does a text match what the person typed?
//!
//! Whatever contains the typed text matches best; otherwise its letters must stand in order and close together. The
//! only place that knows the fuzzy matcher.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

/// A typed text, ready to be held against many others.
pub struct Pattern {
    words: Vec<String>,
    finders: Vec<memchr::memmem::Finder<'static>>,
    matcher: SkimMatcherV2,
}

/// Above every score of a match with gaps.
const CONTAINS: i64 = 100_000;

impl Pattern {
    /// Takes what was typed; each word must match.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        let finders = words.iter().map(|word| memchr::memmem::Finder::new(word).into_owned()).collect();
        Self { words, finders, matcher: SkimMatcherV2::default().ignore_case() }
    }

    /// Whether anything was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a text matches; None when it does not. Higher is better.
    #[must_use]
    pub fn score(&self, text: &str) -> Option<i64> {
        let lower = text.to_lowercase();
        let mut total = 0;
        for word in &self.words {
            total += match lower.find(word.as_str()) {
                // Early and in short texts is better.
                Some(at) => CONTAINS - (at.min(200) as i64) * 4 - (text.len().min(400) as i64),
                None => self.with_gaps(&lower, word)?,
            };
        }
        Some(total)
    }

    /// Whether a text in lower case matches. Most texts are told apart without the matcher.
    #[must_use]
    pub fn matches_lower(&self, lower: &str) -> bool {
        self.words.iter().zip(&self.finders).all(|(word, finder)| {
            finder.find(lower.as_bytes()).is_some() || (in_order(lower, word) && self.with_gaps(lower, word).is_some())
        })
    }

    /// Letters in order; scattered ones do not count, or every long text would match every short pattern.
    fn with_gaps(&self, text: &str, word: &str) -> Option<i64> {
        let letters = word.chars().count() as i64;
        if letters < 3 {
            return None;
        }
        let score = self.matcher.fuzzy_match(text, word)?;
        (score >= 14 * letters).then_some(score)
    }
}

/// Whether the letters of a word stand in a text in their order.
fn in_order(text: &str, word: &str) -> bool {
    if word.len() < 3 {
        return false;
    }
    let mut rest = text.as_bytes();
    word.bytes().all(|letter| match memchr::memchr(letter, rest) {
        Some(at) => {
            rest = &rest[at + 1..];
            true
        }
        None => false,
    })
}
