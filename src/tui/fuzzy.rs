//! Does a text match what the person typed?
//!
//! Whatever contains the typed text matches best; otherwise its letters must stand in order and close together. The
//! only place that knows the fuzzy matcher.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

/// A typed text, ready to be held against many others.
pub struct Pattern {
    words: Vec<String>,
    matcher: SkimMatcherV2,
}

/// Above every score of a match with gaps.
const CONTAINS: i64 = 100_000;

impl Pattern {
    /// Takes what was typed; each word must match.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let words = typed.split_whitespace().map(str::to_lowercase).collect();
        Self { words, matcher: SkimMatcherV2::default().ignore_case() }
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
