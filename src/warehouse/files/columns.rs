//! How do rows of text become typed Arrow batches?

use std::sync::Arc;

use ::duckdb::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use ::duckdb::arrow::datatypes::{Field, Schema};
use ::duckdb::arrow::record_batch::RecordBatch;

use super::infer::parse_boolean;
use super::row::Row;
use crate::error::{Error, Result};
use crate::warehouse::moment::{parse_date, parse_timestamp};
use crate::warehouse::{Column, ColumnType};

/// Rows of a batch, a multiple of DuckDB's vector.
const ROWS: usize = 16_384;
/// Bytes after which a batch ends early, so that huge cells do not add up.
const BYTES: usize = 16 << 20;

/// Collects rows into batches.
pub(super) struct Batches {
    fields: Arc<Schema>,
    columns: Vec<Builder>,
    rows: usize,
    bytes: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl Batches {
    pub(super) fn new(columns: &[Column]) -> Self {
        let mut builders: Vec<Builder> = columns.iter().map(|column| Builder::new(column.kind)).collect();
        let fields: Vec<Field> = columns
            .iter()
            .zip(&mut builders)
            .map(|(column, builder)| Field::new(&column.name, builder.finish().data_type().clone(), true))
            .collect();
        Self { fields: Arc::new(Schema::new(fields)), columns: builders, rows: 0, bytes: 0 }
    }

    /// Adds a row. Its values fit, because the types were inferred from them.
    ///
    /// # Errors
    /// `Data` when one does not: the file was written to since.
    pub(super) fn push(&mut self, row: &Row) -> Result<()> {
        for (index, builder) in self.columns.iter_mut().enumerate() {
            self.bytes += builder.push(row.cell(index)).ok_or_else(|| {
                Error::data("the file changed while it was read").hint("Load it again when its export has finished.")
            })?;
        }
        self.rows += 1;
        Ok(())
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows so far.
    pub(super) fn take(&mut self) -> Result<RecordBatch> {
        (self.rows, self.bytes) = (0, 0);
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.fields), arrays)
            .map_err(|cause| Error::internal("rows of a file do not form a batch").because(cause))
    }
}

impl Builder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            ColumnType::Text | ColumnType::Decimal | ColumnType::Json | ColumnType::Other => {
                Self::Text(StringBuilder::new())
            }
        }
    }

    /// Adds a cell and returns its size in bytes; None when it is not of this type.
    fn push(&mut self, cell: Option<&str>) -> Option<usize> {
        let Some(cell) = cell else {
            self.push_null();
            return Some(0);
        };
        match self {
            Self::Text(builder) => builder.append_value(cell),
            Self::Integer(builder) => builder.append_value(cell.parse().ok()?),
            Self::Float(builder) => builder.append_value(cell.parse().ok()?),
            Self::Boolean(builder) => builder.append_value(parse_boolean(cell)?),
            Self::Date(builder) => builder.append_value(parse_date(cell)?),
            Self::Timestamp(builder) => builder.append_value(match parse_timestamp(cell) {
                Some(micros) => micros,
                None => i64::from(parse_date(cell)?) * 86_400_000_000,
            }),
        }
        Some(cell.len())
    }

    fn push_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Boolean(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
        }
    }
}
