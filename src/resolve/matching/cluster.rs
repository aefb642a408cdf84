//! Which rows belong together, when pairs disagree?
//!
//! Connected components only propose. Inside each, rows join by average linkage over *all* their pairs, also those no pass
//! proposed: one bridge does not fuse two dense groups, and every pair that speaks against a merge counts. Decisions are
//! hard: rows that must be together start together, rows that must not never meet.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::known::PairIndex;
use super::outcome::ScoredPair;
use super::rules::BoundRules;
use super::sample::Universe;
use super::score::Cache;
use super::weigh::Weigher;

/// Rows of one component that are compared all with all; larger ones are first cut at a higher weight.
const LARGEST_COMPONENT: usize = 1500;
/// A single pair counts at most this much for or against a merge, in bits.
const MOST_SAID: f64 = 10.0;

/// What clustering needs to know.
pub(crate) struct Clustering<'a> {
    pub(crate) weigher: &'a Weigher<'a>,
    /// The pairs weighed already.
    pub(crate) known: &'a PairIndex,
    pub(crate) universe: &'a Universe,
    /// The average weight from which two groups of rows are one.
    pub(crate) cut: f64,
    pub(crate) must: &'a [(u32, u32)],
    pub(crate) cannot: &'a FxHashSet<(u32, u32)>,
}

/// Disjoint sets with path halving.
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    pub(crate) fn new(size: usize) -> Self {
        Self((0..size as u32).collect())
    }

    pub(crate) fn find(&mut self, mut member: u32) -> u32 {
        while self.0[member as usize] != member {
            let above = self.0[self.0[member as usize] as usize];
            self.0[member as usize] = above;
            member = above;
        }
        member
    }

    /// Joins two sets under the smaller root.
    pub(crate) fn join(&mut self, left: u32, right: u32) {
        let (left, right) = (self.find(left), self.find(right));
        self.0[left.max(right) as usize] = left.min(right);
    }
}

/// For each row the smallest row of its cluster.
pub(crate) fn clusters(pairs: &[ScoredPair], rows: usize, clustering: &Clustering<'_>) -> Vec<u32> {
    let mut sets = Sets::new(rows);
    for pair in pairs.iter().filter(|pair| pair.weight >= clustering.cut) {
        sets.join(pair.left, pair.right);
    }
    for (left, right) in clustering.must {
        sets.join(*left, *right);
    }
    let roots: Vec<u32> = (0..rows as u32).map(|row| sets.find(row)).collect();
    drop(sets);
    let mut sizes = vec![0u32; rows];
    for root in &roots {
        sizes[*root as usize] += 1;
    }
    // A lone pair needs no second look, unless a decision may part it.
    let least = if clustering.cannot.is_empty() { 3 } else { 2 };
    let mut components: Vec<Vec<u32>> = Vec::new();
    let mut places = vec![u32::MAX; rows];
    for (row, root) in roots.iter().enumerate().filter(|(_, root)| sizes[**root as usize] >= least) {
        let place = &mut places[*root as usize];
        if *place == u32::MAX {
            *place = components.len() as u32;
            components.push(Vec::with_capacity(sizes[*root as usize] as usize));
        }
        components[*place as usize].push(row as u32);
    }
    drop(places);
    // The largest first, so that no thread is left alone with one at the end.
    components.sort_by_key(|rows| usize::MAX - rows.len());
    let by_root: FxHashMap<u32, Vec<ScoredPair>> = {
        let mut by_root: FxHashMap<u32, Vec<ScoredPair>> = FxHashMap::default();
        for pair in pairs.iter().filter(|pair| pair.weight >= clustering.cut) {
            let root = roots[pair.left as usize];
            if sizes[root as usize] as usize > LARGEST_COMPONENT {
                by_root.entry(root).or_default().push(*pair);
            }
        }
        by_root
    };
    let groups: Vec<Vec<Vec<u32>>> = components
        .par_iter()
        .map_init(Cache::new, |cache, rows| {
            let pairs = by_root.get(&rows[0]).map(Vec::as_slice).unwrap_or_default();
            settle(rows, pairs, clustering, cache)
        })
        .collect();
    let mut labels = roots;
    for group in groups.into_iter().flatten() {
        let smallest = group.iter().copied().min().unwrap_or_default();
        for row in group {
            labels[row as usize] = smallest;
        }
    }
    labels
}

/// Cuts a component that is too large at rising weights, then settles the pieces.
fn settle(rows: &[u32], pairs: &[ScoredPair], clustering: &Clustering<'_>, cache: &mut Cache) -> Vec<Vec<u32>> {
    if rows.len() <= LARGEST_COMPONENT || pairs.is_empty() {
        return average_linkage(rows, clustering, cache);
    }
    let mut weights: Vec<f64> = pairs.iter().map(|pair| pair.weight).collect();
    weights.sort_unstable_by(f64::total_cmp);
    let higher = weights[weights.len() / 3].max(clustering.cut + 0.5);
    let place: FxHashMap<u32, u32> = rows.iter().enumerate().map(|(at, row)| (*row, at as u32)).collect();
    let mut sets = Sets::new(rows.len());
    let kept: Vec<ScoredPair> = pairs.iter().filter(|pair| pair.weight > higher).copied().collect();
    for (left, right) in kept.iter().map(|pair| (pair.left, pair.right)).chain(clustering.must.iter().copied()) {
        if let (Some(left), Some(right)) = (place.get(&left), place.get(&right)) {
            sets.join(*left, *right);
        }
    }
    let mut pieces: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (at, row) in rows.iter().enumerate() {
        pieces.entry(sets.find(at as u32)).or_default().push(*row);
    }
    let mut pieces: Vec<Vec<u32>> = pieces.into_values().collect();
    pieces.sort_unstable();
    pieces
        .into_iter()
        .flat_map(|piece| {
            let inside: FxHashSet<u32> = piece.iter().copied().collect();
            let own: Vec<ScoredPair> = kept
                .iter()
                .filter(|pair| inside.contains(&pair.left) && inside.contains(&pair.right))
                .copied()
                .collect();
            settle(&piece, &own, clustering, cache)
        })
        .collect()
}

