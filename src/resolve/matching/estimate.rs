//! How often does each agreement happen among matches, and how often by chance?
//!
//! Expectation maximisation over counted agreement patterns of *all* pairs: every candidate pair counts once, and a random
//! sample stands for the pairs no blocking pass proposed. So blocking biases neither side. Agreements that come together
//! for other reasons than a match (a town and its postal code; a household that moved) are modelled by a tree: each
//! comparison may lean on one other (Chow and Liu, 1968), so that what is said twice counts once.

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::dependence::{implied, tree};
use super::model::{Model, level_of};
use super::weights::finish;

/// How often an agreement pattern was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Seen {
    /// The packed levels.
    pub(crate) pattern: u64,
    /// How many candidate pairs show it.
    pub(crate) candidates: f64,
    /// How many other pairs show it, extrapolated from the sample.
    pub(crate) others: f64,
    /// How many sampled pairs stand behind `others`.
    pub(crate) sampled: f64,
    /// Labelled matches and non-matches among them.
    pub(crate) labelled: (f64, f64),
}

/// Strength of what is expected before learning, in matches.
const EXPECTED_STRENGTH: f64 = 12.0;
/// Strength of the unconditional share inside the conditional one, in pairs.
const TREE_STRENGTH: f64 = 25.0;
/// The longest step up or down a single comparison may take, in bits.
const LONGEST_UP: f64 = 22.0;
const LONGEST_DOWN: f64 = -9.0;

/// Rounds of expectation maximisation at most, and those in which the tree may still change.
const ROUNDS: usize = 40;
const TREE_ROUNDS: usize = 4;

/// Shares of one comparison for one class: by the parent's level, then by the own level.
pub(crate) type Shares = Vec<Vec<f64>>;

pub(crate) struct State {
    /// The weight each level never exceeds.
    pub(crate) most: Vec<Vec<f64>>,
    pub(crate) m: Vec<Shares>,
    pub(crate) u: Vec<Shares>,
    /// The comparison each leans on, among matches and among the rest.
    pub(crate) m_parents: Parents,
    pub(crate) u_parents: Parents,
    pub(crate) prior: f64,
}

/// For each comparison the one it leans on.
pub(crate) type Parents = Vec<Option<usize>>;

/// Learns the model from the patterns seen.
pub(crate) fn learn(comparisons: &[Comparison], seen: &[Seen], total_pairs: f64, rows: f64) -> Model {
    let mut state = State {
        most: comparisons.iter().map(|comparison| comparison.levels.iter().map(|level| level.most).collect()).collect(),
        m: comparisons.iter().map(|comparison| vec![expected(comparison)]).collect(),
        u: comparisons.iter().map(|comparison| vec![vec![0.0; comparison.levels.len()]]).collect(),
        m_parents: vec![None; comparisons.len()],
        u_parents: vec![None; comparisons.len()],
        prior: (rows * 0.2 / total_pairs.max(1.0)).clamp(1e-9, 0.2),
    };
    // Before anything is known every pair counts as no match: the share of matches among all pairs is small.
    let mut matching: Vec<f64> = seen.iter().map(|_| 0.0).collect();
    state.u = count_shares(comparisons, seen, &matching, &state.u_parents, false);
    expect(&state, seen, &mut matching, total_pairs);
    for round in 0..ROUNDS {
        // The tree comes first: read as independent, town and postal code would look like a class of matches of their own.
        if round < TREE_ROUNDS && comparisons.len() > 1 {
            let matches: Vec<f64> = matching.clone();
            state.m_parents = tree(comparisons, seen, &|at| matches[at], rows, true);
            state.u_parents = tree(comparisons, seen, &|at| 1.0 - matches[at], rows, false);
        }
        maximise(comparisons, seen, &matching, &mut state, total_pairs);
        if expect(&state, seen, &mut matching, total_pairs) < 1e-4 && round >= TREE_ROUNDS {
            break;
        }
    }
    finish(comparisons, seen, &matching, &state, total_pairs)
}

fn expected(comparison: &Comparison) -> Vec<f64> {
    comparison.levels.iter().map(|level| level.expected).collect()
}

/// The E step: the share of each pattern that matches. Returns how far the number of matches moved, relatively.
fn expect(state: &State, seen: &[Seen], matching: &mut [f64], total_pairs: f64) -> f64 {
    let prior = (state.prior / (1.0 - state.prior)).log2();
    let (mut before, mut after) = (0.0, 0.0);
    let weights: Vec<Vec<Vec<Vec<f64>>>> = (0..state.m.len()).map(|at| state.weights(at)).collect();
    for (pattern, share) in seen.iter().zip(matching.iter_mut()) {
        let parts = weights.iter().enumerate().map(|(at, weights)| {
            let row = |parents: &Parents| parents[at].map_or(0, |parent| level_of(pattern.pattern, parent));
            weights[row(&state.m_parents)][row(&state.u_parents)][level_of(pattern.pattern, at)]
        });
        let weight = prior + parts.sum::<f64>();
        let pairs = pattern.candidates + pattern.others;
        before += *share * pairs;
        *share = crate::resolve::waterfall::probability_of(weight);
        after += *share * pairs;
    }
    (after - before).abs() / after.max(total_pairs * 1e-12).max(1e-9)
}

impl State {
    /// The weight of each level by the levels of both parents; each logarithm is taken once and not for every pattern.
    fn weights(&self, at: usize) -> Vec<Vec<Vec<f64>>> {
        let row = |m: &[f64], u: &[f64]| -> Vec<f64> {
            let steps = m.iter().zip(u).zip(&self.most[at]).enumerate();
            steps.map(|(level, ((m, u), most))| if level == 0 { 0.0 } else { step(*m, *u).min(*most) }).collect()
        };
        self.m[at].iter().map(|m| self.u[at].iter().map(|u| row(m, u)).collect()).collect()
    }
}

