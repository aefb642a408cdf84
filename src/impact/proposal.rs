//! What do decisions say about the weights, and what would that change?

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::ident::EntityKind;
use crate::progress::CancelToken;
use crate::resolve::graph::PairStatus;
use crate::resolve::waterfall::probability_of;
use crate::review::calibrate::{Calibration, Example, FEWEST, Fit, fit_of, learn};
use crate::review::{Effective, Outcome, Verdict};
use crate::snapshot::{PairRow, SnapshotReader};

/// Pairs read at most to see what would change; of more, every so manieth.
const LOOKED_AT: u32 = 20_000;

/// Pairs read at once.
const CHUNK: usize = 500;

/// Examples shown.
const SHOWN: usize = 8;

/// The weight at which a pair is as likely one entity as two.
const EVEN: f64 = 0.0;

/// What decisions of one kind say.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Account or person.
    pub kind: EntityKind,
    /// Decisions that said `same`, and those that said otherwise.
    pub decisions: (usize, usize),
    /// The calibration; None while there are too few decisions.
    pub calibration: Option<Calibration>,
    /// How decisions agree with the weights now.
    pub before: Fit,
    /// How they would agree.
    pub after: Fit,
    /// Pairs looked at to see what would change.
    pub looked_at: u32,
    /// Of these, pairs that would rise above even odds.
    pub rising: u32,
    /// Pairs that would fall below.
    pub falling: u32,
    /// Some of them, with the weight before and after.
    pub examples: Vec<(PairRow, f64, f64)>,
}

impl Proposal {
    /// Why there is none, or what it rests on, in words.
    #[must_use]
    pub fn ground(&self) -> String {
        let (same, apart) = self.decisions;
        if self.calibration.is_none() {
            return format!(
                "{same} decisions say same and {apart} say otherwise; {FEWEST} of each are needed to learn from"
            );
        }
        format!(
            "fitted to {} decisions: {} on the wrong side before, {} after; {:.2} bits of surprise before, {:.2} after",
            same + apart,
            self.before.wrong,
            self.after.wrong,
            self.before.surprise,
            self.after.surprise
        )
    }
}

/// What the decisions of a log say about the weights of each kind.
///
/// # Errors
/// As [`SnapshotReader::run`]; `Cancelled`.
pub fn propose(reader: &SnapshotReader, effective: &Effective, cancel: &CancelToken) -> Result<Vec<Proposal>> {
    let mut proposals = Vec::new();
    for kind in [EntityKind::Account, EntityKind::Person] {
        let examples = examples(reader, effective, kind, cancel)?;
        let same = examples.iter().filter(|(_, same)| *same).count();
        let calibration = learn(&examples);
        let mut proposal = Proposal {
            kind,
            decisions: (same, examples.len() - same),
            before: fit_of(&examples, &Calibration::default()),
            after: fit_of(&examples, calibration.as_ref().unwrap_or(&Calibration::default())),
            calibration,
            looked_at: 0,
            rising: 0,
            falling: 0,
            examples: Vec::new(),
        };
        if proposal.calibration.is_some() {
            compare(reader, &mut proposal, cancel)?;
        }
        proposals.push(proposal);
    }
    Ok(proposals)
}

/// The bars of every pair that was decided by agreement.
fn examples(
    reader: &SnapshotReader,
    effective: &Effective,
    kind: EntityKind,
    cancel: &CancelToken,
) -> Result<Vec<Example>> {
    let mut decided = Vec::new();
    for standing in effective.standings() {
        if let (Outcome::Agreed(verdict), Some(pair)) = (standing.outcome(), standing.pair()) {
            decided.push((pair, verdict == Verdict::Same));
        }
    }
    let mut examples = Vec::new();
    for chunk in decided.chunks(CHUNK) {
        cancel.check()?;
        let keys: Vec<_> = chunk.iter().map(|(pair, _)| pair.clone()).collect();
        let rows: Vec<PairRow> = reader.find_pairs(&keys)?.into_iter().filter(|row| row.kind == kind).collect();
        let positions: Vec<u32> = rows.iter().map(|row| row.position).collect();
        for (position, body) in reader.pair_bodies(&positions)? {
            let row = rows.iter().find(|row| row.position == position);
            let answer = row.and_then(|row| chunk.iter().find(|(pair, _)| *pair == row.key));
            if let Some((_, same)) = answer.filter(|_| !body.waterfall.bars.is_empty()) {
                examples.push((body.waterfall, *same));
            }
        }
    }
    Ok(examples)
}

/// Weighs pairs that nobody decided anew.
fn compare(reader: &SnapshotReader, proposal: &mut Proposal, cancel: &CancelToken) -> Result<()> {
    let Some(calibration) = proposal.calibration.clone() else { return Ok(()) };
    let step = reader.pair_count().div_ceil(LOOKED_AT).max(1);
    let places: Vec<u32> = (0..reader.pair_count()).step_by(step as usize).collect();
    for chunk in places.chunks(CHUNK) {
        cancel.check()?;
        let rows = reader.pairs_at(chunk)?;
        let open: FxHashSet<u32> = rows
            .iter()
            .filter(|row| row.kind == proposal.kind)
            .filter(|row| !matches!(row.status, PairStatus::Accepted | PairStatus::Refused))
            .map(|row| row.position)
            .collect();
        let positions: Vec<u32> = open.iter().copied().collect();
        let mut bodies = reader.pair_bodies(&positions)?;
        bodies.sort_by_key(|(position, _)| *position);
        for (position, body) in bodies {
            proposal.looked_at += 1;
            let (before, after) = (body.waterfall.weight(), calibration.weight(&body.waterfall));
            if (before >= EVEN) == (after >= EVEN) {
                continue;
            }
            if after >= EVEN {
                proposal.rising += 1;
            } else {
                proposal.falling += 1;
            }
            if let Some(row) = rows.iter().find(|row| row.position == position) {
                proposal.examples.push((row.clone(), before, after));
            }
        }
    }
    // Those that move most are the ones to look at.
    proposal.examples.sort_by(|one, other| {
        let moved = |example: &(PairRow, f64, f64)| (probability_of(example.2) - probability_of(example.1)).abs();
        moved(other).total_cmp(&moved(one)).then(one.0.position.cmp(&other.0.position))
    });
    proposal.examples.truncate(SHOWN);
    Ok(())
}
