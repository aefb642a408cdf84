//! What is wrong with a piece of SQL, and where?

use serde::Serialize;

/// Something that cannot stand in SQL as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The line, counted from 1; 0 when no place is known.
    pub line: u64,
    /// The character within the line, counted from 1; 0 when no place is known.
    pub column: u64,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it; empty when nothing can be said.
    pub hint: String,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn at(location: sqlparser::tokenizer::Location, message: impl Into<String>) -> Self {
        Self { line: location.line, column: location.column, message: message.into(), hint: String::new() }
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line > 0 {
            write!(formatter, "{}:{}: ", self.line, self.column)?;
        }
        formatter.write_str(&self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(formatter, " ({})", self.hint) }
    }
}

/// The name among `known` that is written most like `wanted`, if any is alike.
pub(super) fn alike<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let score = |name: &str| {
        rapidfuzz::distance::jaro_winkler::normalized_similarity(name.to_lowercase().chars(), wanted.chars())
    };
    known
        .map(|name| (score(name), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0).then_with(|| other.1.cmp(one.1)))
        .map(|(_, name)| name)
}
