//! How are the values of a column spread, so that two runs can be compared?
//!
//! Everything here is made without looking at the values of another run: buckets are the same for every column, and a
//! sketch holds the smallest hashes (Beyer et al., "On synopses for distinct-value estimation under multiset
//! operations", SIGMOD 2007), from which the overlap of two columns is estimated.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::chart::source_map::ValueShape;
use crate::warehouse::moment::parse_date;
use crate::warehouse::{ColumnType, Dialect};

/// A column with at most this many values may be a list of choices.
pub const CHOICES: u64 = 200;
/// How many days are kept, the newest.
pub const DAYS: usize = 120;
/// How many hashes a sketch holds.
pub const SKETCH: usize = 256;
/// Buckets to a doubling: neighbours are 19 % apart.
const TO_A_DOUBLING: f64 = 4.0;
/// The bucket of 1; those of smaller numbers lie below it and never reach 0, which is the bucket of zero itself.
const ONE: i32 = 1000;

/// The bucket of a number: 0 for zero, otherwise a step of the logarithm, negative for negative numbers; None for what is
/// no finite number.
#[must_use]
pub fn bucket(number: f64) -> Option<i32> {
    if !number.is_finite() {
        return None;
    }
    if number == 0.0 {
        return Some(0);
    }
    let step = (number.abs().log2() * TO_A_DOUBLING).floor().clamp(-999.0, 4200.0) as i32;
    Some(if number > 0.0 { ONE + step } else { -(ONE + step) })
}

/// The number in the middle of a bucket.
#[must_use]
pub fn middle(bucket: i32) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    let size = ((f64::from(bucket.abs() - ONE) + 0.5) / TO_A_DOUBLING).exp2();
    if bucket > 0 { size } else { -size }
}

/// [`bucket`] in SQL, as a 64-bit integer; NULL for what is no finite number.
pub(super) fn bucket_sql(dialect: Dialect, value: &str) -> String {
    let float = format!("CAST({value} AS {})", dialect.type_name(ColumnType::Float));
    let (log, finite) = match dialect {
        Dialect::DuckDb => (format!("log2(abs({float}))"), format!("isfinite({float})")),
        Dialect::Postgres => (
            format!("(ln(abs({float})) / ln(CAST(2 AS DOUBLE PRECISION)))"),
            format!("{float} NOT IN ('NaN', 'Infinity', '-Infinity')"),
        ),
    };
    format!(
        "CASE WHEN {float} IS NULL OR NOT ({finite}) THEN NULL WHEN {float} = 0 THEN 0 ELSE \
         CAST(sign({float}) AS BIGINT) * ({ONE} + CAST(least(greatest(floor({log} * 4), -999), 4200) AS BIGINT)) END"
    )
}

/// The day of a moment in SQL, as text; the newest and oldest thinkable ones are left to the reader to refuse.
pub(super) fn day_sql(dialect: Dialect, value: &str) -> String {
    format!("CAST(CAST(CAST({value} AS TIMESTAMP) AS DATE) AS {})", dialect.type_name(ColumnType::Text))
}

/// The hash of a value for a sketch: the same on every machine and for every version.
#[must_use]
pub fn hash(value: &str) -> u32 {
    let digest = Sha256::digest(value.as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// The smallest hashes of distinct values, ascending.
#[must_use]
pub fn sketch<'a>(values: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut hashes: Vec<u32> = values.map(hash).collect();
    if hashes.len() > SKETCH {
        hashes.select_nth_unstable(SKETCH);
        hashes.truncate(SKETCH);
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The share of one column's distinct values that another column has too, estimated where both sketches reach; None when
/// either holds nothing.
#[must_use]
pub fn contained(one: &[u32], other: &[u32]) -> Option<f64> {
    let reach = |sketch: &[u32]| if sketch.len() < SKETCH { u32::MAX } else { sketch.last().copied().unwrap_or(0) };
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let upto = reach(one).min(reach(other));
    let mine: Vec<u32> = one.iter().copied().filter(|hash| *hash <= upto).collect();
    if mine.is_empty() {
        return None;
    }
    let found = mine.iter().filter(|hash| other.binary_search(hash).is_ok()).count();
    Some(found as f64 / mine.len() as f64)
}

/// Whether a column of that type may be a list of choices.
pub(super) fn has_choices(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Text | ColumnType::Integer | ColumnType::Boolean)
}

pub(super) fn is_number(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal)
}

pub(super) fn is_dated(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Date | ColumnType::Timestamp)
}

/// The shape of a column all of whose values were counted; a hashed value begins with a NUL.
pub(super) fn of_counts<'a>(kind: ColumnType, counts: impl Iterator<Item = (&'a str, u64)> + Clone) -> ValueShape {
    let mut shape = ValueShape { sketch: sketch(counts.clone().map(|(value, _)| value)), ..ValueShape::default() };
    let distinct = counts.clone().count() as u64;
    if is_number(kind) {
        let numbers = counts.clone().filter_map(|(text, count)| Some((bucket(text.parse().ok()?)?, count)));
        shape.buckets = added(numbers);
    }
    if is_dated(kind) {
        shape.days = newest(counts.clone().filter_map(|(text, count)| Some((parse_date(text.get(..10)?)?, count))));
    }
    if has_choices(kind) && distinct <= CHOICES {
        shape.values = choices(counts.map(|(value, count)| (value.to_owned(), count)).collect());
    }
    shape
}

/// Values by name; nothing when a value is too long to be a choice.
pub(super) fn choices(mut values: Vec<(String, u64)>) -> Vec<(String, u64)> {
    if values.len() as u64 > CHOICES || values.iter().any(|(value, _)| value.starts_with('\u{0}') || value.len() > 200)
    {
        return Vec::new();
    }
    values.sort();
    values
}

fn added(pairs: impl Iterator<Item = (i32, u64)>) -> Vec<(i32, u64)> {
    let mut sums: BTreeMap<i32, u64> = BTreeMap::new();
    for (key, count) in pairs {
        *sums.entry(key).or_default() += count;
    }
    sums.into_iter().collect()
}

/// Rows by day, the newest [`DAYS`] that are no dates of the far future.
pub(super) fn newest(pairs: impl Iterator<Item = (i32, u64)>) -> Vec<(i32, u64)> {
    let mut days = added(pairs);
    let surplus = days.len().saturating_sub(DAYS);
    days.drain(..surplus);
    days
}

/// Buckets as an engine returns them, as text with counts.
pub(super) fn parsed_buckets(entries: Vec<(String, u64)>) -> Vec<(i32, u64)> {
    added(entries.into_iter().filter_map(|(text, count)| Some((text.parse().ok()?, count))))
}

/// Days as an engine returns them, as text with counts.
pub(super) fn parsed_days(entries: Vec<(String, u64)>) -> Vec<(i32, u64)> {
    newest(entries.into_iter().filter_map(|(text, count)| Some((parse_date(&text)?, count))))
}
