//! How do Arrow batches become the text that COPY reads?

use ::duckdb::arrow::array::{Array, AsArray};
use ::duckdb::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use ::duckdb::arrow::record_batch::RecordBatch;
use tokio::sync::mpsc::UnboundedReceiver;

use super::session::Session;
use super::task::Answer;
use crate::error::{Error, Result};
use crate::warehouse::moment::{date_text, timestamp_text};

/// Chunks are cut near this many bytes.
const CHUNK: usize = 1 << 20;

/// What the caller sends to the task.
pub(super) enum Feed {
    /// Encoded rows.
    Chunk(Vec<u8>),
    /// All rows were sent.
    End,
}

impl Session {
    /// Creates the table and fills it in one transaction; whoever stops feeding before the end takes all of it back.
    pub(super) async fn copy_in(
        &mut self,
        create: &str,
        copy: &str,
        food: &mut UnboundedReceiver<Feed>,
        answer: &Answer,
    ) -> Result<u64> {
        self.run("BEGIN").await?;
        self.run(create).await?;
        let fail = |cause| super::failure::statement(copy, cause);
        let mut sink = self.connection().copy_in_raw(copy).await.map_err(fail)?;
        loop {
            match food.recv().await {
                Some(Feed::Chunk(chunk)) => {
                    sink.send(chunk).await.map_err(fail)?;
                    answer.took()?;
                }
                Some(Feed::End) => break,
                None => return Err(Error::cancelled()),
            }
        }
        let rows = sink.finish().await.map_err(fail)?;
        self.run("COMMIT").await?;
        Ok(rows)
    }
}

/// A batch as COPY text, in chunks.
pub(super) fn encode(batch: &RecordBatch) -> Result<Vec<Vec<u8>>> {
    let columns = batch.columns().iter().map(|column| Cells::of(column.as_ref())).collect::<Result<Vec<_>>>()?;
    let (mut chunks, mut out) = (Vec::new(), Vec::new());
    for row in 0..batch.num_rows() {
        for (index, cells) in columns.iter().enumerate() {
            if index > 0 {
                out.push(b'\t');
            }
            cells.write(row, &mut out);
        }
        out.push(b'\n');
        if out.len() >= CHUNK {
            chunks.push(std::mem::take(&mut out));
        }
    }
    if !out.is_empty() {
        chunks.push(out);
    }
    Ok(chunks)
}

/// A column whose type is known.
enum Cells<'batch> {
    Text(&'batch ::duckdb::arrow::array::StringArray),
    LargeText(&'batch ::duckdb::arrow::array::LargeStringArray),
    Integer(&'batch ::duckdb::arrow::array::Int64Array),
    Float(&'batch ::duckdb::arrow::array::Float64Array),
    Boolean(&'batch ::duckdb::arrow::array::BooleanArray),
    Date(&'batch ::duckdb::arrow::array::Date32Array),
    Timestamp(&'batch ::duckdb::arrow::array::TimestampMicrosecondArray),
    Null,
}

impl<'batch> Cells<'batch> {
    fn of(column: &'batch dyn Array) -> Result<Self> {
        Ok(match column.data_type() {
            DataType::Utf8 => Self::Text(column.as_string()),
            DataType::LargeUtf8 => Self::LargeText(column.as_string()),
            DataType::Int64 => Self::Integer(column.as_primitive::<Int64Type>()),
            DataType::Float64 => Self::Float(column.as_primitive::<Float64Type>()),
            DataType::Boolean => Self::Boolean(column.as_boolean()),
            DataType::Date32 => Self::Date(column.as_primitive::<Date32Type>()),
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                Self::Timestamp(column.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Null => Self::Null,
            other => return Err(Error::internal(format!("a column of {other} cannot be loaded"))),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) {
        let written = match self {
            Self::Text(array) => array.is_valid(row).then(|| escape(array.value(row), out)),
            Self::LargeText(array) => array.is_valid(row).then(|| escape(array.value(row), out)),
            Self::Integer(array) => array.is_valid(row).then(|| plain(&array.value(row).to_string(), out)),
            Self::Float(array) => array.is_valid(row).then(|| plain(&array.value(row).to_string(), out)),
            Self::Boolean(array) => array.is_valid(row).then(|| plain(if array.value(row) { "t" } else { "f" }, out)),
            Self::Date(array) => array.is_valid(row).then(|| plain(&date_text(array.value(row)), out)),
            Self::Timestamp(array) => array.is_valid(row).then(|| plain(&timestamp_text(array.value(row)), out)),
            Self::Null => None,
        };
        if written.is_none() {
            out.extend_from_slice(b"\\N");
        }
    }
}

fn plain(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
}

/// COPY's own escapes; a NUL, which PostgreSQL text cannot hold, becomes U+FFFD.
fn escape(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\\' | b'\n' | b'\r' | b'\t' | 0)) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(match rest[at] {
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            _ => "\u{fffd}".as_bytes(),
        });
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}
