//! Which type does a column of text have, when a mistake would lose something?
//!
//! A column becomes a number, truth or moment only when every value of it reads back as the same value and its name does
//! not look like a key. So `007`, `1e5000`, `+49 30 1234`, 30-digit ids and `01/02/2026` stay text.

use super::names::is_key;
use crate::warehouse::ColumnType;
use crate::warehouse::moment::{parse_date, parse_timestamp};

/// Which types the values of one column still admit.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is one type that the values still admit")]
pub(super) struct Guess {
    key: bool,
    seen: bool,
    boolean: bool,
    integer: bool,
    float: bool,
    date: bool,
    timestamp: bool,
}

impl Guess {
    pub(super) fn new(name: &str) -> Self {
        let key = is_key(name);
        Self { key, seen: false, boolean: !key, integer: !key, float: !key, date: !key, timestamp: !key }
    }

    /// Looks at one value.
    pub(super) fn see(&mut self, value: &str) {
        if self.seen && !(self.boolean || self.integer || self.float || self.date || self.timestamp) {
            return;
        }
        self.seen = true;
        self.boolean = self.boolean && parse_boolean(value).is_some();
        self.integer = self.integer && is_integer(value);
        self.float = self.float && (self.integer || is_float(value));
        // A column may hold days and moments; then it holds moments.
        if self.date || self.timestamp {
            let day = parse_date(value).is_some();
            self.date = self.date && day;
            self.timestamp = self.timestamp && (day || parse_timestamp(value).is_some());
        }
    }

    /// Looks at a value that its file declares to be text, as JSON strings are: it may be a moment and nothing else.
    pub(super) fn see_text(&mut self, value: &str) {
        (self.boolean, self.integer, self.float) = (false, false, false);
        self.see(value);
    }

    /// The type.
    pub(super) fn kind(self) -> ColumnType {
        if self.key || !self.seen {
            ColumnType::Text
        } else if self.boolean {
            ColumnType::Boolean
        } else if self.integer {
            ColumnType::Integer
        } else if self.float {
            ColumnType::Float
        } else if self.date {
            ColumnType::Date
        } else if self.timestamp {
            ColumnType::Timestamp
        } else {
            ColumnType::Text
        }
    }
}

/// `true` and `false`, also `TRUE` and `True`.
pub(super) fn parse_boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "TRUE" | "True" => Some(true),
        "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A whole number as it would be printed again, of at most 18 digits.
fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value).as_bytes();
    let plain = !digits.is_empty() && digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit);
    plain && (digits[0] != b'0' || value == "0")
}

/// A decimal number whose digits a 64-bit float keeps: at most 15, without leading zeros.
fn is_float(value: &str) -> bool {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let small_exponent = exponent.is_none_or(|exponent| {
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        digits(bare) && bare.len() <= 2
    });
    digits(whole)
        && fraction.is_none_or(digits)
        && small_exponent
        && (whole.len() == 1 || !whole.starts_with('0'))
        && whole.len() + fraction.map_or(0, |fraction| fraction.trim_end_matches('0').len()) <= 15
        && (fraction.is_some() || exponent.is_some() || is_integer(value))
}

/// Whether a value is a number.
pub(super) fn looks_numeric(value: &str) -> bool {
    !value.is_empty() && value.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether a value is data rather than the name of a column: a number, truth, moment or e-mail address.
pub(super) fn looks_like_data(value: &str) -> bool {
    let value = value.trim();
    looks_numeric(value)
        || parse_boolean(value).is_some()
        || parse_date(value).is_some()
        || parse_timestamp(value).is_some()
        || value
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !value.contains(' '))
}
