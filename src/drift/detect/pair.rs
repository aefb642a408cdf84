//! Which tables and columns of two baselines are the same?
//!
//! By name, and by the renames that a person confirmed: a renamed column goes on with its history.

use super::Comparison;
use super::rename::{self, Proposal, TableProposal};
use crate::config::Renamed;
use crate::drift::baseline::{ColumnBaseline, TableBaseline};

/// A table in both baselines.
#[derive(Debug)]
pub struct TablePair<'a> {
    /// As it was.
    pub before: &'a TableBaseline,
    /// As it is.
    pub now: &'a TableBaseline,
    /// The columns that are in both.
    pub columns: Vec<(&'a ColumnBaseline, &'a ColumnBaseline)>,
    /// Columns that are new and no rename.
    pub added: Vec<&'a ColumnBaseline>,
    /// Columns that are gone and no rename.
    pub removed: Vec<&'a ColumnBaseline>,
    /// Columns that seem to be renamed.
    pub proposed: Vec<Proposal<'a>>,
}

/// All tables of two baselines.
#[derive(Debug)]
pub struct Pairing<'a> {
    /// Those in both.
    pub tables: Vec<TablePair<'a>>,
    /// New ones that are no rename.
    pub added: Vec<&'a TableBaseline>,
    /// Gone ones that are no rename.
    pub removed: Vec<&'a TableBaseline>,
    /// Tables that seem to be renamed.
    pub proposed: Vec<TableProposal<'a>>,
}

impl<'a> Pairing<'a> {
    /// Pairs what is the same.
    #[must_use]
    pub fn new(comparison: &Comparison<'a>) -> Self {
        let (before, now) = (comparison.before, comparison.now);
        let mut tables = Vec::new();
        let mut added = Vec::new();
        for table in &now.tables {
            let older = before.table(&table.source, &table.table).or_else(|| {
                let rename = comparison.renames().iter().find(|rename| {
                    rename.what == Renamed::Table && rename.source == table.source && rename.to == table.table
                })?;
                before.table(&table.source, &rename.from)
            });
            match older {
                Some(older) => tables.push(pair(comparison, older, table)),
                None => added.push(table),
            }
        }
        let mut removed: Vec<&TableBaseline> =
            before.tables.iter().filter(|table| !tables.iter().any(|pair| std::ptr::eq(pair.before, *table))).collect();
        let proposed = rename::tables(&mut removed, &mut added);
        Self { tables, added, removed, proposed }
    }
}

fn pair<'a>(comparison: &Comparison<'a>, before: &'a TableBaseline, now: &'a TableBaseline) -> TablePair<'a> {
    let mut columns = Vec::new();
    let mut added = Vec::new();
    for column in &now.columns {
        let older = before.column(&column.name).or_else(|| {
            let rename = comparison.renames().iter().find(|rename| {
                rename.what == Renamed::Column
                    && rename.source == now.source
                    && rename.table == now.table
                    && rename.to == column.name
            })?;
            before.column(&rename.from)
        });
        match older {
            Some(older) => columns.push((older, column)),
            None => added.push(column),
        }
    }
    let mut removed: Vec<&ColumnBaseline> = before
        .columns
        .iter()
        .filter(|column| !columns.iter().any(|(older, _)| std::ptr::eq(*older, *column)))
        .collect();
    let proposed = rename::columns(before, now, &mut removed, &mut added);
    TablePair { before, now, columns, added, removed, proposed }
}
