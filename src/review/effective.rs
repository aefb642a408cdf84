//! After all verdicts, changes of mind and undos: what stands?
//!
//! Each reviewer has at most one opinion on a pair, the latest that is in force. Opinions that agree stand; opinions
//! that differ make a disagreement, which binds nobody until somebody settles it. `Unsure` is an abstention. A relation
//! (child of, bills for, successor of) says at the same time that the records are two entities.

use crate::ident::{EntityKind, PairKey, RecordKey};

use super::decision::{Stratum, Verdict};
use super::pairs::Pairs;
use super::row::{pair_subject, read_pair};
use super::tombstone::Tombstones;

/// What stands, pair by pair, in the order in which the pairs were first decided. Compact: about 150 bytes a pair.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// The pairs as the log spells them.
    pub(super) pairs: Pairs,
    /// The first opinion on each pair; the others hang on it.
    pub(super) first: Vec<u32>,
    pub(super) opinions: Vec<StoredOpinion>,
    pub(super) contexts: Vec<Voice>,
    pub(super) tombstones: Tombstones,
}

/// An opinion as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredOpinion {
    /// The entry it was given in.
    pub seq: i64,
    /// Its place among all opinions of all logs.
    pub rank: u32,
    /// Who, and what.
    pub voice: u32,
    /// The next reviewer's opinion on the same pair.
    pub next: u32,
}

/// The end of a chain of opinions.
pub(super) const NOBODY: u32 = u32::MAX;

/// Who said what and why: shared by all decisions that agree in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Voice {
    pub reviewer: String,
    pub kind: EntityKind,
    pub verdict: Verdict,
    pub stratum: Stratum,
    pub settles: bool,
    pub batch: String,
    pub rule: String,
}

/// What one reviewer says about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opinion<'a> {
    /// Who.
    pub reviewer: &'a str,
    /// What the records are.
    pub kind: EntityKind,
    /// What.
    pub verdict: Verdict,
    /// Why the pair was asked.
    pub stratum: Stratum,
    /// Whether it was given to settle a disagreement.
    pub settles: bool,
    /// The rule behind it; empty when there was none.
    pub rule: &'a str,
    /// The batch it was given in; empty when there was none.
    pub batch: &'a str,
    /// Its row in this file, for [`ReviewLog::entry`](super::ReviewLog::entry).
    pub seq: i64,
    rank: u32,
}

/// What all opinions on a pair come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everyone who has an answer has this one.
    Agreed(Verdict),
    /// There are different answers.
    Disagreed,
    /// Nobody could tell.
    Unsure,
}

/// A pair on which the log has something to say.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    effective: &'a Effective,
    pair: u32,
}

/// A pair with its binding verdict, as plain data for other rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The two records.
    pub pair: PairKey,
    /// What they are.
    pub kind: EntityKind,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided, in alphabetical order.
    pub reviewers: Vec<String>,
    /// The row of the latest of the verdicts.
    pub seq: i64,
}

