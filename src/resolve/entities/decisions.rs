//! What did reviewers decide, as plain data?

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{PairKey, RecordKey};

/// A verdict on two records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecidedPair {
    /// The records.
    pub key: PairKey,
    /// Who said so.
    pub reviewer: String,
}

/// A verdict that two records are two entities with a relation between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecidedRelation {
    /// The child, the payer, the successor.
    pub subject: RecordKey,
    /// The parent, the one paid for, the predecessor.
    pub object: RecordKey,
    /// Who said so.
    pub reviewer: String,
}

/// Every verdict that stands. One pair stands in at most one list; where it stands in several, the later list wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// One entity.
    pub same: Vec<DecidedPair>,
    /// Two entities.
    pub different: Vec<DecidedPair>,
    /// The subject is a subsidiary, division or branch of the object.
    pub child_of: Vec<DecidedRelation>,
    /// The subject pays for the object.
    pub bills_for: Vec<DecidedRelation>,
    /// The subject took the place of the object.
    pub successor_of: Vec<DecidedRelation>,
}

impl Decisions {
    /// Every pair that must not be one entity, with who said so: sorted.
    #[must_use]
    pub fn apart(&self) -> Vec<DecidedPair> {
        let relations = [&self.child_of, &self.bills_for, &self.successor_of];
        let mut apart = self.different.clone();
        for relation in relations.into_iter().flatten() {
            apart.push(DecidedPair {
                key: PairKey::new(relation.subject.clone(), relation.object.clone()),
                reviewer: relation.reviewer.clone(),
            });
        }
        apart.sort();
        apart.dedup();
        apart
    }

    /// The pairs that must be one entity, without those that a later verdict keeps apart: sorted.
    #[must_use]
    pub fn together(&self) -> Vec<DecidedPair> {
        let apart: FxHashSet<PairKey> = self.apart().into_iter().map(|pair| pair.key).collect();
        let mut together: Vec<DecidedPair> =
            self.same.iter().filter(|pair| !apart.contains(&pair.key)).cloned().collect();
        together.sort();
        together.dedup();
        together
    }
}

/// The position of each record named in a decision.
#[derive(Debug, Default)]
pub struct Positions(FxHashMap<RecordKey, u32>);

impl Positions {
    /// Looks only for the records that decisions name.
    #[must_use]
    pub fn of(decisions: &Decisions, keys: impl Iterator<Item = (u32, RecordKey)>) -> Self {
        let mut wanted: FxHashSet<RecordKey> = FxHashSet::default();
        for pair in decisions.same.iter().map(|pair| &pair.key).chain(decisions.apart().iter().map(|pair| &pair.key)) {
            wanted.insert(pair.left.clone());
            wanted.insert(pair.right.clone());
        }
        if wanted.is_empty() {
            return Self::default();
        }
        Self(keys.filter(|(_, key)| wanted.contains(key)).map(|(position, key)| (key, position)).collect())
    }

    /// Both records of a pair; None when one of them is not of this kind or is gone.
    #[must_use]
    pub fn pair(&self, key: &PairKey) -> Option<(u32, u32)> {
        Some((*self.0.get(&key.left)?, *self.0.get(&key.right)?))
    }
}
