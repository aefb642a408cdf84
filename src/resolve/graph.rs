//! What did resolution find: entities, links, relations, the hierarchy, and the pairs behind them?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::waterfall::Waterfall;
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};

/// One real account or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Stable over re-runs.
    pub id: EntityId,
    /// Account or person.
    pub kind: EntityKind,
    /// The best name we have, for people to read.
    pub label: String,
    /// The records linked to it, sorted.
    pub members: Vec<RecordKey>,
}

/// A record belongs to an entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The entity.
    pub entity: EntityId,
    /// Account or person.
    pub kind: EntityKind,
    /// The record.
    pub record: RecordKey,
    /// Why: `match`, `cross_id`, `tombstone`, `decision`, `single` (a record alone).
    pub rule: String,
    /// The weight in bits of the strongest pair that ties the record to its entity; None for `single`.
    pub weight: Option<f64>,
    /// `engine`, or the reviewer.
    pub decided_by: String,
}

/// A record that is neither account nor person belongs to an entity, or a person's record to an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// The record.
    pub record: RecordKey,
    /// `user_of_account`, `invoice_of_account`, `ticket_of_account`, `ticket_of_person`, `subscription_of_account`,
    /// `opportunity_of_account`.
    pub relation: String,
    /// The entity.
    pub entity: EntityId,
    /// Why: `foreign_key`, `tombstone`, `cross_id`, `email_domain`, `requester`, `membership`, `decision`.
    pub rule: String,
    /// Bits, where the rule has any.
    pub weight: Option<f64>,
}

/// One account stands above another; never a merge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HierarchyEdge {
    /// The lower one.
    pub child: EntityId,
    /// The upper one.
    pub parent: EntityId,
    /// `child_of`, `bills_for` (the parent pays for the child), `successor_of`.
    pub relation: String,
    /// What says so, such as `salesforce.account.parent_id`.
    pub basis: String,
}

/// What became of a candidate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairStatus {
    /// One entity, by the engine.
    Matched,
    /// Ambiguous: a person should look.
    Review,
    /// Two entities, by the engine.
    Rejected,
    /// One entity, by a decision.
    Accepted,
    /// Two entities, by a decision.
    Refused,
}

impl PairStatus {
    /// The word used in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Review => "review",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }
}

/// One compared field of a pair, as the sources wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedField {
    /// The field in words, such as `name`.
    pub field: String,
    /// The left value.
    pub left: String,
    /// The right value.
    pub right: String,
    /// Whether it is personal data, to be masked until revealed.
    pub personal: bool,
}

/// A candidate pair worth keeping: matched, ambiguous, or decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidatePair {
    /// The two records.
    pub key: PairKey,
    /// Account or person.
    pub kind: EntityKind,
    /// Bits.
    pub weight: f64,
    /// 0 to 1.
    pub probability: f64,
    /// What became of it.
    pub status: PairStatus,
    /// The blocking pass or evidence that proposed it.
    pub rule: String,
    /// The bars, summing to the weight.
    pub waterfall: Waterfall,
    /// Both records' values side by side, also those not compared, in the order to show them.
    pub fields: Vec<ComparedField>,
}

/// Everything resolution found, sorted, so that the same input gives the same bytes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct EntityGraph {
    /// Accounts and people.
    pub entities: Vec<Entity>,
    /// Records to entities.
    pub links: Vec<Link>,
    /// Other records to entities.
    pub relations: Vec<Relation>,
    /// Accounts above accounts.
    pub hierarchy: Vec<HierarchyEdge>,
    /// Candidate pairs.
    pub pairs: Vec<CandidatePair>,
    /// What went on between the last run and this one: merges, splits, births, deaths.
    pub history: Vec<EntityEvent>,
    /// When entities were born that earlier runs knew; the others are born in this run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub births: BTreeMap<EntityId, Birth>,
    /// What the reader should know about the quality, in words.
    pub warnings: Vec<String>,
}

/// When an entity was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birth {
    /// When that run began, RFC 3339; None when it is not known.
    pub at: Option<String>,
    /// The name of that run; None when it is not known.
    pub run: Option<String>,
}

/// One change of an entity between two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityEvent {
    /// Account or person.
    pub kind: EntityKind,
    /// The entity that lives on or that ended.
    pub entity: EntityId,
    /// `born`, `revived` (it had ended), `merged_into`, `split_from`, `moved` (records went to it from another that lives
    /// on or whose name went elsewhere), `gained` (records that nobody had), `lost` (records that are gone), `renamed`,
    /// `ended`.
    pub event: String,
    /// The other entity, for merges, splits and moves.
    pub other: Option<EntityId>,
    /// The records that came, went or moved, sorted.
    pub records: Vec<RecordKey>,
    /// Why, in words.
    pub reason: String,
    /// What ties or parts the records now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EventEvidence>,
}

/// The pair of records on which an event rests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventEvidence {
    /// The pair.
    pub pair: PairKey,
    /// What proposed it: a blocking pass, `cross_id`, `tombstone`, `decision`.
    pub rule: String,
    /// Its match weight in bits.
    pub weight: f64,
    /// `engine`, or the reviewers.
    pub decided_by: String,
}
