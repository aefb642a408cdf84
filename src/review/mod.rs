//! What have people decided, who, when, and what follows from it?
//!
//! A [`ReviewLog`] is one `SQLite` file. Rows are only ever added; each carries the hash of the row before it, so that
//! [`ReviewLog::verify`] names the first row that was changed, removed or slipped in. A hash chain is evidence, not
//! WORM storage: whoever can write the file can rewrite the whole chain, or cut off its end. Keep the head's hash
//! (`fourfold log verify` prints it) or an export somewhere else, and pass it back to `verify`.
//!
//! The log holds keys of records and salted hashes of what was compared, not names. What is personal in it can be
//! erased; the names of reviewers cannot, since who decided is what a log is for.

pub mod agreement;
pub mod calibrate;
mod chain;
mod decision;
mod effective;
mod entry;
mod erase;
pub mod estimates;
mod fault;
mod hex;
mod history;
pub mod implied;
mod interchange;
mod line;
mod link;
mod pairs;
pub mod queue;
mod reopen;
mod replay;
mod row;
mod schema;
mod store;
pub mod strata;
mod toggles;
mod tombstone;
mod undo;
mod verify;
mod write;

pub use decision::{Decision, FieldAnchor, NewDecision, Side, Stratum, Verdict};
pub use effective::{Decided, Effective, Opinion, Outcome, Standing};
pub use entry::{Action, BatchId, Entry, EntryId, Target};
pub use erase::EraseReport;
pub use history::Filter;
pub use interchange::ImportReport;
pub use reopen::{ChangedField, Reopened};
pub use store::ReviewLog;
pub use tombstone::Tombstones;
pub use verify::{Broken, VerifyReport};
