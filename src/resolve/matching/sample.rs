//! Which random pairs stand for all the pairs nobody proposed?

use super::intern::mix;

/// At most this many random pairs are compared.
pub(crate) const SAMPLE: u64 = 400_000;

/// The pairs of rows that may match: inside one group, or between groups.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    /// Rows in an order that does not depend on the order of input.
    pub(crate) order: Vec<u32>,
    /// For each row its place in `order`.
    pub(crate) rank: Vec<u32>,
    pub(crate) groups: Vec<u16>,
    /// Whether pairs inside one group count.
    pub(crate) within: bool,
    /// How many pairs there are.
    pub(crate) pairs: f64,
}

impl Universe {
    pub(crate) fn new(ids: &[String], groups: &[u16], within: bool) -> Self {
        let mut keyed: Vec<(u64, u32)> = ids
            .iter()
            .enumerate()
            .map(|(row, id)| (super::intern::hash_text(id.as_bytes()) ^ mix(u64::from(groups[row])), row as u32))
            .collect();
        rayon::slice::ParallelSliceMut::par_sort_unstable_by(&mut keyed[..], |left, right| {
            left.0
                .cmp(&right.0)
                .then_with(|| ids[left.1 as usize].cmp(&ids[right.1 as usize]))
                .then(left.1.cmp(&right.1))
        });
        let order: Vec<u32> = keyed.into_iter().map(|(_, row)| row).collect();
        let mut rank = vec![0; order.len()];
        for (place, row) in order.iter().enumerate() {
            rank[*row as usize] = place as u32;
        }
        let all = pairs_of(groups.len() as f64);
        let inside: f64 = {
            let mut sizes = std::collections::BTreeMap::new();
            for group in groups {
                *sizes.entry(*group).or_insert(0u64) += 1;
            }
            sizes.values().map(|size| pairs_of(*size as f64)).sum()
        };
        let pairs = if within { all } else { all - inside };
        Self { order, rank, groups: groups.to_vec(), within, pairs }
    }

    /// Whether two rows may be a pair.
    pub(crate) fn admits(&self, left: u32, right: u32) -> bool {
        left != right && (self.within || self.groups[left as usize] != self.groups[right as usize])
    }

    /// Random pairs, the same for the same ids; fewer than asked for when many draws are not admitted.
    pub(crate) fn sample(&self, wanted: u64) -> Vec<(u32, u32)> {
        let rows = self.order.len() as u64;
        if rows < 2 {
            return Vec::new();
        }
        let draw = |number: u64| self.order[((u128::from(mix(number)) * u128::from(rows)) >> 64) as usize];
        (0..wanted * 2)
            .map(|number| (draw(2 * number), draw(2 * number + 1)))
            .filter(|(left, right)| self.admits(*left, *right))
            .map(|(left, right)| (left.min(right), left.max(right)))
            .take(wanted as usize)
            .collect()
    }
}

fn pairs_of(rows: f64) -> f64 {
    rows * (rows - 1.0) / 2.0
}
