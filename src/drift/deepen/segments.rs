//! Which records are matched far less often than others of their table?

use super::{Change, Proposal};
use crate::config::WatchedSegment;
use crate::drift::detect::percent;
use crate::drift::statistics::{cohen_h, standard_errors};

/// Records that a segment must have.
const FEWEST: u64 = 25;
/// The least effect on Cohen's scale: medium.
const EFFECT: f64 = 0.5;
/// Standard errors between the segment and the rest.
const SURE: f64 = 4.0;
/// The bound that is proposed lies this share below what was seen.
const SLACK: f64 = 0.8;

/// How many records of a segment are known to another source too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentCount {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The column that tells segments apart.
    pub column: String,
    /// Its value.
    pub value: String,
    /// Records.
    pub total: u64,
    /// Those that are matched.
    pub matched: u64,
}

/// Segments that behave differently from the rest of their table, the most different first.
#[must_use]
pub fn apart(segments: &[SegmentCount]) -> Vec<Proposal> {
    let mut found: Vec<(f64, Proposal)> = Vec::new();
    for segment in segments.iter().filter(|segment| segment.total >= FEWEST) {
        let rest = segments.iter().filter(|other| {
            (&other.source, &other.table, &other.column) == (&segment.source, &segment.table, &segment.column)
                && other.value != segment.value
        });
        let (matched, total) =
            rest.fold((0, 0), |(matched, total), other| (matched + other.matched, total + other.total));
        if total < FEWEST {
            continue;
        }
        let (rate, others) = (segment.matched as f64 / segment.total as f64, matched as f64 / total as f64);
        let effect = cohen_h(rate, others);
        if effect < EFFECT || standard_errors(segment.matched, segment.total, matched, total) < SURE {
            continue;
        }
        let SegmentCount { source, table, column, value, .. } = segment;
        let watched = WatchedSegment {
            source: source.clone(),
            table: table.clone(),
            only: Some((column.clone(), value.clone()).into()),
            least_matched: (rate * SLACK * 100.0).floor() / 100.0,
            reason: format!("{} matched when it was noticed, {} elsewhere", percent(rate), percent(others)),
        };
        let title = format!("{source}.{table} with {column} = {value} is matched less often than the rest");
        let mut proposal = Proposal::new(title, Change::Segment { segment: watched.clone() });
        proposal.seen.push(format!(
            "{} of {} records are known to another source too; of the others {}",
            percent(rate),
            segment.total,
            percent(others)
        ));
        proposal.would.push(format!(
            "every run measures the segment; a finding is raised when fewer than {} are matched",
            percent(watched.least_matched)
        ));
        "holds while the share of matches stays at or above the bound".clone_into(&mut proposal.test);
        found.push((effect, proposal));
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.title.cmp(&other.1.title)));
    found.truncate(5);
    found.into_iter().map(|(_, proposal)| proposal).collect()
}
