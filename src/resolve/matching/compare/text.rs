//! How much of their telling words do two texts share?

use super::Measure;

/// Texts as vectors of unit length over their words, weighed by inverse document frequency.
pub(crate) struct Texts {
    /// For each value its words and their weights, sorted by word.
    pub(crate) vectors: Vec<Box<[(u32, f32)]>>,
    /// How many words there are.
    pub(crate) words: usize,
}

impl Measure for Texts {
    fn level(&self, left: u32, right: u32) -> u8 {
        match self.cosine(left, right) {
            alike if alike >= 0.999 => 8,
            alike if alike >= 0.88 => 7,
            alike if alike >= 0.74 => 6,
            alike if alike >= 0.58 => 5,
            alike if alike >= 0.42 => 4,
            alike if alike >= 0.27 => 3,
            alike if alike >= 0.13 => 2,
            _ => 1,
        }
    }

    fn words(&self, value: u32) -> Vec<(u32, f32)> {
        self.vectors[value as usize].to_vec()
    }

    fn word_count(&self) -> usize {
        self.words
    }
}

impl Texts {
    /// The cosine of the angle between two texts, 0 to 1.
    pub(crate) fn cosine(&self, left: u32, right: u32) -> f32 {
        let (left, right) = (&self.vectors[left as usize], &self.vectors[right as usize]);
        let (mut at_left, mut at_right, mut sum) = (0, 0, 0.0);
        while at_left < left.len() && at_right < right.len() {
            match left[at_left].0.cmp(&right[at_right].0) {
                std::cmp::Ordering::Less => at_left += 1,
                std::cmp::Ordering::Greater => at_right += 1,
                std::cmp::Ordering::Equal => {
                    sum += left[at_left].1 * right[at_right].1;
                    at_left += 1;
                    at_right += 1;
                }
            }
        }
        sum
    }

    /// Builds the vectors from the words of each value.
    pub(crate) fn new(tokens: &super::tokens::Tokens, values: usize) -> Self {
        let vectors = (0..values as u32)
            .map(|value| {
                let mut vector: Vec<(u32, f32)> = Vec::new();
                let mut words = tokens.lists.get(value).to_vec();
                words.sort_unstable();
                for word in words {
                    match vector.last_mut() {
                        Some((last, _)) if *last == word => {}
                        _ => vector.push((word, tokens.weights[word as usize])),
                    }
                }
                let length =
                    vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
                for (_, weight) in &mut vector {
                    *weight /= length;
                }
                vector.into_boxed_slice()
            })
            .collect();
        Self { vectors, words: tokens.words.len() }
    }
}
