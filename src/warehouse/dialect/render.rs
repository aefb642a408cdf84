//! How does a value become the same text on every engine?
//!
//! PostgreSQL's own output under `TimeZone = UTC`, `DateStyle = ISO` and shortest floats is taken as the model, because
//! it needs no SQL on that side; DuckDB is bent to it. A `CASE` over the static type costs nothing on DuckDB, which folds
//! it while planning.

use super::Dialect;
use crate::warehouse::ColumnType;

impl Dialect {
    /// An expression as text, the same bytes on every engine for the same value: timestamps as
    /// `2026-01-05 12:00:00` in UTC with up to six decimals without trailing zeros, booleans as `true` and `false`, floats
    /// as the shortest digits that read back (`1`, `0.1`, `1e+15`, `NaN`), decimals with all digits of their scale.
    /// Binary strings, intervals and arrays are outside the promise. Where the type is known, [`Dialect::text_as`] is
    /// shorter and faster.
    #[must_use]
    pub fn text(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!(
                "CASE typeof({expression}) WHEN 'DOUBLE' THEN {float} WHEN 'FLOAT' THEN {float} \
                 WHEN 'TIMESTAMP WITH TIME ZONE' THEN replace(CAST({expression} AS VARCHAR), '+00', '') \
                 WHEN 'TIMESTAMP_NS' THEN regexp_replace(CAST({expression} AS VARCHAR), '(\\.[0-9]{{6}})[0-9]+$', '\\1') \
                 ELSE CAST({expression} AS VARCHAR) END",
                float = duckdb_float(expression)
            ),
            Self::Postgres => format!(
                "CASE pg_typeof({expression}) \
                 WHEN 'timestamp with time zone'::regtype THEN replace(CAST({expression} AS TEXT), '+00', '') \
                 WHEN 'real'::regtype THEN {} ELSE CAST({expression} AS TEXT) END",
                // PostgreSQL works out constants also in branches that are never taken, so this one must not fail.
                postgres_float(&format!("substring(CAST({expression} AS TEXT) FROM '{REAL}')"))
            ),
        }
    }

    /// [`Dialect::text`] for an expression whose type is known, such as a column of a [`super::super::TableShape`].
    #[must_use]
    pub fn text_as(self, expression: &str, kind: ColumnType) -> String {
        let text = self.type_name(ColumnType::Text);
        match (self, kind) {
            (Self::DuckDb, ColumnType::Float) => duckdb_float(expression),
            (Self::Postgres, ColumnType::Float) => postgres_float(expression),
            (_, ColumnType::Timestamp) => format!("CAST(CAST({expression} AS TIMESTAMP) AS {text})"),
            (_, ColumnType::Other) => self.text(expression),
            _ => format!("CAST({expression} AS {text})"),
        }
    }

    /// The text of one member of a JSON object held as JSON or as text; NULL where the member is missing or the value
    /// is not an object. On PostgreSQL text that looks like an object and is not JSON stops the statement.
    #[must_use]
    pub fn json_text(self, expression: &str, member: &str) -> String {
        match self {
            Self::DuckDb => {
                let path = self.literal(&format!("$.\"{}\"", member.replace('\\', "\\\\").replace('"', "\\\"")));
                format!(
                    "CASE WHEN json_valid(CAST({expression} AS VARCHAR)) \
                     THEN json_extract_string(CAST({expression} AS VARCHAR), {path}) END"
                )
            }
            Self::Postgres => {
                let member = self.literal(member);
                format!(
                    "CASE WHEN CAST({expression} AS TEXT) ~ '^\\s*\\{{.*\\}}\\s*$' \
                     THEN CAST(CAST({expression} AS TEXT) AS JSONB) ->> {member} END"
                )
            }
        }
    }
}

/// DuckDB writes `1.0`, `1000000000000000.0`, `nan` and `inf`; the model is `1`, `1e+15`, `NaN` and `Infinity`.
fn duckdb_float(expression: &str) -> String {
    format!(
        "replace(replace(regexp_replace(regexp_replace(regexp_replace(CAST({expression} AS VARCHAR), \
         '\\.0$', ''), '^(-?[0-9])([0-9]{{15}})(?:\\.([0-9]+))?$', '\\1.\\2\\3e+15'), '\\.?0*e\\+15$', 'e+15'), \
         'nan', 'NaN'), 'inf', 'Infinity')"
    )
}

/// How PostgreSQL writes a four-byte float.
const REAL: &str = "^(?:-?[0-9]{1,40}(?:\\.[0-9]{1,60})?(?:e[+-][0-9]{2})?|NaN|-?Infinity)$";

/// A four-byte float goes to exponents earlier than an eight-byte one, so it is read back as eight bytes first.
fn postgres_float(expression: &str) -> String {
    format!("CAST(CAST(CAST({expression} AS TEXT) AS DOUBLE PRECISION) AS TEXT)")
}
