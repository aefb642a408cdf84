//! Which entities did the last published run know?

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::resolve::{PreviousEntity, PreviousGraph};
use crate::warehouse::{TableName, Warehouse};

/// The last published graph; None before the first run.
///
/// # Errors
/// `Warehouse` when the published tables cannot be read.
pub fn read(warehouse: &dyn Warehouse, schema: &str) -> Result<Option<PreviousGraph>> {
    if !warehouse.tables(schema)?.iter().any(|table| table.name.table == "links") {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let columns =
        ["entity_id", "kind", "source", "table", "pk"].map(|name| dialect.text(&dialect.quote(name))).join(", ");
    let rows = warehouse.query(
        &format!("SELECT {columns} FROM {} ORDER BY 1, 3, 4, 5", dialect.table(&TableName::new(schema, "links"))),
        &[],
    )?;
    let mut entities: BTreeMap<String, PreviousEntity> = BTreeMap::new();
    for row in 0..rows.len() {
        let cell = |column| rows.text(row, column).unwrap_or_default();
        let entity = entities.entry(cell(0).to_owned()).or_insert_with(|| PreviousEntity {
            id: EntityId::new(cell(0)),
            kind: if cell(1) == EntityKind::Person.as_str() { EntityKind::Person } else { EntityKind::Account },
            members: Vec::new(),
            born: None,
        });
        entity.members.push(RecordKey::new(cell(2), cell(3), cell(4)));
    }
    Ok(Some(PreviousGraph { entities: entities.into_values().collect() }))
}
