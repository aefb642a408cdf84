//! How far can the learned weights be believed, once a person decided some pairs or named the pairs to score?

use super::model::Model;
use crate::resolve::waterfall::probability_of;

/// How strongly the slope is held at 1 and the shift at 0: as if by so many decisions that agree with the model.
const SLOPE_HOLD: f64 = 6.0;
const SHIFT_HOLD: f64 = 0.25;
/// The slope stays in these bounds: decisions correct a model, they do not replace it.
const SLOPE: (f64, f64) = (0.25, 2.0);
/// Decided pairs that lie further from the cut, in bits, say no more than this.
const FARTHEST: f64 = 30.0;

/// Scales and shifts the model's weights so that probabilities agree with decided pairs: logistic regression of the
/// verdict on the weight (Platt, 1999), held at the model as it is.
///
/// Which pairs were chosen to be decided does not bias it as long as they were chosen by what was compared.
pub(crate) fn by_decisions(model: &mut Model, decided: &[(f64, bool)]) {
    if decided.is_empty() {
        return;
    }
    let (mut slope, mut shift) = (1.0, 0.0);
    let bit = std::f64::consts::LN_2;
    for _ in 0..30 {
        // Newton's method on the penalised likelihood, in natural logarithms.
        let mut gradient = (-SLOPE_HOLD * (slope - 1.0), -SHIFT_HOLD * bit * bit * shift);
        let mut curve = (SLOPE_HOLD, 0.0, SHIFT_HOLD * bit * bit);
        for (weight, same) in decided {
            let weight = weight.clamp(-FARTHEST, FARTHEST);
            let probability = probability_of(slope * weight + shift);
            let miss = f64::from(u8::from(*same)) - probability;
            let spread = probability * (1.0 - probability) * bit * bit;
            gradient.0 += miss * weight * bit;
            gradient.1 += miss * bit;
            curve.0 += spread * weight * weight;
            curve.1 += spread * weight;
            curve.2 += spread;
        }
        let determinant = curve.0 * curve.2 - curve.1 * curve.1;
        if determinant <= 1e-12 {
            break;
        }
        let step = (
            (gradient.0 * curve.2 - gradient.1 * curve.1) / determinant,
            (gradient.1 * curve.0 - gradient.0 * curve.1) / determinant,
        );
        slope = (slope + step.0.clamp(-0.5, 0.5)).clamp(SLOPE.0, SLOPE.1);
        shift += step.1.clamp(-4.0, 4.0);
        if step.0.abs() < 1e-6 && step.1.abs() < 1e-6 {
            break;
        }
    }
    model.scale(slope, shift);
}

/// Sets the prior to the share of matches among these pairs, whose weights are given: a list of pairs that someone drew up
/// holds more matches than pairs picked at random (Saerens, Latinne and Decaestecker, 2002).
pub(crate) fn prior_among(model: &mut Model, weights: &[f64]) {
    if weights.is_empty() {
        return;
    }
    let before = model.prior_weight();
    let mut share: f64 = 0.5;
    for _ in 0..200 {
        let prior = (share / (1.0 - share)).log2();
        let sum: f64 = weights.iter().map(|weight| probability_of(weight - before + prior)).sum();
        // Half a match and half another pair are added, so that no list is all of one kind.
        let next = (sum + 0.5) / (weights.len() as f64 + 1.0);
        let moved = (next - share).abs();
        share = next;
        if moved < 1e-9 {
            break;
        }
    }
    model.prior = share;
    model.expected_matches = share * weights.len() as f64;
}
