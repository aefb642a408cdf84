//! Which users, invoices, subscriptions, opportunities and tickets belong to which entity?
//!
//! | module | question |
//! | --- | --- |
//! | [`users`] | which account does a person's record belong to? |
//! | [`billing`] | whose are invoices, subscriptions and opportunities? |
//! | [`tickets`] | whose are tickets, and who asked? |
//! | [`owners`] | which account does a domain or a foreign id lead to? |
//! | [`documents`] | how are large tables read? |

pub mod billing;
pub mod documents;
pub mod owners;
pub mod tickets;
pub mod users;

use crate::ident::{EntityId, RecordKey, SourceId};
use crate::resolve::entities::Resolved;
use crate::resolve::graph::Relation;

/// How a relation to an account was found.
pub(crate) type Found = (u32, &'static str);

/// The entity behind an id that a row of `source` holds, and whether it was reached through a merged record.
pub(crate) fn by_key(resolved: &Resolved<'_>, source: &SourceId, id: &str) -> Option<Found> {
    let record = resolved.extract.directory.find(source, id)?;
    let purged = resolved.extract.records[record as usize].pk.as_ref() != id
        && crate::resolve::extract::words::canonical_id(&resolved.extract.records[record as usize].pk)
            != crate::resolve::extract::words::canonical_id(id);
    let rule = if purged || resolved.is_redirected(record) { "tombstone" } else { "foreign_key" };
    Some((resolved.entity(record), rule))
}

pub(crate) fn relation(key: RecordKey, relation: &str, entity: &EntityId, rule: &str) -> Relation {
    Relation { record: key, relation: relation.to_owned(), entity: entity.clone(), rule: rule.to_owned(), weight: None }
}

/// How many rows of a table found no owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unlinked {
    /// The source and table in words.
    pub table: String,
    /// The relation that is missing.
    pub relation: &'static str,
    /// Rows without it.
    pub rows: u64,
    /// All rows.
    pub of: u64,
}

impl Unlinked {
    /// The count in words for the reader; None when nothing is missing.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        (self.rows > 0)
            .then(|| format!("{} of {} rows of {} have no {}", self.rows, self.of, self.table, self.relation))
    }
}
