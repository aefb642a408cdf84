//! Which partner does each row get, when each may have only one?

use super::outcome::ScoredPair;
use super::sample::Universe;

/// One partner for each row, the heaviest pairs first; ties go to the rows that come first by id.
pub(crate) fn one_to_one(pairs: &[ScoredPair], universe: &Universe, cut: f64) -> Vec<ScoredPair> {
    let mut order: Vec<&ScoredPair> = pairs.iter().filter(|pair| pair.weight >= cut).collect();
    let rank = |pair: &ScoredPair| (universe.rank[pair.left as usize], universe.rank[pair.right as usize]);
    order.sort_unstable_by(|left, right| {
        right.weight.total_cmp(&left.weight).then_with(|| rank(left).cmp(&rank(right)))
    });
    let mut taken = vec![false; universe.order.len()];
    let mut assigned: Vec<ScoredPair> = Vec::new();
    for pair in order {
        if !taken[pair.left as usize] && !taken[pair.right as usize] {
            taken[pair.left as usize] = true;
            taken[pair.right as usize] = true;
            assigned.push(*pair);
        }
    }
    assigned.sort_unstable_by_key(|pair| (pair.left, pair.right));
    assigned
}
