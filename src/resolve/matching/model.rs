//! What was learned about agreement: how often among matches, how often by chance?

/// The learned model; two pairs with the same agreements and equally rare values get the same weight.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// One entry a comparison.
    pub comparisons: Vec<ComparisonModel>,
    /// The probability that two rows picked at random are the same.
    pub prior: f64,
    /// How many matching pairs the model expects.
    pub expected_matches: f64,
    /// How many pairs of rows there are.
    pub total_pairs: f64,
}

/// What was learned about one comparison.
#[derive(Debug, Clone, Default)]
pub struct ComparisonModel {
    /// The field.
    pub name: String,
    /// The levels; level 0 (one side empty) weighs nothing.
    pub levels: Vec<LevelModel>,
    /// The comparison this one leans on: where both say the same thing, it counts once (Chow and Liu, 1968).
    pub parent: Option<usize>,
    /// The weight by the parent's level (row 0 without parent or with the parent empty) and the own level.
    pub weights: Vec<Vec<f64>>,
    /// How much of a rare value's weight counts, by the same indices.
    pub rarity: Vec<Vec<f64>>,
    /// The chance that two filled rows picked at random hold the same value.
    pub coincidence: f64,
}

/// What was learned about one level of a comparison.
#[derive(Debug, Clone, Copy, Default)]
pub struct LevelModel {
    /// In words.
    pub name: &'static str,
    /// Its share among matches with both sides filled.
    pub m: f64,
    /// Its share among pairs that do not match, with both sides filled.
    pub u: f64,
}

impl Model {
    /// The prior as a weight in bits.
    #[must_use]
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// The weight of an agreement pattern, without prior and without rarity.
    pub(crate) fn pattern_weight(&self, pattern: u64) -> f64 {
        self.comparisons.iter().enumerate().map(|(at, comparison)| comparison.weight(at, pattern)).sum()
    }
}

impl ComparisonModel {
    /// The own level and the row of the weight table for comparison number `at` of a pattern.
    pub(crate) fn place(&self, at: usize, pattern: u64) -> (usize, usize) {
        let level = level_of(pattern, at);
        let row = self.parent.map_or(0, |parent| level_of(pattern, parent));
        (row, level)
    }

    fn weight(&self, at: usize, pattern: u64) -> f64 {
        let (row, level) = self.place(at, pattern);
        self.weights[row][level]
    }
}

/// The level of comparison number `at` in a packed pattern.
pub(crate) fn level_of(pattern: u64, at: usize) -> usize {
    (pattern >> (4 * at) & 15) as usize
}
