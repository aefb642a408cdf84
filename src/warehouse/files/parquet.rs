//! How does a Parquet file become batches for any engine?
//!
//! A DuckDB in memory reads it, so the same file lands the same on every engine. Declared types are kept where the target
//! holds them without loss; what it does not hold (decimals beyond `DECIMAL(38, 6)`, unsigned 64-bit integers) stays text,
//! and lists and structures become JSON.

use std::path::Path;

use super::encoding::shown;
use crate::error::{Error, Result};
use crate::warehouse::{Column, ColumnType, Dialect, DuckDb, DuckDbOptions, Warehouse, column_type};

/// An opened file.
pub(super) struct Parquet {
    engine: DuckDb,
    /// The columns by their raw names.
    pub(super) columns: Vec<Column>,
    select: String,
}

impl Parquet {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let text = path.to_str().ok_or_else(|| Error::config(format!("the path {} is not UTF-8", shown(path))))?;
        let mut exact = String::new();
        for character in text.chars() {
            // The reader takes patterns; a pattern of one character in brackets is that character.
            if matches!(character, '*' | '?' | '[') {
                exact.extend(['[', character, ']']);
            } else {
                exact.push(character);
            }
        }
        let engine = DuckDb::in_memory(&DuckDbOptions::default())?;
        let from = format!("read_parquet({})", Dialect::DuckDb.literal(&exact));
        let described = engine.query(&format!("DESCRIBE SELECT * FROM {from}"), &[]).map_err(|cause| {
            Error::data(format!("{} cannot be read as Parquet: {}", shown(path), cause.message))
                .hint("Export it again; nothing was replaced.")
        })?;
        let (mut columns, mut expressions) = (Vec::new(), Vec::new());
        for row in 0..described.len() {
            let name = described.text(row, 0).unwrap_or_default();
            let declared = described.text(row, 1).unwrap_or_default();
            let kind = kept(declared);
            columns.push(Column { name: name.to_owned(), kind, declared: declared.to_owned() });
            expressions.push(expression(&Dialect::DuckDb.quote(name), declared, kind));
        }
        let select = format!("SELECT {} FROM {from}", expressions.join(", "));
        Ok(Self { engine, columns, select })
    }

    /// Hands over the rows in their order.
    pub(super) fn stream(&self, sink: crate::warehouse::BatchSink<'_>) -> Result<()> {
        self.engine.stream(&self.select, &[], sink)
    }
}

/// The type in which a declared one is kept.
fn kept(declared: &str) -> ColumnType {
    let kind = column_type(declared);
    let sizes = || {
        let (width, scale) = declared.split_once('(')?.1.strip_suffix(')')?.split_once(',')?;
        Some((width.trim().parse::<u32>().ok()?, scale.trim().parse::<u32>().ok()?))
    };
    match kind {
        ColumnType::Decimal => match sizes() {
            Some((width, scale)) if scale <= 6 && width - scale <= 32 => ColumnType::Decimal,
            _ => ColumnType::Text,
        },
        ColumnType::Other => ColumnType::Text,
        other => other,
    }
}

fn expression(column: &str, declared: &str, kind: ColumnType) -> String {
    match kind {
        ColumnType::Integer | ColumnType::Float | ColumnType::Boolean => column.to_owned(),
        ColumnType::Json => format!("CAST(to_json({column}) AS VARCHAR)"),
        // Older writers leave the mark of text away.
        _ if declared == "BLOB" => format!("coalesce(try(decode({column})), '\\x' || lower(hex({column})))"),
        other => Dialect::DuckDb.text_as(column, other),
    }
}
