//! How do rows of PostgreSQL's binary protocol become Arrow batches of the four types?

use std::fmt::Write;
use std::sync::Arc;

use ::duckdb::arrow::array::{ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use ::duckdb::arrow::datatypes::{Field, Schema};
use ::duckdb::arrow::record_batch::RecordBatch;
use sqlx::postgres::{PgRow, PgTypeKind};
use sqlx::{Column, Row, TypeInfo, ValueRef};

use crate::error::{Error, Result};
use crate::warehouse::moment::{date_text, timestamp_text};

const ROWS: usize = 8_192;
const BYTES: usize = 8 << 20;
/// PostgreSQL counts moments from the year 2000.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;

/// Why reading stopped.
pub(super) enum Stop {
    Driver(sqlx::Error),
    Ours(Error),
}

impl From<sqlx::Error> for Stop {
    fn from(cause: sqlx::Error) -> Self {
        Self::Driver(cause)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

/// Collects rows into batches.
#[derive(Default)]
pub(super) struct Reader {
    names: Vec<String>,
    columns: Vec<Cells>,
    rows: usize,
    bytes: usize,
}

enum Cells {
    Text(StringBuilder, Form),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
}

/// How the bytes of a value become text.
#[derive(Clone, Copy)]
enum Form {
    Utf8,
    Jsonb,
    Timestamp,
    Date,
    Numeric,
    Uuid,
}

impl Reader {
    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    /// Adds a row. The first one decides the columns.
    pub(super) fn push(&mut self, row: &PgRow) -> Result<(), Stop> {
        if self.columns.is_empty() {
            self.names = row.columns().iter().map(|column| column.name().to_owned()).collect();
            self.columns = row.columns().iter().map(Cells::of).collect::<Result<_>>()?;
        }
        for (index, cells) in self.columns.iter_mut().enumerate() {
            let value = row.try_get_raw(index)?;
            if value.is_null() {
                cells.push_null();
                continue;
            }
            let bytes = value.as_bytes().map_err(sqlx::Error::Decode)?;
            self.bytes += bytes.len();
            if cells.push(bytes).is_none() {
                let name = crate::warehouse::printable(&self.names[index]);
                return Err(
                    Error::warehouse(format!("PostgreSQL sent a value of column {name} that cannot be read")).into()
                );
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows so far.
    pub(super) fn take(&mut self) -> Result<RecordBatch> {
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Cells::finish).collect();
        let fields: Vec<Field> = self
            .names
            .iter()
            .zip(&arrays)
            .map(|(name, array)| Field::new(name, array.data_type().clone(), true))
            .collect();
        (self.rows, self.bytes) = (0, 0);
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|cause| Error::internal("rows of PostgreSQL do not form a batch").because(cause))
    }
}

impl Cells {
    fn of(column: &sqlx::postgres::PgColumn) -> Result<Self> {
        let kind = column.type_info();
        let text = |form| Self::Text(StringBuilder::new(), form);
        Ok(match kind.name() {
            "BOOL" => Self::Boolean(BooleanBuilder::new()),
            "INT2" | "INT4" | "INT8" => Self::Integer(Int64Builder::new()),
            "FLOAT4" | "FLOAT8" => Self::Float(Float64Builder::new()),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" | "JSON" | "\"CHAR\"" | "citext" | "XML" => {
                text(Form::Utf8)
            }
            "JSONB" => text(Form::Jsonb),
            "TIMESTAMP" | "TIMESTAMPTZ" => text(Form::Timestamp),
            "DATE" => text(Form::Date),
            "NUMERIC" => text(Form::Numeric),
            "UUID" => text(Form::Uuid),
            _ if matches!(kind.kind(), PgTypeKind::Enum(_)) => text(Form::Utf8),
            other => {
                return Err(Error::warehouse(format!(
                    "column {} has the PostgreSQL type {}, which is read as text only",
                    crate::warehouse::printable(column.name()),
                    crate::warehouse::printable(other)
                ))
                .hint("Cast it to text in the statement."));
            }
        })
    }

    fn push_null(&mut self) {
        match self {
            Self::Text(builder, _) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Boolean(builder) => builder.append_null(),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        match self {
            Self::Text(builder, Form::Utf8) => builder.append_value(std::str::from_utf8(bytes).ok()?),
            Self::Text(builder, form) => builder.append_value(form.text(bytes)?),
            Self::Integer(builder) => builder.append_value(match *bytes {
                [a, b] => i64::from(i16::from_be_bytes([a, b])),
                [a, b, c, d] => i64::from(i32::from_be_bytes([a, b, c, d])),
                _ => i64::from_be_bytes(bytes.try_into().ok()?),
            }),
            Self::Float(builder) => builder.append_value(match *bytes {
                [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
                _ => f64::from_be_bytes(bytes.try_into().ok()?),
            }),
            Self::Boolean(builder) => builder.append_value(*bytes.first()? != 0),
        }
        Some(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder, _) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
        }
    }
}

impl Form {
    fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Jsonb => std::str::from_utf8(bytes.get(1..)?).ok().map(str::to_owned),
            // The largest and smallest are infinities, which `saturating_add` keeps.
            Self::Timestamp => {
                let micros = i64::from_be_bytes(bytes.try_into().ok()?);
                Some(timestamp_text(if micros == i64::MIN { micros } else { micros.saturating_add(EPOCH_MICROS) }))
            }
            Self::Date => {
                let days = i32::from_be_bytes(bytes.try_into().ok()?);
                Some(date_text(if days == i32::MIN { days } else { days.saturating_add(EPOCH_DAYS) }))
            }
            Self::Numeric => numeric(bytes),
            Self::Uuid => {
                let mut text = String::with_capacity(36);
                for (place, byte) in bytes.iter().enumerate() {
                    if matches!(place, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    write!(text, "{byte:02x}").ok()?;
                }
                Some(text)
            }
        }
    }
}

/// Reads the binary form of `numeric`: a count of base-10000 digits, the weight of the first, a sign, the number of
/// decimals to show, then the digits (PostgreSQL source, `numeric_send`).
fn numeric(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight) = (words.next()?, words.next()? as i16);
    let (sign, scale) = (words.next()?, usize::from(words.next()?));
    match sign {
        0x0000 | 0x4000 => {}
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => return None,
    }
    let digits: Vec<u16> = words.take(usize::from(count)).collect();
    let digit = |place: i32| -> u16 {
        let index = i32::from(weight) - place;
        usize::try_from(index).ok().and_then(|index| digits.get(index)).copied().unwrap_or(0)
    };
    let mut text = String::new();
    for place in (0..=i32::from(weight)).rev() {
        write!(text, "{:04}", digit(place)).ok()?;
    }
    let whole = text.trim_start_matches('0');
    let mut text = format!("{}{}", if sign == 0x4000 { "-" } else { "" }, if whole.is_empty() { "0" } else { whole });
    if scale > 0 {
        text.push('.');
        let end = text.len() + scale;
        for place in 1..=scale.div_ceil(4) as i32 {
            write!(text, "{:04}", digit(-place)).ok()?;
        }
        text.truncate(end);
    }
    Some(text)
}
