//! In which columns do ids have several shapes?

use super::Scene;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side};
use crate::chart::profile::formats::{is_salesforce_15, is_salesforce_18};
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;

/// Finds columns with Salesforce ids of 15 and of 18 characters, and with ids both bare and after a prefix.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for table in source.tables.iter().filter(|table| table.role != Role::Other) {
            for column in table.columns.iter().filter(|column| is_key(table, column)) {
                let count = |format: &str| {
                    column.profile.formats.iter().find(|(own, _)| own == format).map_or(0, |(_, count)| *count)
                };
                let (short, long) = (count("salesforce_id_15"), count("salesforce_id_18"));
                if short > 0 && long > 0 {
                    found.extend(describe(scene, source, table, column, (short, long))?);
                }
            }
        }
    }
    Ok(found)
}

fn is_key(table: &TableEntry, column: &ColumnEntry) -> bool {
    let concept = column.concept.as_deref().and_then(|concept| concept.split_once('.')).map(|(_, property)| property);
    let named =
        concept.is_some_and(|property| property == "id" || property.ends_with("_id") || property == "merged_into");
    named || column.refers_to.is_some() || table.primary_key.contains(&column.name)
}

fn describe(
    scene: &Scene<'_>,
    source: &SourceEntry,
    table: &TableEntry,
    column: &ColumnEntry,
    (short, long): (u64, u64),
) -> Result<Option<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let value = rows::text(dialect, column, "t");
    let mut sides = Vec::new();
    for (length, fits) in [(18, is_salesforce_18 as fn(&str) -> bool), (15, is_salesforce_15)] {
        let sql = format!(
            "SELECT {key}, {value} FROM {table} AS t WHERE length({value}) = {length} ORDER BY {order}, {key_order} LIMIT 20",
            key = rows::key(dialect, table, "t"),
            table = rows::newest(dialect, table),
            order = dialect.ordered(&value),
            key_order = dialect.ordered(&rows::key(dialect, table, "t")),
        );
        let answer = scene.warehouse.query(&sql, &[])?;
        let example = (0..answer.len()).find_map(|row| {
            let (pk, value) = (answer.text(row, 0)?, answer.text(row, 1)?);
            fits(value).then(|| side(source, table, pk, &column.name, value))
        });
        sides.push(example);
    }
    let (Some(side_b), Some(side_a)) = (sides.pop().flatten(), sides.pop().flatten()) else { return Ok(None) };
    let detail = format!(
        "{} of {}.{} holds {long} ids of 18 and {short} of 15 characters",
        column.name, source.id, table.name.table
    );
    let field = column.concept.clone().unwrap_or_else(|| column.name.clone());
    Ok(Some(conflict("key_format_split", &field, Some(side_a), Some(side_b), detail)))
}
