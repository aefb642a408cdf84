//! How far do two street lines agree?

use std::sync::Arc;

use rapidfuzz::distance::osa;

use super::Measure;
use crate::resolve::matching::intern::{Dictionary, hash_text};

/// Street lines by the number of their value; the text is `number|words`.
pub(crate) struct Streets {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for Streets {
    fn part(&self, value: u32, _number: u8) -> u64 {
        // House number and first word: endings are abbreviated and mistyped most.
        let text = self.dictionary.text(value);
        let front = text.split(' ').next().unwrap_or(text);
        if front.len() < 4 { 0 } else { hash_text(front.as_bytes()) }
    }

    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        4
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let parts = |value: u32| self.dictionary.text(value).split_once('|').unwrap_or_default();
        let ((number, street), (other_number, other_street)) = (parts(left), parts(right));
        let alike = likeness(street, other_street);
        let both_numbers = !number.is_empty() && !other_number.is_empty();
        match (both_numbers, number == other_number) {
            (true, true) if alike >= 0.85 => 4,
            (true, true) if alike >= 0.6 => 3,
            (true, false)
                if alike >= 0.85
                    && osa::distance(number.bytes(), other_number.bytes()) == 1
                    && number.len().max(other_number.len()) >= 3 =>
            {
                3
            }
            (true, false) if alike >= 0.85 => 2,
            (false, _) if alike >= 0.9 => 4,
            (false, _) if alike >= 0.7 => 3,
            (_, _) if alike >= 0.7 => 2,
            _ => 1,
        }
    }
}

/// 0 to 1: the better of edit similarity and shared words.
fn likeness(left: &str, right: &str) -> f64 {
    let longest = left.len().max(right.len());
    if longest == 0 {
        return 0.0;
    }
    let edits = 1.0 - osa::distance(left.bytes(), right.bytes()) as f64 / longest as f64;
    if edits >= 0.85 {
        return edits;
    }
    let kind = crate::resolve::normalise::address::is_street_word;
    let weigh = |word: &str| if kind(word) { 0.3 } else { 1.0 };
    let total = |text: &str| text.split(' ').map(weigh).sum::<f64>();
    let shared: f64 = left.split(' ').filter(|word| right.split(' ').any(|other| other == *word)).map(weigh).sum();
    edits.max(2.0 * shared / (total(left) + total(right)))
}
