//! How is a pair recognised whose keys may no longer be known?
//!
//! An erasure leaves an HMAC-SHA256 of each decided pair under a random key. A pair that comes up again can be matched
//! against it; the pair cannot be read out of it. Whoever holds the log and guesses a key can confirm the guess: nobody
//! can recognise a pair offline and make that impossible.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rustc_hash::FxHashSet;
use sha2::Sha256;

use crate::ident::PairKey;

use super::hex;
use super::row::pair_subject;

/// The pairs that were decided and then erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tombstones {
    /// One key for each log that erased something.
    stones: BTreeMap<Vec<u8>, FxHashSet<Vec<u8>>>,
}

impl Tombstones {
    /// Whether the pair is one of them.
    #[must_use]
    pub fn contains(&self, pair: &PairKey) -> bool {
        if self.stones.is_empty() {
            return false;
        }
        let subject = pair_subject(pair);
        self.stones.iter().any(|(key, stones)| stones.contains(&stone(key, &subject)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stones.values().map(FxHashSet::len).sum()
    }

    /// Whether nothing was erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stones.is_empty()
    }

    /// Takes in what an erasure left behind.
    pub(super) fn add(&mut self, left: &Erasure) -> Option<()> {
        let key = hex::decode(&left.key)?;
        let stones = self.stones.entry(key).or_default();
        for text in &left.tombstones {
            stones.insert(hex::decode(text)?);
        }
        Some(())
    }
}

/// The `detail` of an erasure.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Erasure {
    /// How many entries it emptied.
    pub entries: usize,
    /// Their names.
    pub ids: Vec<String>,
    /// The key of the tombstones.
    pub key: String,
    /// The pairs.
    pub tombstones: Vec<String>,
    /// Why, in the words of whoever asked for it: a ticket number, not a name.
    pub reason: String,
}

/// The tombstone of a pair, by its `subject`.
pub(super) fn stone(key: &[u8], subject: &str) -> Vec<u8> {
    // HMAC takes keys of every length, so that this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(subject.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
