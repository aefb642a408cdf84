//! What does the review screen know?

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::super::effect::{AroundQuestion, Ticket};
use super::super::event::{Around, KnownVerdict, Outcome, PairDetail};
use super::super::paged::Paged;
use super::bits::Bits;
use super::implied::Implied;
use super::measures::{Measures, band_of};
use super::sitting::Sitting;
use crate::ident::{EntityId, PairKey};
use crate::impact::Proposal;
use crate::impact::blast::Held;
use crate::review::Verdict;
use crate::review::strata::Band;
use crate::snapshot::{PairGroup, PairRow};

/// Pairs held in full: the one shown and its neighbours.
const HELD: usize = 24;

/// Earlier verdicts shown with a pair, at most.
const PRIOR: usize = 12;

/// What is shown below the fields where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// The bars of the weight.
    #[default]
    Waterfall,
    /// What the neighbours say.
    Evidence,
    /// What a verdict would change.
    Effect,
    /// Earlier verdicts that bear on it.
    Prior,
    /// How good the matches are, as far as the sample tells.
    Measures,
}

/// A verdict that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The verdict.
    pub verdict: Verdict,
    /// Who gave it last.
    pub reviewer: String,
    /// Whether reviewers differ.
    pub disputed: bool,
    /// Whether the facts it rests on have changed since, so that it is asked again.
    pub stale: bool,
    /// The stratum, when the pair was drawn at random.
    pub drawn: Option<Band>,
    /// The entities, so that what follows from it can be worked out again after an undo.
    pub entities: (EntityId, EntityId),
    /// The records, when both are in one entity.
    pub inside: Option<Box<PairKey>>,
}

/// A verdict on its way to disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its write.
    pub ticket: Ticket,
    /// The pair.
    pub row: PairRow,
    /// The verdict; None for a pass.
    pub verdict: Option<Verdict>,
}

/// A filter in force.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What was typed.
    pub typed: String,
    /// The positions that match; None while they are looked for.
    pub positions: Option<Vec<u32>>,
}

/// The review screen.
#[derive(Debug, Default)]
pub struct ReviewState {
    /// Pairs to ask.
    pub queue_length: u32,
    /// The queue, or what the filter leaves of it.
    pub list: Paged<PairRow>,
    /// Which list it is; answers for another one are dropped.
    pub generation: u64,
    /// The filter in force.
    pub filter: Option<Filter>,
    /// Pairs in full, the latest last.
    pub details: VecDeque<(u32, Option<PairDetail>)>,
    /// Pairs that are being loaded.
    pub loading: Vec<u32>,
    /// The verdicts that stand, by position.
    pub verdicts: FxHashMap<u32, Given>,
    /// Positions that are decided or passed over in this sitting.
    pub closed: Bits,
    /// Positions passed over in this sitting.
    pub skipped: FxHashSet<u32>,
    /// What follows from the verdicts.
    pub implied: Implied,
    /// Positions of decided pairs, by the entities they touch.
    pub touching: FxHashMap<EntityId, Vec<u32>>,
    /// What stands around pairs, the latest last.
    pub arounds: VecDeque<(u32, Around)>,
    /// Pairs whose surroundings are being loaded.
    pub asking: Vec<u32>,
    /// How good the matches are.
    pub measures: Measures,
    /// The groups of the queue.
    pub groups: Vec<PairGroup>,
    /// What decisions say about the weights; None until asked for.
    pub proposals: Option<Outcome<Vec<Proposal>>>,
    /// Where the last sitting stopped, until it is found again.
    pub resuming: Option<String>,
    /// Whether the decisions of earlier sittings are known.
    pub decisions_known: bool,
    /// Verdicts on their way to disk.
    pub pending: Vec<Pending>,
    /// How it is going.
    pub sitting: Sitting,
    /// The position of a pair outside the queue that the person jumped to.
    pub outside: Option<u32>,
    /// The field under the cursor.
    pub field: usize,
    /// Fields revealed in this sitting: position and field.
    pub revealed: FxHashSet<(u32, String)>,
    /// Reveals on their way to disk.
    pub revealing: Vec<(Ticket, u32, Vec<String>)>,
    /// What is shown below the fields.
    pub panel: Panel,
    /// Whether the queue is shown beside the pair where there is room.
    pub hide_list: bool,
    /// The note that goes with the next verdict, and the pair it is about.
    pub note: Option<(u32, String)>,
    /// Whether the cursor came here by itself, so that it may go on by itself past an implied pair.
    pub arrived: bool,
    /// Pairs passed because earlier verdicts answer them.
    pub passed_implied: FxHashSet<u32>,
}

