//! Which partner does each row get, when each may have only one?

use super::outcome::ScoredPair;
use super::sample::Universe;

/// How far below the cut, in bits, a lone partner is still taken where nearly every row has one.
const LENIENCE: f64 = 6.0;
/// How much heavier, in bits, such a partner must be than the next best of either row.
const MARGIN: f64 = 1.5;
/// The share of the smaller side that must have found a partner before lone partners are taken.
const COVERAGE: f64 = 0.6;

/// One partner for each row, the heaviest pairs first; ties go to the rows that come first by id.
///
/// Where most rows of the smaller side found a partner, those left over most likely have one too: a pair somewhat below
/// the cut is taken when neither row has another candidate near it.
pub(crate) fn one_to_one(pairs: &[ScoredPair], universe: &Universe, cut: f64) -> Vec<ScoredPair> {
    let mut taken = vec![false; universe.rows()];
    let mut assigned: Vec<ScoredPair> = Vec::new();
    for pair in heaviest_first(pairs, universe, cut) {
        if !taken[pair.left as usize] && !taken[pair.right as usize] {
            taken[pair.left as usize] = true;
            taken[pair.right as usize] = true;
            assigned.push(pair);
        }
    }
    if assigned.len() as f64 >= COVERAGE * smaller_side(universe) {
        let open: Vec<ScoredPair> = pairs
            .iter()
            .filter(|pair| pair.weight >= cut - LENIENCE && !taken[pair.left as usize] && !taken[pair.right as usize])
            .copied()
            .collect();
        let mut best = vec![(f64::NEG_INFINITY, f64::NEG_INFINITY); universe.rows()];
        for pair in &open {
            for row in [pair.left, pair.right] {
                let (first, second) = &mut best[row as usize];
                if pair.weight > *first {
                    (*first, *second) = (pair.weight, *first);
                } else if pair.weight > *second {
                    *second = pair.weight;
                }
            }
        }
        let stands_alone = |pair: &ScoredPair| {
            [pair.left, pair.right].iter().all(|row| {
                let (first, second) = best[*row as usize];
                pair.weight >= first && first - second >= MARGIN
            })
        };
        assigned.extend(open.iter().filter(|pair| stands_alone(pair)));
    }
    assigned.sort_unstable_by_key(|pair| (pair.left, pair.right));
    assigned
}

fn heaviest_first(pairs: &[ScoredPair], universe: &Universe, cut: f64) -> Vec<ScoredPair> {
    let mut order: Vec<ScoredPair> = pairs.iter().filter(|pair| pair.weight >= cut).copied().collect();
    let rank = |pair: &ScoredPair| (universe.rank[pair.left as usize], universe.rank[pair.right as usize]);
    order.sort_unstable_by(|left, right| {
        right.weight.total_cmp(&left.weight).then_with(|| rank(left).cmp(&rank(right)))
    });
    order
}

fn smaller_side(universe: &Universe) -> f64 {
    let first = universe.groups.iter().filter(|group| **group == universe.groups[0]).count();
    first.min(universe.groups.len() - first).max(1) as f64
}
