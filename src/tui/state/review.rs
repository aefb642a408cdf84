//! What does the review screen know?

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::effect::Ticket;
use super::super::event::{KnownVerdict, PairDetail};
use super::super::paged::Paged;
use super::bits::Bits;
use super::implied::Implied;
use super::sitting::Sitting;
use crate::ident::EntityId;
use crate::review::Verdict;
use crate::snapshot::PairRow;

/// Pairs held in full: the one shown and its neighbours.
const HELD: usize = 24;

/// What is shown below the fields where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Panel {
    /// The bars of the weight.
    #[default]
    Waterfall,
    /// What the neighbours say.
    Evidence,
    /// What a verdict would change.
    Effect,
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
    /// The entities, so that what follows from it can be worked out again after an undo.
    pub entities: (EntityId, EntityId),
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
        let entities = (known.row.left_entity.clone(), known.row.right_entity.clone());
        if !known.disputed {
            self.implied.learn(&entities.0, &entities.1, known.verdict);
        }
        // A dispute is not closed: somebody has to settle it.
        self.closed.set(known.row.position, !known.disputed);
        let given =
            Given { verdict: known.verdict, reviewer: known.reviewer.clone(), disputed: known.disputed, entities };
        self.verdicts.insert(known.row.position, given);
    }

    /// Works out anew what follows from the verdicts, after one was taken back.
    pub fn relearn(&mut self) {
        let mut positions: Vec<u32> = self.verdicts.keys().copied().collect();
        positions.sort_unstable();
        self.implied = Implied::default();
        for position in positions {
            if let Some(given) = self.verdicts.get(&position).filter(|given| !given.disputed) {
                self.implied.learn(&given.entities.0, &given.entities.1, given.verdict);
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
