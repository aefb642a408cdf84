//! What have people decided, who, when, and what follows from it?
//!
//! A [`ReviewLog`] is one SQLite file. Rows are only ever added; each carries the hash of the row before it, so that
//! [`ReviewLog::verify`] names the first row that was changed, removed or slipped in. A hash chain is evidence, not
//! WORM storage: whoever can write the file can rewrite the whole chain, or cut off its end. Keep the head's hash
//! (`fourfold log verify` prints it) or an export somewhere else, and pass it back to `verify`.

mod decision;
mod entry;
mod hex;

pub use decision::{ComparedField, Decision, FieldAnchor, NewDecision, Side, Stratum, Verdict};
pub use entry::{Action, BatchId, Entry, EntryId, Target};
