//! Which groups does the queue fall into, and how large is each?

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::data::QueuedPair;
use crate::ident::EntityKind;

/// Groups kept of each sort, the largest first.
const KEPT: usize = 500;

/// What pairs of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// What proposed them.
    Rule,
    /// The two sources.
    Sources,
    /// Entities that hang together by questions.
    Cluster,
    /// Why they are asked.
    Reason,
}

impl GroupBy {
    /// Every sort, in the order to show them.
    pub const ALL: [Self; 4] = [Self::Rule, Self::Sources, Self::Cluster, Self::Reason];

    /// In one word or two.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Sources => "source pair",
            Self::Cluster => "cluster",
            Self::Reason => "reason",
        }
    }
}

/// One group of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairGroup {
    /// What its pairs have in common.
    pub by: GroupBy,
    /// What the filter takes: the rule, `salesforce+stripe_eu`, the number of the cluster, the reason.
    pub name: String,
    /// For people to read.
    pub label: String,
    /// Pairs in it.
    pub pairs: u64,
    /// Where the first of them stands in the queue.
    pub first: u32,
}

/// Groups while pairs are being written.
#[derive(Debug, Default)]
pub(super) struct GroupCounts {
    groups: FxHashMap<(GroupBy, String), (u64, u32, String)>,
    clusters: FxHashMap<u32, (u64, u32, String)>,
    seen: u32,
}

/// The two sources of a pair in one word.
pub(super) fn between(pair: &QueuedPair) -> String {
    let (left, right) = (&pair.pair.key.left.source.0, &pair.pair.key.right.source.0);
    if left <= right { format!("{left}+{right}") } else { format!("{right}+{left}") }
}

/// A cluster is called after its first account; people are not named in a list.
fn label_of(pair: &QueuedPair) -> String {
    match pair.pair.kind {
        EntityKind::Account => pair.left_label.clone(),
        EntityKind::Person => format!("people, {} and {}", pair.pair.key.left, pair.pair.key.right),
    }
}

impl GroupCounts {
    pub(super) fn count(&mut self, pair: &QueuedPair) {
        let place = self.seen;
        self.seen += 1;
        for (by, name) in [
            (GroupBy::Rule, pair.pair.rule.clone()),
            (GroupBy::Sources, between(pair)),
            (GroupBy::Reason, pair.reason.clone()),
        ] {
            self.groups.entry((by, name)).or_insert((0, place, String::new())).0 += 1;
        }
        if pair.cluster > 0 {
            self.clusters.entry(pair.cluster).or_insert_with(|| (0, place, label_of(pair))).0 += 1;
        }
    }

    pub(super) fn finish(self) -> Vec<PairGroup> {
        let of_words = self.groups.into_iter().map(|((by, name), (pairs, first, _))| {
            let label = name.replace('+', " and ");
            PairGroup { by, label: if by == GroupBy::Sources { label } else { name.clone() }, name, pairs, first }
        });
        // A cluster of one pair is no group.
        let clusters = self.clusters.into_iter().filter(|(_, (pairs, ..))| *pairs > 1);
        let of_clusters = clusters.map(|(cluster, (pairs, first, label))| PairGroup {
            by: GroupBy::Cluster,
            name: cluster.to_string(),
            label,
            pairs,
            first,
        });
        let mut groups: Vec<PairGroup> = of_words.chain(of_clusters).collect();
        groups.sort_by(|one, other| {
            one.by.cmp(&other.by).then(other.pairs.cmp(&one.pairs)).then_with(|| one.first.cmp(&other.first))
        });
        let mut kept: FxHashMap<GroupBy, usize> = FxHashMap::default();
        groups.retain(|group| {
            let count = kept.entry(group.by).or_default();
            *count += 1;
            *count <= KEPT
        });
        groups
    }
}
