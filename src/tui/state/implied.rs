//! What have verdicts done to the graph since the last run: which entities are one now, and what follows from it?
//!
//! The nodes are the entities of the last run, so one verdict answers for all their records. Inside one entity the nodes
//! are its records: a verdict there may split it, so only what ties these very records answers a pair.

use rustc_hash::FxHashMap;

use crate::ident::{EntityId, RecordKey};
use crate::impact::blast::Held;
use crate::review::Verdict;
use crate::review::implied::{Implication, Implied as Groups};
use crate::snapshot::PairRow;

/// The entities and records that verdicts have tied together or kept apart.
#[derive(Debug, Clone, Default)]
pub struct Implied {
    numbers: FxHashMap<EntityId, u32>,
    names: Vec<EntityId>,
    groups: Groups,
    /// The entities of each group of more than one, by its root.
    members: FxHashMap<u32, Vec<u32>>,
    records: FxHashMap<RecordKey, u32>,
    inside: Groups,
    /// What was decided between records of one entity.
    held: FxHashMap<EntityId, Held>,
}

impl Implied {
    /// Learns a verdict on a pair of two entities. One that contradicts earlier ones changes nothing. Says whether two
    /// groups became one.
    pub fn learn(&mut self, left: &EntityId, right: &EntityId, verdict: Verdict) -> bool {
        if left == right {
            return false;
        }
        let (left, right) = (self.number(left), self.number(right));
        if verdict.keeps_apart() {
            self.groups.different(left, right);
        }
        if verdict != Verdict::Same {
            return false;
        }
        let (one, other) = (self.groups.root(left), self.groups.root(right));
        if one == other || !self.groups.same(left, right) {
            return false;
        }
        let mut together = self.members.remove(&one).unwrap_or_else(|| vec![one]);
        together.extend(self.members.remove(&other).unwrap_or_else(|| vec![other]));
        together.sort_unstable();
        self.members.insert(self.groups.root(left), together);
        true
    }

    /// Learns a verdict on any pair, also one inside an entity.
    pub fn learn_pair(
        &mut self,
        entities: (&EntityId, &EntityId),
        records: (&RecordKey, &RecordKey),
        verdict: Verdict,
    ) {
        if entities.0 != entities.1 {
            self.learn(entities.0, entities.1, verdict);
            return;
        }
        let two = (records.0.clone(), records.1.clone());
        let numbers = (self.record(records.0), self.record(records.1));
        let held = self.held.entry(entities.0.clone()).or_default();
        if verdict == Verdict::Same && self.inside.same(numbers.0, numbers.1) {
            held.must.push(two);
        } else if verdict.keeps_apart() && self.inside.different(numbers.0, numbers.1) {
            held.cannot.push(two);
        }
    }

    /// What earlier verdicts say about a pair of entities: `Same`, `Different`, or nothing.
    #[must_use]
    pub fn answer(&self, left: &EntityId, right: &EntityId) -> Option<Verdict> {
        if left == right {
            return None;
        }
        let (left, right) = (*self.numbers.get(left)?, *self.numbers.get(right)?);
        self.groups.says(left, right).map(verdict_of)
    }

    /// What earlier verdicts say about any pair.
    #[must_use]
    pub fn answer_pair(&self, row: &PairRow) -> Option<Verdict> {
        if row.left_entity != row.right_entity {
            return self.answer(&row.left_entity, &row.right_entity);
        }
        let (left, right) = (*self.records.get(&row.key.left)?, *self.records.get(&row.key.right)?);
        self.inside.says(left, right).map(verdict_of)
    }

    /// The entities that are one with this one now, itself among them.
    #[must_use]
    pub fn group(&self, entity: &EntityId) -> Vec<EntityId> {
        let together = self.numbers.get(entity).and_then(|number| self.members.get(&self.groups.root(*number)));
        match together {
            Some(numbers) => numbers.iter().filter_map(|number| self.names.get(*number as usize).cloned()).collect(),
            None => vec![entity.clone()],
        }
    }

    /// What was decided between records of an entity.
    #[must_use]
    pub fn held(&self, entity: &EntityId) -> Held {
        self.held.get(entity).cloned().unwrap_or_default()
    }

    fn number(&mut self, entity: &EntityId) -> u32 {
        if let Some(number) = self.numbers.get(entity) {
            return *number;
        }
        let next = self.names.len() as u32;
        self.names.push(entity.clone());
        self.numbers.insert(entity.clone(), next);
        next
    }

    fn record(&mut self, record: &RecordKey) -> u32 {
        let next = self.records.len() as u32;
        *self.records.entry(record.clone()).or_insert(next)
    }
}

fn verdict_of(implication: Implication) -> Verdict {
    match implication {
        Implication::Same => Verdict::Same,
        Implication::Different => Verdict::Different,
    }
}
