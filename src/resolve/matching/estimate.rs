//! How often does each agreement happen among matches, and how often by chance?
//!
//! Expectation maximisation over counted agreement patterns of *all* pairs: every candidate pair counts once, and a random
//! sample stands for the pairs no blocking pass proposed. So blocking biases neither side. Agreements that come together
//! for other reasons than a match (a town and its postal code; a household that moved) are modelled by a tree: each
//! comparison may lean on one other (Chow and Liu, 1968), so that what is said twice counts once.

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::model::{ComparisonModel, LevelModel, Model, level_of};

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
type Shares = Vec<Vec<f64>>;

struct State {
    /// The weight each level never exceeds.
    most: Vec<Vec<f64>>,
    m: Vec<Shares>,
    u: Vec<Shares>,
    /// The comparison each leans on, among matches and among the rest.
    m_parents: Parents,
    u_parents: Parents,
    prior: f64,
}

type Parents = Vec<Option<usize>>;

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

fn step(m: f64, u: f64) -> f64 {
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

/// Whether a field is a part of an address or a place on the map.
pub(crate) fn is_place(concept: MatchConcept) -> bool {
    matches!(
        concept,
        MatchConcept::Street
            | MatchConcept::HouseNumber
            | MatchConcept::City
            | MatchConcept::PostalCode
            | MatchConcept::Region
            | MatchConcept::Country
            | MatchConcept::Latitude
    )
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
        // One street is in one town: the parts of an address agree together even if no such pair was seen.
        let implied = parent.filter(|parent| {
            !matches && row + 1 == parent.levels.len() && is_place(parent.concept) && is_place(comparison.concept)
        });
        let before: Vec<f64> = match implied {
            Some(_) => marginal
                .iter()
                .enumerate()
                .map(|(level, share)| if level + 1 == levels { 0.5 + 0.5 * share } else { 0.5 * share })
                .collect(),
            None => marginal.clone(),
        };
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

/// The tree of comparisons that say the same thing in one class: the edges with most mutual information, no rings.
fn tree(comparisons: &[Comparison], seen: &[Seen], share: &dyn Fn(usize) -> f64, rows: f64, matches: bool) -> Parents {
    let count = comparisons.len();
    let mut edges: Vec<(f64, usize, usize)> = Vec::new();
    for one in 0..count {
        for other in one + 1..count {
            let size = (comparisons[one].levels.len(), comparisons[other].levels.len());
            let (information, pairs) = mutual_information(seen, share, (one, other), size);
            // Chance alone gives about one bit for each cell of the table, and 20 bits a thousand rows change no answer.
            let cells = (size.0 * size.1) as f64;
            let enough = if matches {
                information * pairs > 1.5 * cells && information > 0.03
            } else {
                information * pairs > rows * 0.02 + cells
            };
            let one_place = !matches && is_place(comparisons[one].concept) && is_place(comparisons[other].concept);
            if enough || one_place {
                edges.push((information + if one_place { 1.0 } else { 0.0 }, one, other));
            }
        }
    }
    edges.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2))));
    let mut group: Vec<usize> = (0..count).collect();
    let mut neighbours = vec![Vec::new(); count];
    for (_, one, other) in edges {
        let (from, to) = (group[one], group[other]);
        if from != to {
            group.iter_mut().filter(|member| **member == from).for_each(|member| *member = to);
            neighbours[one].push(other);
            neighbours[other].push(one);
        }
    }
    let mut parents = vec![None; count];
    let mut reached = vec![false; count];
    // The finest field of each tree leads: a street implies its town, hardly the other way round.
    let mut roots: Vec<usize> = (0..count).collect();
    roots.sort_by(|one, other| {
        coincidence(&comparisons[*one]).total_cmp(&coincidence(&comparisons[*other])).then(one.cmp(other))
    });
    for root in roots {
        let mut open = vec![root];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut reached[at], true) {
                continue;
            }
            for next in neighbours[at].iter().copied().filter(|next| !reached[*next]) {
                parents[next] = Some(at);
                open.push(next);
            }
        }
    }
    parents
}

/// The mutual information in bits of two comparisons' levels over the pairs of one class with both filled, and how many
/// such pairs there are. Only cells that enough pairs truly seen support count.
fn mutual_information(
    seen: &[Seen],
    share: &dyn Fn(usize) -> f64,
    fields: (usize, usize),
    size: (usize, usize),
) -> (f64, f64) {
    let mut joint = vec![vec![(0.0, 0.0); size.1]; size.0];
    let (mut row_sums, mut column_sums, mut total) = (vec![0.0; size.0], vec![0.0; size.1], 0.0);
    for (at, pattern) in seen.iter().enumerate() {
        let (row, column) = (level_of(pattern.pattern, fields.0), level_of(pattern.pattern, fields.1));
        if row == 0 || column == 0 {
            continue;
        }
        let part = share(at);
        let pairs = (pattern.candidates + pattern.others) * part;
        joint[row][column].0 += pairs;
        joint[row][column].1 += (pattern.candidates + pattern.sampled) * part;
        row_sums[row] += pairs;
        column_sums[column] += pairs;
        total += pairs;
    }
    let mut information = 0.0;
    for (row, cells) in joint.iter().enumerate() {
        for (column, (pairs, support)) in cells.iter().enumerate() {
            if *support >= 5.0 {
                information += pairs / total * (pairs * total / (row_sums[row] * column_sums[column])).log2();
            }
        }
    }
    (information.max(0.0), total)
}

fn finish(comparisons: &[Comparison], seen: &[Seen], matching: &[f64], state: &State, total_pairs: f64) -> Model {
    let expected_matches = seen.iter().zip(matching).map(|(pattern, share)| pattern.candidates * share).sum();
    let learned = comparisons
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
                        rise(&mut row[1..], &shares[1..]);
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
    Model { comparisons: learned, prior: state.prior, expected_matches, total_pairs }
}

/// The chance that two filled rows hold the same value.
fn coincidence(comparison: &Comparison) -> f64 {
    let filled = f64::from(comparison.filled.max(1));
    let pairs: f64 = comparison.counts.iter().skip(1).map(|count| (f64::from(*count) / filled).powi(2)).sum();
    pairs.max(1.0 / (filled * filled))
}

/// Makes weights rise with agreement: neighbours out of order are pooled, each counting by its share among matches.
fn rise(weights: &mut [f64], shares: &[f64]) {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (weight, share) in weights.iter().zip(shares) {
        pools.push((*weight, share + 1e-6, 1));
        while pools.len() > 1 && pools[pools.len() - 2].0 > pools[pools.len() - 1].0 {
            if let (Some(last), Some(before)) = (pools.pop(), pools.last_mut()) {
                let mass = before.1 + last.1;
                *before = ((before.0 * before.1 + last.0 * last.1) / mass, mass, before.2 + last.2);
            }
        }
    }
    let mut at = 0;
    for (weight, _, length) in pools {
        for slot in &mut weights[at..at + length] {
            *slot = weight;
        }
        at += length;
    }
}