/// The weight in bits of an agreement with these shares.
pub(crate) fn step(m: f64, u: f64) -> f64 {
    (m.max(1e-12) / u.max(1e-12)).log2().clamp(LONGEST_DOWN, LONGEST_UP)
}

/// The M step.
fn maximise(comparisons: &[Comparison], seen: &[Seen], matching: &[f64], state: &mut State, total_pairs: f64) {
    state.m = count_shares(comparisons, seen, matching, &state.m_parents, true);
    state.u = count_shares(comparisons, seen, matching, &state.u_parents, false);
    let matches: f64 =
        seen.iter().zip(matching).map(|(pattern, share)| (pattern.candidates + pattern.others) * share).sum();
    state.prior = (matches / total_pairs.max(1.0)).clamp(1e-12, 0.5);
}

/// Shares of the levels among matches or among the rest.
fn count_shares(
    comparisons: &[Comparison],
    seen: &[Seen],
    matching: &[f64],
    parents: &[Option<usize>],
    matches: bool,
) -> Vec<Shares> {
    comparisons
        .iter()
        .enumerate()
        .map(|(at, comparison)| {
            let rows = parents[at].map_or(1, |parent| comparisons[parent].levels.len());
            let mut counts = vec![vec![0.0; comparison.levels.len()]; rows];
            // For each row: the sum of the pair weights and of their squares, for the number of pairs truly seen.
            let mut spread = vec![(0.0, 0.0); rows];
            for (pattern, share) in seen.iter().zip(matching) {
                let level = level_of(pattern.pattern, at);
                if level == 0 {
                    continue;
                }
                let share = if matches { *share } else { 1.0 - share };
                let labelled = if matches { pattern.labelled.0 } else { pattern.labelled.1 };
                let pairs = share * (pattern.candidates + pattern.others) + labelled;
                let row = parents[at].map_or(0, |parent| level_of(pattern.pattern, parent));
                counts[0][level] += pairs;
                spread[0].0 += pairs;
                if row > 0 {
                    counts[row][level] += pairs;
                    spread[row].0 += pairs;
                    spread[row].1 += share
                        * (pattern.candidates + pattern.others * pattern.others / pattern.sampled.max(1.0))
                        + labelled;
                }
            }
            smooth(comparison, parents[at].map(|parent| &comparisons[parent]), counts, &spread, matches)
        })
        .collect()
}

/// The levels on which company names are one, with how many names chance puts there for each name.
const ONE_NAME: [(usize, f64); 4] = [(4, 10.0), (5, 4.0), (6, 2.0), (7, 2.0)];

/// How far, as a share of the matches seen, what is expected of a kind of field outweighs what is learned. Names, dates and
/// addresses of one person behave much alike everywhere; without a hold on them the largest class of alike rows (one
/// family name, one town) would be taken for the matches. Of texts, categories and numbers nothing is known beforehand.
fn trust(concept: MatchConcept) -> f64 {
    match concept {
        MatchConcept::PersonName | MatchConcept::GivenName | MatchConcept::FamilyName | MatchConcept::Date => 0.3,
        MatchConcept::Email
        | MatchConcept::Identifier
        | MatchConcept::Street
        | MatchConcept::PostalCode
        | MatchConcept::City => 0.15,
        MatchConcept::CompanyName | MatchConcept::Domain | MatchConcept::Title => 0.05,
        _ => 0.0,
    }
}

fn smooth(
    comparison: &Comparison,
    parent: Option<&Comparison>,
    mut counts: Shares,
    spread: &[(f64, f64)],
    matches: bool,
) -> Shares {
    let levels = comparison.levels.len();
    let total = spread[0].0;
    let strength = EXPECTED_STRENGTH + trust(comparison.concept) * total;
    for (level, count) in counts[0].iter_mut().enumerate().skip(1) {
        *count = if matches {
            (*count + strength * comparison.levels[level].expected) / (total + strength)
        } else {
            (*count + 0.5) / (total + 0.5 * (levels - 1) as f64)
        };
    }
    if !matches && comparison.concept == MatchConcept::CompanyName {
        // A company name is given once: that many rows hold it says that there are many rows, not many companies.
        let names = (comparison.keys.len().max(2) - 1) as f64;
        for (level, shared) in ONE_NAME {
            counts[0][level] = counts[0][level].min(shared / names);
        }
    }
    let marginal = counts[0].clone();
    for (row, shares) in counts.iter_mut().enumerate().skip(1) {
        let (sum, squares) = spread[row];
        // Kish's effective sample size: sampled pairs stand for many, so they count as one each.
        let effective = if squares > 0.0 { (sum * sum / squares).min(sum) } else { 0.0 };
        // Some fields agree together by their nature, even if no such pair was seen.
        let implied = parent
            .filter(|parent| !matches && row + 1 == parent.levels.len())
            .map_or(0.0, |parent| implied(parent.concept, comparison.concept));
        let before: Vec<f64> = marginal
            .iter()
            .enumerate()
            .map(|(level, share)| if level + 1 == levels { implied } else { 0.0 } + (1.0 - implied) * share)
            .collect();
        for (level, share) in shares.iter_mut().enumerate().skip(1) {
            let own = if sum > 0.0 { *share / sum } else { 0.0 };
            *share = (own * effective + TREE_STRENGTH * before[level]) / (effective + TREE_STRENGTH);
        }
        if !matches && comparison.concept == MatchConcept::CompanyName {
            for (level, _) in ONE_NAME {
                shares[level] = shares[level].min(marginal[level] * 4.0);
            }
        }
    }
    counts
}
