//! How does one field walk back to its rows?
//!
//! Three round trips at most: find the entity; read all that the last run kept about the field; read the source rows as they are now.
//! What is shown is what the run saw and, where a source moved on, what it says today beside it.

mod empty;
mod find;
mod kept;
mod kept_sql;
mod now;
mod readd;
mod recount;
mod view;

use serde::Serialize;

pub use view::{Check, SourceField, Trace, TracedCell, TracedConflict, TracedLink, TracedPair, TracedPart};

use super::feeds;
use super::rederive::{self, Subject};
use crate::error::Result;
use crate::ident::FieldPath;
use crate::warehouse::Warehouse;

/// What to walk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceRequest {
    /// An id (`acc_…`, also as `account:acc_…`, `invoice:stripe:in_…`), a name, the beginning of a name, or a domain.
    pub entity: String,
    /// The field, such as `arr` or `accounts.arr`.
    pub field: String,
    /// How many contributing rows to pass over, those that contribute most first.
    pub offset: u64,
    /// How many contributing rows to list.
    pub limit: u64,
}

/// How many contributing rows are listed unless asked otherwise.
pub const LISTED: u64 = 200;

impl TraceRequest {
    /// The first page of a field.
    pub fn new(entity: impl Into<String>, field: impl Into<String>) -> Self {
        Self { entity: entity.into(), field: field.into(), offset: 0, limit: LISTED }
    }
}

/// Finds an account or person by its id, its name, the beginning of its name, or its domain: kind, id and name.
///
/// # Errors
/// `NotFound` when there is no such entity or when several fit: the hints then list them; `Warehouse` when the warehouse
/// cannot be read.
pub fn find_entity(warehouse: &dyn Warehouse, schema: &str, entity: &str) -> Result<(String, String, Option<String>)> {
    find::named(warehouse, schema, entity)
}

/// Walks a field back. `entity` is an id (`acc_…`, also as `account:acc_…`, `invoice:stripe:in_…`), a name, the beginning of a name, or a
/// domain.
///
/// # Errors
/// As [`walk`].
pub fn trace(warehouse: &dyn Warehouse, schema: &str, entity: &str, field: &str) -> Result<Trace> {
    walk(warehouse, schema, &TraceRequest::new(entity, field))
}

/// Walks a field back, with a page of its contributing rows.
///
/// # Errors
/// `NotFound` when there is no such entity or field, or when several entities fit: the hints then list them; `Warehouse` when the
/// warehouse cannot be read.
pub fn walk(warehouse: &dyn Warehouse, schema: &str, request: &TraceRequest) -> Result<Trace> {
    let found = find::entity(warehouse, schema, &request.entity, &request.field)?;
    let mut kept = kept::read(warehouse, schema, &found, request)?;
    now::read(warehouse, &mut kept)?;
    readd::check(&mut kept);
    let path = FieldPath { table: found.table.to_owned(), field: found.field.clone() };
    kept.trace.feeds.splice(0..0, feeds::fed_by(&path));
    kept.trace.made_of = feeds::feeding(&path).into_iter().map(str::to_owned).collect();
    empty::explain(&mut kept.trace, &found);
    let subject = Subject { trace: &kept.trace, entries: &kept.tables, dialect: warehouse.dialect(), schema };
    let sql = rederive::sql(&subject);
    kept.trace.sql = sql;
    Ok(kept.trace)
}
