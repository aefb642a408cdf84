//! Does every cell of the joined model say where it comes from?
//!
//! A constant, or a NULL that stands in for a dropped column, looks like any other column until somebody asks. Here each column has to
//! show an origin for each of its values before anything is published, and a column that no source feeds is named.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{invoices, subscriptions, tickets};
use super::lineage::{Lineage, Owner, Source};
use super::row_table::RowColumn;
use super::source_rows::{SourceRows, TableRows};
use super::table::{ColumnOrigin, ModelTable};
use crate::catalog::Role;
use crate::error::{Error, Result};
use crate::ident::FieldPath;

/// How a column of a table with row origins is read from one source table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnMapping {
    /// The table of the model.
    pub table: String,
    /// The column of the model.
    pub field: String,
    /// The source.
    pub source: String,
    /// The source table.
    pub origin_table: String,
    /// The source column.
    pub column: String,
    /// How it is read.
    pub rule: String,
}

/// The columns and role behind each table of the model whose rows are source rows.
const ROW_TABLES: [(&str, Role, &[RowColumn]); 3] = [
    ("subscriptions", Role::Subscription, subscriptions::ROW_COLUMNS),
    ("invoices", Role::Invoice, invoices::ROW_COLUMNS),
    ("tickets", Role::Ticket, tickets::ROW_COLUMNS),
];

/// Every mapping of the tables with row origins, in order.
#[must_use]
pub fn mappings(rows: &SourceRows<'_>, event_tables: &[u16]) -> Vec<ColumnMapping> {
    let mut found = Vec::new();
    let mut add = |table: &str, field: &str, source: &TableRows<'_>, column: &str, rule: String| {
        found.push(ColumnMapping {
            table: table.to_owned(),
            field: field.to_owned(),
            source: source.source.id.as_str().to_owned(),
            origin_table: source.table.name.table.clone(),
            column: column.to_owned(),
            rule,
        });
    };
    for (table, role, columns) in ROW_TABLES {
        for (_, source) in rows.of_role(role) {
            for column in columns {
                if let Some((place, transform)) = column.origin(source) {
                    add(table, column.name, source, source.column_name(place), transform.name().to_owned());
                }
            }
        }
    }
    for place in event_tables {
        let source = rows.table(*place);
        let Some(columns) = super::build::usage_sql::EventColumns::of(source.table) else { continue };
        let who = columns.person.or(columns.account).unwrap_or(columns.at);
        for (field, column, rule) in [
            ("day", columns.at, "date"),
            ("events", columns.at, "count(*)"),
            ("active_users", who, "count(distinct person)"),
        ] {
            add("account_usage_daily", field, source, &column.name, rule.to_owned());
        }
    }
    found.sort();
    found
}

/// Checks every table.
///
/// Returns the columns that are empty because no source has what they are made of: they are published as NULL and named, so that
/// nobody takes silence for a value.
///
/// # Errors
/// `Internal`, naming every column that has a value without an origin.
pub fn check(
    tables: &[ModelTable],
    lineage: &Lineage,
    mappings: &[ColumnMapping],
    rows: &SourceRows<'_>,
) -> Result<Vec<FieldPath>> {
    let mut with_origin: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for cell in lineage.cells.iter().filter(|cell| cell.rank == 0) {
        let table = match cell.owner {
            Owner::Account(_) => "accounts",
            Owner::Person(_) => "people",
            Owner::Subscription(_) => "subscriptions",
        };
        let names_a_place = match &cell.source {
            Source::Cell(origin, _) => rows.raw(*origin).is_some(),
            Source::Aggregate { table, .. } => usize::from(*table) < rows.tables.len(),
        };
        *with_origin.entry((table, cell.field)).or_default() += u64::from(names_a_place);
    }
    let mapped: BTreeSet<(&str, &str)> =
        mappings.iter().map(|mapping| (mapping.table.as_str(), mapping.field.as_str())).collect();
    let mut orphans = Vec::new();
    let mut absent = Vec::new();
    for table in tables {
        for (column, filled) in table.columns.iter().zip(&table.filled) {
            let path = FieldPath { table: table.name.to_owned(), field: column.name.to_owned() };
            match column.origin {
                ColumnOrigin::Own(rule) if rule.starts_with("fourfold:") => {}
                ColumnOrigin::Own(_) => orphans.push(format!("{path}: made here, but by no named rule")),
                ColumnOrigin::Cells => {
                    let known = with_origin.get(&(table.name, column.name)).copied().unwrap_or(0);
                    if known != *filled {
                        orphans.push(format!("{path}: {filled} values, {known} of them with an origin"));
                    } else if *filled == 0 {
                        absent.push(path);
                    }
                }
                ColumnOrigin::Row => {
                    let is_mapped = mapped.contains(&(table.name, column.name));
                    if *filled > 0 && !is_mapped {
                        orphans.push(format!("{path}: {filled} values, but no source column feeds it"));
                    } else if *filled == 0 {
                        absent.push(path);
                    }
                }
            }
        }
    }
    if orphans.is_empty() {
        return Ok(absent);
    }
    Err(Error::internal(format!("the joined model has values without origin: {}", orphans.join("; ")))
        .hint("nothing was published; the last run still stands")
        .hint("this is a fault in fourfold: please report it with these field names"))
}
