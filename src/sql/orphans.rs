//! Which columns of a piece of SQL come from nowhere?
//!
//! A constant, or a NULL cast to the right type, keeps a query running after its column was dropped: nothing fails, and nobody sees
//! that the numbers stopped. Each is named where it is written; who means it says so in a comment on the same line:
//! `'eu' as region -- fourfold: constant`.

use serde::Serialize;

use super::{OutputColumn, Resolved, StandIn, StandInKind};

/// A column that comes from nowhere, in whole or in some branches of a union.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Orphan {
    /// The column of the output.
    pub column: String,
    /// What stands there instead.
    pub kind: StandInKind,
    /// Whether other branches of a union do read a column.
    pub partly: bool,
    /// What stands there, as it is written.
    pub text: String,
    /// The line, counted from 1; 0 when it is not in the SQL but in a table that it reads.
    pub line: u64,
    /// The character.
    pub at: u64,
    /// Whether a comment says that it is meant.
    pub accepted: bool,
}

impl Orphan {
    /// The finding in words.
    #[must_use]
    pub fn words(&self) -> String {
        let what = match self.kind {
            StandInKind::Null => "NULL stands in for a column",
            StandInKind::Constant => "a constant",
            StandInKind::Generated => "made up by the engine",
        };
        let part = if self.partly { ", in one branch of a union" } else { "" };
        format!("{} comes from nowhere: {what}{part}: {}", self.column, self.text)
    }
}

/// The columns of `resolved` whose stand-ins are written in `file` itself, or stand in a table that it reads.
#[must_use]
pub fn orphans(resolved: &Resolved, file: Option<&str>) -> Vec<Orphan> {
    let is_here = |stand_in: &&StandIn| stand_in.file.is_none() || stand_in.file.as_deref() == file;
    let mut found = Vec::new();
    for column in &resolved.columns {
        let whole = column.provenance.stand_ins.iter().filter(|_| column.provenance.is_orphan());
        // The branches of a union often repeat one stand-in: each place of it counts once.
        found.extend(whole.filter(is_here).map(|stand_in| orphan(column, stand_in, false)));
        found.extend(column.provenance.gaps.iter().filter(is_here).map(|stand_in| orphan(column, stand_in, true)));
    }
    found.sort_by(|one, other| (one.line, one.at, &one.column).cmp(&(other.line, other.at, &other.column)));
    found.dedup();
    found
}

fn orphan(column: &OutputColumn, stand_in: &StandIn, partly: bool) -> Orphan {
    Orphan {
        column: column.name.clone(),
        kind: stand_in.kind,
        partly,
        text: stand_in.text.clone(),
        line: stand_in.line,
        at: stand_in.column,
        accepted: stand_in.accepted,
    }
}