impl Effective {
    /// How many pairs have at least one opinion in force.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether nothing was decided, or all of it was undone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.len() == 0
    }

    /// Every pair with an opinion, in the order in which the pairs were first decided.
    pub fn standings(&self) -> impl Iterator<Item = Standing<'_>> {
        (0..self.pairs.len() as u32).map(|pair| Standing { effective: self, pair })
    }

    /// What stands for a pair.
    #[must_use]
    pub fn of(&self, pair: &PairKey) -> Option<Standing<'_>> {
        let pair = self.pairs.find(&pair_subject(pair))?;
        Some(Standing { effective: self, pair })
    }

    /// Whether a reviewer need not see the pair: it was decided by agreement, the reviewer has an opinion on it (also
    /// `Unsure`), or it was decided and then erased.
    #[must_use]
    pub fn is_answered(&self, pair: &PairKey, reviewer: &str) -> bool {
        let standing = self.of(pair).is_some_and(|standing| {
            matches!(standing.outcome(), Outcome::Agreed(_))
                || standing.opinions().any(|opinion| opinion.reviewer == reviewer)
        });
        standing || self.tombstones.contains(pair)
    }

    /// Pairs that are one entity.
    pub fn must_link(&self) -> impl Iterator<Item = Decided> {
        self.decided(|verdict| verdict == Verdict::Same)
    }

    /// Pairs that are two entities: decided different, or related.
    pub fn cannot_link(&self) -> impl Iterator<Item = Decided> {
        self.decided(Verdict::keeps_apart)
    }

    /// Pairs of which one is a child of, bills for or succeeds the other.
    pub fn relations(&self) -> impl Iterator<Item = Decided> {
        self.decided(|verdict| verdict.subject().is_some())
    }

    /// Pairs on which nobody who looked could tell.
    pub fn unsure(&self) -> impl Iterator<Item = Standing<'_>> {
        self.standings().filter(|standing| standing.outcome() == Outcome::Unsure)
    }

    /// Pairs on which reviewers differ: a queue of its own. A decision with `settles` ends it.
    pub fn disagreements(&self) -> impl Iterator<Item = Standing<'_>> {
        self.standings().filter(|standing| standing.outcome() == Outcome::Disagreed)
    }

    /// Pairs that were decided and then erased; they are recognised, but not listed.
    #[must_use]
    pub fn erased(&self) -> &Tombstones {
        &self.tombstones
    }

    fn decided(&self, wanted: impl Fn(Verdict) -> bool) -> impl Iterator<Item = Decided> {
        self.standings().filter_map(move |standing| match standing.outcome() {
            Outcome::Agreed(verdict) if wanted(verdict) => standing.decided(verdict),
            _ => None,
        })
    }
}

impl<'a> Standing<'a> {
    /// The two records. `None` cannot happen in a log that verifies.
    #[must_use]
    pub fn pair(&self) -> Option<PairKey> {
        self.effective.pairs.get(self.pair).and_then(read_pair)
    }

    /// Everyone's opinion, the oldest first.
    pub fn opinions(&self) -> impl Iterator<Item = Opinion<'a>> + use<'a> {
        let effective = self.effective;
        let mut next = effective.first.get(self.pair as usize).copied().unwrap_or(NOBODY);
        let mut opinions: Vec<Opinion<'a>> = std::iter::from_fn(move || {
            let stored = effective.opinions.get(next as usize)?;
            next = stored.next;
            let voice = effective.contexts.get(stored.voice as usize)?;
            Some(Opinion {
                reviewer: &voice.reviewer,
                kind: voice.kind,
                verdict: voice.verdict,
                stratum: voice.stratum,
                settles: voice.settles,
                rule: &voice.rule,
                batch: &voice.batch,
                seq: stored.seq,
                rank: stored.rank,
            })
        })
        .collect();
        opinions.sort_unstable_by_key(|opinion| opinion.rank);
        opinions.into_iter()
    }

    /// The opinions that count: the latest that settles a disagreement, and all after it.
    fn counted(&self) -> Vec<Opinion<'a>> {
        let mut opinions: Vec<Opinion<'a>> = self.opinions().collect();
        if let Some(settled) = opinions.iter().rposition(|opinion| opinion.settles) {
            opinions.drain(..settled);
        }
        opinions
    }

    /// What they come to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let mut answer = None;
        for opinion in self.counted() {
            match answer {
                _ if opinion.verdict == Verdict::Unsure => {}
                None => answer = Some(opinion.verdict),
                Some(verdict) if verdict == opinion.verdict => {}
                Some(_) => return Outcome::Disagreed,
            }
        }
        answer.map_or(Outcome::Unsure, Outcome::Agreed)
    }

    fn decided(&self, verdict: Verdict) -> Option<Decided> {
        let counted = self.counted();
        let agreeing: Vec<&Opinion<'a>> = counted.iter().filter(|opinion| opinion.verdict == verdict).collect();
        let mut reviewers: Vec<String> = agreeing.iter().map(|opinion| opinion.reviewer.to_owned()).collect();
        reviewers.sort_unstable();
        let latest = agreeing.last()?;
        Some(Decided { pair: self.pair()?, kind: latest.kind, verdict, reviewers, seq: latest.seq })
    }

    /// Whether the pair holds a record.
    #[must_use]
    pub fn touches(&self, record: &RecordKey) -> bool {
        self.pair().is_some_and(|pair| pair.left == *record || pair.right == *record)
    }
}
