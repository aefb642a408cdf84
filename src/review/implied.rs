//! Which pairs need no question, because the answers given imply theirs?
//!
//! A=B and B=C imply A=C; A=B and B≠C imply A≠C. Records are numbered by the caller. Memory grows with the records that
//! decisions touch, and an answer costs a few steps, also between millions of pairs.

use rustc_hash::{FxHashMap, FxHashSet};

/// What the answers say of two records that nobody compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Implication {
    /// They are one entity.
    Same,
    /// They are two.
    Different,
}

/// The groups of records that decisions hold together, and which groups they hold apart.
#[derive(Debug, Clone, Default)]
pub struct Implied {
    parent: FxHashMap<u32, u32>,
    size: FxHashMap<u32, u32>,
    /// For the root of each group, the roots of the groups it is kept apart from; in both directions.
    apart: FxHashMap<u32, FxHashSet<u32>>,
}

impl Implied {
    /// Takes in decisions, those that join before those that keep apart, so that their order does not matter. Also
    /// returns the places in `cannot_link` that contradict `must_link`: they are ignored, and a person should look.
    #[must_use]
    pub fn new(must_link: &[(u32, u32)], cannot_link: &[(u32, u32)]) -> (Self, Vec<usize>) {
        let mut implied = Self::default();
        for (one, other) in must_link {
            implied.same(*one, *other);
        }
        let contradictions = (0..).zip(cannot_link).filter(|(_, (one, other))| !implied.different(*one, *other));
        let contradictions = contradictions.map(|(place, _)| place).collect();
        (implied, contradictions)
    }

    /// Joins two records; `false`, and nothing changes, if they are kept apart.
    pub fn same(&mut self, one: u32, other: u32) -> bool {
        let (mut keeper, mut joined) = (self.root(one), self.root(other));
        if keeper == joined {
            return true;
        }
        if self.apart.get(&keeper).is_some_and(|roots| roots.contains(&joined)) {
            return false;
        }
        let weight = |root: u32| self.size.get(&root).copied().unwrap_or(1);
        let together = weight(keeper) + weight(joined);
        if weight(keeper) < weight(joined) {
            std::mem::swap(&mut keeper, &mut joined);
        }
        self.parent.insert(joined, keeper);
        self.size.insert(keeper, together);
        for enemy in self.apart.remove(&joined).unwrap_or_default() {
            if let Some(roots) = self.apart.get_mut(&enemy) {
                roots.remove(&joined);
                roots.insert(keeper);
            }
            self.apart.entry(keeper).or_default().insert(enemy);
        }
        true
    }

    /// Keeps two records apart; `false`, and nothing changes, if they are joined.
    pub fn different(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return false;
        }
        self.apart.entry(one).or_default().insert(other);
        self.apart.entry(other).or_default().insert(one);
        true
    }

    /// What the answers so far say of two records; `None` if nothing.
    #[must_use]
    pub fn says(&self, one: u32, other: u32) -> Option<Implication> {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return Some(Implication::Same);
        }
        let apart = self.apart.get(&one).is_some_and(|roots| roots.contains(&other));
        apart.then_some(Implication::Different)
    }

    /// What stands for the group of a record: the same for all its records.
    #[must_use]
    pub fn root(&self, record: u32) -> u32 {
        let mut root = record;
        while let Some(parent) = self.parent.get(&root) {
            root = *parent;
        }
        root
    }
}
