//! What is a table of the joined model, with its types, its documentation and its rows?

use std::sync::Arc;

use duckdb::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use duckdb::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use duckdb::arrow::record_batch::RecordBatch;

use super::cell::Cell;
use super::publish::rows::Slot;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::{Column, ColumnType};

/// Where the cells of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnOrigin {
    /// Each cell has its own origin among the lineage of cells.
    Cells,
    /// Each row names its source row; the column's source column is the same for all rows of one source table.
    Row,
    /// fourfold made it; the text says how.
    Own(&'static str),
}

/// A column of the joined model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelColumn {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: ColumnType,
    /// Where its cells come from.
    pub origin: ColumnOrigin,
    /// What it means, for people.
    pub documentation: &'static str,
}

impl ModelColumn {
    /// A column that fourfold makes.
    #[must_use]
    pub const fn own(name: &'static str, kind: ColumnType, rule: &'static str, documentation: &'static str) -> Self {
        Self { name, kind, origin: ColumnOrigin::Own(rule), documentation }
    }

    /// A column whose origin stands on the row.
    #[must_use]
    pub const fn row(name: &'static str, kind: ColumnType, documentation: &'static str) -> Self {
        Self { name, kind, origin: ColumnOrigin::Row, documentation }
    }

    /// A column whose cells each have their own origin.
    #[must_use]
    pub const fn cells(name: &'static str, kind: ColumnType, documentation: &'static str) -> Self {
        Self { name, kind, origin: ColumnOrigin::Cells, documentation }
    }
}

/// The columns that name the source row, at the end of each table that has one source row to a row.
pub const ROW_ORIGIN: [ModelColumn; 5] = [
    ModelColumn::own("_source", ColumnType::Text, "fourfold:row_origin", "The source that holds the row."),
    ModelColumn::own("_table", ColumnType::Text, "fourfold:row_origin", "The source table."),
    ModelColumn::own("_pk", ColumnType::Text, "fourfold:row_origin", "The key in the source table, as it is."),
    ModelColumn::own(
        "_synced_at",
        ColumnType::Text,
        "fourfold:row_origin",
        "When the loader landed the row, as it wrote it.",
    ),
    ModelColumn::own(
        "_sync_id",
        ColumnType::Text,
        "fourfold:row_origin",
        "The loader's name of the sync, where it keeps one.",
    ),
];

/// A table of the joined model.
#[derive(Debug, Clone)]
pub struct ModelTable {
    /// The name.
    pub name: &'static str,
    /// What one row is, for people.
    pub documentation: &'static str,
    /// The columns.
    pub columns: Vec<ModelColumn>,
    /// The rows.
    pub batches: Vec<RecordBatch>,
    /// How many cells of each column have a value.
    pub filled: Vec<u64>,
}

impl ModelTable {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The columns as the warehouse makes them.
    #[must_use]
    pub fn warehouse_columns(&self) -> Vec<Column> {
        self.columns.iter().map(|column| Column::new(column.name, column.kind)).collect()
    }
}

/// Rows to a batch: enough to keep engines busy, little enough to keep memory flat.
pub const BATCH_ROWS: usize = 32_768;

/// Collects rows into batches.
pub struct TableWriter {
    table: ModelTable,
    open: BatchBuilder,
}

