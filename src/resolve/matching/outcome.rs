//! What does a match give back?

use crate::resolve::waterfall::Waterfall;

use super::explain::{self, ClusterExplanation};
use super::model::Model;
use super::score::Scorer;
use super::table::MatchTable;
use super::weigh::Weigher;

/// One pair of rows with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredPair {
    /// The row that comes first in the table.
    pub left: u32,
    /// The other row.
    pub right: u32,
    /// The match weight in bits.
    pub weight: f64,
    /// The probability that both are one entity.
    pub probability: f64,
    /// The blocking pass that found it first, an index into [`MatchOutcome::passes`].
    pub pass: u8,
}

/// What the model expects of its own answer; truth was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimates {
    /// The share of the pairs given that are right.
    pub precision: f64,
    /// The share of the right pairs that are given.
    pub recall: f64,
}

/// The answer to a match.
#[derive(Debug)]
pub struct MatchOutcome {
    /// Candidate pairs from [`super::MatchOptions::floor`] up, sorted by left and right row.
    pub pairs: Vec<ScoredPair>,
    /// For each row the smallest row of its cluster.
    pub clusters: Vec<u32>,
    /// The pairs that are the answer, sorted by left and right row. Each has both rows in one cluster; without
    /// one-to-one assignment it holds every pair inside a cluster, also those no pass proposed.
    pub matches: Vec<ScoredPair>,
    /// What was learned.
    pub model: Model,
    /// The probability from which pairs count as the same.
    pub threshold: f64,
    /// What the model expects of the answer.
    pub estimates: Estimates,
    /// Whether rows were assigned one to one.
    pub one_to_one: bool,
    /// The names of the blocking passes, in the order they ran.
    pub passes: Vec<String>,
    /// How many distinct candidate pairs were compared.
    pub candidates: u64,
    /// What the reader should know before trusting the answer.
    pub warnings: Vec<String>,
    pub(crate) scorer: Scorer,
}

impl MatchOutcome {
    /// Why two rows belong together or not: the same bars as the weight in `pairs`, summing to it.
    ///
    /// Works for any two rows, also those no pass put side by side. Evidence given from outside has its own bar.
    #[must_use]
    pub fn explain(&self, table: &MatchTable, left: u32, right: u32) -> Waterfall {
        self.scorer.waterfall(table, &self.model, left, right)
    }

    /// What holds the cluster of a row together, and which pair would split it.
    #[must_use]
    pub fn explain_cluster(&self, row: u32) -> ClusterExplanation {
        let leader = self.clusters[row as usize];
        let rows = (0..self.clusters.len() as u32).filter(|row| self.clusters[*row as usize] == leader).collect();
        let cut = (self.threshold / (1.0 - self.threshold)).log2();
        explain::cluster(rows, &Weigher::new(&self.scorer, &self.model), cut)
    }
}
