//! Why do these two records belong together, bar by bar?
//!
//! The match weight of a pair is a sum of parts (Fellegi and Sunter, 1969): a prior and one part for each comparison.
//! The same bars are shown by `match --explain`, by the review screen and by the `pairs` table.

use serde::{Deserialize, Serialize};

/// One part of a match weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// What was compared: `name`, `domain`, `prior`, `cross id`.
    pub comparison: String,
    /// The left value as the source wrote it; empty when there is none.
    pub left: String,
    /// The right value as the source wrote it; empty when there is none.
    pub right: String,
    /// How they agree, in words: `same`, `same but for the legal form`, `different`, `one side empty`.
    pub level: String,
    /// The part in bits (log2 of the Bayes factor).
    pub weight: f64,
}

/// Every part of a match weight, in the order to show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Waterfall {
    /// The parts.
    pub bars: Vec<Bar>,
}

impl Waterfall {
    /// The match weight in bits: the sum of the bars.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.bars.iter().map(|bar| bar.weight).sum()
    }

    /// The probability that the pair is one entity, `2^w / (1 + 2^w)`.
    #[must_use]
    pub fn probability(&self) -> f64 {
        probability_of(self.weight())
    }
}

/// Turns a match weight in bits into a probability, without overflow at either end.
#[must_use]
pub fn probability_of(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}
