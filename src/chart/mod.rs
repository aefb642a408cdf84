//! What do the four surfaces hold, and where do they already disagree?
//!
//! [`chart`] introspects each source, recognises its tables by the catalog or reads them by their names, types and values,
//! profiles every table in one scan, and names the conflicts that show before anything is resolved. The
//! [`interview`] turns what it found into questions for operators.

mod assign;
mod build;
pub mod conflict;
mod detect;
mod finding;
pub mod foreign_key;
pub mod infer;
pub mod interview;
mod key;
pub mod kinds;
pub mod profile;
pub mod rows;
pub mod source_map;
mod stated;
mod twins;

pub use build::{Chart, TableKeys, chart};
pub use foreign_key::ForeignKey;
