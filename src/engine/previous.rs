//! Which entities did the last published run know, and which ended before?

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::model::publish::history;
use crate::resolve::{PreviousEntity, PreviousGraph};
use crate::warehouse::{Rows, TableName, TableShape, Warehouse};

/// The last published graph; None before the first run.
///
/// # Errors
/// `Warehouse` when the published tables cannot be read.
pub fn read(warehouse: &dyn Warehouse, schema: &str) -> Result<Option<PreviousGraph>> {
    let tables = warehouse.tables(schema)?;
    let links = ["entity_id", "kind", "source", "table", "pk"];
    let Some(rows) = select(warehouse, &tables, schema, "links", &links)? else { return Ok(None) };
    let mut entities: BTreeMap<String, PreviousEntity> = BTreeMap::new();
    for row in 0..rows.len() {
        let cell = |column| rows.text(row, column).unwrap_or_default();
        let entity = entities
            .entry(cell(0).to_owned())
            .or_insert_with(|| PreviousEntity::new(EntityId::new(cell(0)), kind(cell(1))));
        entity.members.push(RecordKey::new(cell(2), cell(3), cell(4)));
    }
    // A run of an older version published no births.
    let births = ["entity_id", "label", "born", "first_seen_run"];
    if let Some(rows) = select(warehouse, &tables, schema, "entities", &births)? {
        for row in 0..rows.len() {
            if let Some(entity) = rows.text(row, 0).and_then(|id| entities.get_mut(id)) {
                entity.label = rows.text(row, 1).map(str::to_owned);
                entity.born = rows.text(row, 2).map(str::to_owned);
                entity.first_run = rows.text(row, 3).map(str::to_owned);
            }
        }
    }
    let retired = retired(warehouse, &tables, schema, &entities)?;
    Ok(Some(PreviousGraph { entities: entities.into_values().collect(), retired }))
}

/// Entities that ended, with the records they had then.
fn retired(
    warehouse: &dyn Warehouse,
    tables: &[TableShape],
    schema: &str,
    living: &BTreeMap<String, PreviousEntity>,
) -> Result<Vec<PreviousEntity>> {
    let columns = ["at", "run_id", "entity_id", "kind", "event", "records"];
    let Some(rows) = select(warehouse, tables, schema, history::TABLE, &columns)? else { return Ok(Vec::new()) };
    let mut ended: BTreeMap<String, PreviousEntity> = BTreeMap::new();
    for row in 0..rows.len() {
        let cell = |column| rows.text(row, column).unwrap_or_default();
        let (id, event) = (cell(2), cell(4));
        let first = ended.get(id).and_then(|entity| Some((entity.born.clone()?, entity.first_run.clone())));
        if matches!(event, "merged_into" | "ended") && !living.contains_key(id) {
            let mut entity = PreviousEntity::new(EntityId::new(id), kind(cell(3)));
            entity.members = history::records_of(cell(5));
            (entity.born, entity.first_run) = first.map_or((None, None), |(born, run)| (Some(born), run));
            ended.insert(id.to_owned(), entity);
        } else if matches!(event, "born" | "split_from") && !living.contains_key(id) && first.is_none() {
            let mut entity = PreviousEntity::new(EntityId::new(id), kind(cell(3)));
            entity.born = Some(cell(0).to_owned());
            entity.first_run = Some(cell(1).to_owned());
            ended.insert(id.to_owned(), entity);
        }
    }
    // Births of the first run are no events: who ended without one was there from the beginning.
    if let Some((born, run)) = beginning(living) {
        for entity in ended.values_mut().filter(|entity| entity.born.is_none()) {
            (entity.born, entity.first_run) = (Some(born.clone()), run.clone());
        }
    }
    Ok(ended.into_values().filter(|entity| !entity.members.is_empty()).collect())
}

/// The earliest birth; None when some entity is older than births were published.
fn beginning(living: &BTreeMap<String, PreviousEntity>) -> Option<(String, Option<String>)> {
    let births: Option<Vec<(String, Option<String>)>> =
        living.values().map(|entity| Some((entity.born.clone()?, entity.first_run.clone()))).collect();
    births?.into_iter().min()
}

fn kind(word: &str) -> EntityKind {
    if word == EntityKind::Person.as_str() { EntityKind::Person } else { EntityKind::Account }
}

/// Columns of a published table as text, in the order of the columns; None where the table or a column is missing.
fn select(
    warehouse: &dyn Warehouse,
    tables: &[TableShape],
    schema: &str,
    table: &str,
    columns: &[&str],
) -> Result<Option<Rows>> {
    let Some(shape) = tables.iter().find(|shape| shape.name.table == table) else { return Ok(None) };
    if !columns.iter().all(|name| shape.columns.iter().any(|column| column.name == *name)) {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let list: Vec<String> = columns.iter().map(|name| dialect.text(&dialect.quote(name))).collect();
    let order: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        list.join(", "),
        dialect.table(&TableName::new(schema, table)),
        order.join(", ")
    );
    warehouse.query(&sql, &[]).map(Some)
}
