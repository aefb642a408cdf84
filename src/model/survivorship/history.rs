//! When did one field of a record last change?
//!
//! Known where the source keeps a history of its fields; elsewhere only the record as a whole has a time. Asked of the warehouse
//! only when a rule of recency needs it, grouped there, so that one row a record and field comes back.

use rustc_hash::FxHashMap;

use crate::catalog::names::compact;
use crate::chart::history::{self, LongHistory, Versions};
use crate::chart::rows;
use crate::config::{Config, SurvivorshipRule};
use crate::error::Result;
use crate::model::cell::Moment;
use crate::model::parse;
use crate::model::source_rows::{CellRef, SourceRows, TableRows};
use crate::progress::CancelToken;
use crate::warehouse::Warehouse;

/// The last change of fields.
#[derive(Debug, Clone, Default)]
pub struct FieldChanges {
    /// By table, column and row.
    moments: FxHashMap<(u16, u16, u32), Moment>,
}

impl FieldChanges {
    /// When a cell last got its value; None where its source keeps no history of it.
    #[must_use]
    pub fn of(&self, cell: CellRef) -> Option<Moment> {
        self.moments.get(&(cell.table, cell.column, cell.row)).copied()
    }

    /// How many cells have a time of their own.
    #[must_use]
    pub fn len(&self) -> usize {
        self.moments.len()
    }

    /// Whether none has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }
}

/// Whether any rule asks which value is newest.
#[must_use]
pub fn is_asked(config: &Config) -> bool {
    config.survivorship.values().any(|rule| {
        rule.rule == SurvivorshipRule::Recency
            || rule.segments.iter().any(|segment| segment.rule == SurvivorshipRule::Recency)
    })
}

/// Reads the last change of every field that means something, where the sources say it.
///
/// # Errors
/// `Warehouse` when a history cannot be read; `Cancelled`.
pub fn read(warehouse: &dyn Warehouse, rows: &SourceRows<'_>, cancel: &CancelToken) -> Result<FieldChanges> {
    let mut changes = FieldChanges::default();
    for (place, table) in rows.tables.iter().enumerate() {
        if !history::has_fields(table.table) {
            continue;
        }
        let place = place as u16;
        for long in history::long(table.source, table.table) {
            cancel.check()?;
            read_long(warehouse, table, place, long, &mut changes)?;
        }
        if let Some(versions) = history::versions(table.source, table.table) {
            cancel.check()?;
            read_versions(warehouse, table, place, versions, &mut changes)?;
        }
    }
    Ok(changes)
}

fn read_long(
    warehouse: &dyn Warehouse,
    table: &TableRows<'_>,
    place: u16,
    long: LongHistory<'_>,
    changes: &mut FieldChanges,
) -> Result<()> {
    let dialect = warehouse.dialect();
    let text = |column| rows::text(dialect, column, "t");
    let sql = format!(
        "SELECT {}, {}, max({}) FROM {} AS t GROUP BY 1, 2",
        text(long.record),
        text(long.field),
        text(long.at),
        dialect.table(&long.table.name)
    );
    let answer = warehouse.query(&sql, &[])?;
    let mut columns: FxHashMap<String, Option<u16>> = FxHashMap::default();
    for row in 0..answer.len() {
        let (Some(record), Some(field), Some(at)) = (answer.text(row, 0), answer.text(row, 1), answer.text(row, 2))
        else {
            continue;
        };
        let column = *columns.entry(compact(field)).or_insert_with(|| {
            table.columns.iter().position(|column| history::means(field, &column.name)).map(|column| column as u16)
        });
        let (Some(column), Some(kept), Some(moment)) = (column, find(table, record), parse::moment(at)) else {
            continue;
        };
        keep(changes, (place, column, kept), moment);
    }
    Ok(())
}

fn read_versions(
    warehouse: &dyn Warehouse,
    table: &TableRows<'_>,
    place: u16,
    versions: Versions<'_>,
    changes: &mut FieldChanges,
) -> Result<()> {
    let dialect = warehouse.dialect();
    let own = |name: &str| versions.table.columns.iter().find(|column| column.name == name);
    let Some(version) = own(versions.version) else { return Ok(()) };
    let wanted: Vec<(u16, &str)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| own(&column.name).is_some())
        .map(|(place, column)| (place as u16, column.name.as_str()))
        .collect();
    let keys: Vec<String> = crate::model::source_rows::key_columns(table.table)
        .iter()
        .filter_map(|name| own(name))
        .map(|column| rows::text(dialect, column, "t"))
        .collect();
    if wanted.is_empty() || keys.is_empty() {
        return Ok(());
    }
    let key = keys.join(" || '|' || ");
    let at = rows::text(dialect, version, "t");
    let (mut inner, mut outer) = (Vec::new(), Vec::new());
    for (number, (_, name)) in wanted.iter().enumerate() {
        let Some(column) = own(name) else { continue };
        let value = rows::text(dialect, column, "t");
        inner.push(format!("{value} AS v{number}, lag({value}) OVER (PARTITION BY {key} ORDER BY {at}) AS b{number}"));
        // The first version differs from nothing: what it says was said then at the latest.
        outer
            .push(format!("max(CASE WHEN v{number} IS NOT NULL AND v{number} IS DISTINCT FROM b{number} THEN at END)"));
    }
    let sql = format!(
        "SELECT k, {} FROM (SELECT {key} AS k, {at} AS at, {} FROM {} AS t) AS versions GROUP BY k",
        outer.join(", "),
        inner.join(", "),
        dialect.table(&versions.table.name)
    );
    let answer = warehouse.query(&sql, &[])?;
    for row in 0..answer.len() {
        let Some(kept) = answer.text(row, 0).and_then(|record| find(table, record)) else { continue };
        for (number, (column, _)) in wanted.iter().enumerate() {
            if let Some(moment) = answer.text(row, number + 1).and_then(parse::moment) {
                keep(changes, (place, *column, kept), moment);
            }
        }
    }
    Ok(())
}

/// The row of a record; Salesforce keys come in two lengths.
fn find(table: &TableRows<'_>, record: &str) -> Option<u32> {
    table.find(record).or_else(|| {
        let longer = crate::resolve::normalise::salesforce_id_18(record)?;
        table.find(&longer)
    })
}

/// Of two histories of one field the later change counts.
fn keep(changes: &mut FieldChanges, cell: (u16, u16, u32), moment: Moment) {
    let known = changes.moments.entry(cell).or_insert(moment);
    *known = (*known).max(moment);
}
