//! Into which strata do candidate pairs fall, what is known of each, and which pairs should be labelled next?

use serde::Serialize;

use super::labels::Labels;
use super::regression::Quality;
use crate::ident::EntityKind;
use crate::resolve::graph::{CandidatePair, EntityGraph, PairStatus};
use crate::review::estimates::{self, StratumSample};
use crate::review::queue::pair_number;
use crate::review::{Effective, Outcome, Stratum, Verdict};

/// Where strata are cut, by probability.
const EDGES: [f64; 6] = [0.05, 0.2, 0.5, 0.8, 0.95, 0.999];

/// One stratum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StratumReport {
    /// The lowest probability in it.
    pub from: f64,
    /// The end of it, itself not in it; 1 is in the last.
    pub to: f64,
    /// What is in it and what was labelled.
    #[serde(flatten)]
    pub sample: StratumSample,
}

/// The stratum of a pair: whether it is matched, and where its probability lies.
fn stratum_of(pair: &CandidatePair) -> (bool, usize) {
    let matched = matches!(pair.status, PairStatus::Matched | PairStatus::Accepted);
    (matched, EDGES.partition_point(|edge| *edge <= pair.probability))
}

/// Pairs that the source itself calls one are no guess of the engine.
fn is_guess(pair: &CandidatePair) -> bool {
    pair.rule != "tombstone" && pair.rule != "decision"
}

/// What is known of the pairs of one kind, from random labels of the log and of a file.
pub(super) fn quality(graph: &EntityGraph, kind: EntityKind, log: &Effective, labels: &Labels) -> Quality {
    let mut cells = vec![StratumSample::default(); 2 * (EDGES.len() + 1)];
    for pair in graph.pairs.iter().filter(|pair| pair.kind == kind && is_guess(pair)) {
        let (matched, at) = stratum_of(pair);
        let cell = &mut cells[usize::from(matched) * (EDGES.len() + 1) + at];
        cell.matched = matched;
        cell.population += 1;
        if let Some(verdict) = labels.of(&pair.key).or_else(|| drawn(log, pair)) {
            cell.checked += 1;
            cell.same += u64::from(verdict == Verdict::Same);
        }
    }
    let strata: Vec<StratumReport> = cells
        .into_iter()
        .enumerate()
        .filter(|(_, sample)| sample.population > 0)
        .map(|(at, sample)| {
            let at = at % (EDGES.len() + 1);
            let from = if at == 0 { 0.0 } else { EDGES[at - 1] };
            StratumReport { from, to: EDGES.get(at).copied().unwrap_or(1.0), sample }
        })
        .collect();
    let samples: Vec<StratumSample> = strata.iter().map(|stratum| stratum.sample).collect();
    Quality { kind, precision: estimates::precision(&samples), recall: estimates::recall(&samples), strata }
}

/// The agreed verdict on a pair of the random draw.
fn drawn(log: &Effective, pair: &CandidatePair) -> Option<Verdict> {
    let standing = log.of(&pair.key)?;
    let random = standing.opinions().any(|opinion| opinion.stratum == Stratum::Audit);
    match standing.outcome() {
        Outcome::Agreed(verdict) if random => Some(verdict),
        _ => None,
    }
}

/// Draws about `count` pairs that nobody has decided yet: as many from each stratum as there are to share out, at random
/// within it. The same seed draws the same pairs.
#[must_use]
pub fn draw<'a>(graph: &'a EntityGraph, log: &Effective, count: usize, seed: u64) -> Vec<&'a CandidatePair> {
    let mut strata: std::collections::BTreeMap<(EntityKind, bool, usize), Vec<(u64, &CandidatePair)>> =
        std::collections::BTreeMap::new();
    for pair in graph.pairs.iter().filter(|pair| is_guess(pair) && log.of(&pair.key).is_none()) {
        let (matched, at) = stratum_of(pair);
        let lot = lot(pair_number(&pair.key), seed);
        strata.entry((pair.kind, matched, at)).or_default().push((lot, pair));
    }
    let mut open: Vec<Vec<(u64, &CandidatePair)>> = strata.into_values().collect();
    for stratum in &mut open {
        stratum.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| other.1.key.cmp(&one.1.key)));
    }
    // One from each stratum in turn, so that small strata are looked at whole and none is left out.
    let mut chosen = Vec::new();
    while chosen.len() < count && open.iter().any(|stratum| !stratum.is_empty()) {
        for stratum in &mut open {
            if chosen.len() < count
                && let Some((_, pair)) = stratum.pop()
            {
                chosen.push(pair);
            }
        }
    }
    // The order tells nothing of the stratum.
    chosen.sort_by_key(|pair| lot(pair_number(&pair.key), seed ^ 1));
    chosen
}

/// A number that looks random, from a pair and a seed (the finalizer of `SplitMix64`: Steele, Lea and Flood, 2014).
fn lot(pair: u64, seed: u64) -> u64 {
    let mut mixed = pair ^ seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