impl ReviewState {
    /// The position of a row of the list.
    #[must_use]
    pub fn position_of(&self, index: usize) -> Option<u32> {
        match self.filter.as_ref().and_then(|filter| filter.positions.as_ref()) {
            Some(positions) => positions.get(index).copied(),
            None => u32::try_from(index).ok().filter(|position| *position < self.queue_length),
        }
    }

    /// The row of the list that shows a position.
    #[must_use]
    pub fn index_of(&self, position: u32) -> Option<usize> {
        match self.filter.as_ref().and_then(|filter| filter.positions.as_ref()) {
            Some(positions) => positions.binary_search(&position).ok(),
            None => (position < self.queue_length).then_some(position as usize),
        }
    }

    /// The position of the pair that is looked at.
    #[must_use]
    pub fn here(&self) -> Option<u32> {
        self.outside.or_else(|| self.position_of(self.list.selected).filter(|_| !self.list.is_empty()))
    }

    /// The pair that is looked at, when it is at hand.
    #[must_use]
    pub fn current(&self) -> Option<&PairDetail> {
        self.detail(self.here()?)
    }

    /// A pair in full, when it is at hand.
    #[must_use]
    pub fn detail(&self, position: u32) -> Option<&PairDetail> {
        self.details.iter().find(|(held, _)| *held == position).and_then(|(_, detail)| detail.as_ref())
    }

    /// Whether a pair was loaded, also when there turned out to be none.
    #[must_use]
    pub fn is_held(&self, position: u32) -> bool {
        self.details.iter().any(|(held, _)| *held == position)
    }

    /// Keeps a pair at hand.
    pub fn hold(&mut self, position: u32, detail: Option<PairDetail>) {
        self.loading.retain(|loading| *loading != position);
        self.details.retain(|(held, _)| *held != position);
        self.details.push_back((position, detail));
        while self.details.len() > HELD {
            self.details.pop_front();
        }
    }

    /// What earlier verdicts say about a pair that was not decided itself.
    #[must_use]
    pub fn implied_for(&self, row: &PairRow) -> Option<Verdict> {
        if self.verdicts.contains_key(&row.position) {
            return None;
        }
        self.implied.answer(&row.left_entity, &row.right_entity)
    }

    /// Takes note of a verdict that stands.
    pub fn learn(&mut self, known: &KnownVerdict) {
        self.forget(known.row.position);
        self.skipped.remove(&known.row.position);
        let row = &known.row;
        let entities = (row.left_entity.clone(), row.right_entity.clone());
        let binds = !known.disputed && !known.stale;
        if binds {
            self.implied.learn_pair((&entities.0, &entities.1), (&row.key.left, &row.key.right), known.verdict);
        }
        // A dispute is not closed: somebody has to settle it. Nor is what rests on facts that have changed.
        self.closed.set(row.position, binds);
        for entity in [&entities.0, &entities.1] {
            let touching = self.touching.entry(entity.clone()).or_default();
            if !touching.contains(&row.position) {
                touching.push(row.position);
            }
        }
        let drawn = known.drawn.then(|| band_of(row));
        if let Some(band) = drawn.filter(|_| binds) {
            self.measures.count(band, known.verdict, true);
        }
        let given = Given {
            verdict: known.verdict,
            reviewer: known.reviewer.clone(),
            disputed: known.disputed,
            stale: known.stale,
            drawn,
            inside: (entities.0 == entities.1).then(|| Box::new(row.key.clone())),
            entities,
        };
        self.verdicts.insert(row.position, given);
    }

    /// Takes a verdict out; what follows from the others is to be worked out anew with [`relearn`](Self::relearn).
    pub fn forget(&mut self, position: u32) {
        let Some(given) = self.verdicts.remove(&position) else { return };
        if let Some(band) = given.drawn.filter(|_| !given.disputed && !given.stale) {
            self.measures.count(band, given.verdict, false);
        }
        for entity in [&given.entities.0, &given.entities.1] {
            if let Some(touching) = self.touching.get_mut(entity) {
                touching.retain(|touched| *touched != position);
            }
        }
        self.closed.set(position, false);
    }

