//! What does a walk show?

use serde::Serialize;

use crate::model::feeds::Feed;
use crate::resolve::waterfall::Waterfall;

/// A field of an entity, walked back.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Trace {
    /// `account`, `person`, `subscription`, `invoice` or `ticket`.
    pub entity_kind: String,
    /// The entity's id.
    pub entity_id: String,
    /// Its name, for people.
    pub name: Option<String>,
    /// The field.
    pub field: String,
    /// What it means.
    pub documentation: Option<String>,
    /// The value; None when it is empty.
    pub value: Option<String>,
    /// ISO 4217 code of the entity's money.
    pub currency: Option<String>,
    /// Why this value; for an empty field what left it empty.
    pub rule: String,
    /// The run that published it.
    pub run_id: Option<String>,
    /// The moment that parted past from future in that run.
    pub as_of: Option<String>,
    /// The surviving value's cell.
    pub winner: Option<TracedCell>,
    /// Values that lost, best first.
    pub losers: Vec<TracedCell>,
    /// The rows that an aggregate was made of, those that contribute most first.
    pub parts: Vec<TracedPart>,
    /// How many rows that is, also when not all are listed.
    pub part_count: u64,
    /// How many of them were passed over.
    pub part_offset: u64,
    /// Whether the rows still give the value.
    pub check: Option<Check>,
    /// The source row of the surviving value, as it is now.
    pub source_row: Vec<SourceField>,
    /// What put the records on this entity.
    pub links: Vec<TracedLink>,
    /// The pairs of records behind those links, with their weights taken apart.
    pub pairs: Vec<TracedPair>,
    /// Disagreements about the field.
    pub conflicts: Vec<TracedConflict>,
    /// Fields of the model that it is made of.
    pub made_of: Vec<String>,
    /// What it feeds.
    pub feeds: Vec<Feed>,
    /// SQL that gives the value again.
    pub sql: Option<String>,
    /// What could not be found out.
    pub notes: Vec<String>,
    /// How many times the warehouse was asked.
    pub round_trips: u32,
}

/// A value with its cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TracedCell {
    /// The value as the run read it.
    pub value: Option<String>,
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The key; empty for aggregates.
    pub pk: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// The loader's name of the sync.
    pub sync_id: Option<String>,
    /// When it landed.
    pub synced_at: Option<String>,
    /// Whole hours between landing and the run.
    pub age_hours: Option<i64>,
    /// Why it won or lost.
    pub rule: String,
    /// How the text was read.
    pub transform: String,
    /// The cell's text now; None when it was not read again or is NULL.
    pub now: Option<String>,
    /// Whether the source says something else now; None when it was not read again.
    pub changed: Option<bool>,
}

/// One row of an aggregate.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TracedPart {
    /// `adds`, `counts` or `reads`.
    pub part: String,
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The key.
    pub pk: String,
    /// The column.
    pub column: Option<String>,
    /// When it landed.
    pub synced_at: Option<String>,
    /// The sync.
    pub sync_id: Option<String>,
    /// The cell's text in that run.
    pub value: Option<String>,
    /// What it adds.
    pub contribution: Option<String>,
    /// The subscription that it is a part of, for money that adds up in two steps.
    pub of: Option<String>,
    /// What put the row on this entity: the relation and its rule.
    pub related_by: Option<String>,
    /// The cell's text now.
    pub now: Option<String>,
    /// Whether the source says something else now.
    pub changed: Option<bool>,
}

/// Whether contributions add up to the value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// How it was checked, in words.
    pub how: String,
    /// What the rows give.
    pub rows_give: String,
    /// What the field holds.
    pub field_holds: String,
    /// Whether they are equal.
    pub agrees: bool,
}

/// One column of the source row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceField {
    /// The column.
    pub column: String,
    /// Its text.
    pub value: Option<String>,
    /// Whether the field came from it.
    pub is_origin: bool,
}

/// Why a record belongs to the entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TracedLink {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The key.
    pub pk: String,
    /// Why.
    pub rule: String,
    /// Bits.
    pub weight: Option<f64>,
    /// Who decided.
    pub decided_by: String,
}

/// Two records of the entity that were compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TracedPair {
    /// The pair's id.
    pub pair_id: String,
    /// One record, as `source.table:pk`.
    pub left: String,
    /// The other.
    pub right: String,
    /// What became of it.
    pub status: String,
    /// What proposed it.
    pub rule: String,
    /// Bits.
    pub weight: f64,
    /// 0 to 1.
    pub probability: f64,
    /// The bars that sum to the weight.
    pub waterfall: Waterfall,
    /// The decision of a person, where there is one: verdict, by whom, when.
    pub decision: Option<String>,
}

/// A disagreement about the field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TracedConflict {
    /// Its id.
    pub conflict_id: String,
    /// Its kind.
    pub kind: String,
    /// `high`, `medium` or `low`.
    pub severity: String,
    /// What is at stake, in its currency.
    pub money_at_stake: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// How it stands.
    pub status: String,
    /// What it says.
    pub detail: String,
}
