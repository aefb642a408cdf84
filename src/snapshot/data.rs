//! What does the snapshot hold, as the engine hands it over and as screens get it back?

use serde::{Deserialize, Serialize};

use super::around::{Stratum, Surroundings};
use crate::chart::conflict::{Conflict, Severity};
use crate::chart::source_map::SourceMap;
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use crate::resolve::waterfall::Waterfall;

/// Everything of one run that screens show.
#[derive(Debug, Clone, Default)]
pub struct SnapshotData {
    /// The run itself.
    pub run: RunMeta,
    /// The chart's result.
    pub map: SourceMap,
    /// The kinds of conflicts, for their names and advice; kinds without conflicts may be left out.
    pub kinds: Vec<ConflictKind>,
    /// The conflicts, in any order.
    pub conflicts: Vec<Conflict>,
    /// The candidate pairs in queue order. Pairs that are not to be asked (status other than `Review`) may stand
    /// anywhere; the writer puts them behind the queue.
    pub pairs: Vec<QueuedPair>,
    /// Accounts and people, in any order.
    pub entities: Vec<EntityRow>,
    /// The cells of the joined model, in the order to show them; cells of one entity need not stand together.
    pub cells: Vec<CellRow>,
    /// The records of the entities that pairs are about, and what stands around those entities.
    pub around: Surroundings,
    /// The strata of the random draw, with how many pairs each holds.
    pub strata: Vec<Stratum>,
}

/// The run behind the snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunMeta {
    /// The run's id; empty before the first run.
    pub id: String,
    /// When it was published, RFC 3339.
    pub finished_at: String,
    /// Counts by name in the order to show them, such as `("accounts", 300)`.
    pub counts: Vec<(String, u64)>,
    /// What the reader should know, in words.
    pub warnings: Vec<String>,
    /// The fields of accounts and people, in the order of the model, so that an empty one can be shown without being stored.
    #[serde(default)]
    pub fields: Vec<FieldNote>,
}

/// A field of the joined model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldNote {
    /// Whether accounts or people have it.
    pub kind: EntityKind,
    /// Its name.
    pub field: String,
    /// Why it is empty where it is.
    pub empty: String,
}

/// A kind of conflict in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictKind {
    /// The kind's id, such as `status_disagreement`.
    pub id: String,
    /// The standard term, such as `consistency`.
    pub term: String,
    /// What it is, in one sentence.
    pub meaning: String,
    /// What an operator does about it, in one or two sentences.
    pub action: String,
}

/// The conflicts of one kind, counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindCount {
    /// The kind's id.
    pub kind: String,
    /// The gravest of its conflicts.
    pub severity: Severity,
    /// How many there are.
    pub count: u64,
    /// Money at stake by currency, largest first.
    pub money: Vec<(String, f64)>,
    /// The position of the first one; the others follow it.
    pub first: u64,
}

/// A conflict with the name of its entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictRow {
    /// The conflict.
    pub conflict: Conflict,
    /// The entity's label; empty when it is about no entity.
    pub label: String,
}

/// A candidate pair with what the queue knows about it.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuedPair {
    /// The pair.
    pub pair: CandidatePair,
    /// The place in the queue follows from it: uncertainty x money x downstream fan-out.
    pub priority: f64,
    /// Money a year that hangs on the two entities.
    pub money: Option<f64>,
    /// ISO 4217 code of the money.
    pub currency: Option<String>,
    /// Why it is asked, in one word: `uncertain`, `bridge`, `audit`, `disputed`, `reopened`; empty when it is not.
    pub reason: String,
    /// The cluster: pairs whose entities hang together by questions share it. 0 when it is not asked.
    pub cluster: u32,
    /// For `reopened`: what was decided on other facts.
    pub reopened: Option<ReopenedNote>,
    /// The entity that holds the left record.
    pub left_entity: EntityId,
    /// The entity that holds the right record.
    pub right_entity: EntityId,
    /// The left record for people to read, in a list.
    pub left_label: String,
    /// The right record for people to read, in a list.
    pub right_label: String,
    /// The left record's freshness and address.
    pub left_note: RecordNote,
    /// The right record's freshness and address.
    pub right_note: RecordNote,
    /// What the neighbours say: shared domains, contacts, invoices, tickets, hierarchy, cross ids.
    pub evidence: Vec<Evidence>,
}

