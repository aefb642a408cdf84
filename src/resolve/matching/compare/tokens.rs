//! Which words are the values made of, and how much does each word tell?

use super::Lists;
use crate::resolve::matching::intern::Dictionary;

/// Values as lists of words, each word with the information it carries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    pub(crate) words: Dictionary,
    /// For each value its words, in the order written.
    pub(crate) lists: Lists,
    /// For each word the natural logarithm of how rare it is; more for rarer words.
    pub(crate) weights: Vec<f32>,
}

impl Tokens {
    /// Counts the words of all values (value 0 is the empty one) and weighs each by its inverse document frequency.
    pub(crate) fn new<'a, Value>(
        values: impl IntoIterator<Item = Value>,
        most: usize,
        weigh: impl Fn(&str, f64) -> f64,
    ) -> Self
    where
        Value: IntoIterator<Item = &'a str>,
    {
        let mut words = Dictionary::default();
        let mut lists = Lists::new();
        let mut counts: Vec<u32> = vec![0];
        let mut total = 0u32;
        let mut list = Vec::new();
        for value in values {
            list.clear();
            list.extend(value.into_iter().take(most).map(|word| words.intern(word)));
            counts.resize(words.len(), 0);
            for (at, word) in list.iter().enumerate() {
                if !list[..at].contains(word) {
                    counts[*word as usize] += 1;
                }
            }
            lists.push(&list);
            total += 1;
        }
        let weights = (0..words.len() as u32)
            .map(|word| {
                let rare = (f64::from(total + 1) / (f64::from(counts[word as usize]) + 0.5)).ln();
                weigh(words.text(word), rare.max(0.1)) as f32
            })
            .collect();
        Self { words, lists, weights }
    }

    /// A hash of a word's text.
    pub(crate) fn key(&self, word: u32) -> u64 {
        self.words.hash(word)
    }
}
