//! What do the decisions say about how much each comparison should weigh?
//!
//! The weight of a pair is a sum of bars in bits, so that its odds are `2^weight`. Decisions are held against it by a
//! logistic regression on the bars: a factor for each comparison and a shift of the whole. Both are held back towards
//! one and zero by a normal prior, so that a dozen decisions move little and a thousand move what they must (`MacKay`,
//! *Information Theory, Inference and Learning Algorithms*, 2003, chapter 41). What one comparison says the same of in
//! every decision does not move.

use std::collections::BTreeMap;

use crate::resolve::waterfall::{Waterfall, probability_of};

/// How far a factor goes from one, as a standard deviation, before decisions must insist.
const FACTOR_SPREAD: f64 = 0.25;

/// How far the shift goes from zero, in bits.
const SHIFT_SPREAD: f64 = 1.5;

/// Fewer decisions than this of each answer teach nothing.
pub const FEWEST: usize = 5;

/// Steps of Newton's method; it settles in a handful.
const STEPS: usize = 25;

/// A factor stays between these: a comparison is never turned against itself.
const FACTORS: (f64, f64) = (0.25, 3.0);

/// A bar that a calibration does not scale: the prior is moved by the shift.
const PRIOR: &str = "prior";

/// Factors and a shift for the weights of one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    /// Bits added to every pair.
    pub shift: f64,
    /// What each comparison is multiplied by.
    pub factors: BTreeMap<String, f64>,
}

impl Calibration {
    /// The weight of a pair under it.
    #[must_use]
    pub fn weight(&self, waterfall: &Waterfall) -> f64 {
        let scaled = waterfall.bars.iter().map(|bar| {
            let factor = if bar.comparison == PRIOR { None } else { self.factors.get(&bar.comparison) };
            bar.weight * factor.copied().unwrap_or(1.0)
        });
        scaled.sum::<f64>() + self.shift
    }

    /// What this one says after another was already taken in: factors multiply, shifts add.
    #[must_use]
    pub fn after(&self, earlier: &Self) -> Self {
        let mut factors = earlier.factors.clone();
        for (name, factor) in &self.factors {
            let before = factors.get(name).copied().unwrap_or(1.0);
            factors.insert(name.clone(), rounded((before * factor).clamp(FACTORS.0, FACTORS.1)));
        }
        Self { shift: rounded(earlier.shift + self.shift), factors }
    }
}

/// A decided pair: its bars, and whether it is one entity.
pub type Example = (Waterfall, bool);

/// How decisions agree with weights.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fit {
    /// Decisions.
    pub decisions: usize,
    /// Decisions on the other side of even odds.
    pub wrong: usize,
    /// The mean surprise in bits: 0 when every decision was foreseen with certainty.
    pub surprise: f64,
}

/// How decisions agree with the weights under a calibration.
#[must_use]
pub fn fit_of(examples: &[Example], calibration: &Calibration) -> Fit {
    let mut fit = Fit { decisions: examples.len(), ..Fit::default() };
    for (waterfall, same) in examples {
        let weight = calibration.weight(waterfall);
        fit.wrong += usize::from((weight >= 0.0) != *same);
        let probability = probability_of(if *same { weight } else { -weight });
        fit.surprise -= probability.max(1e-9).log2();
    }
    fit.surprise /= (examples.len() as f64).max(1.0);
    fit
}

/// Learns a calibration; None while there are too few decisions of either answer.
#[must_use]
pub fn learn(examples: &[Example]) -> Option<Calibration> {
    let same = examples.iter().filter(|(_, same)| *same).count();
    if same < FEWEST || examples.len() - same < FEWEST {
        return None;
    }
    let names = comparisons(examples);
    let rows: Vec<(Vec<f64>, f64, f64)> = examples
        .iter()
        .map(|(waterfall, same)| {
            let mut bars = vec![0.0; names.len()];
            let mut fixed = 0.0;
            for bar in &waterfall.bars {
                match names.iter().position(|name| *name == bar.comparison) {
                    Some(place) => bars[place] += bar.weight,
                    None => fixed += bar.weight,
                }
            }
            (bars, fixed, f64::from(u8::from(*same)))
        })
        .collect();
    let solution = newton(&rows, names.len());
    let mut factors = BTreeMap::new();
    for (name, factor) in names.iter().zip(&solution) {
        let factor = rounded(factor.clamp(FACTORS.0, FACTORS.1));
        if (factor - 1.0).abs() >= 0.005 {
            factors.insert((*name).to_owned(), factor);
        }
    }
    Some(Calibration { shift: rounded(solution.last().copied().unwrap_or(0.0)), factors })
}

/// Comparisons that say something in some decision, in order.
fn comparisons(examples: &[Example]) -> Vec<&str> {
    let mut names: Vec<&str> = examples
        .iter()
        .flat_map(|(waterfall, _)| &waterfall.bars)
        .filter(|bar| bar.comparison != PRIOR && bar.weight.abs() > 1e-6)
        .map(|bar| bar.comparison.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Newton's method on the penalised likelihood: the factors, then the shift.
fn newton(rows: &[(Vec<f64>, f64, f64)], factors: usize) -> Vec<f64> {
    // Bits to nats: odds are 2^weight.
    let scale = std::f64::consts::LN_2;
    let size = factors + 1;
    let mut solution = vec![1.0; factors];
    solution.push(0.0);
    let centre = solution.clone();
    let strength: Vec<f64> = (0..size)
        .map(|place| if place < factors { 1.0 / FACTOR_SPREAD.powi(2) } else { 1.0 / SHIFT_SPREAD.powi(2) })
        .collect();
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> =
            (0..size).map(|place| -strength[place] * (solution[place] - centre[place])).collect();
        let mut curvature = vec![vec![0.0; size]; size];
        for (place, row) in curvature.iter_mut().enumerate() {
            row[place] = strength[place];
        }
        for (bars, fixed, answer) in rows {
            let feature = |place: usize| scale * if place < factors { bars[place] } else { 1.0 };
            let weight: f64 = fixed * scale + (0..size).map(|place| feature(place) * solution[place]).sum::<f64>();
            let chance = 1.0 / (1.0 + (-weight).exp());
            for place in 0..size {
                gradient[place] += feature(place) * (answer - chance);
                for (other, cell) in curvature[place].iter_mut().enumerate() {
                    *cell += feature(place) * feature(other) * chance * (1.0 - chance);
                }
            }
        }
        let step = solve(curvature, gradient);
        let longest = step.iter().map(|part| part.abs()).fold(0.0, f64::max);
        // Long steps overshoot where the likelihood is flat.
        let damped = if longest > 0.5 { 0.5 / longest } else { 1.0 };
        for (place, part) in step.iter().enumerate() {
            solution[place] += damped * part;
        }
        if longest < 1e-9 {
            break;
        }
    }
    solution
}

/// Solves a symmetric positive definite system (Gauss with partial pivots).
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|one, other| matrix[*one][column].abs().total_cmp(&matrix[*other][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let lead = matrix[column][column];
        if lead.abs() < 1e-12 {
            continue;
        }
        for row in column + 1..size {
            let factor = matrix[row][column] / lead;
            let (above, below) = matrix.split_at_mut(row);
            for (target, source) in below[0].iter_mut().zip(&above[column]).skip(column) {
                *target -= factor * source;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        let lead = matrix[row][row];
        right[row] = if lead.abs() < 1e-12 { 0.0 } else { (right[row] - known) / lead };
    }
    right
}

/// Two decimals: more would claim more than decisions say.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
