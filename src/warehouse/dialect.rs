//! How does each engine write the few things on which they differ?

use super::{ColumnType, TableName};

/// A SQL dialect, kept by hand: only what fourfold needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB 2.
    DuckDb,
    /// PostgreSQL 13 and later, and what speaks its protocol.
    Postgres,
}

impl Dialect {
    /// Quotes a name so that any name is only a name.
    #[must_use]
    pub fn quote(self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
    }

    /// Quotes a schema and a table.
    #[must_use]
    pub fn table(self, name: &TableName) -> String {
        format!("{}.{}", self.quote(&name.schema), self.quote(&name.table))
    }

    /// The placeholder of the n-th bound value, counted from 1. Both engines take `$1`; cast it where a type is needed.
    #[must_use]
    pub fn placeholder(self, position: usize) -> String {
        format!("${position}")
    }

    /// An expression as text, the same bytes on every engine for the same value: timestamps as
    /// `2026-01-05 12:00:00` with up to six decimals without trailing zeros, booleans as `true` and `false`.
    #[must_use]
    pub fn text(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST({expression} AS VARCHAR)"),
            Self::Postgres => format!("CAST({expression} AS TEXT)"),
        }
    }

    /// The name of a type in `CREATE TABLE` and `CAST`.
    #[must_use]
    pub fn type_name(self, kind: ColumnType) -> &'static str {
        match (self, kind) {
            (Self::DuckDb, ColumnType::Text | ColumnType::Json | ColumnType::Other) => "VARCHAR",
            (Self::Postgres, ColumnType::Text | ColumnType::Json | ColumnType::Other) => "TEXT",
            (_, ColumnType::Integer) => "BIGINT",
            (Self::DuckDb, ColumnType::Float) => "DOUBLE",
            (Self::Postgres, ColumnType::Float) => "DOUBLE PRECISION",
            (_, ColumnType::Decimal) => "DECIMAL(38, 6)",
            (_, ColumnType::Boolean) => "BOOLEAN",
            (_, ColumnType::Date) => "DATE",
            (_, ColumnType::Timestamp) => "TIMESTAMP",
        }
    }
}
