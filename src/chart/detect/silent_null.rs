//! Which columns are still landed and empty on every row?

use super::Scene;
use crate::catalog::Role;
use crate::catalog::shipped;
use crate::chart::conflict::{Conflict, Severity};
use crate::chart::finding::{conflict, side};
use crate::error::Result;

/// Fewer rows prove nothing.
const ROWS: u64 = 20;
/// Properties that are empty on every row of a healthy table often enough.
const OFTEN_EMPTY: &[&str] = &[
    "merged_into",
    "merged_ids",
    "deleted",
    "parent_id",
    "former_name",
    "ended_at",
    "cancel_at",
    "canceled_at",
    "previous_id",
    "converted_account_id",
    "converted_person_id",
    "satisfaction",
    "description",
    "external_id",
    "metadata",
    "paid_at",
];

/// Finds them. Most loaders create a column only once a value has come, so an empty one was filled before. A column that
/// means something to fourfold weighs more than one that does not.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let catalog = shipped()?;
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for table in source
            .tables
            .iter()
            .filter(|table| !matches!(table.role, Role::Other | Role::SyncLog) && table.rows >= ROWS)
        {
            for column in &table.columns {
                let property =
                    column.concept.as_deref().and_then(|concept| concept.split_once('.')).map(|(_, own)| own);
                let expected = property.is_some_and(|property| OFTEN_EMPTY.contains(&property));
                if column.profile.nulls < table.rows || expected || catalog.is_loader_column(&column.name) {
                    continue;
                }
                let detail = format!(
                    "{} of {}.{} is landed and empty on all {} rows",
                    column.name, source.id, table.name.table, table.rows
                );
                let side_a = side(source, table, "", &column.name, "");
                let field = column.concept.clone().unwrap_or_else(|| format!("{}.{}", table.role, column.name));
                let mut made = conflict("silent_null", &field, Some(side_a), None, detail);
                if property.is_none() {
                    made.severity = Severity::Low;
                }
                found.push(made);
            }
        }
    }
    Ok(found)
}
