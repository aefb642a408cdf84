//! What has become of entities in every run so far?
//!
//! Each run adds its events and keeps those of earlier runs, in one table that appears together with the rest of the run.

use super::PublishInput;
use super::rows::{Shape, Slot, load as load_rows};
use crate::error::Result;
use crate::ident::RecordKey;
use crate::warehouse::{ColumnType, Publication, Rows, TableName, Warehouse};

use ColumnType::{Float, Integer, Text};

/// The published table.
pub const TABLE: &str = "history";

/// Its columns. `records` is a JSON list of `[source, table, pk]`.
const HISTORY: &Shape = &[
    ("run_id", Text),
    ("at", Text),
    ("entity_id", Text),
    ("kind", Text),
    ("event", Text),
    ("other_entity_id", Text),
    ("label", Text),
    ("reason", Text),
    ("decided_by", Text),
    ("rule", Text),
    ("pair_id", Text),
    ("weight", Float),
    ("record_count", Integer),
    ("records", Text),
];

/// Columns that are numbers, by their place.
const WEIGHT: usize = 11;
const COUNT: usize = 12;

/// What earlier runs published, oldest first; None where there is no such table.
///
/// # Errors
/// `Warehouse` when the table cannot be read.
pub fn earlier(warehouse: &dyn Warehouse, schema: &str) -> Result<Option<Rows>> {
    let known = warehouse.schemas()?.iter().any(|name| name.eq_ignore_ascii_case(schema))
        && warehouse.tables(schema)?.iter().any(|table| table.name.table == TABLE);
    if !known {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let columns: Vec<String> = HISTORY.iter().map(|(name, _)| dialect.quote(name)).collect();
    let order: Vec<String> = ["at", "run_id", "entity_id", "event", "other_entity_id", "records"]
        .iter()
        .map(|name| dialect.ordered(&dialect.quote(name)))
        .collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        columns.join(", "),
        dialect.table(&TableName::new(schema, TABLE)),
        order.join(", ")
    );
    warehouse.query(&sql, &[]).map(Some)
}

/// The records of an event as they are kept.
#[must_use]
pub fn records_text(records: &[RecordKey]) -> String {
    let list: Vec<[&str; 3]> =
        records.iter().map(|record| [record.source.as_str(), record.table.as_str(), record.pk.as_str()]).collect();
    // Lists of texts always write.
    serde_json::to_string(&list).unwrap_or_default()
}

/// Reads what [`records_text`] wrote; nothing from anything else.
#[must_use]
pub fn records_of(text: &str) -> Vec<RecordKey> {
    let list: Vec<[String; 3]> = serde_json::from_str(text).unwrap_or_default();
    list.into_iter().map(|[source, table, pk]| RecordKey::new(source, table, pk)).collect()
}

/// Loads the events of earlier runs and of this one.
pub(super) fn load(publication: &mut Publication<'_>, input: &PublishInput<'_>, earlier: Option<&Rows>) -> Result<u64> {
    let told = earlier.into_iter().flat_map(|rows| (0..rows.len()).map(move |row| (rows, row)));
    let told = told.filter(|(rows, row)| rows.text(*row, 0) != Some(input.run_id)).map(|(rows, row)| {
        (0..HISTORY.len())
            .map(|column| match column {
                WEIGHT => rows.float(row, column).into(),
                COUNT => rows.integer(row, column).map_or(Slot::Null, Slot::Integer),
                _ => rows.text(row, column).into(),
            })
            .collect::<Vec<Slot<'_>>>()
    });
    let at = input.started.to_string();
    let labels: std::collections::BTreeMap<&str, &str> =
        input.graph.entities.iter().map(|entity| (entity.id.as_str(), entity.label.as_str())).collect();
    let events = input.graph.history.iter().map(|event| {
        let evidence = event.evidence.as_ref();
        let other = event.other.as_ref().map(crate::ident::EntityId::as_str);
        // An entity that ended is no longer there: it goes by the name of the one that took its records.
        let label = labels.get(event.entity.as_str()).or_else(|| labels.get(other?)).copied();
        vec![
            Slot::words(input.run_id),
            Slot::own(at.clone()),
            Slot::words(event.entity.as_str()),
            Slot::words(event.kind.as_str()),
            Slot::words(&event.event),
            other.into(),
            label.into(),
            Slot::words(&event.reason),
            Slot::words(evidence.map_or("engine", |evidence| &evidence.decided_by)),
            evidence.map(|evidence| evidence.rule.as_str()).into(),
            evidence.map_or(Slot::Null, |evidence| Slot::own(evidence.pair.id())),
            evidence.map(|evidence| evidence.weight).into(),
            Slot::Integer(event.records.len() as i64),
            Slot::own(records_text(&event.records)),
        ]
    });
    load_rows(publication, TABLE, HISTORY, told.chain(events))
}
