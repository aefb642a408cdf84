//! How are a million pairs kept and found without a million allocations?

use std::hash::{BuildHasher as _, BuildHasherDefault};

use rustc_hash::{FxHashMap, FxHasher};

/// Texts numbered from 0 in the order in which they came, all in one string.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<usize>,
    /// The number of the first text with a hash.
    numbers: FxHashMap<u64, u32>,
    /// The numbers of later texts whose hash was taken: hardly ever any.
    collisions: FxHashMap<Box<str>, u32>,
}

impl Pairs {
    /// Room for so many texts.
    pub fn with_capacity(pairs: usize) -> Self {
        let mut numbers = FxHashMap::default();
        numbers.reserve(pairs);
        // A pair of Salesforce and Stripe keys takes some 90 bytes.
        Self {
            text: String::with_capacity(pairs.saturating_mul(96)),
            ends: Vec::with_capacity(pairs),
            numbers,
            collisions: FxHashMap::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> Option<&str> {
        let number = number as usize;
        let end = *self.ends.get(number)?;
        let start = if number == 0 { 0 } else { *self.ends.get(number - 1)? };
        self.text.get(start..end)
    }

    /// The number of a text.
    pub fn find(&self, text: &str) -> Option<u32> {
        let number = *self.numbers.get(&hash(text))?;
        if self.get(number) == Some(text) { Some(number) } else { self.collisions.get(text).copied() }
    }

    /// The number of a text, a new one if it is new; `None` once there are four billion.
    pub fn intern(&mut self, text: &str) -> Option<u32> {
        let next = u32::try_from(self.ends.len()).ok().filter(|number| *number < u32::MAX)?;
        let number = *self.numbers.entry(hash(text)).or_insert(next);
        if number != next {
            if self.get(number) == Some(text) {
                return Some(number);
            }
            if let Some(number) = self.collisions.get(text) {
                return Some(*number);
            }
            self.collisions.insert(text.into(), next);
        }
        self.text.push_str(text);
        self.ends.push(self.text.len());
        Some(next)
    }
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text)
}
