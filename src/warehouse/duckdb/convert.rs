//! How do DuckDB's many types become the four that callers read?

use std::sync::Arc;

use duckdb::arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, StringArray, StringBuilder};
use duckdb::arrow::compute::cast;
use duckdb::arrow::datatypes::{
    DataType, Date32Type, Field, Schema, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use duckdb::arrow::error::ArrowError;
use duckdb::arrow::record_batch::RecordBatch;
use duckdb::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::warehouse::moment::{date_text, timestamp_text};

/// Turns every column into text, 64-bit integers, 64-bit floats or booleans.
pub(super) fn four_types(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let column = one_of_four(column)?;
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn one_of_four(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Utf8 | DataType::Int64 | DataType::Float64 | DataType::Boolean => Ok(Arc::clone(column)),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            cast(column, &DataType::Int64)
        }
        DataType::Float16 | DataType::Float32 => cast(column, &DataType::Float64),
        DataType::Timestamp(unit, _) => Ok(timestamps(column, *unit)),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>();
            Ok(Arc::new(days.iter().map(|day| day.map(date_text)).collect::<StringArray>()))
        }
        DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Null
        | DataType::UInt64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => cast(column, &DataType::Utf8),
        _ => formatted(column),
    }
}

fn timestamps(column: &ArrayRef, unit: TimeUnit) -> ArrayRef {
    fn text<T>(array: &PrimitiveArray<T>, micros: impl Fn(i64) -> i64) -> ArrayRef
    where
        T: duckdb::arrow::datatypes::ArrowPrimitiveType<Native = i64>,
    {
        Arc::new(array.iter().map(|value| value.map(&micros).map(timestamp_text)).collect::<StringArray>())
    }
    match unit {
        TimeUnit::Second => text(column.as_primitive::<TimestampSecondType>(), |value| value.saturating_mul(1_000_000)),
        TimeUnit::Millisecond => {
            text(column.as_primitive::<TimestampMillisecondType>(), |value| value.saturating_mul(1_000))
        }
        TimeUnit::Microsecond => text(column.as_primitive::<TimestampMicrosecondType>(), |value| value),
        TimeUnit::Nanosecond => text(column.as_primitive::<TimestampNanosecondType>(), |value| match value {
            i64::MAX => i64::MAX,
            value => value.div_euclid(1_000),
        }),
    }
}

fn formatted(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column.as_ref(), &options)?;
    let mut texts = StringBuilder::new();
    for row in 0..column.len() {
        if column.is_null(row) {
            texts.append_null();
        } else {
            texts.append_value(formatter.value(row).try_to_string()?);
        }
    }
    Ok(Arc::new(texts.finish()))
}
