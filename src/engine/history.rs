//! What became of an entity, or of all, over the runs?

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ident::RecordKey;
use crate::model::publish::history;
use crate::model::trace::find_entity;
use crate::warehouse::{TableName, Value, Warehouse, printable};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryEvent {
    /// The run that noticed it.
    pub run_id: String,
    /// When that run began.
    pub at: String,
    /// The entity.
    pub entity_id: String,
    /// `account` or `person`.
    pub kind: String,
    /// What happened, as in [`crate::resolve::graph::EntityEvent::event`].
    pub event: String,
    /// The other entity of a merge, split or move.
    pub other_entity_id: Option<String>,
    /// What people call the entity.
    pub label: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// `engine`, or the reviewers.
    pub decided_by: Option<String>,
    /// What proposed the pair it rests on.
    pub rule: Option<String>,
    /// The pair it rests on.
    pub pair_id: Option<String>,
    /// The weight of that pair in bits.
    pub weight: Option<f64>,
    /// The records that came, went or moved.
    pub records: Vec<RecordKey>,
}

/// The story of one entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntityHistory {
    /// Its id.
    pub entity_id: String,
    /// What people call it; None when it is gone.
    pub label: Option<String>,
    /// When it was first seen; None when it is gone or an older version of fourfold saw it first.
    pub born: Option<String>,
    /// The run that saw it first.
    pub first_seen_run: Option<String>,
    /// Whether it is there in the last run.
    pub living: bool,
    /// What happened, oldest first.
    pub events: Vec<HistoryEvent>,
}

/// The events of the newest runs, oldest first: at most `most` of them.
///
/// # Errors
/// `NotFound` before the first run; `Warehouse` when the warehouse cannot be read.
pub fn recent(warehouse: &dyn Warehouse, schema: &str, most: usize) -> Result<Vec<HistoryEvent>> {
    check(warehouse, schema)?;
    let mut events = select(warehouse, schema, "", &[], Some(most))?;
    events.reverse();
    Ok(events)
}

/// What happened to one entity: named by its id, also when it ended, or as [`find_entity`] takes names.
///
/// # Errors
/// As [`recent`] and [`find_entity`].
pub fn of_entity(warehouse: &dyn Warehouse, schema: &str, text: &str) -> Result<EntityHistory> {
    check(warehouse, schema)?;
    let bare = text.trim();
    let bare = bare.strip_prefix("account:").or_else(|| bare.strip_prefix("person:")).unwrap_or(bare);
    let is_id = bare.starts_with("acc_") || bare.starts_with("per_");
    let id = if is_id { bare.to_owned() } else { find_entity(warehouse, schema, text)?.1 };
    let dialect = warehouse.dialect();
    let sql = format!(
        "SELECT label, born, first_seen_run FROM {} WHERE entity_id = CAST($1 AS VARCHAR(1000))",
        dialect.table(&TableName::new(schema, "entities"))
    );
    let found = warehouse.query(&sql, &[Value::from(id.as_str())])?;
    let wanted = "WHERE entity_id = CAST($1 AS VARCHAR(1000)) OR other_entity_id = CAST($1 AS VARCHAR(1000))";
    let events = select(warehouse, schema, wanted, &[Value::from(id.as_str())], None)?;
    if found.is_empty() && events.is_empty() {
        return Err(Error::not_found(format!("no run has seen an entity {:?}", printable(&id)))
            .hint("`fourfold history` without an entity lists what happened last"));
    }
    let text = |column: usize| (!found.is_empty()).then(|| found.text(0, column).map(str::to_owned)).flatten();
    Ok(EntityHistory {
        entity_id: id,
        label: text(0),
        born: text(1),
        first_seen_run: text(2),
        living: !found.is_empty(),
        events,
    })
}

fn check(warehouse: &dyn Warehouse, schema: &str) -> Result<()> {
    if warehouse.tables(schema)?.iter().any(|table| table.name.table == history::TABLE) {
        return Ok(());
    }
    Err(Error::not_found("no history has been published yet")
        .hint("`fourfold run` publishes the entities; from the second run on it tells what became of them"))
}

/// Events that fit a condition, oldest first; or the newest so many, newest first.
fn select(
    warehouse: &dyn Warehouse,
    schema: &str,
    condition: &str,
    values: &[Value],
    newest: Option<usize>,
) -> Result<Vec<HistoryEvent>> {
    let dialect = warehouse.dialect();
    let names = [
        "run_id",
        "at",
        "entity_id",
        "kind",
        "event",
        "other_entity_id",
        "label",
        "reason",
        "decided_by",
        "rule",
        "pair_id",
        "records",
    ];
    let list: Vec<String> = names.iter().map(|name| dialect.quote(name)).collect();
    let by: Vec<String> = ["run_id", "entity_id", "event", "other_entity_id", "records"]
        .iter()
        .map(|name| format!("{}{}", dialect.ordered(&dialect.quote(name)), if newest.is_some() { " DESC" } else { "" }))
        .collect();
    let limit = newest.map_or(String::new(), |most| format!(" LIMIT {most}"));
    let sql = format!(
        "SELECT {}, weight FROM {} {condition} ORDER BY {}{limit}",
        list.join(", "),
        dialect.table(&TableName::new(schema, history::TABLE)),
        by.join(", ")
    );
    let rows = warehouse.query(&sql, values)?;
    Ok((0..rows.len())
        .map(|row| {
            let some = |column: usize| rows.text(row, column).map(str::to_owned);
            let text = |column: usize| some(column).unwrap_or_default();
            HistoryEvent {
                run_id: text(0),
                at: text(1),
                entity_id: text(2),
                kind: text(3),
                event: text(4),
                other_entity_id: some(5),
                label: some(6),
                reason: text(7),
                decided_by: some(8),
                rule: some(9),
                pair_id: some(10),
                weight: rows.float(row, names.len()),
                records: history::records_of(&text(11)),
            }
        })
        .collect())
}
