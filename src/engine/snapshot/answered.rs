//! Which pairs need no question any more, and which must be asked again?

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::ident::{PairKey, RecordKey};
use crate::resolve::graph::{CandidatePair, PairStatus};
use crate::review::implied::Implied;
use crate::review::{Effective, ReviewLog};
use crate::snapshot::ReopenedNote;

/// What the review log says about pairs.
pub(super) struct Answers {
    effective: Effective,
    /// Entities that decisions keep apart.
    between: Implied,
    /// Records that decisions tie together or keep apart, for pairs inside one entity.
    inside: Implied,
    /// Decisions on facts that have changed since.
    pub reopened: FxHashMap<PairKey, ReopenedNote>,
}

impl Answers {
    /// Reads the log; without one nothing is answered.
    pub(super) fn read(
        log: Option<&ReviewLog>,
        pairs: &[CandidatePair],
        record: &dyn Fn(&RecordKey) -> Option<u32>,
        entity: &dyn Fn(&RecordKey) -> Option<u32>,
    ) -> Result<Self> {
        let effective = log.map_or_else(|| Ok(Effective::default()), ReviewLog::effective)?;
        let (between, inside) = (implied(&effective, entity), implied(&effective, record));
        let reopened = match log {
            Some(log) if !effective.is_empty() => reopened(log, &effective, pairs)?,
            _ => FxHashMap::default(),
        };
        Ok(Self { effective, between, inside, reopened })
    }

    /// Whether a pair need not be asked: it is decided and nothing changed, or it follows from what is.
    pub(super) fn settles(&self, pair: &CandidatePair, records: (u32, u32), entities: (u32, u32)) -> bool {
        if self.reopened.contains_key(&pair.key) {
            return false;
        }
        let decided = matches!(pair.status, PairStatus::Accepted | PairStatus::Refused)
            || self.effective.erased().contains(&pair.key);
        let implied = if entities.0 == entities.1 {
            // A verdict inside an entity may split it: only what ties these very records answers it.
            self.inside.says(records.0, records.1)
        } else {
            self.between.says(entities.0, entities.1)
        };
        // A pair on which reviewers differ, or of which somebody said `unsure`, stays in the queue.
        decided || (implied.is_some() && self.effective.of(&pair.key).is_none())
    }
}

fn implied(effective: &Effective, number: &dyn Fn(&RecordKey) -> Option<u32>) -> Implied {
    let numbers = |decided: crate::review::Decided| Some((number(&decided.pair.left)?, number(&decided.pair.right)?));
    let must: Vec<(u32, u32)> = effective.must_link().filter_map(numbers).collect();
    let cannot: Vec<(u32, u32)> =
        effective.cannot_link().filter_map(numbers).filter(|(one, other)| one != other).collect();
    Implied::new(&must, &cannot).0
}

fn reopened(
    log: &ReviewLog,
    effective: &Effective,
    pairs: &[CandidatePair],
) -> Result<FxHashMap<PairKey, ReopenedNote>> {
    let now: FxHashMap<&PairKey, &CandidatePair> = pairs.iter().map(|pair| (&pair.key, pair)).collect();
    let found = log.reopened(effective, &|key| Some(now.get(key)?.fields.clone()))?;
    Ok(found
        .into_iter()
        .map(|reopened| {
            let note = ReopenedNote {
                seq: reopened.seq,
                verdict: reopened.verdict.as_str().to_owned(),
                reviewer: reopened.reviewer,
                changed: reopened.changed.into_iter().map(|field| field.field).collect(),
            };
            (reopened.pair, note)
        })
        .collect())
}
