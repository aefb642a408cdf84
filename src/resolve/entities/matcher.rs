//! How does resolution speak to the matching core?
//!
//! The one place that knows the core's types, so that either side can change alone.

use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::resolve::matching::{
    Calibrated, Evidence, MatchColumn, MatchConcept, MatchOptions, MatchOutcome, MatchTable, ScoredPair, Uniqueness,
    match_table,
};
use crate::resolve::waterfall::Waterfall;

/// What a column means to the core.
pub type Meaning = MatchConcept;

/// One column: for each row its values.
#[derive(Debug)]
pub struct Column {
    /// The name shown to people.
    pub name: String,
    /// What it means.
    pub meaning: Meaning,
    /// Values, row by row.
    pub values: Vec<Vec<String>>,
}

/// A table to match.
#[derive(Debug, Default)]
pub struct Columns {
    /// The ids of the rows.
    pub ids: Vec<String>,
    /// The source of each row.
    pub groups: Vec<u16>,
    /// The names of the sources.
    pub group_names: Vec<String>,
    /// What is compared.
    pub columns: Vec<Column>,
}

/// What is asked of the core beyond the columns.
#[derive(Debug, Default, Clone)]
pub struct Ask {
    /// Threads; 0 for all.
    pub threads: usize,
    /// The probability from which a pair is one entity, if someone set it.
    pub threshold: Option<f64>,
    /// Rows that must end together.
    pub together: Vec<(u32, u32)>,
    /// Rows that must not.
    pub apart: Vec<(u32, u32)>,
    /// The lowest probability of interest.
    pub floor: f64,
    /// What people accepted of what their decisions say about the weights.
    pub calibration: Calibrated,
}

/// One bar from outside the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct OutsideBar {
    /// One row.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// The name of the bar.
    pub name: &'static str,
    /// Why, in words.
    pub detail: String,
    /// Bits.
    pub weight: f64,
}

/// The core's answer with the table it speaks of.
#[derive(Debug)]
pub struct Answer {
    table: MatchTable,
    outcome: MatchOutcome,
}

/// Hands a table to the core once; later questions reuse it.
pub struct Matcher {
    table: MatchTable,
}

impl Matcher {
    /// Takes the columns over.
    #[must_use]
    pub fn new(columns: Columns) -> Self {
        let made = columns
            .columns
            .iter()
            .map(|column| {
                let rows = column.values.iter().map(|values| values.iter().map(String::as_str));
                MatchColumn::from_lists(column.name.as_str(), column.meaning, rows)
            })
            .collect();
        let table = MatchTable {
            ids: columns.ids.into(),
            groups: columns.groups,
            group_names: columns.group_names,
            columns: made,
        };
        Self { table }
    }

    /// Matches.
    ///
    /// # Errors
    /// As the core; `Cancelled`.
    pub fn ask(self, ask: &Ask, bars: &[OutsideBar], progress: &dyn Progress, cancel: &CancelToken) -> Result<Answer> {
        let options = MatchOptions {
            threads: ask.threads,
            threshold: ask.threshold,
            must_link: ask.together.clone(),
            cannot_link: ask.apart.clone(),
            evidence: bars
                .iter()
                .map(|bar| Evidence {
                    left: bar.left,
                    right: bar.right,
                    name: bar.name.to_owned(),
                    weight: bar.weight * ask.calibration.factors.get(bar.name).copied().unwrap_or(1.0),
                    detail: bar.detail.clone(),
                })
                .collect(),
            uniqueness: Uniqueness::ManyToMany,
            floor: ask.floor,
            calibration: ask.calibration.clone(),
            ..MatchOptions::default()
        };
        let outcome = match_table(&self.table, &options, progress, cancel)?;
        Ok(Answer { table: self.table, outcome })
    }
}

impl Answer {
    /// Gives the table back for another question.
    #[must_use]
    pub fn again(self) -> Matcher {
        Matcher { table: self.table }
    }

    /// The cluster of each row: its smallest row.
    #[must_use]
    pub fn clusters(&self) -> &[u32] {
        &self.outcome.clusters
    }

    /// The candidate pairs above the floor.
    #[must_use]
    pub fn pairs(&self) -> &[ScoredPair] {
        &self.outcome.pairs
    }

    /// The pairs inside clusters.
    #[must_use]
    pub fn matches(&self) -> &[ScoredPair] {
        &self.outcome.matches
    }

    /// The blocking pass that found a pair.
    #[must_use]
    pub fn pass(&self, pair: &ScoredPair) -> &str {
        self.outcome.passes.get(usize::from(pair.pass)).map_or("", String::as_str)
    }

    /// The probability from which pairs count as the same.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.outcome.threshold
    }

    /// What the core warns of.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.outcome.warnings
    }

    /// The bars of any two rows.
    #[must_use]
    pub fn explain(&self, left: u32, right: u32) -> Waterfall {
        self.outcome.explain(&self.table, left, right)
    }
}

/// The bits of a waterfall that were there before anything was compared.
#[must_use]
pub fn prior(waterfall: &Waterfall) -> f64 {
    waterfall.bars.iter().filter(|bar| bar.comparison == "prior").map(|bar| bar.weight).sum()
}
