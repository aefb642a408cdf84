//! How is text read as a number or a moment without one bad cell stopping the statement?
//!
//! DuckDB has `TRY_CAST`, PostgreSQL has nothing before version 16. Both go through the same shape here, so that both
//! accept and refuse the same cells: what does not fit is NULL.

use super::Dialect;
use crate::warehouse::ColumnType;

/// At most 18 digits: every such number fits into 64 bits.
const INTEGER: &str = "^[+-]?[0-9]{1,18}$";
/// At most 200 digits and a two-digit exponent: every such number fits into a 64-bit float.
const NUMBER: &str = "^[+-]?([0-9]{1,200}(\\.[0-9]{0,200})?|\\.[0-9]{1,200})([eE][+-]?[0-9]{1,2})?$";
/// At most 30 digits before and 6 after the point: what `DECIMAL(38, 6)` holds without rounding.
const DECIMAL: &str = "^[+-]?([0-9]{1,30}(\\.[0-9]{1,6})?|\\.[0-9]{1,6})$";
/// A day that exists in the proleptic Gregorian calendar, leap days included.
const DAY: &str = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
    |02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
/// A time of day with an optional fraction and an optional zone.
const CLOCK: &str = "(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{1,9})?)?\
    (?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?)?";

impl Dialect {
    /// Text as a 64-bit integer; NULL where it is not one of at most 18 digits.
    #[must_use]
    pub fn try_integer(self, expression: &str) -> String {
        self.guarded(expression, INTEGER, "BIGINT")
    }

    /// Text as a float; NULL where it is not a plain number (`12`, `-1.5`, `.5`, `1e6`).
    #[must_use]
    pub fn try_number(self, expression: &str) -> String {
        self.guarded(expression, NUMBER, self.type_name(ColumnType::Float))
    }

    /// Text as an exact `DECIMAL(38, 6)`; NULL where it is not a number that this holds without rounding.
    #[must_use]
    pub fn try_decimal(self, expression: &str) -> String {
        self.guarded(expression, DECIMAL, self.type_name(ColumnType::Decimal))
    }

    /// ISO 8601 text as a timestamp in UTC; NULL where it is not one. Without a zone it is taken as UTC; digits below the
    /// microsecond are cut off.
    #[must_use]
    pub fn try_timestamp(self, expression: &str) -> String {
        let trimmed = format!("trim(CAST({expression} AS {}))", self.type_name(ColumnType::Text));
        let shape = self.matches(&trimmed, &format!("^{DAY}{CLOCK}$"));
        let micros = format!("regexp_replace({trimmed}, '(\\.[0-9]{{6}})[0-9]+', '\\1')");
        // Read with its zone first: both engines would silently drop it on the way to a plain timestamp.
        let read = match self {
            Self::DuckDb => format!("CAST(TRY_CAST({micros} AS TIMESTAMPTZ) AS TIMESTAMP)"),
            Self::Postgres => format!("CAST(CAST({micros} AS TIMESTAMPTZ) AS TIMESTAMP)"),
        };
        format!("CASE WHEN {shape} AND {trimmed} NOT LIKE '0000%' THEN {read} END")
    }

    fn guarded(self, expression: &str, shape: &str, kind: &str) -> String {
        let trimmed = format!("trim(CAST({expression} AS {}))", self.type_name(ColumnType::Text));
        format!("CASE WHEN {} THEN CAST({trimmed} AS {kind}) END", self.matches(&trimmed, shape))
    }
}
