//! How far do two short spelled values agree: identifiers, codes, towns, postal codes, telephone numbers, dates?

use std::sync::Arc;

use rapidfuzz::distance::jaro_winkler;

use super::Measure;
use super::slips::slips;
use crate::resolve::matching::concept::MatchConcept;
use crate::resolve::matching::intern::{Dictionary, hash_text};
use crate::resolve::matching::keys::text_part;

/// Values that are the same or not.
pub(crate) struct Equality;

impl Measure for Equality {
    fn highest(&self) -> u8 {
        1
    }

    fn level(&self, _left: u32, _right: u32) -> u8 {
        1
    }

    fn is_costly(&self) -> bool {
        false
    }
}

/// How tolerant a spelled value is of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Words of a language: towns.
    Words,
    /// Postal codes: the front part is a level of its own.
    PostalCode,
    /// Digits and letters without meaning: ids, telephone numbers.
    Digits,
    /// Telephone numbers.
    Phone,
}

/// Spelled values over a dictionary of normal texts.
pub(crate) struct Spelled {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) spelling: Spelling,
}

impl Measure for Spelled {
    fn part(&self, value: u32, _number: u8) -> u64 {
        // The front half of a postal code is its area.
        let text = self.dictionary.text(value);
        let front = text.get(..text.len().div_ceil(2)).unwrap_or(text);
        if front.len() < 2 { 0 } else { hash_text(front.as_bytes()) }
    }

    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        if self.spelling == Spelling::Phone { 2 } else { 3 }
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left), self.dictionary.text(right));
        let longest = left.len().max(right.len());
        let slips = slips(left, right, if self.spelling == Spelling::Phone { 1 } else { 2 });
        match self.spelling {
            Spelling::Words => {
                if longest >= 4 && (slips <= 1 || (longest >= 8 && slips <= 2)) {
                    3
                } else if contains_word(left, right)
                    || contains_word(right, left)
                    || (longest >= 4 && jaro_winkler::similarity(left.bytes(), right.bytes()) >= 0.88)
                {
                    2
                } else {
                    1
                }
            }
            Spelling::PostalCode => {
                if longest >= 4 && slips <= 1 {
                    3
                } else if longest >= 4 && common_prefix(left, right) * 2 >= longest {
                    2
                } else {
                    1
                }
            }
            Spelling::Phone => 1 + u8::from(longest >= 7 && slips <= 1),
            Spelling::Digits => {
                if longest >= 5 && slips <= 1 {
                    3
                } else if longest >= 7 && slips <= 2 {
                    2
                } else {
                    1
                }
            }
        }
    }
}

fn contains_word(long: &str, short: &str) -> bool {
    short.len() >= 4 && long.len() > short.len() && long.split(' ').any(|word| word == short)
}

fn common_prefix(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(one, other)| one == other).count()
}

/// Dates over a dictionary of eight digits.
pub(crate) struct Dates {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for Dates {
    fn part(&self, value: u32, _number: u8) -> u64 {
        hash_text(self.dictionary.text(value).get(..4).unwrap_or_default().as_bytes())
    }

    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        4
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left).as_bytes(), self.dictionary.text(right).as_bytes());
        if left.len() != 8 || right.len() != 8 {
            return 1;
        }
        let differing = left.iter().zip(right).filter(|(one, other)| one != other).count();
        let same = |range: std::ops::Range<usize>| left[range.clone()] == right[range];
        let swapped = same(0..4) && left[4..6] == right[6..8] && left[6..8] == right[4..6];
        let neighbours = differing == 2
            && (0..7).any(|at| left[at] == right[at + 1] && left[at + 1] == right[at] && left[at] != right[at]);
        if differing == 1 || swapped || neighbours {
            4
        } else if [same(0..4), same(4..6), same(6..8)].into_iter().filter(|part| *part).count() == 2 {
            3
        } else if same(0..4) {
            2
        } else {
            1
        }
    }

    fn is_costly(&self) -> bool {
        false
    }
}

/// Domains over a dictionary of registrable domains.
pub(crate) struct Domains {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for Domains {
    fn part(&self, value: u32, _number: u8) -> u64 {
        text_part(self.dictionary.text(value), MatchConcept::Domain)
    }

    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        3
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left), self.dictionary.text(right));
        let label = crate::resolve::normalise::domain::domain_label;
        let (one, other) = (label(left), label(right));
        if one == other {
            3
        } else if one.len().min(other.len()) >= 6 && slips(one, other, 1) <= 1 {
            2
        } else {
            1
        }
    }
}
