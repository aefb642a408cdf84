//! Which names and places does the generator draw from, and how skewed?

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::mess::one_of;

const HEADS: [&str; 40] = [
    "al", "an", "ar", "bar", "ben", "ber", "bran", "cal", "car", "cor", "dal", "dan", "del", "el", "fal", "fen", "gar",
    "gil", "hal", "har", "in", "jor", "kal", "ken", "lan", "lin", "mar", "mer", "mon", "nor", "or", "pel", "per",
    "ros", "sal", "san", "tal", "tor", "val", "win",
];
const MIDDLES: [&str; 24] = [
    "a", "ber", "ce", "da", "den", "e", "fo", "ga", "go", "i", "la", "le", "li", "ma", "me", "mi", "na", "ne", "o",
    "ra", "ri", "si", "ta", "ve",
];
const TAILS: [&str; 32] = [
    "berg", "by", "croft", "dale", "den", "dorf", "er", "feld", "ford", "gate", "ham", "hart", "ick", "ing", "land",
    "ler", "ley", "man", "mann", "mer", "mont", "ner", "o", "ov", "rich", "sen", "son", "stad", "stein", "ston", "ton",
    "well",
];

/// A word that sounds like a name.
pub fn coined(random: &mut ChaCha8Rng) -> String {
    let middles = [0, 1, 1, 2][random.random_range(0..4usize)];
    let mut word = one_of(&HEADS, random).to_owned();
    for _ in 0..middles {
        word.push_str(one_of(&MIDDLES, random));
    }
    word.push_str(one_of(&TAILS, random));
    word
}

/// Words drawn as in life: few of them often, most of them seldom (Zipf's law).
pub struct Skewed {
    words: Vec<String>,
    /// The exponent: 1 is as in language, less is flatter.
    flatness: f64,
}

impl Skewed {
    /// A list of so many coined words.
    pub fn coined(count: usize, flatness: f64, random: &mut ChaCha8Rng) -> Self {
        Self { words: (0..count).map(|_| coined(random)).collect(), flatness }
    }

    /// A given list, the first the most common.
    pub fn of(words: &[&str], flatness: f64) -> Self {
        Self { words: words.iter().map(|word| (*word).to_owned()).collect(), flatness }
    }

    /// One word.
    pub fn draw(&self, random: &mut ChaCha8Rng) -> &str {
        let count = self.words.len() as f64;
        // The inverse of a continuous Zipf distribution over 1..=count.
        let power = 1.0 - self.flatness;
        let uniform: f64 = random.random();
        let rank = if power.abs() < 1e-9 {
            count.powf(uniform)
        } else {
            (uniform * (count.powf(power) - 1.0) + 1.0).powf(1.0 / power)
        };
        &self.words[(rank as usize).saturating_sub(1).min(self.words.len() - 1)]
    }

    /// One word with its place in the list.
    pub fn draw_numbered(&self, random: &mut ChaCha8Rng) -> (usize, &str) {
        let at = random.random_range(0..self.words.len());
        (at, &self.words[at])
    }
}
