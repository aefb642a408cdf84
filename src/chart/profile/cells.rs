//! What does a column look like, cell by cell?
//!
//! Up to ten thousand rows are profiled here, exactly and the same whatever the engine; of greater tables the first ten
//! thousand give the formats.

use rustc_hash::FxHashMap;

use super::formats::format_of;
use super::shape;
use crate::chart::source_map::ColumnProfile;
use crate::ident::short_hash;
use crate::warehouse::ColumnType;

/// How many of the most frequent values are kept.
pub const TOP: usize = 20;
/// Longer values are counted by their hash and never shown.
const LONGEST: usize = 200;

/// A column being counted.
#[derive(Debug)]
pub struct Counter {
    kind: ColumnType,
    nulls: u64,
    counts: FxHashMap<String, u64>,
    formats: FxHashMap<String, u64>,
    min: Option<String>,
    max: Option<String>,
}

impl Counter {
    /// A column of that type.
    #[must_use]
    pub fn new(kind: ColumnType) -> Self {
        Self { kind, nulls: 0, counts: FxHashMap::default(), formats: FxHashMap::default(), min: None, max: None }
    }

    /// Counts a cell.
    pub fn add(&mut self, cell: Option<&str>) {
        let Some(value) = cell.filter(|value| !value.is_empty()) else {
            self.nulls += 1;
            return;
        };
        *self.formats.entry(format_of(value, self.kind)).or_default() += 1;
        if self.min.as_deref().is_none_or(|min| less(value, min, self.kind)) {
            self.min = Some(clip(value));
        }
        if self.max.as_deref().is_none_or(|max| less(max, value, self.kind)) {
            self.max = Some(clip(value));
        }
        if value.len() > LONGEST {
            *self.counts.entry(format!("\u{0}{}", short_hash(value))).or_default() += 1;
        } else if let Some(count) = self.counts.get_mut(value) {
            *count += 1;
        } else {
            self.counts.insert(value.to_owned(), 1);
        }
    }

    /// How many distinct values were met.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.counts.len() as u64
    }

    /// The profile of what was counted.
    #[must_use]
    pub fn finish(self) -> ColumnProfile {
        let distinct = self.distinct();
        let shape = shape::of_counts(self.kind, self.counts.iter().map(|(value, count)| (value.as_str(), *count)));
        let mut profile = ColumnProfile {
            nulls: self.nulls,
            distinct,
            min: self.min,
            max: self.max,
            top: most_frequent(self.counts.into_iter().collect(), distinct),
            formats: self.formats.into_iter().collect(),
            shape,
        };
        profile.formats.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        profile
    }
}

/// The values worth showing: those that come more than once, or all of a short list.
pub(super) fn most_frequent(mut counts: Vec<(String, u64)>, distinct: u64) -> Vec<(String, u64)> {
    counts.retain(|(value, count)| !value.starts_with('\u{0}') && (*count > 1 || distinct <= TOP as u64));
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counts.truncate(TOP);
    counts
}

/// Numbers in the order of numbers, everything else in the order of its bytes.
fn less(one: &str, other: &str, kind: ColumnType) -> bool {
    if matches!(kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal)
        && let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>())
    {
        return one < other;
    }
    one < other
}

/// The beginning of a value, cut between characters.
pub(super) fn clip(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((at, _)) => value[..at].to_owned(),
        None => value.to_owned(),
    }
}
