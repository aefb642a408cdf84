//! How does each engine write the few things on which they differ?
//!
//! Portable already, so not here: `md5`, `chr`, `concat_ws`, `coalesce`, `nullif`, `least` and `greatest` (both skip NULL),
//! `string_agg(x, ',' ORDER BY y)`, `date_trunc`, `row_number()`, `count(DISTINCT x)`, `CAST(x AS DATE)`, `CREATE TABLE AS`.
//! Not portable and easy to forget: `/` on integers (use [`Dialect::ratio`]), the type of `sum` (cast it), text order (use
//! [`Dialect::ordered`]), regular expressions beyond plain classes and groups, unquoted names.

mod render;
mod safe;

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

    /// A text literal. For constants of our own, such as patterns and days: values from sources are bound.
    #[must_use]
    pub fn literal(self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''").replace('\0', ""))
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

    /// The longest name in bytes that the engine keeps whole; longer ones it cuts without a word.
    #[must_use]
    pub fn longest_name(self) -> Option<usize> {
        match self {
            Self::DuckDb => None,
            Self::Postgres => Some(63),
        }
    }

    /// Whether a pattern occurs in a text expression. Patterns hold plain characters, classes, groups, repetitions and
    /// anchors: what RE2 and PostgreSQL read alike.
    #[must_use]
    pub fn matches(self, expression: &str, pattern: &str) -> String {
        let pattern = self.literal(pattern);
        match self {
            Self::DuckDb => format!("regexp_matches({expression}, {pattern})"),
            Self::Postgres => format!("(({expression}) ~ {pattern})"),
        }
    }

    /// How many distinct non-null values there are, roughly where the engine has a sketch (DuckDB: HyperLogLog, a few
    /// per cent off), exactly where it has none.
    #[must_use]
    pub fn approximate_distinct(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!("approx_count_distinct({expression})"),
            Self::Postgres => format!("count(DISTINCT {expression})"),
        }
    }

    /// Seconds since 1970 in UTC of a timestamp or date, as a float.
    #[must_use]
    pub fn epoch_seconds(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST(epoch(CAST({expression} AS TIMESTAMP)) AS DOUBLE)"),
            Self::Postgres => {
                format!("CAST(extract(epoch FROM CAST({expression} AS TIMESTAMP)) AS DOUBLE PRECISION)")
            }
        }
    }

    /// Whole calendar days from one moment to another, as a 64-bit integer; negative when the second is earlier.
    #[must_use]
    pub fn days_between(self, from: &str, to: &str) -> String {
        match self {
            Self::DuckDb => format!("date_diff('day', CAST({from} AS DATE), CAST({to} AS DATE))"),
            Self::Postgres => format!("CAST(CAST({to} AS DATE) - CAST({from} AS DATE) AS BIGINT)"),
        }
    }

    /// One number divided by another as a float; NULL when the divisor is zero.
    #[must_use]
    pub fn ratio(self, dividend: &str, divisor: &str) -> String {
        let float = self.type_name(ColumnType::Float);
        format!("(CAST({dividend} AS {float}) / nullif(CAST({divisor} AS {float}), 0))")
    }

    /// A text expression to sort by, in the order of its UTF-8 bytes on every engine, whatever the server's locale.
    #[must_use]
    pub fn ordered(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!("({expression})"),
            Self::Postgres => format!("(({expression}) COLLATE \"C\")"),
        }
    }

    /// A hash of several text expressions, the same 32 hexadecimal digits on every engine. NULL and empty text differ,
    /// and no two rows collide by where one value ends and the next begins.
    #[must_use]
    pub fn row_hash(self, texts: &[String]) -> String {
        // A separator inside a value is doubled, and what follows a real one is never a separator.
        let parts: Vec<String> = texts
            .iter()
            .map(|text| format!("coalesce(chr(2) || replace({text}, chr(31), chr(31) || chr(31)), chr(3))"))
            .collect();
        if parts.is_empty() { "md5('')".to_owned() } else { format!("md5(concat_ws(chr(31), {}))", parts.join(", ")) }
    }

    /// The word, with a space after it, that keeps a common table expression a part of the statement around it: its columns are read
    /// only where they are used.
    #[must_use]
    pub fn inlined(self) -> &'static str {
        match self {
            Self::DuckDb | Self::Postgres => "not materialized ",
        }
    }

    /// The word, with a space after it, for a common table expression whose columns the next ones use many times. DuckDB works out
    /// each column of a projection once and passes it on; PostgreSQL would copy every expression into every use of it, and layers
    /// upon layers would grow beyond measure, so that there each layer is kept.
    #[must_use]
    pub fn layered(self) -> &'static str {
        match self {
            Self::DuckDb => "not materialized ",
            Self::Postgres => "materialized ",
        }
    }

    /// Creates a schema where it is missing.
    #[must_use]
    pub fn create_schema(self, schema: &str) -> String {
        format!("CREATE SCHEMA IF NOT EXISTS {}", self.quote(schema))
    }

    /// Drops a table where it exists.
    #[must_use]
    pub fn drop_table(self, name: &TableName) -> String {
        format!("DROP TABLE IF EXISTS {}", self.table(name))
    }

    /// Gives a table another name within its schema.
    #[must_use]
    pub fn rename_table(self, name: &TableName, to: &str) -> String {
        format!("ALTER TABLE {} RENAME TO {}", self.table(name), self.quote(to))
    }
}
