//! What does each agreement weigh, once its shares among matches and other pairs are known?

use super::compare::{Comparison, Level};
use super::dependence::coincidence;
use super::estimate::{Seen, State, step};
use super::model::{ComparisonModel, LevelModel, Model};

/// The model, from the shares as they stand after the last round.
pub(crate) fn finish(
    comparisons: &[Comparison],
    seen: &[Seen],
    matching: &[f64],
    state: &State,
    total_pairs: f64,
) -> Model {
    let expected_matches = seen.iter().zip(matching).map(|(pattern, share)| pattern.candidates * share).sum();
    let mut learned: Vec<ComparisonModel> = comparisons
        .iter()
        .enumerate()
        .map(|(at, comparison)| {
            let (m, u) = (&state.m[at], &state.u[at]);
            let levels = comparison.levels.iter().enumerate().map(|(level, named)| LevelModel {
                name: named.name,
                m: m[0][level],
                u: u[0][level],
            });
            let top = comparison.levels.len() - 1;
            let weights = m
                .iter()
                .map(|shares| {
                    let row = |chances: &Vec<f64>| {
                        let mut row: Vec<f64> = shares.iter().zip(chances).map(|(m, u)| step(*m, *u)).collect();
                        row.iter_mut().zip(&state.most[at]).for_each(|(weight, most)| *weight = weight.min(*most));
                        row[0] = 0.0;
                        rise(&mut row[1..], &shares[1..], &comparison.levels[1..]);
                        row
                    };
                    u.iter().map(row).collect()
                })
                .collect();
            // What another comparison already explains is not rare any more.
            let explained = |chances: &Vec<f64>| {
                (chances[top].max(1e-12).ln() / u[0][top].clamp(1e-12, 0.999).ln()).clamp(0.0, 1.0)
            };
            let rarity = u
                .iter()
                .map(|chances| comparison.levels.iter().map(|level| level.rarity * explained(chances)).collect())
                .collect();
            ComparisonModel {
                name: comparison.name.clone(),
                levels: levels.collect(),
                match_parent: state.m_parents[at],
                chance_parent: state.u_parents[at],
                weights,
                rarity,
                coincidence: coincidence(comparison),
            }
        })
        .collect();
    for (at, comparison) in learned.iter_mut().enumerate() {
        steady(comparison, comparisons, state, at);
    }
    Model { comparisons: learned, prior: state.prior, expected_matches, total_pairs }
}

/// Makes the weight of a field and the one it leans on rise together with the agreement of the latter.
///
/// Chances seen in few pairs are shaky: a same title of two works is rare, and most such pairs are editions of one work, so
/// that a same author seems to say nothing there while it says much beside a title that is merely alike. Yet of two pairs
/// that agree on this field alike, the one that agrees more on the other can not weigh less.
fn steady(comparison: &mut ComparisonModel, comparisons: &[Comparison], state: &State, at: usize) {
    let Some(parent) = comparison.chance_parent else { return };
    let levels = comparisons[parent].levels;
    let (shares, chances) = (&state.m[parent][0], &state.u[parent][0]);
    let below: Vec<f64> =
        shares.iter().zip(chances).zip(&state.most[parent]).map(|((m, u), most)| step(*m, *u).min(*most)).collect();
    let same_parent = comparison.match_parent == Some(parent);
    let rows = if same_parent { 1 } else { comparison.weights.len() };
    // Level 1 is no agreement: there each stays as learned.
    for level in 2..comparison.levels.len() {
        for row in 0..rows {
            let place = |agreement: usize| if same_parent { agreement } else { row };
            let (mut weights, mut masses) = (Vec::new(), Vec::new());
            for (agreement, share) in shares.iter().enumerate().skip(1) {
                weights.push(below[agreement] + comparison.weights[place(agreement)][agreement][level]);
                masses.push(share * state.m[at][place(agreement)][level]);
            }
            rise(&mut weights, &masses, &levels[1..]);
            for (before, weight) in weights.into_iter().enumerate() {
                let agreement = before + 1;
                comparison.weights[place(agreement)][agreement][level] =
                    (weight - below[agreement]).min(state.most[at][level]);
            }
        }
    }
}

/// Makes weights rise with agreement: neighbours out of order are pooled, each counting by its share among matches. Levels
/// without an order stay as they are.
fn rise(weights: &mut [f64], shares: &[f64], levels: &[Level]) {
    let ordered: Vec<usize> = (0..weights.len()).filter(|at| levels[*at].ordered).collect();
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for at in &ordered {
        pools.push((weights[*at], shares[*at] + 1e-6, 1));
        while pools.len() > 1 && pools[pools.len() - 2].0 > pools[pools.len() - 1].0 {
            if let (Some(last), Some(before)) = (pools.pop(), pools.last_mut()) {
                let mass = before.1 + last.1;
                *before = ((before.0 * before.1 + last.0 * last.1) / mass, mass, before.2 + last.2);
            }
        }
    }
    let mut at = 0;
    for (weight, _, length) in pools {
        for place in &ordered[at..at + length] {
            weights[*place] = weight;
        }
        at += length;
    }
}
