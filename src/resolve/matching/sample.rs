//! Which random pairs stand for all the pairs nobody proposed?

use super::intern::mix;
use super::table::Ids;

/// At most this many random pairs are compared.
pub(crate) const SAMPLE: u64 = 400_000;
/// Random pairs of a large table are drawn among this many of its rows, about: those with the lowest hashes of their ids.
const SAMPLED_ROWS: usize = 100_000;

/// The pairs of rows that may match: inside one group, or between groups.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    /// For each row a number that orders rows without regard to the order of input: the hash of its id.
    pub(crate) rank: Vec<u64>,
    pub(crate) groups: Vec<u16>,
    /// Whether pairs inside one group count.
    pub(crate) within: bool,
    /// How many pairs there are.
    pub(crate) pairs: f64,
}

impl Universe {
    pub(crate) fn new(ids: &Ids, groups: &[u16], within: bool) -> Self {
        let rank = groups.iter().enumerate().map(|(row, group)| ids.hash(row) ^ mix(u64::from(*group))).collect();
        let all = pairs_of(groups.len() as f64);
        let inside: f64 = {
            let mut sizes = std::collections::BTreeMap::new();
            for run in groups.chunk_by(|left, right| left == right) {
                *sizes.entry(run[0]).or_insert(0) += run.len();
            }
            sizes.values().map(|size| pairs_of(*size as f64)).sum()
        };
        let pairs = if within { all } else { all - inside };
        Self { rank, groups: groups.to_vec(), within, pairs }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.groups.len()
    }

    /// All rows, in an order that does not depend on the order of input.
    pub(crate) fn order(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..self.rows() as u32).collect();
        rows.sort_unstable_by_key(|row| self.rank[*row as usize]);
        rows
    }

    /// Whether two rows may be a pair.
    pub(crate) fn admits(&self, left: u32, right: u32) -> bool {
        left != right && (self.within || self.groups[left as usize] != self.groups[right as usize])
    }

    /// Random pairs, the same for the same ids; fewer than asked for when many draws are not admitted.
    pub(crate) fn sample(&self, wanted: u64) -> Vec<(u32, u32)> {
        let drawn = self.sampled_rows();
        let rows = drawn.len() as u64;
        if rows < 2 {
            return Vec::new();
        }
        let draw = |number: u64| drawn[((u128::from(mix(number)) * u128::from(rows)) >> 64) as usize];
        (0..wanted * 2)
            .map(|number| (draw(2 * number), draw(2 * number + 1)))
            .filter(|(left, right)| self.admits(*left, *right))
            .map(|(left, right)| (left.min(right), left.max(right)))
            .take(wanted as usize)
            .collect()
    }

    /// So many rows that about this share of all pairs is between two of them; `None` for all.
    pub(crate) fn sampled(&self, share: f64) -> Option<Sampled> {
        if share >= 1.0 {
            return None;
        }
        let highest = (u64::MAX as f64 * share.sqrt()) as u64;
        let mut bits = vec![0u64; self.rows().div_ceil(64)];
        for (row, rank) in self.rank.iter().enumerate() {
            bits[row / 64] |= u64::from(mix(*rank) <= highest) << (row % 64);
        }
        Some(Sampled(bits))
    }

    /// All rows of a small table, some of a large one, in an order that does not depend on the order of input.
    fn sampled_rows(&self) -> Vec<u32> {
        let share = SAMPLED_ROWS as f64 / self.rows().max(1) as f64;
        let highest = if share >= 1.0 { u64::MAX } else { (u64::MAX as f64 * share) as u64 };
        let mut keyed: Vec<(u64, u32)> = self
            .rank
            .iter()
            .enumerate()
            .filter(|(_, rank)| **rank <= highest)
            .map(|(row, rank)| (*rank, row as u32))
            .collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

/// Some of the rows, chosen by the hash of their ids.
pub(crate) struct Sampled(Vec<u64>);

impl Sampled {
    /// Whether a row is among them.
    pub(crate) fn holds(&self, row: u32) -> bool {
        self.0[row as usize / 64] >> (row % 64) & 1 == 1
    }
}

fn pairs_of(rows: f64) -> f64 {
    rows * (rows - 1.0) / 2.0
}
