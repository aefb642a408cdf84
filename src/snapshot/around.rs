//! What stands around the entities that pairs are about?

use serde::{Deserialize, Serialize};

use crate::ident::{EntityId, EntityKind, RecordKey};

/// Records, neighbours, edges and play outputs of entities.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// Which records each entity has.
    pub members: Vec<Member>,
    /// What hangs on each entity.
    pub neighbours: Vec<Neighbours>,
    /// Which account stands above which.
    pub edges: Vec<Edge>,
    /// What plays said of each entity.
    pub plays: Vec<PlayOutput>,
}

/// A record of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The entity.
    pub entity: EntityId,
    /// The record.
    pub record: RecordKey,
    /// Why it belongs to it: `match`, `cross_id`, `tombstone`, `decision`, `single`.
    pub rule: String,
}

/// What hangs on an entity by one relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    /// The entity.
    pub entity: EntityId,
    /// `user_of_account`, `invoice_of_account`, `ticket_of_account`, `domain` …
    pub relation: String,
    /// How many there are in all.
    pub total: u64,
    /// As many of them as are kept, in a fixed order.
    pub items: Vec<Neighbour>,
}

/// Something that hangs on an entity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// What tells it from others: an entity's id for people and accounts, a domain, a record's key.
    #[serde(rename = "i")]
    pub id: String,
    /// In words; may be personal.
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Who stands behind it, an entity's id: the requester of a ticket.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// When, as a date.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
}

/// One account stands above another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The lower one.
    pub child: EntityId,
    /// The upper one.
    pub parent: EntityId,
    /// `child_of`, `bills_for`, `successor_of`.
    pub relation: String,
    /// What says so.
    pub basis: String,
}

/// What a play said of an entity in the last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayOutput {
    /// The entity.
    pub entity: EntityId,
    /// The play.
    pub play: String,
    /// Which of its outputs: `score`, `tier`, `fires` …
    pub output: String,
    /// The value, as it is to be shown.
    pub value: String,
}

/// One stratum of the random draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// Account or person.
    pub kind: EntityKind,
    /// Whether the engine calls its pairs matches.
    pub matched: bool,
    /// Which one among those of its kind and side; the higher the likelier.
    pub band: u8,
    /// Pairs in it.
    pub population: u64,
    /// Pairs drawn from it.
    pub drawn: u64,
}
