//! Which pairs need not be asked, because earlier verdicts already answer them?
//!
//! The nodes are the entities of the last run, so one verdict answers for all their records. A pair inside one entity
//! is always asked: a verdict there may split it.

use rustc_hash::FxHashMap;

use crate::ident::EntityId;
use crate::review::Verdict;
use crate::review::implied::{Implication, Implied as Groups};

/// The entities that verdicts have tied together or kept apart.
#[derive(Debug, Clone, Default)]
pub struct Implied {
    numbers: FxHashMap<EntityId, u32>,
    groups: Groups,
}

impl Implied {
    /// Learns a verdict on a pair of two entities. One that contradicts earlier ones changes nothing.
    pub fn learn(&mut self, left: &EntityId, right: &EntityId, verdict: Verdict) {
        if left == right {
            return;
        }
        let (left, right) = (self.number(left), self.number(right));
        if verdict == Verdict::Same {
            self.groups.same(left, right);
        } else if verdict.keeps_apart() {
            self.groups.different(left, right);
        }
    }

    /// What earlier verdicts say about a pair: `Same`, `Different`, or nothing.
    #[must_use]
    pub fn answer(&self, left: &EntityId, right: &EntityId) -> Option<Verdict> {
        if left == right {
            return None;
        }
        let (left, right) = (*self.numbers.get(left)?, *self.numbers.get(right)?);
        self.groups.says(left, right).map(|implication| match implication {
            Implication::Same => Verdict::Same,
            Implication::Different => Verdict::Different,
        })
    }

    fn number(&mut self, entity: &EntityId) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(entity.clone()).or_insert(next)
    }
}