impl TableWriter {
    /// An empty table.
    #[must_use]
    pub fn new(name: &'static str, documentation: &'static str, columns: Vec<ModelColumn>) -> Self {
        let shape: Vec<(&str, ColumnType)> = columns.iter().map(|column| (column.name, column.kind)).collect();
        let open = BatchBuilder::new(&shape);
        let filled = vec![0; columns.len()];
        Self { table: ModelTable { name, documentation, columns, batches: Vec::new(), filled }, open }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `Internal` when a cell is not of its column's type.
    pub fn push(&mut self, row: &[Cell]) -> Result<()> {
        for (filled, cell) in self.table.filled.iter_mut().zip(row) {
            *filled += u64::from(!cell.is_null());
        }
        self.open.push(row)?;
        if self.open.rows == BATCH_ROWS {
            let batch = self.open.finish()?;
            self.table.batches.push(batch);
        }
        Ok(())
    }

    /// The whole table.
    ///
    /// # Errors
    /// `Internal` when the columns do not fit together.
    pub fn finish(mut self) -> Result<ModelTable> {
        if self.open.rows > 0 {
            let batch = self.open.finish()?;
            self.table.batches.push(batch);
        }
        Ok(self.table)
    }
}

/// Builds one Arrow batch from cells.
pub struct BatchBuilder {
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    /// The rows so far.
    pub rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Amount(StringBuilder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl BatchBuilder {
    /// A builder for columns of these names and types.
    #[must_use]
    pub fn new(columns: &[(&str, ColumnType)]) -> Self {
        let fields: Vec<Field> = columns.iter().map(|(name, kind)| Field::new(*name, data_type(*kind), true)).collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            builders: columns.iter().map(|(_, kind)| Builder::new(*kind)).collect(),
            rows: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `Internal` when a cell is not of its column's type.
    pub fn push(&mut self, row: &[Cell]) -> Result<()> {
        if row.len() != self.builders.len() {
            return Err(Error::internal(format!("a row of {} cells for {} columns", row.len(), self.builders.len())));
        }
        for (place, (builder, cell)) in self.builders.iter_mut().zip(row).enumerate() {
            if !builder.push(cell) {
                let name = self.schema.field(place).name();
                return Err(Error::internal(format!("column {name} cannot hold {cell:?}")));
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Adds a row of values that are not cells.
    ///
    /// # Errors
    /// `Internal` when a value is not of its column's type.
    pub fn push_slots(&mut self, row: &[Slot<'_>]) -> Result<()> {
        if row.len() != self.builders.len() {
            return Err(Error::internal(format!("a row of {} values for {} columns", row.len(), self.builders.len())));
        }
        for (place, (builder, slot)) in self.builders.iter_mut().zip(row).enumerate() {
            let fits = match (builder, slot) {
                (Builder::Text(builder), Slot::Text(text)) => {
                    builder.append_value(text);
                    true
                }
                (Builder::Integer(builder), Slot::Integer(number)) => {
                    builder.append_value(*number);
                    true
                }
                (Builder::Float(builder), Slot::Float(number)) => {
                    builder.append_value(*number);
                    true
                }
                (Builder::Boolean(builder), Slot::Boolean(truth)) => {
                    builder.append_value(*truth);
                    true
                }
                (builder, Slot::Null) => builder.push(&Cell::Null),
                _ => false,
            };
            if !fits {
                let name = self.schema.field(place).name();
                return Err(Error::internal(format!("column {name} cannot hold {slot:?}")));
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Takes the batch out and begins anew.
    ///
    /// # Errors
    /// `Internal` when the columns do not fit together.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        self.rows = 0;
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .context(ErrorKind::Internal, || "cannot build a batch".to_owned())
    }
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        // Engines cast the text of an exact decimal when they load it.
        ColumnType::Text | ColumnType::Json | ColumnType::Other | ColumnType::Decimal => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
    }
}

impl Builder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text | ColumnType::Json | ColumnType::Other => Self::Text(StringBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Decimal => Self::Amount(StringBuilder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
        }
    }

    fn push(&mut self, cell: &Cell) -> bool {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Text(builder), Cell::Null) => builder.append_null(),
            (Self::Integer(builder), Cell::Integer(number)) => builder.append_value(*number),
            (Self::Integer(builder), Cell::Null) => builder.append_null(),
            (Self::Float(builder), Cell::Float(number)) => builder.append_value(*number),
            (Self::Float(builder), Cell::Null) => builder.append_null(),
            (Self::Amount(builder), Cell::Amount(amount)) => builder.append_value(amount.to_string()),
            (Self::Amount(builder), Cell::Null) => builder.append_null(),
            (Self::Boolean(builder), Cell::Boolean(truth)) => builder.append_value(*truth),
            (Self::Boolean(builder), Cell::Null) => builder.append_null(),
            (Self::Date(builder), Cell::Date(day)) => builder.append_value(day.0),
            (Self::Date(builder), Cell::Null) => builder.append_null(),
            (Self::Timestamp(builder), Cell::Timestamp(moment)) => builder.append_value(moment.0),
            (Self::Timestamp(builder), Cell::Null) => builder.append_null(),
            _ => return false,
        }
        true
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Amount(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
        }
    }
}
