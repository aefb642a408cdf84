//! What should the reader know about an answer besides its pairs?

use serde::Serialize;

use crate::cli::output;
use crate::error::Result;
use crate::progress::Progress;
use crate::resolve::matching::{MatchOutcome, MatchTable};

/// Notes what each column was taken for.
pub(super) fn columns(table: &MatchTable, progress: &dyn Progress) {
    for column in &table.columns {
        progress.note(&format!("{}: {}", column.name, column.concept));
    }
}

/// Notes how the answer came about and how far to trust it.
pub(super) fn outcome(outcome: &MatchOutcome, progress: &dyn Progress) {
    progress.note(&format!(
        "{} candidate pairs from {} passes: {}",
        outcome.candidates,
        outcome.passes.len(),
        outcome.passes.join("; ")
    ));
    progress.note(&format!(
        "{} pairs at probability {:.2} and above; expected precision {:.3}, recall {:.3}{}",
        outcome.matches.len(),
        outcome.threshold,
        outcome.estimates.precision,
        outcome.estimates.recall,
        if outcome.one_to_one { "; one to one" } else { "" }
    ));
    for warning in &outcome.warnings {
        progress.note(&format!("warning: {warning}"));
    }
}

#[derive(Serialize)]
struct Report<'a> {
    rows: usize,
    columns: Vec<Column<'a>>,
    passes: &'a [String],
    candidates: u64,
    pairs: usize,
    clusters: usize,
    one_to_one: bool,
    threshold: f64,
    precision: f64,
    recall: f64,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    concept: &'a str,
}

/// Writes the report as JSON to standard output; `clusters` counts those of two rows and more, `precision` and `recall`
/// are what the model expects of its answer.
///
/// # Errors
/// `Io` when standard output is closed.
pub(super) fn json(table: &MatchTable, outcome: &MatchOutcome) -> Result<()> {
    let mut large: Vec<u32> = outcome
        .clusters
        .iter()
        .enumerate()
        .filter(|(row, leader)| *row != **leader as usize)
        .map(|(_, leader)| *leader)
        .collect();
    large.sort_unstable();
    large.dedup();
    output::json(&Report {
        rows: table.rows(),
        columns: table.columns.iter().map(|one| Column { name: &one.name, concept: one.concept.name() }).collect(),
        passes: &outcome.passes,
        candidates: outcome.candidates,
        pairs: outcome.matches.len(),
        clusters: large.len(),
        one_to_one: outcome.one_to_one,
        threshold: outcome.threshold,
        precision: outcome.estimates.precision,
        recall: outcome.estimates.recall,
        warnings: &outcome.warnings,
    })
}