/// What is known about a record besides its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordNote {
    /// When the loader landed it, RFC 3339.
    pub synced_at: Option<String>,
    /// Where the source system shows it (`https://...`).
    pub url: Option<String>,
}

/// One thing the two records have in common or not, besides the compared fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What sort: `domain`, `contact`, `invoice`, `ticket`, `hierarchy`, `cross id`.
    pub kind: String,
    /// In words.
    pub text: String,
    /// Whether it speaks for (`Some(true)`) or against (`Some(false)`) one entity.
    pub speaks_for: Option<bool>,
    /// Names of people it is about, to be masked until revealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personal: Vec<String>,
}

/// A pair as a line of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct PairRow {
    /// Its place: 0 is asked first.
    pub position: u32,
    /// The two records.
    pub key: PairKey,
    /// Account or person.
    pub kind: EntityKind,
    /// Bits.
    pub weight: f64,
    /// 0 to 1.
    pub probability: f64,
    /// What became of it in the run.
    pub status: PairStatus,
    /// What proposed it.
    pub rule: String,
    /// See [`QueuedPair::priority`].
    pub priority: f64,
    /// Money a year that hangs on it.
    pub money: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Why it is asked.
    pub reason: String,
    /// The cluster it belongs to; 0 when it is not asked.
    pub cluster: u32,
    /// The entity of the left record.
    pub left_entity: EntityId,
    /// The entity of the right record.
    pub right_entity: EntityId,
    /// The left record in words.
    pub left_label: String,
    /// The right record in words.
    pub right_label: String,
}

/// The rest of a pair, loaded when it is looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PairBody {
    /// The bars, summing to the weight.
    pub waterfall: Waterfall,
    /// Both records' values side by side.
    pub fields: Vec<ComparedField>,
    /// The left record's freshness and address.
    pub left_note: RecordNote,
    /// The right record's freshness and address.
    pub right_note: RecordNote,
    /// What the neighbours say.
    pub evidence: Vec<Evidence>,
    /// For `reopened`: what was decided on other facts.
    #[serde(default)]
    pub reopened: Option<ReopenedNote>,
}

/// A decision that was made on facts that have changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenedNote {
    /// The row of the decision in the review log: a later verdict answers the pair.
    pub seq: i64,
    /// What was said.
    pub verdict: String,
    /// Who said it.
    pub reviewer: String,
    /// The fields that have changed.
    pub changed: Vec<String>,
}

/// An account or a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityRow {
    /// The stable id.
    pub id: EntityId,
    /// Account or person.
    pub kind: EntityKind,
    /// The best name.
    pub label: String,
    /// Annual recurring revenue in `currency`.
    pub arr: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// The status in the joined model; empty when it has none.
    pub status: String,
    /// The sources that hold records of it, sorted.
    pub sources: Vec<String>,
    /// How many records it has.
    pub record_count: u64,
}

/// One cell of the joined model with the origin of its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellRow {
    /// The entity.
    pub entity: EntityId,
    /// The column of the joined model.
    pub field: String,
    /// The value; None when no source has one.
    pub value: Option<String>,
    /// The survivorship rule that chose it, or how it was computed.
    pub rule: String,
    /// The row it came from; None for aggregates over several rows and for empty cells.
    pub record: Option<RecordKey>,
    /// The column it came from; empty when there is no row.
    pub column: String,
    /// The loader's sync.
    pub sync_id: Option<String>,
    /// When the loader landed the row, RFC 3339.
    pub synced_at: Option<String>,
    /// Whether it is personal data, to be masked until revealed.
    pub personal: bool,
}
