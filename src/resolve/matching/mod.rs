//! Which rows of any table, or of two, are the same thing, learned without labels?
//!
//! The engine follows Fellegi and Sunter (1969): a pair's weight is a sum of logarithms of likelihood ratios, one for each
//! comparison. It runs in seven steps, one module or folder each:
//!
//! | module | step |
//! | --- | --- |
//! | [`infer`] | what do the columns mean |
//! | `plan`, `compare` | how are they compared |
//! | `block`, `neighbours` | which pairs are worth comparing |
//! | `sample`, `estimate` | how often does each agreement happen, among matches and by chance (EM) |
//! | `score` | the weight of every candidate pair |
//! | `cluster`, `assign` | who belongs together |
//! | `threshold` | where the cut is, and how right the answer is expected to be |
//!
//! Nothing depends on the order of rows, on threads or on a seed.

mod assign;
mod block;
mod calibrate;
mod candidates;
mod cluster;
pub mod compare;
mod concept;
mod counterparts;
mod dependence;
mod estimate;
mod explain;
pub mod infer;
mod intern;
mod keys;
mod known;
pub mod labels;
mod model;
mod neighbours;
mod normal;
mod options;
mod outcome;
mod overlap;
mod passes;
mod plan;
pub mod read;
pub mod rules;
mod run;
mod sample;
mod score;
mod table;
mod threshold;
mod weigh;
mod weights;
mod words;

pub use concept::MatchConcept;
pub use explain::{ClusterExplanation, Edge, Split};
pub use model::{ComparisonModel, LevelModel, Model};
pub use options::{Calibrated, Evidence, MatchOptions, Uniqueness};
pub use outcome::{Estimates, MatchOutcome, ScoredPair};
pub use rules::Rules;
pub use run::match_table;
pub use table::{Ids, MatchColumn, MatchTable, VALUE_SEPARATOR};
