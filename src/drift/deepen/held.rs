//! Did what was accepted hold?

use super::rules::DecidedPair;
use super::{Change, Proposal};
use crate::drift::baseline::Baseline;
use crate::drift::detect::percent;

/// Whether an accepted proposal held in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Whether it did.
    pub held: bool,
    /// What was seen.
    pub said: String,
}

/// Holds an accepted proposal against a run and the decisions taken so far.
#[must_use]
pub fn held(proposal: &Proposal, now: &Baseline, decided: &[DecidedPair]) -> Held {
    match &proposal.change {
        Change::Rule(rule) => {
            let fitting = decided.iter().filter(|pair| pair.kind == rule.kind && pair.signs.fit(rule));
            let (mut right, mut wrong) = (0, 0);
            for pair in fitting {
                if pair.same == (rule.verdict == "same") { right += 1 } else { wrong += 1 }
            }
            Held { held: wrong * 10 <= right + wrong, said: format!("{right} decisions agree with it, {wrong} do not") }
        }
        Change::Segment { segment } => {
            let name = segment.only.as_ref().map_or(String::new(), |only| format!("{}={}", only.column, only.value));
            let sort = if segment.only.is_some() { "segment" } else { "match" };
            match now.join((&segment.source, &segment.table, &name, sort)) {
                Some(rate) => Held {
                    held: rate.rate() >= segment.least_matched,
                    said: format!(
                        "{} matched, at least {} was accepted",
                        percent(rate.rate()),
                        percent(segment.least_matched)
                    ),
                },
                None => Held { held: false, said: "the segment is not measured any more".to_owned() },
            }
        }
        Change::Concept { source, table, column, concept } => {
            let found = now.table(source, table).and_then(|table| Some((table, table.column(column)?)));
            match found {
                None => Held { held: false, said: "the column is gone".to_owned() },
                Some((table, column)) => {
                    let filled = 1.0 - table.null_rate(column);
                    let read = column.concept.as_deref() == Some(concept.as_str());
                    let how = if read { "read as the concept" } else { "not read as the concept" };
                    Held { held: read && filled > 0.02, said: format!("{} filled, {how}", percent(filled)) }
                }
            }
        }
        Change::Source { name, .. } => {
            let tables = now.tables.iter().filter(|table| table.source == *name && table.role != "other").count();
            Held { held: tables > 0, said: format!("{tables} of its tables take part") }
        }
    }
}
