//! Which columns point to other tables of their source, and how many of them point to nothing?

use super::rows;
use super::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::SourceId;
use crate::progress::CancelToken;
use crate::warehouse::Warehouse;

/// The properties that point to a record of another role in the same source.
pub const POINTERS: &[(&str, Role)] = &[
    ("account_id", Role::Account),
    ("parent_id", Role::Account),
    ("converted_account_id", Role::Account),
    ("person_id", Role::Person),
    ("converted_person_id", Role::Person),
    ("owner_id", Role::Owner),
    ("subscription_id", Role::Subscription),
    ("price_id", Role::Price),
    ("product_id", Role::Product),
    ("invoice_id", Role::Invoice),
    ("ticket_id", Role::Ticket),
    ("opportunity_id", Role::Opportunity),
];

/// A column that points to a table of the same source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The source.
    pub source: SourceId,
    /// The table that points.
    pub table: String,
    /// The column that points.
    pub column: String,
    /// The tables it points to; several where a role is spread over them, as contacts and leads are.
    pub targets: Vec<String>,
    /// Rows that point to something.
    pub filled: u64,
    /// Rows that point to a key which is in none of the tables.
    pub orphans: u64,
}

impl ForeignKey {
    /// The share of pointing rows that point to nothing.
    #[must_use]
    pub fn orphan_rate(&self) -> f64 {
        if self.filled == 0 { 0.0 } else { self.orphans as f64 / self.filled as f64 }
    }
}

/// A pointing column with the tables that it points to.
pub struct Pointer<'map> {
    /// The table that points.
    pub table: &'map TableEntry,
    /// The column that points.
    pub column: &'map ColumnEntry,
    /// The role that it points to.
    pub role: Role,
    /// The tables of that role.
    pub targets: Vec<&'map TableEntry>,
}

/// The pointing columns of a source whose target is there, in order.
#[must_use]
pub fn pointers(source: &SourceEntry) -> Vec<Pointer<'_>> {
    let mut found = Vec::new();
    for table in source.tables.iter().filter(|table| table.role != Role::Other && table.rows > 0) {
        for column in &table.columns {
            let Some((_, property)) = column.concept.as_deref().and_then(|concept| concept.split_once('.')) else {
                continue;
            };
            let Some((_, role)) = POINTERS.iter().find(|(name, _)| *name == property) else { continue };
            let targets: Vec<&TableEntry> = source
                .tables
                .iter()
                .filter(|target| target.role == *role && target.rows > 0 && target.primary_key.len() == 1)
                .collect();
            if !targets.is_empty() {
                found.push(Pointer { table, column, role: *role, targets });
            }
        }
    }
    found
}

/// Counts what every pointing column finds: one anti join each, by the engine.
///
/// # Errors
/// As [`Warehouse::query`]; `Cancelled`.
pub fn measure(warehouse: &dyn Warehouse, source: &SourceEntry, cancel: &CancelToken) -> Result<Vec<ForeignKey>> {
    let dialect = warehouse.dialect();
    let mut measured = Vec::new();
    for pointer in pointers(source) {
        cancel.check()?;
        let value = value_of(warehouse, &pointer);
        let sql = format!(
            "SELECT count(value), CAST(coalesce(sum(CASE WHEN value IS NOT NULL AND target.id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM (SELECT {value} AS value FROM {} AS t) AS child LEFT JOIN {} AS target ON child.value = target.id",
            dialect.table(&pointer.table.name),
            targets_of(warehouse, &pointer),
        );
        let rows = warehouse.query(&sql, &[])?;
        let number = |column: usize| rows.integer(0, column).and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        measured.push(ForeignKey {
            source: source.id.clone(),
            table: pointer.table.name.table.clone(),
            column: pointer.column.name.clone(),
            targets: pointer.targets.iter().map(|target| target.name.table.clone()).collect(),
            filled: number(0),
            orphans: number(1),
        });
    }
    Ok(measured)
}

/// What a pointing row holds, in the form in which ids are compared; `t` is the row.
#[must_use]
pub fn value_of(warehouse: &dyn Warehouse, pointer: &Pointer<'_>) -> String {
    rows::comparable(&rows::text(warehouse.dialect(), pointer.column, "t"), salesforce(pointer))
}

/// The distinct keys of the tables that are pointed to, as a derived table with the column `id`.
#[must_use]
pub fn targets_of(warehouse: &dyn Warehouse, pointer: &Pointer<'_>) -> String {
    let dialect = warehouse.dialect();
    let salesforce = salesforce(pointer);
    let parts: Vec<String> = pointer
        .targets
        .iter()
        .map(|target| {
            let id = rows::comparable(&rows::key(dialect, target, "p"), salesforce);
            format!("SELECT {id} AS id FROM {} AS p", dialect.table(&target.name))
        })
        .collect();
    format!("(SELECT DISTINCT id FROM ({}) AS keys WHERE id IS NOT NULL)", parts.join(" UNION ALL "))
}

/// Whether the keys pointed to are Salesforce's, which come in two lengths.
#[must_use]
pub fn salesforce(pointer: &Pointer<'_>) -> bool {
    pointer.targets.iter().any(|target| {
        target.columns.iter().any(|column| target.primary_key.contains(&column.name) && rows::is_salesforce(column))
    })
}
