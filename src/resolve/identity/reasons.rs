//! Why did records come together or part?
//!
//! An event of [`super::history`] says what moved. The reason is the pair of records that ties both sides now, or the
//! strongest one that no longer does: a decision before anything the engine found, then the weightiest.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{EntityId, PairKey, RecordKey};
use crate::resolve::Decisions;
use crate::resolve::graph::{CandidatePair, EntityEvent, EntityGraph, EventEvidence, PairStatus};

/// Finds the evidence of every event and says it in words.
pub fn explain(graph: &mut EntityGraph, decisions: &Decisions) {
    let mut events = std::mem::take(&mut graph.history);
    if !events.is_empty() {
        let known = Known::of(graph, &events, decisions);
        for event in &mut events {
            known.tell(event);
        }
    }
    graph.history = events;
}

struct Known<'a> {
    pairs: FxHashMap<&'a RecordKey, Vec<&'a CandidatePair>>,
    entity_of: FxHashMap<&'a RecordKey, &'a EntityId>,
    reviewers: FxHashMap<PairKey, String>,
}

impl<'a> Known<'a> {
    fn of(graph: &'a EntityGraph, events: &[EntityEvent], decisions: &Decisions) -> Self {
        let wanted: FxHashSet<&RecordKey> = events.iter().flat_map(|event| &event.records).collect();
        let mut pairs: FxHashMap<&RecordKey, Vec<&CandidatePair>> = FxHashMap::default();
        for pair in &graph.pairs {
            for record in [&pair.key.left, &pair.key.right] {
                if wanted.contains(record) {
                    pairs.entry(record).or_default().push(pair);
                }
            }
        }
        let entity_of = graph.links.iter().map(|link| (&link.record, &link.entity)).collect();
        let reviewers =
            decisions.together().into_iter().chain(decisions.apart()).map(|pair| (pair.key, pair.reviewer)).collect();
        Self { pairs, entity_of, reviewers }
    }

    fn tell(&self, event: &mut EntityEvent) {
        let inside: FxHashSet<&RecordKey> = event.records.iter().collect();
        // Where the records came to, and what they left.
        let (came_to, left) = match event.event.as_str() {
            "merged_into" => (event.other.as_ref(), None),
            "moved" => (Some(&event.entity), event.other.as_ref()),
            "split_from" => (None, event.other.as_ref()),
            "gained" => (Some(&event.entity), None),
            _ => return,
        };
        let tied = came_to.and_then(|entity| self.best(&inside, entity, true));
        let parted = left.and_then(|entity| self.best(&inside, entity, false));
        let words = match (tied, parted, left) {
            (Some(pair), _, _) => Some(self.ties(pair)),
            (None, Some(pair), _) => Some(self.parts(pair)),
            (None, None, Some(_)) => Some("no pair of records ties them any more".to_owned()),
            (None, None, None) => None,
        };
        event.evidence = tied.or(parted).map(|pair| EventEvidence {
            pair: pair.key.clone(),
            rule: pair.rule.clone(),
            weight: pair.weight,
            decided_by: self.by(pair),
        });
        if let Some(words) = words {
            event.reason = format!("{}: {words}", event.reason);
        }
    }

    /// The pair that best explains why some records are with an entity, or are not.
    fn best(&self, inside: &FxHashSet<&RecordKey>, entity: &EntityId, tied: bool) -> Option<&'a CandidatePair> {
        let mut found: Vec<&CandidatePair> = inside
            .iter()
            .filter_map(|record| self.pairs.get(*record))
            .flatten()
            .copied()
            .filter(|pair| {
                let together = matches!(pair.status, PairStatus::Matched | PairStatus::Accepted);
                let crosses = |record: &RecordKey| {
                    !inside.contains(record) && self.entity_of.get(record).is_some_and(|of| *of == entity)
                };
                together == tied && (crosses(&pair.key.left) || crosses(&pair.key.right))
            })
            .collect();
        found.sort_by(|one, other| {
            let decided = |pair: &CandidatePair| matches!(pair.status, PairStatus::Accepted | PairStatus::Refused);
            decided(other)
                .cmp(&decided(one))
                .then_with(|| other.weight.total_cmp(&one.weight))
                .then_with(|| one.key.cmp(&other.key))
        });
        found.first().copied()
    }

    fn by(&self, pair: &CandidatePair) -> String {
        self.reviewers.get(&pair.key).cloned().unwrap_or_else(|| "engine".to_owned())
    }

    fn ties(&self, pair: &CandidatePair) -> String {
        let records = format!("{} and {}", pair.key.left, pair.key.right);
        match pair.status {
            PairStatus::Accepted => format!("{} decided that {records} are one", self.by(pair)),
            _ => format!("{records} are tied by {} at {:+.1} bits", pair.rule, pair.weight),
        }
    }

    fn parts(&self, pair: &CandidatePair) -> String {
        let records = format!("{} and {}", pair.key.left, pair.key.right);
        match pair.status {
            PairStatus::Refused => format!("{} decided that {records} are two", self.by(pair)),
            _ => format!("the strongest pair between them, {records}, weighs {:+.1} bits", pair.weight),
        }
    }
}
