//! What holds a cluster together, and which pair would split it?
//!
//! The pairs that hold it are a maximum spanning tree over the weights of all pairs inside. Where it would split is where
//! average linkage, which built it, joined last: the two sides with the lowest average weight between them. The heaviest
//! pair between those sides is the one whose loss, or whose decision as different, parts them.

use super::score::Cache;
use super::weigh::Weigher;

/// Rows of a cluster up to which all its pairs are weighed; of a larger one, these many are.
const MOST_ROWS: usize = 400;

/// Why a cluster is one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClusterExplanation {
    /// Its rows, ascending.
    pub rows: Vec<u32>,
    /// The pairs that hold it together, the heaviest first; one fewer than rows that were weighed.
    pub holding: Vec<Edge>,
    /// The pairs inside that speak against it on their own, the lightest first.
    pub against: Vec<Edge>,
    /// Where it would split; none for a single row.
    pub split: Option<Split>,
    /// How many of its rows were weighed: all but in very large clusters.
    pub weighed: usize,
}

/// Two rows and their match weight in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// One row.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// In bits.
    pub weight: f64,
}

/// The weakest joint of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The rows on one side, the smaller side first.
    pub one: Vec<u32>,
    /// The rows on the other.
    pub other: Vec<u32>,
    /// The heaviest pair between the sides.
    pub edge: Edge,
    /// The average weight of all pairs between the sides, in bits.
    pub average: f64,
    /// How many pairs between the sides reach the cut alone. With one, the pair is a bridge.
    pub crossing: usize,
}

/// Explains the cluster of these rows.
pub(crate) fn cluster(mut rows: Vec<u32>, weigher: &Weigher<'_>, cut: f64) -> ClusterExplanation {
    rows.sort_unstable();
    let weighed = rows.len().min(MOST_ROWS);
    let mut cache = Cache::new();
    let mut weights = vec![0.0; weighed * weighed];
    let mut edges = Vec::with_capacity(weighed * weighed / 2);
    for (at, left) in rows[..weighed].iter().enumerate() {
        for (other, right) in rows[..weighed].iter().enumerate().skip(at + 1) {
            let weight = weigher.weight(*left, *right, &mut cache);
            weights[at * weighed + other] = weight;
            weights[other * weighed + at] = weight;
            edges.push(Edge { left: *left, right: *right, weight });
        }
    }
    edges.sort_by(|one, other| {
        other.weight.total_cmp(&one.weight).then((one.left, one.right).cmp(&(other.left, other.right)))
    });
    let holding = spanning(&rows[..weighed], &edges);
    let against: Vec<Edge> = edges.iter().rev().filter(|edge| edge.weight < cut).copied().collect();
    let split = last_joint(weighed, &weights).map(|(one, average)| {
        let (mut one, mut other): (Vec<usize>, Vec<usize>) = (0..weighed).partition(|at| one.contains(at));
        if one.len() > other.len() {
            std::mem::swap(&mut one, &mut other);
        }
        let between: Vec<Edge> = one
            .iter()
            .flat_map(|at| other.iter().map(move |to| (*at.min(to), *at.max(to))))
            .map(|(at, to)| Edge { left: rows[at], right: rows[to], weight: weights[at * weighed + to] })
            .collect();
        let heaviest = between.iter().copied().max_by(|one, other| {
            one.weight.total_cmp(&other.weight).then((other.left, other.right).cmp(&(one.left, one.right)))
        });
        Split {
            one: one.iter().map(|at| rows[*at]).collect(),
            other: other.iter().map(|at| rows[*at]).collect(),
            edge: heaviest.unwrap_or(Edge { left: 0, right: 0, weight: 0.0 }),
            average,
            crossing: between.iter().filter(|edge| edge.weight >= cut).count(),
        }
    });
    ClusterExplanation { rows, holding, against, split, weighed }
}

/// A maximum spanning tree; `edges` come heaviest first (Kruskal, 1956).
fn spanning(rows: &[u32], edges: &[Edge]) -> Vec<Edge> {
    let mut sets = super::cluster::Sets::new(rows.len());
    let place = |row: u32| rows.binary_search(&row).unwrap_or_default() as u32;
    edges
        .iter()
        .filter(|edge| {
            let (left, right) = (place(edge.left), place(edge.right));
            let apart = sets.find(left) != sets.find(right);
            sets.join(left, right);
            apart
        })
        .copied()
        .collect()
}

/// One side of the last merge of average linkage, and the average weight between both.
fn last_joint(count: usize, weights: &[f64]) -> Option<(Vec<usize>, f64)> {
    let mut sums = weights.to_vec();
    let mut groups: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    let mut open: Vec<usize> = (0..count).collect();
    while open.len() >= 2 {
        let mut best = (f64::NEG_INFINITY, open[0], open[1]);
        for (number, at) in open.iter().enumerate() {
            for other in &open[number + 1..] {
                let pairs = (groups[*at].len() * groups[*other].len()) as f64;
                let average = sums[at * count + other] / pairs;
                if average > best.0 {
                    best = (average, *at, *other);
                }
            }
        }
        let (average, into, from) = best;
        if open.len() == 2 {
            return Some((std::mem::take(&mut groups[into]), average));
        }
        for other in &open {
            let sum = sums[into * count + other] + sums[from * count + other];
            sums[into * count + other] = sum;
            sums[other * count + into] = sum;
        }
        let moved = std::mem::take(&mut groups[from]);
        groups[into].extend(moved);
        open.retain(|at| *at != from);
    }
    None
}
