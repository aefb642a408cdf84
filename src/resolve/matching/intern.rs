//! Which number stands for a text?

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Gives equal texts equal numbers, counted up from 1 in the order they come; 0 is kept for the empty text.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    text: String,
    ends: Vec<usize>,
    hashes: Vec<u32>,
    slots: Vec<u32>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0], hashes: vec![0], slots: vec![0; 64] }
    }
}

impl Dictionary {
    /// The number of a text; new texts get the next number.
    pub(crate) fn intern(&mut self, value: &str) -> u32 {
        if value.is_empty() {
            return 0;
        }
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash_text(value.as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = (hash as usize) & mask;
        let tag = (hash >> 32) as u32;
        loop {
            let found = self.slots[at];
            if found == 0 {
                break;
            }
            if self.hashes[found as usize] == tag && self.text(found) == value {
                return found;
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.text.push_str(value);
        self.ends.push(self.text.len());
        self.hashes.push(tag);
        self.slots[at] = number;
        number
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        let number = number as usize;
        if number == 0 { "" } else { &self.text[self.ends[number - 1]..self.ends[number]] }
    }

    /// How many numbers there are, 0 included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        let mut slots = vec![0; size];
        for number in 1..self.ends.len() as u32 {
            let mut at = (hash_text(self.text(number).as_bytes()) as usize) & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = number;
        }
        self.slots = slots;
    }
}

/// A hash of bytes that is the same on every run and machine word order.
pub(crate) fn hash_text(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    mix(hasher.finish())
}

/// Spreads the bits of a number over all 64 (the finaliser of `SplitMix64`).
pub(crate) fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
