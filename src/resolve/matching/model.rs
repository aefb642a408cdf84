//! What was learned about agreement: how often among matches, how often by chance?

use super::options::Calibrated;
use crate::resolve::waterfall::probability_of;

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
    /// The comparison this one leans on among matches: where both err together, it counts once (Chow and Liu, 1968).
    pub match_parent: Option<usize>,
    /// The comparison this one leans on among other pairs: where both agree together by chance, it counts once.
    pub chance_parent: Option<usize>,
    /// The weight by the level of `match_parent`, of `chance_parent` (0 without or with that one empty) and the own level.
    pub weights: Vec<Vec<Vec<f64>>>,
    /// How much of a rare value's weight counts, by the level of `chance_parent` and the own level.
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
    /// Changes the learned weights as people accepted it. The prior takes the shift.
    pub(crate) fn calibrate(&mut self, calibrated: &Calibrated) {
        if calibrated.shift != 0.0 {
            self.prior = probability_of(self.prior_weight() + calibrated.shift);
        }
        for comparison in &mut self.comparisons {
            let Some(factor) = calibrated.factors.get(&comparison.name) else { continue };
            let weights = comparison.weights.iter_mut().flatten().flatten();
            for weight in weights.chain(comparison.rarity.iter_mut().flatten()) {
                *weight *= factor;
            }
        }
    }

    /// The prior as a weight in bits.
    #[must_use]
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// Multiplies every weight by `slope` and adds `shift` bits to the prior.
    pub(crate) fn scale(&mut self, slope: f64, shift: f64) {
        self.prior = crate::resolve::waterfall::probability_of(self.prior_weight() * slope + shift).clamp(1e-15, 0.999);
        for comparison in &mut self.comparisons {
            comparison.weights.iter_mut().flatten().flatten().for_each(|weight| *weight *= slope);
            comparison.rarity.iter_mut().flatten().for_each(|share| *share *= slope);
        }
    }

    /// Holds the weights of comparisons between a lowest and a highest; a highest leaves no room for rarity.
    pub(crate) fn limit(&mut self, limits: &[(usize, f64, f64)]) {
        for (at, least, most) in limits {
            let comparison = &mut self.comparisons[*at];
            for row in comparison.weights.iter_mut().flatten() {
                // Level 0, one side empty, says nothing and stays so.
                row.iter_mut().skip(1).for_each(|weight| *weight = weight.clamp(*least, *most));
            }
            if most.is_finite() {
                comparison.rarity.iter_mut().flatten().for_each(|share| *share = 0.0);
            }
        }
    }
}

impl ComparisonModel {
    /// The weight without rarity, how much of the rarity counts, and the own level, for comparison number `at`.
    pub(crate) fn read(&self, at: usize, pattern: u64) -> (f64, f64, usize) {
        let level = level_of(pattern, at);
        let row = self.match_parent.map_or(0, |parent| level_of(pattern, parent));
        let chance_row = self.chance_parent.map_or(0, |parent| level_of(pattern, parent));
        (self.weights[row][chance_row][level], self.rarity[chance_row][level], level)
    }
}

/// The level of comparison number `at` in a packed pattern.
pub(crate) fn level_of(pattern: u64, at: usize) -> usize {
    (pattern >> (4 * at) & 15) as usize
}
