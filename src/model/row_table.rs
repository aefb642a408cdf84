//! How is a table built whose rows each come from one source row?

use rustc_hash::FxHashSet;

use super::cell::Cell;
use super::reader::Reader;
use super::source_rows::{CellRef, SourceRows, TableRows};
use super::table::{ModelColumn, ModelTable, ROW_ORIGIN, TableWriter};
use super::transform::Transform;
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::EntityId;
use crate::warehouse::ColumnType;

/// A column that is read from one concept of the row.
#[derive(Debug, Clone, Copy)]
pub struct RowColumn {
    /// The name in the model.
    pub name: &'static str,
    /// What it is read from, best first; of each source table the first that it has.
    pub concepts: &'static [(&'static str, Transform)],
    /// What it means.
    pub documentation: &'static str,
}

impl RowColumn {
    /// A column.
    #[must_use]
    pub const fn new(
        name: &'static str,
        concepts: &'static [(&'static str, Transform)],
        documentation: &'static str,
    ) -> Self {
        Self { name, concepts, documentation }
    }

    /// The type of its values.
    #[must_use]
    pub fn kind(&self) -> ColumnType {
        self.concepts.first().map_or(ColumnType::Text, |(_, transform)| transform.kind())
    }

    /// The column of a source table that it is read from, and how.
    #[must_use]
    pub fn origin(&self, rows: &TableRows<'_>) -> Option<(u16, Transform)> {
        self.concepts.iter().find_map(|(concept, transform)| Some((rows.main_column(concept)?, *transform)))
    }
}

/// A table under way.
pub struct RowTable {
    writer: TableWriter,
    columns: &'static [RowColumn],
    claimed: FxHashSet<String>,
    /// Rows that were passed over because another table of the source has the same key.
    pub doubles: u64,
}

impl RowTable {
    /// An empty table: an id, the account, the person where `person` asks for one, the columns, `more`, and the row's origin.
    #[must_use]
    pub fn new(
        name: &'static str,
        documentation: &'static str,
        id: &'static str,
        columns: &'static [RowColumn],
        more: &[ModelColumn],
    ) -> Self {
        Self {
            writer: TableWriter::new(name, documentation, shape(id, columns, more)),
            columns,
            claimed: FxHashSet::default(),
            doubles: 0,
        }
    }

    /// The source tables of a role, current tables before tables of versions, so that those win keys that both hold.
    #[must_use]
    pub fn order(&self, rows: &SourceRows<'_>, role: Role) -> Vec<u16> {
        let mut places: Vec<u16> = rows.of_role(role).map(|(place, _)| place).collect();
        places.sort_by_key(|place| (rows.table(*place).table.version_column.is_some(), *place));
        places
    }

    /// Takes a key of a source; false when a row with that key was taken before.
    pub fn claim(&mut self, rows: &SourceRows<'_>, table: u16, row: u32) -> bool {
        let first = self.claimed.insert(row_id(rows, table, row));
        self.doubles += u64::from(!first);
        first
    }

    /// Adds a source row.
    ///
    /// # Errors
    /// `Internal` when `more` does not fit the table.
    pub fn push(
        &mut self,
        reader: &mut Reader<'_, '_>,
        table: u16,
        row: u32,
        account: Option<&EntityId>,
        person: Option<&EntityId>,
        more: &[Cell],
    ) -> Result<()> {
        let entity = |id: Option<&EntityId>| id.map_or(Cell::Null, |id| Cell::words(id.as_str()));
        let mut cells = vec![Cell::Text(row_id(reader.rows, table, row)), entity(account), entity(person)];
        for column in self.columns {
            let origin = column.origin(reader.rows.table(table));
            cells.push(
                origin.map_or(Cell::Null, |(place, transform)| {
                    reader.at(CellRef { table, row, column: place }, transform)
                }),
            );
        }
        cells.extend_from_slice(more);
        let rows = reader.rows.table(table);
        cells.push(Cell::words(rows.source.id.as_str()));
        cells.push(Cell::words(&rows.table.name.table));
        cells.push(Cell::words(rows.key(row)));
        cells.push(rows.synced(row).map_or(Cell::Null, Cell::words));
        cells.push(rows.sync_id(row).map_or(Cell::Null, |id| Cell::words(&id)));
        self.writer.push(&cells)
    }

    /// The finished table.
    ///
    /// # Errors
    /// As [`TableWriter::finish`].
    pub fn finish(self) -> Result<ModelTable> {
        self.writer.finish()
    }
}

/// The columns of a table whose rows each come from one source row.
#[must_use]
pub fn shape(id: &'static str, columns: &'static [RowColumn], more: &[ModelColumn]) -> Vec<ModelColumn> {
    let text = ColumnType::Text;
    let mut shape = vec![
        ModelColumn::own(id, text, "fourfold:row_id = source:pk", "The row's own id: source and key."),
        ModelColumn::own(
            "account_entity_id",
            text,
            "fourfold:relation (table relations)",
            "The account, by resolution; empty when none was found.",
        ),
        ModelColumn::own(
            "person_entity_id",
            text,
            "fourfold:relation (table relations)",
            "The person, by resolution; empty when none was found or the row has none.",
        ),
    ];
    shape.extend(columns.iter().map(|column| ModelColumn::row(column.name, column.kind(), column.documentation)));
    shape.extend_from_slice(more);
    shape.extend_from_slice(&ROW_ORIGIN);
    shape
}

/// The id of a row of the model: source and key.
#[must_use]
pub fn row_id(rows: &SourceRows<'_>, table: u16, row: u32) -> String {
    let rows = rows.table(table);
    format!("{}:{}", rows.source.id, rows.key(row))
}
