//! What can stand in a cell of the joined model, and how is it written as text?
//!
//! The text is the one that [`crate::warehouse::Dialect::text`] gives for the same value, so that a value in lineage can be compared
//! byte by byte with the value that an engine returns.

use std::fmt;

use crate::warehouse::ColumnType;

/// An exact amount, in millionths: sums do not depend on their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// How many parts one unit has.
    pub const SCALE: i128 = 1_000_000;

    /// Whole units.
    #[must_use]
    pub fn units(units: i64) -> Self {
        Self(i128::from(units) * Self::SCALE)
    }

    /// Multiplies by `numerator / denominator`, rounded half away from zero; None for a zero denominator or an overflow.
    #[must_use]
    pub fn scaled(self, numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let product = self.0.checked_mul(numerator)?;
        let (product, denominator) = if denominator < 0 { (-product, -denominator) } else { (product, denominator) };
        let half = denominator / 2;
        let rounded = if product >= 0 { product.checked_add(half)? } else { product.checked_sub(half)? };
        Some(Self(rounded / denominator))
    }

    /// The sum; stays at the greatest amount instead of overflowing.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The distance.
    #[must_use]
    pub fn distance(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).saturating_abs())
    }

    /// As a floating point number, for ratios and screens.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::SCALE as f64
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / Self::SCALE.unsigned_abs();
        let rest = self.0.unsigned_abs() % Self::SCALE.unsigned_abs();
        write!(formatter, "{sign}{whole}.{rest:06}")
    }
}

/// A moment in UTC, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// Microseconds of one day.
pub const DAY_MICROS: i64 = 86_400_000_000;

impl Moment {
    /// The day it lies in, counted from 1970.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MICROS) as i32)
    }
}

impl From<jiff::Timestamp> for Moment {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.0.rem_euclid(DAY_MICROS);
        let seconds = within / 1_000_000;
        let micros = within % 1_000_000;
        write!(formatter, "{} {:02}:{:02}:{:02}", self.day(), seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if micros != 0 {
            let digits = format!("{micros:06}");
            write!(formatter, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a date of the Gregorian calendar; None when there is no such date.
    #[must_use]
    pub fn from_date(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        let epoch = jiff::civil::Date::constant(1970, 1, 1);
        Some(Self((date - epoch).get_days()))
    }

    /// Its beginning in UTC.
    #[must_use]
    pub fn start(self) -> Moment {
        Moment(i64::from(self.0) * DAY_MICROS)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let epoch = jiff::civil::Date::constant(1970, 1, 1);
        let span = jiff::Span::new().try_days(self.0).map_err(|_| fmt::Error)?;
        let date = epoch.checked_add(span).map_err(|_| fmt::Error)?;
        write!(formatter, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// No value.
    #[default]
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact amount of money.
    Amount(Amount),
    /// A ratio.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Day),
    /// A moment in UTC.
    Timestamp(Moment),
}

impl Cell {
    /// Text, or nothing when it is empty.
    #[must_use]
    pub fn words(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { Self::Text(text.to_owned()) }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of the value; None when there is none.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        Some(match self {
            Self::Null => return None,
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Amount(amount) => amount.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Timestamp(moment) => moment.to_string(),
        })
    }

    /// The words of a text cell.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The amount of a money cell.
    #[must_use]
    pub fn as_amount(&self) -> Option<Amount> {
        if let Self::Amount(amount) = self { Some(*amount) } else { None }
    }

    /// The number of a whole-number cell.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The moment of a time cell; a day counts from its beginning.
    #[must_use]
    pub fn as_moment(&self) -> Option<Moment> {
        match self {
            Self::Timestamp(moment) => Some(*moment),
            Self::Date(day) => Some(day.start()),
            _ => None,
        }
    }

    /// The type of the column it belongs in; None for no value.
    #[must_use]
    pub fn kind(&self) -> Option<ColumnType> {
        Some(match self {
            Self::Null => return None,
            Self::Text(_) => ColumnType::Text,
            Self::Integer(_) => ColumnType::Integer,
            Self::Amount(_) => ColumnType::Decimal,
            Self::Float(_) => ColumnType::Float,
            Self::Boolean(_) => ColumnType::Boolean,
            Self::Date(_) => ColumnType::Date,
            Self::Timestamp(_) => ColumnType::Timestamp,
        })
    }
}
