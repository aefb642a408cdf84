//! How far do two model or part numbers agree?

use std::sync::Arc;

use super::Measure;
use crate::resolve::matching::intern::Dictionary;

/// Codes over a dictionary of codes without marks.
pub(crate) struct Codes {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for Codes {
    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left), self.dictionary.text(right));
        let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        if short.len() >= 4 && (long.starts_with(short) || long.ends_with(short)) { 2 } else { 1 }
    }

    fn is_costly(&self) -> bool {
        false
    }
}
