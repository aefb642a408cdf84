//! Which pairs were weighed already?

use super::outcome::ScoredPair;

/// Pairs sorted by left and right row, found by their left row.
pub(crate) struct PairIndex {
    pairs: Vec<ScoredPair>,
    /// For each row where its pairs begin; one more at the end.
    starts: Vec<u32>,
}

impl PairIndex {
    /// Sorts pairs that come in any order.
    pub(crate) fn new(found: Vec<Vec<ScoredPair>>, rows: usize) -> Self {
        let mut starts = vec![0u32; rows + 1];
        for pair in found.iter().flatten() {
            starts[pair.left as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let blank = ScoredPair { left: 0, right: 0, weight: 0.0, probability: 0.0, pass: 0 };
        let mut pairs = vec![blank; starts[rows] as usize];
        let mut next = starts.clone();
        for pair in found.into_iter().flatten() {
            let place = &mut next[pair.left as usize];
            pairs[*place as usize] = pair;
            *place += 1;
        }
        drop(next);
        for run in pairs.chunk_by_mut(|left, right| left.left == right.left) {
            run.sort_unstable_by_key(|pair| pair.right);
        }
        Self { pairs, starts }
    }

    /// The pair of two rows, the smaller first.
    pub(crate) fn find(&self, left: u32, right: u32) -> Option<ScoredPair> {
        let run = &self.pairs[self.starts[left as usize] as usize..self.starts[left as usize + 1] as usize];
        run.binary_search_by_key(&right, |pair| pair.right).ok().map(|at| run[at])
    }

    /// All pairs, sorted.
    pub(crate) fn all(&self) -> &[ScoredPair] {
        &self.pairs
    }

    /// All pairs, sorted.
    pub(crate) fn into_pairs(self) -> Vec<ScoredPair> {
        self.pairs
    }
}
