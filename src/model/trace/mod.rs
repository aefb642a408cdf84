//! How does one field walk back to its rows?
//!
//! Three round trips at most: find the entity; read all that the last run kept about the field; read the source rows as they are now.
//! What is shown is what the run saw and, where a source moved on, what it says today beside it.

mod find;
mod kept;
mod now;
mod readd;

use serde::Serialize;

use crate::error::Result;
use crate::warehouse::Warehouse;

/// A field of an entity, walked back.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// Why this value.
    pub rule: String,
    /// The run that published it.
    pub run_id: Option<String>,
    /// The moment that parted past from future in that run.
    pub as_of: Option<String>,
    /// The surviving value's cell.
    pub winner: Option<TracedCell>,
    /// Values that lost, best first.
    pub losers: Vec<TracedCell>,
    /// The rows that an aggregate was made of.
    pub parts: Vec<TracedPart>,
    /// How many rows that is, also when not all are listed.
    pub part_count: u64,
    /// Whether the rows still give the value.
    pub check: Option<Check>,
    /// The source row of the surviving value, as it is now.
    pub source_row: Vec<SourceField>,
    /// What put the records on this entity.
    pub links: Vec<TracedLink>,
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

/// Finds an account or person by its id, its name, the beginning of its name, or its domain: kind, id and name.
///
/// # Errors
/// `NotFound` when there is no such entity or when several fit: the hints then list them; `Warehouse` when the warehouse
/// cannot be read.
pub fn find_entity(warehouse: &dyn Warehouse, schema: &str, entity: &str) -> Result<(String, String, Option<String>)> {
    find::named(warehouse, schema, entity)
}

/// Walks a field back. `entity` is an id (`acc_…`, also as `account:acc_…`, `invoice:stripe:in_…`), a name, the beginning of a name, or a
/// domain.
///
/// # Errors
/// `NotFound` when there is no such entity or field, or when several entities fit: the hints then list them; `Warehouse` when the
/// warehouse cannot be read.
pub fn trace(warehouse: &dyn Warehouse, schema: &str, entity: &str, field: &str) -> Result<Trace> {
    let found = find::entity(warehouse, schema, entity, field)?;
    let mut kept = kept::read(warehouse, schema, &found)?;
    now::read(warehouse, &mut kept)?;
    readd::check(&mut kept);
    Ok(kept.trace)
}
