//! How does one seed give the same company everywhere?
//!
//! Every family of companies throws its own dice, keyed by seed, purpose and number, so that nothing depends on the
//! order of the work. Only whole numbers are drawn: no logarithm or power whose last bit differs between platforms.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Digits and letters of both cases, the alphabet of Salesforce and Stripe ids.
const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A reproducible stream of choices.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream for one purpose and number under a seed.
    pub(super) fn new(seed: u64, purpose: &str, number: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(number.to_le_bytes());
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// A number below `bound`; 0 if the bound is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.0.next_u32()) * bound as u64) >> 32) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True `permille` times out of a thousand.
    pub(super) fn chance(&mut self, permille: usize) -> bool {
        self.below(1000) < permille
    }

    /// One of a list that is not empty.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// The same by reference, for what is not copied lightly.
    pub(super) fn among<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// The position drawn in proportion to its weight.
    pub(super) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (position, weight) in weights.iter().enumerate() {
            if left < *weight {
                return position;
            }
            left -= weight;
        }
        0
    }

    /// `length` letters and digits.
    pub(super) fn alphanumeric(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(ALPHANUMERIC))).collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub(super) fn hexadecimal(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(b"0123456789abcdef"))).collect()
    }

    /// A random UUID, version 4.
    pub(super) fn uuid(&mut self) -> String {
        let high = self.0.next_u64();
        let low = self.0.next_u64();
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }

    /// Brings a list into random order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// Deals a stated number of every 100 to each kind, in random order within the hundred, so that a small company too
/// shows the whole mess and the shares hold at any size.
#[derive(Debug)]
pub(super) struct Quota {
    seed: u64,
    purpose: &'static str,
    dealt: u64,
    hand: Vec<usize>,
    shares: &'static [usize],
}

impl Quota {
    /// `shares[k]` of every 100 are of kind `k + 1`; the rest are of kind 0.
    pub(super) fn new(seed: u64, purpose: &'static str, shares: &'static [usize]) -> Self {
        Self { seed, purpose, dealt: 0, hand: Vec::new(), shares }
    }

    /// The kind of the next one.
    pub(super) fn next(&mut self) -> usize {
        if self.hand.is_empty() {
            for (kind, share) in self.shares.iter().enumerate() {
                self.hand.extend(std::iter::repeat_n(kind + 1, *share));
            }
            self.hand.resize(100, 0);
            Dice::new(self.seed, self.purpose, self.dealt / 100).shuffle(&mut self.hand);
        }
        self.dealt += 1;
        self.hand.pop().unwrap_or(0)
    }
}
