//! How does the source map become a table of concepts by sources?

use std::collections::BTreeMap;

use crate::catalog::Role;
use crate::chart::source_map::{ColumnEntry, Origin, SourceEntry, SourceMap, TableEntry};
use crate::ident::Surface;

/// Concepts by sources.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// The sources, grouped by surface.
    pub columns: Vec<MatrixColumn>,
    /// The concepts, grouped by what the rows are.
    pub rows: Vec<MatrixRow>,
}

/// A source.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixColumn {
    /// Its name.
    pub source: String,
    /// Its surface.
    pub surface: Surface,
    /// The known system; None when it is unknown.
    pub system: Option<String>,
    /// The loader; None when it is unknown.
    pub loader: Option<String>,
    /// How many tables it has.
    pub tables: usize,
    /// How many rows they have.
    pub rows: u64,
    /// When it was last synced, as the source writes it.
    pub newest_sync: Option<String>,
}

/// A concept in every source.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixRow {
    /// The concept, such as `account.domain`.
    pub concept: String,
    /// One cell for each source; None where the source does not have it.
    pub cells: Vec<Option<MatrixCell>>,
}

/// A concept in one source.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixCell {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Rows with a value.
    pub filled: u64,
    /// Rows.
    pub rows: u64,
    /// Distinct values.
    pub distinct: u64,
    /// The most frequent shape of the values.
    pub format: Option<String>,
    /// How many shapes there are.
    pub formats: usize,
    /// The most frequent values with their counts.
    pub top: Vec<(String, u64)>,
    /// When the table was last synced.
    pub newest_sync: Option<String>,
    /// Who says that the column means this.
    pub origin: Option<Origin>,
    /// How sure we are.
    pub confidence: f64,
    /// Other columns of the source with the same concept.
    pub others: usize,
}

impl MatrixCell {
    /// Whether every value stands in one row only.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.filled > 0 && self.distinct >= self.filled
    }
}

/// What is joined, in the order to show it.
const ROLES: [Role; 9] = [
    Role::Account,
    Role::Person,
    Role::Subscription,
    Role::Invoice,
    Role::Ticket,
    Role::Event,
    Role::Opportunity,
    Role::Owner,
    Role::AccountDomain,
];

impl Matrix {
    /// Lays the source map out.
    #[must_use]
    pub fn of(map: &SourceMap) -> Self {
        let mut sources: Vec<&SourceEntry> = map.sources.iter().collect();
        sources.sort_by(|one, other| one.surface.cmp(&other.surface).then_with(|| one.id.cmp(&other.id)));
        let mut cells: BTreeMap<(usize, usize, String), Vec<Option<MatrixCell>>> = BTreeMap::new();
        for (column, source) in sources.iter().enumerate() {
            for table in &source.tables {
                for entry in &table.columns {
                    let Some((key, concept)) = place(entry) else { continue };
                    let row = cells.entry((key.0, key.1, concept)).or_insert_with(|| vec![None; sources.len()]);
                    let cell = cell(table, entry);
                    match &mut row[column] {
                        Some(present) if !is_better(&cell, present) => present.others += 1,
                        slot => {
                            let others = slot.as_ref().map_or(0, |present| present.others + 1);
                            *slot = Some(MatrixCell { others, ..cell });
                        }
                    }
                }
            }
        }
        let rows = cells.into_iter().map(|((.., concept), cells)| MatrixRow { concept, cells }).collect();
        Self { columns: sources.into_iter().map(describe).collect(), rows }
    }
}

/// Where a column's concept stands among the rows; None for what is not joined.
fn place(entry: &ColumnEntry) -> Option<((usize, usize), String)> {
    let concept = entry.concept.as_deref()?;
    let (word, property) = concept.split_once('.')?;
    let role = ROLES.iter().position(|role| role.as_str() == word)?;
    let order = ROLES[role].properties().iter().position(|known| *known == property).unwrap_or(usize::MAX);
    Some(((role, order), concept.to_owned()))
}

fn cell(table: &TableEntry, entry: &ColumnEntry) -> MatrixCell {
    let filled = table.rows.saturating_sub(entry.profile.nulls);
    MatrixCell {
        table: table.name.table.clone(),
        column: entry.name.clone(),
        filled,
        rows: table.rows,
        distinct: entry.profile.distinct,
        format: entry.profile.formats.first().map(|(format, _)| format.clone()),
        formats: entry.profile.formats.len(),
        top: entry.profile.top.iter().take(5).cloned().collect(),
        newest_sync: table.newest_sync.clone(),
        origin: entry.origin,
        confidence: entry.confidence,
        others: 0,
    }
}

/// The column to show when a source has several with one concept: who says so, then how sure, then how full.
fn is_better(one: &MatrixCell, other: &MatrixCell) -> bool {
    let share = |cell: &MatrixCell| if cell.rows == 0 { 0.0 } else { cell.filled as f64 / cell.rows as f64 };
    (one.origin.cmp(&other.origin).reverse())
        .then(one.confidence.total_cmp(&other.confidence))
        .then(share(one).total_cmp(&share(other)))
        .is_gt()
}

fn describe(source: &SourceEntry) -> MatrixColumn {
    MatrixColumn {
        source: source.id.0.clone(),
        surface: source.surface,
        system: source.system.clone(),
        loader: source.loader.clone(),
        tables: source.tables.len(),
        rows: source.tables.iter().map(|table| table.rows).sum(),
        newest_sync: source.tables.iter().filter_map(|table| table.newest_sync.clone()).max(),
    }
}
