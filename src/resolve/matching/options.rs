//! What does the caller ask of a match, beyond the table?

use super::rules::Rules;

/// How to match; the default asks nothing and infers the rest.
#[derive(Debug, Clone)]
pub struct MatchOptions {
    /// Threads to use; 0 means as many as the machine has.
    pub threads: usize,
    /// The probability from which a pair counts as the same; chosen by the model itself when absent.
    pub threshold: Option<f64>,
    /// Pairs of rows decided to be the same: they end in one cluster.
    pub must_link: Vec<(u32, u32)>,
    /// Pairs of rows decided to be different: they never end in one cluster.
    pub cannot_link: Vec<(u32, u32)>,
    /// What a person knows of these tables: rules that decide pairs, sources without duplicates.
    pub rules: Rules,
    /// Whether the decided pairs also correct how far the weights are believed.
    pub calibrate: bool,
    /// Score exactly these pairs of rows, in this order, instead of looking for pairs.
    pub only: Option<Vec<(u32, u32)>>,
    /// Evidence from outside the table; each becomes a candidate pair with a bar of its own.
    pub evidence: Vec<Evidence>,
    /// Whether one row of a group may match several of another.
    pub uniqueness: Uniqueness,
    /// Whether pairs inside one group are looked for when there are several groups.
    pub within_groups: bool,
    /// Candidate pairs afforded for each row, about; chosen by the size of the table when absent.
    pub candidates_per_row: Option<f64>,
    /// The lowest probability a pair is reported with, for review.
    pub floor: f64,
    /// What people accepted of what their decisions say about the weights.
    pub calibration: Calibrated,
}

/// How learned weights are changed: bits added to every pair, and a factor for each comparison by its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibrated {
    /// Bits added to every pair.
    pub shift: f64,
    /// Factors by comparison; others stay as learned.
    pub factors: std::collections::BTreeMap<String, f64>,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self {
            threads: 0,
            threshold: None,
            must_link: Vec::new(),
            cannot_link: Vec::new(),
            rules: Rules::default(),
            calibrate: true,
            only: None,
            evidence: Vec::new(),
            uniqueness: Uniqueness::Infer,
            within_groups: true,
            candidates_per_row: None,
            floor: 0.01,
            calibration: Calibrated::default(),
        }
    }
}

/// Evidence for or against a pair that the table's columns do not hold: a cross id, a tombstone.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// One row.
    pub left: u32,
    /// The other row.
    pub right: u32,
    /// What the bar is called: `cross id`.
    pub name: String,
    /// Its weight in bits.
    pub weight: f64,
    /// How it says so, in words: `stripe customer cus_123 holds this id`.
    pub detail: String,
}

/// Whether a row of one group may match several rows of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uniqueness {
    /// One to one where both groups turn out to be free of duplicates.
    #[default]
    Infer,
    /// At most one partner on either side.
    OneToOne,
    /// Any number.
    ManyToMany,
}