    /// Works out anew what follows from the verdicts, after one was taken back.
    pub fn relearn(&mut self) {
        let mut positions: Vec<u32> = self.verdicts.keys().copied().collect();
        positions.sort_unstable();
        self.implied = Implied::default();
        for position in positions {
            let Some(given) = self.verdicts.get(&position).filter(|given| !given.disputed && !given.stale) else {
                continue;
            };
            let entities = (&given.entities.0, &given.entities.1);
            match &given.inside {
                Some(key) => self.implied.learn_pair(entities, (&key.left, &key.right), given.verdict),
                None => {
                    self.implied.learn(entities.0, entities.1, given.verdict);
                }
            }
        }
        for position in std::mem::take(&mut self.passed_implied) {
            if !self.verdicts.contains_key(&position) && !self.skipped.contains(&position) {
                self.closed.set(position, false);
            }
        }
    }

    /// Closes a pair that earlier verdicts answer; says whether it did.
    pub fn pass_if_implied(&mut self, row: &PairRow) -> bool {
        let open = !self.closed.has(row.position);
        if !open || self.implied_for(row).is_none() {
            return false;
        }
        self.closed.set(row.position, true);
        self.passed_implied.insert(row.position);
        true
    }

    /// What stands around the pair that is looked at, when it is at hand and still true.
    #[must_use]
    pub fn around(&self) -> Option<&Around> {
        self.around_of(&self.current()?.row)
    }

    /// What stands around a pair, when it is at hand and still true: verdicts since may have tied its entities to others.
    #[must_use]
    pub fn around_of(&self, row: &PairRow) -> Option<&Around> {
        let (_, around) = self.arounds.iter().find(|(held, _)| *held == row.position)?;
        (around.question == self.around_question(row)).then_some(around)
    }

    /// What to ask about the surroundings of a pair.
    #[must_use]
    pub fn around_question(&self, row: &PairRow) -> AroundQuestion {
        let mut prior: Vec<u32> = Vec::new();
        let sides = [self.implied.group(&row.left_entity), self.implied.group(&row.right_entity)];
        for entity in sides.iter().flatten() {
            prior.extend(self.touching.get(entity).into_iter().flatten().filter(|other| **other != row.position));
        }
        prior.sort_unstable();
        prior.dedup();
        let total = prior.len();
        prior.truncate(PRIOR);
        let [left, right] = sides;
        let held =
            if row.left_entity == row.right_entity { self.implied.held(&row.left_entity) } else { Held::default() };
        AroundQuestion { position: row.position, left, right, held, prior, prior_total: total }
    }

    /// Keeps what stands around a pair.
    pub fn hold_around(&mut self, position: u32, around: Around) {
        self.asking.retain(|asked| *asked != position);
        self.arounds.retain(|(held, _)| *held != position);
        self.arounds.push_back((position, around));
        while self.arounds.len() > HELD {
            self.arounds.pop_front();
        }
    }

    /// How many pairs of the queue are decided and on disk, by whomever.
    #[must_use]
    pub fn decided(&self) -> u64 {
        let others = self.skipped.len() + self.passed_implied.len() + self.pending.len();
        u64::from(self.closed.count_below(self.queue_length)).saturating_sub(others as u64)
    }

    /// How many pairs of the queue wait, those passed over among them.
    #[must_use]
    pub fn left(&self) -> u64 {
        u64::from(self.queue_length).saturating_sub(self.decided() + self.passed_implied.len() as u64)
    }

    /// The next open row of the list after `index`, going round at the end.
    #[must_use]
    pub fn next_open(&self, index: usize) -> Option<usize> {
        match self.filter.as_ref().and_then(|filter| filter.positions.as_ref()) {
            Some(positions) => {
                let is_open = |index: &usize| !self.closed.has(positions[*index]);
                (index..positions.len()).find(is_open).or_else(|| (0..index.min(positions.len())).find(is_open))
            }
            None => {
                let from = u32::try_from(index).unwrap_or(u32::MAX);
                self.closed
                    .next_free(from, self.queue_length)
                    .or_else(|| self.closed.next_free(0, from.min(self.queue_length)))
                    .map(|position| position as usize)
            }
        }
    }
}
