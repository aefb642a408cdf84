//! Out of what is a column made: columns of tables, rows that were counted, or nothing but what stands in the SQL itself?

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Origin {
    /// The table, as it is known or as the SQL names it.
    pub table: String,
    /// The column.
    pub column: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.table, self.column)
    }
}

/// How a value is made of its origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Taken as it is.
    #[default]
    Copied,
    /// By an expression on one row.
    Derived,
    /// From several rows: an aggregate or a window.
    Aggregated,
}

/// What stands where a column should be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandInKind {
    /// NULL, cast or not.
    Null,
    /// A constant.
    Constant,
    /// What the engine makes up: the time, a random number.
    Generated,
}

impl StandInKind {
    /// The word in reports and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Constant => "constant",
            Self::Generated => "generated",
        }
    }
}

/// Something in the SQL itself that stands where a column should be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StandIn {
    /// What.
    pub kind: StandInKind,
    /// As it is written.
    pub text: String,
    /// The file; None for a text without one.
    pub file: Option<Arc<str>>,
    /// The line, counted from 1.
    pub line: u64,
    /// The character, counted from 1.
    pub column: u64,
    /// Whether a comment on its line says that it is meant: `-- fourfold: constant`.
    pub accepted: bool,
}

/// Out of what a column is made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Provenance {
    /// The columns that it reads, at the bottom of all subqueries.
    pub origins: BTreeSet<Origin>,
    /// Tables whose rows it counts or numbers, without reading a column.
    pub rows_of: BTreeSet<String>,
    /// What stands in the SQL itself, where there is nothing else.
    pub stand_ins: BTreeSet<StandIn>,
    /// What stands in the SQL itself in some branches of a union, while other branches read a column.
    pub gaps: BTreeSet<StandIn>,
    /// How.
    pub how: How,
}

impl Provenance {
    /// Whether it comes from nowhere: from no column and no row of a table, but from what stands in the SQL itself.
    #[must_use]
    pub fn is_orphan(&self) -> bool {
        !self.is_grounded() && !self.stand_ins.is_empty()
    }

    /// Whether it reads a column or counts rows.
    #[must_use]
    pub fn is_grounded(&self) -> bool {
        !self.origins.is_empty() || !self.rows_of.is_empty()
    }

    /// One column as it is.
    #[must_use]
    pub(super) fn of(table: &str, column: &str) -> Self {
        Self {
            origins: BTreeSet::from([Origin { table: table.to_owned(), column: column.to_owned() }]),
            ..Self::default()
        }
    }

    /// Something that stands in the SQL itself.
    #[must_use]
    pub(super) fn standing(stand_in: StandIn) -> Self {
        Self { stand_ins: BTreeSet::from([stand_in]), ..Self::default() }
    }

    /// Takes in what another part of the same expression is made of.
    pub(super) fn join(&mut self, other: &Self) {
        self.origins.extend(other.origins.iter().cloned());
        self.rows_of.extend(other.rows_of.iter().cloned());
        self.stand_ins.extend(other.stand_ins.iter().cloned());
        self.gaps.extend(other.gaps.iter().cloned());
        self.how = self.how.max(other.how);
    }

    /// What stands in the SQL beside a column that is read is no stand-in; among stand-ins only the weightiest kind counts.
    pub(super) fn settle(&mut self) {
        if self.is_grounded() {
            self.stand_ins.clear();
            return;
        }
        let kinds: BTreeSet<StandInKind> = self.stand_ins.iter().map(|stand_in| stand_in.kind).collect();
        let weightiest = kinds.into_iter().next_back();
        self.stand_ins.retain(|stand_in| Some(stand_in.kind) == weightiest);
    }

    /// Takes in the same column of another branch of a union.
    pub(super) fn unite(&mut self, other: &Self) {
        match (self.is_grounded(), other.is_grounded()) {
            (true, true) => {}
            (true, false) => self.gaps.extend(other.stand_ins.iter().cloned()),
            (false, true) => self.gaps.append(&mut self.stand_ins),
            (false, false) => self.stand_ins.extend(other.stand_ins.iter().cloned()),
        }
        self.origins.extend(other.origins.iter().cloned());
        self.rows_of.extend(other.rows_of.iter().cloned());
        self.gaps.extend(other.gaps.iter().cloned());
        self.how = self.how.max(other.how);
    }
}
