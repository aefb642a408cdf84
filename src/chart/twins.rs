//! Which of two tables with the same records is read?
//!
//! Exports hold second copies (`company_data_snowflake`), histories beside the tables they are histories of, and older
//! forms beside newer ones (plans and prices). Reading both would double every record, so one of them is set to
//! `other`, unless their keys have nothing in common.

use super::conflict::Conflict;
use super::finding::{conflict, side};
use super::rows;
use super::source_map::{SourceEntry, TableEntry};
use crate::catalog::names::is_adapter_copy;
use crate::catalog::{Role, System};
use crate::error::Result;
use crate::warehouse::Warehouse;

/// Sets the lesser of twin tables to `other` and says so.
///
/// # Errors
/// As [`Warehouse::query`].
pub fn settle(
    warehouse: &dyn Warehouse,
    source: &mut SourceEntry,
    system: Option<&System>,
    stated: &dyn Fn(&str) -> bool,
) -> Result<Vec<Conflict>> {
    let Some(system) = system else { return Ok(Vec::new()) };
    let mut order: Vec<usize> = (0..source.tables.len()).filter(|at| source.tables[*at].role != Role::Other).collect();
    // The better one of two comes first.
    order.sort_by(|one, other| {
        let (one, other) = (&source.tables[*one], &source.tables[*other]);
        is_adapter_copy(&one.name.table)
            .cmp(&is_adapter_copy(&other.name.table))
            .then(other.confidence.total_cmp(&one.confidence))
            .then(other.rows.cmp(&one.rows))
            .then(one.name.table.len().cmp(&other.name.table.len()))
            .then(one.name.cmp(&other.name))
    });
    let mut findings = Vec::new();
    let mut lost: Vec<(usize, usize)> = Vec::new();
    for (rank, &at) in order.iter().enumerate() {
        let table = &source.tables[at];
        let Some(known) = known_of(system, table) else { continue };
        if stated(&table.name.table) {
            continue;
        }
        let before = order[..rank].iter().find(|other| {
            !known.many
                && source.tables[**other].system_table == table.system_table
                && !lost.iter().any(|(loser, _)| loser == *other)
        });
        let ahead = known.stands_behind.as_ref().and_then(|name| {
            order.iter().find(|other| {
                let table = &source.tables[**other];
                table.system_table.as_ref() == Some(name) && table.rows > 0
            })
        });
        for &other in before.into_iter().chain(ahead) {
            let better = &source.tables[other];
            let events = table.role == Role::Event;
            if events || table.rows == 0 || better.rows == 0 && !is_adapter_copy(&better.name.table) {
                if events || table.rows == 0 {
                    lost.push((at, other));
                }
            } else if overlap(warehouse, table, better)? {
                lost.push((at, other));
            }
            if lost.last().is_some_and(|(loser, _)| *loser == at) {
                break;
            }
        }
    }
    for (at, other) in lost {
        let kept = source.tables[other].name.table.clone();
        let detail =
            format!("{} holds the same records as {kept}, which is read instead", source.tables[at].name.table);
        let side_a = side(source, &source.tables[at], "", "", &source.tables[at].name.table);
        let side_b = side(source, &source.tables[other], "", "", &kept);
        findings.push(conflict("duplicate_table", source.tables[at].role.as_str(), Some(side_a), Some(side_b), detail));
        let table = &mut source.tables[at];
        table.role = Role::Other;
        for column in &mut table.columns {
            column.concept = None;
            column.origin = None;
            column.confidence = 0.0;
        }
    }
    Ok(findings)
}

fn known_of<'system>(system: &'system System, table: &TableEntry) -> Option<&'system crate::catalog::KnownTable> {
    let name = table.system_table.as_ref()?;
    system.tables.iter().find(|known| &known.name == name)
}

/// Whether two tables have a key in common.
fn overlap(warehouse: &dyn Warehouse, one: &TableEntry, other: &TableEntry) -> Result<bool> {
    let dialect = warehouse.dialect();
    if one.primary_key.is_empty() || other.primary_key.is_empty() {
        // Without keys only the name can tell.
        return Ok(is_adapter_copy(&one.name.table) || is_adapter_copy(&other.name.table));
    }
    let keys = |table: &TableEntry| {
        format!("SELECT {} AS id FROM {} AS t", rows::key(dialect, table, "t"), dialect.table(&table.name))
    };
    let sql = format!(
        "SELECT count(*) FROM ({}) AS one WHERE id IS NOT NULL AND id IN (SELECT id FROM ({}) AS other WHERE id IS NOT NULL)",
        keys(one),
        keys(other)
    );
    Ok(warehouse.query(&sql, &[])?.integer(0, 0).unwrap_or(0) > 0)
}
