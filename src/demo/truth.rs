//! What is the right answer, and where is it written?
//!
//! `truth/` describes the first week, `truth/week2/` the second; the headers are the contract with the tests that score
//! against them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;

use super::drift::{PLANTED, Strength};
use super::tables::Sheet;

/// In which of the two extracts a record is.
pub(super) type Seen = [bool; 2];

/// In both extracts.
pub(super) const BOTH: Seen = [true, true];
/// In the second only.
pub(super) const SECOND: Seen = [false, true];

/// The true account of tests and of the vendor's own records.
pub(super) const INTERNAL: &str = "internal";

/// A kind of disagreement that was planted, with what the two sides say.
#[derive(Debug)]
pub(super) struct Planted<'a> {
    /// The id of the kind.
    pub(super) kind: &'static str,
    /// The true account, or empty if the finding is about a column.
    pub(super) account: &'a str,
    /// Field of the joined model or column of a source.
    pub(super) field: &'a str,
    /// What one side says, the CRM where it is one of them.
    pub(super) one: &'a str,
    /// What the other side says.
    pub(super) other: &'a str,
}

/// The truth files.
#[derive(Debug)]
pub(super) struct Truth {
    accounts: [Sheet; 2],
    people: [Sheet; 2],
    relations: [Sheet; 2],
    hierarchy: [Sheet; 2],
    conflicts: Sheet,
    drift: Sheet,
    /// Planted disagreements by kind.
    pub(super) planted: BTreeMap<String, u64>,
}

impl Truth {
    /// Creates the files under `directory/truth`.
    pub(super) fn create(directory: &Path, strength: Strength) -> Result<Self> {
        let first = directory.join("truth");
        let second = first.join("week2");
        let twice = |name: &str, header: &[&str]| -> Result<[Sheet; 2]> {
            Ok([Sheet::create(&first, name, header)?, Sheet::create(&second, name, header)?])
        };
        let mut truth = Self {
            accounts: twice("accounts", &["source", "table", "pk", "true_account"])?,
            people: twice("people", &["source", "table", "pk", "true_person"])?,
            relations: twice("relations", &["source", "table", "pk", "relation", "true_account_or_person"])?,
            hierarchy: twice("hierarchy", &["child", "parent", "relation"])?,
            conflicts: Sheet::create(&first, "conflicts", &["kind", "true_account", "field", "value_a", "value_b"])?,
            drift: Sheet::create(&first, "drift", &["kind", "source", "table", "column", "detail"])?,
            planted: BTreeMap::new(),
        };
        for row in PLANTED.iter().filter(|_| strength > Strength::Harmless) {
            truth.drift.put(row)?;
        }
        Ok(truth)
    }

    /// A record at the grain of an account.
    pub(super) fn account(&mut self, seen: Seen, source: &str, table: &str, pk: &str, account: &str) -> Result<()> {
        write(&mut self.accounts, seen, &[source, table, pk, account])
    }

    /// A record at the grain of a person; an empty person for shared and role mailboxes.
    pub(super) fn person(&mut self, seen: Seen, source: &str, table: &str, pk: &str, person: &str) -> Result<()> {
        write(&mut self.people, seen, &[source, table, pk, person])
    }

    /// To whom a record belongs; nothing is written for an empty owner.
    pub(super) fn relation(&mut self, seen: Seen, [source, table, pk, relation, owner]: [&str; 5]) -> Result<()> {
        if owner.is_empty() { Ok(()) } else { write(&mut self.relations, seen, &[source, table, pk, relation, owner]) }
    }

    /// One edge between two accounts: `child_of`, `bills_for` (the parent pays for the child), `successor_of`.
    pub(super) fn edge(&mut self, child: &str, parent: &str, relation: &str) -> Result<()> {
        write(&mut self.hierarchy, BOTH, &[child, parent, relation])
    }

    /// One planted disagreement of the first week.
    pub(super) fn conflict(&mut self, planted: &Planted) -> Result<()> {
        *self.planted.entry(planted.kind.to_owned()).or_default() += 1;
        self.conflicts.put([planted.kind, planted.account, planted.field, planted.one, planted.other])
    }

    /// Closes the files.
    pub(super) fn finish(self) -> Result<BTreeMap<String, u64>> {
        for sheet in self.accounts.into_iter().chain(self.people).chain(self.relations).chain(self.hierarchy) {
            sheet.finish()?;
        }
        self.conflicts.finish()?;
        self.drift.finish()?;
        Ok(self.planted)
    }
}

fn write(sheets: &mut [Sheet; 2], seen: Seen, cells: &[&str]) -> Result<()> {
    for (sheet, seen) in sheets.iter_mut().zip(seen) {
        if seen {
            sheet.put(cells)?;
        }
    }
    Ok(())
}