/// Joins the two groups with the highest average weight until none reaches the cut.
fn average_linkage(rows: &[u32], clustering: &Clustering<'_>, cache: &mut Cache) -> Vec<Vec<u32>> {
    // The order of input must not show: ties go to the rows that come first by id.
    let mut rows = rows.to_vec();
    rows.sort_unstable_by_key(|row| clustering.universe.rank[*row as usize]);
    let count = rows.len();
    let mut sums = vec![0f32; count * count];
    let mut said = vec![0f32; count * count];
    for at in 0..count {
        for other in at + 1..count {
            let (sum, pairs) = said_between(rows[at], rows[other], clustering, cache);
            sums[at * count + other] = sum;
            sums[other * count + at] = sum;
            said[at * count + other] = pairs;
            said[other * count + at] = pairs;
        }
    }
    let mut groups: Vec<Vec<u32>> = rows.iter().map(|row| vec![*row]).collect();
    let place: FxHashMap<u32, usize> = rows.iter().enumerate().map(|(at, row)| (*row, at)).collect();
    let mut linkage = Linkage { sums, said, count, nearest: vec![None; count] };
    for (left, right) in clustering.must {
        if let (Some(left), Some(right)) = (place.get(left), place.get(right)) {
            let find = |member: u32| groups.iter().position(|group| group.contains(&member));
            if let (Some(left), Some(right)) = (find(rows[*left]), find(rows[*right]))
                && left != right
            {
                linkage.merge(left, right, &mut groups);
            }
        }
    }
    for at in 0..count {
        linkage.renew(at, &groups);
    }
    while let Some((at, other)) = linkage.best(clustering.cut as f32) {
        linkage.merge(at, other, &mut groups);
        for near in 0..count {
            if near == at || linkage.nearest[near].is_some_and(|(_, partner)| partner == at || partner == other) {
                linkage.renew(near, &groups);
            } else if !groups[near].is_empty() {
                linkage.offer(near, at);
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn said_between(left: u32, right: u32, clustering: &Clustering<'_>, cache: &mut Cache) -> (f32, f32) {
    if clustering.cannot.contains(&(left.min(right), left.max(right))) {
        return (f32::NEG_INFINITY, 1.0);
    }
    let (left, right) = (left.min(right), left.max(right));
    let known = clustering.known.find(left, right).map(|pair| pair.weight);
    let weight = known.unwrap_or_else(|| clustering.weigher.weight(left, right, cache));
    if BoundRules::decides(weight) == Some(false) {
        return (f32::NEG_INFINITY, 1.0);
    }
    (weight.clamp(-MOST_SAID, MOST_SAID) as f32, 1.0)
}

struct Linkage {
    sums: Vec<f32>,
    said: Vec<f32>,
    count: usize,
    nearest: Vec<Option<(f32, usize)>>,
}

impl Linkage {
    fn average(&self, at: usize, other: usize) -> f32 {
        let said = self.said[at * self.count + other];
        if said > 0.0 { self.sums[at * self.count + other] / said } else { f32::NEG_INFINITY }
    }

    fn merge(&mut self, into: usize, from: usize, groups: &mut [Vec<u32>]) {
        let moved = std::mem::take(&mut groups[from]);
        groups[into].extend(moved);
        for other in 0..self.count {
            for (table, _) in [(&mut self.sums, 0), (&mut self.said, 1)] {
                let sum = table[into * self.count + other] + table[from * self.count + other];
                table[into * self.count + other] = sum;
                table[other * self.count + into] = sum;
            }
        }
        self.nearest[from] = None;
    }

    fn renew(&mut self, at: usize, groups: &[Vec<u32>]) {
        self.nearest[at] = None;
        if groups[at].is_empty() {
            return;
        }
        for (other, group) in groups.iter().enumerate() {
            if other != at && !group.is_empty() {
                self.offer(at, other);
            }
        }
    }

    fn offer(&mut self, at: usize, other: usize) {
        let average = self.average(at, other);
        if self.nearest[at].is_none_or(|(best, partner)| average.total_cmp(&best).then(partner.cmp(&other)).is_gt()) {
            self.nearest[at] = Some((average, other));
        }
    }

    /// The best merge at or above the cut; the row that comes first wins a tie.
    fn best(&self, cut: f32) -> Option<(usize, usize)> {
        let mut best: Option<(f32, usize, usize)> = None;
        for (at, nearest) in self.nearest.iter().enumerate() {
            if let Some((average, other)) = nearest
                && *average >= cut
                && best.is_none_or(|(highest, _, _)| *average > highest)
            {
                best = Some((*average, at.min(*other), at.max(*other)));
            }
        }
        best.map(|(_, at, other)| (at, other))
    }
}
