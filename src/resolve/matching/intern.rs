//! Which number stands for a text?

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Gives equal texts equal numbers, counted up from 1 in the order they come; 0 is kept for the empty text.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    text: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    /// For each place of the hash table the upper half of a hash and the number of its text; 0 for a free place.
    slots: Vec<u64>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0], hashes: vec![0], slots: Vec::new() }
    }
}

impl Dictionary {
    /// The number of a text; new texts get the next number.
    pub(crate) fn intern(&mut self, value: &str) -> u32 {
        self.intern_hashed(value, hash_text(value.as_bytes()))
    }

    /// As [`Self::intern`], for a text whose [`hash_text`] is known.
    pub(crate) fn intern_hashed(&mut self, value: &str, hash: u64) -> u32 {
        if value.is_empty() {
            return 0;
        }
        if (self.ends.len() + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = (hash as usize) & mask;
        let tag = hash >> 32;
        loop {
            let found = self.slots[at];
            if found == 0 {
                break;
            }
            let number = found as u32;
            if found >> 32 == tag && self.text(number) == value {
                return number;
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.push(value, hash);
        self.slots[at] = tag << 32 | u64::from(number);
        number
    }

    /// Interns several texts with known hashes and adds their numbers to `numbers`.
    ///
    /// Where each text may be found is read for all before any is looked at: memory answers many questions in the time of
    /// one.
    pub(crate) fn intern_all(&mut self, values: &[(&str, u64)], numbers: &mut Vec<u32>) {
        while (self.ends.len() + values.len()) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut sum = 0;
        for (_, hash) in values {
            sum += self.slots[(*hash as usize) & mask];
        }
        std::hint::black_box(sum);
        let mut sum = 0;
        for (_, hash) in values {
            let found = self.slots[(*hash as usize) & mask];
            if found >> 32 == hash >> 32 {
                sum += self.fetch(found as u32);
            }
        }
        std::hint::black_box(sum);
        numbers.extend(values.iter().map(|(value, hash)| self.intern_hashed(value, *hash)));
    }

    /// Makes room for so many texts in all.
    pub(crate) fn expect(&mut self, texts: usize) {
        let more = texts.saturating_sub(self.ends.len());
        self.ends.reserve(more);
        self.hashes.reserve(more);
        while (texts + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
    }

    /// Adds a text that is known to be new, without making it findable.
    fn push(&mut self, value: &str, hash: u64) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        let number = number as usize;
        if number == 0 { "" } else { &self.text[self.ends[number - 1]..self.ends[number]] }
    }

    /// Reads where a text begins, so that it is at hand; the answer says nothing.
    pub(crate) fn fetch(&self, number: u32) -> usize {
        let start = self.ends[(number as usize).saturating_sub(1)];
        usize::from(self.text.as_bytes().get(start).copied().unwrap_or(0))
    }

    /// The [`hash_text`] of a number's text, 0 for the empty one.
    pub(crate) fn hash(&self, number: u32) -> u64 {
        self.hashes[number as usize]
    }

    /// The hashes of all numbers, 0 included.
    pub(crate) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// How many numbers there are, 0 included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives back the memory that only finding texts needs; interning more takes it again.
    pub(crate) fn seal(&mut self) {
        self.slots = Vec::new();
    }

    /// Takes in the texts of another dictionary; the answer holds the number here of each number there.
    pub(crate) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(other.len());
        for start in (0..other.len() as u32).step_by(64) {
            let end = (other.len() as u32).min(start + 64);
            let values: Vec<(&str, u64)> =
                (start..end).map(|number| (other.text(number), other.hash(number))).collect();
            self.intern_all(&values, &mut numbers);
        }
        numbers
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max((self.ends.len() * 2).next_power_of_two()).max(256);
        let mut slots = vec![0; size];
        for (number, hash) in self.hashes.iter().enumerate().skip(1) {
            let mut at = (*hash as usize) & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = hash >> 32 << 32 | number as u64;
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
