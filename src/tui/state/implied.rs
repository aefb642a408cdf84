//! Which pairs need not be asked, because earlier verdicts already answer them?
//!
//! If A is B and B is C, then A is C; if A is B and B is not C, then A is not C. The nodes are the entities of the last
//! run, so one verdict answers for all their records. A pair inside one entity is always asked: a verdict there may
//! split it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::EntityId;
use crate::review::Verdict;

/// The entities that verdicts have tied together or kept apart.
#[derive(Debug, Clone, Default)]
pub struct Implied {
    numbers: FxHashMap<EntityId, u32>,
    parent: Vec<u32>,
    apart: FxHashSet<(u32, u32)>,
}

impl Implied {
    /// Learns a verdict on a pair of two entities.
    pub fn learn(&mut self, left: &EntityId, right: &EntityId, verdict: Verdict) {
        if left == right {
            return;
        }
        let (left, right) = (self.number(left), self.number(right));
        let (one, other) = (self.root(left), self.root(right));
        if verdict == Verdict::Same && one != other {
            let (kept, gone) = (one.min(other), one.max(other));
            self.parent[gone as usize] = kept;
            // What was kept apart from the one that is gone is apart from the one that stays.
            let moved: Vec<(u32, u32)> =
                self.apart.iter().copied().filter(|(low, high)| *low == gone || *high == gone).collect();
            for pair in moved {
                self.apart.remove(&pair);
                let far = if pair.0 == gone { pair.1 } else { pair.0 };
                self.apart.insert(ordered(kept, far));
            }
        } else if verdict.keeps_apart() && one != other {
            self.apart.insert(ordered(one, other));
        }
    }

    /// What earlier verdicts say about a pair: `Same`, `Different`, or nothing.
    #[must_use]
    pub fn answer(&self, left: &EntityId, right: &EntityId) -> Option<Verdict> {
        if left == right {
            return None;
        }
        let (left, right) = (*self.numbers.get(left)?, *self.numbers.get(right)?);
        let (one, other) = (self.root(left), self.root(right));
        if one == other {
            Some(Verdict::Same)
        } else if self.apart.contains(&ordered(one, other)) {
            Some(Verdict::Different)
        } else {
            None
        }
    }

    fn number(&mut self, entity: &EntityId) -> u32 {
        if let Some(number) = self.numbers.get(entity) {
            return *number;
        }
        let number = self.parent.len() as u32;
        self.parent.push(number);
        self.numbers.insert(entity.clone(), number);
        number
    }

    fn root(&self, mut number: u32) -> u32 {
        while self.parent[number as usize] != number {
            number = self.parent[number as usize];
        }
        number
    }
}

fn ordered(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}
