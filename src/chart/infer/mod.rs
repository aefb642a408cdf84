//! What are the tables and columns of an unknown system, by their names, types and values?
//!
//! Nothing here is ever surer than 0.9, and a role is given only when the table could be used as such: an account needs a
//! name or a domain, and a key.

pub mod column;
pub mod reference;
pub mod table;

use super::source_map::ColumnProfile;
use crate::warehouse::ColumnType;

/// The share of a column's filled cells that have one of the shapes; None when nothing is filled.
#[must_use]
pub fn share(profile: &ColumnProfile, shapes: &[&str]) -> Option<f64> {
    let all: u64 = profile.formats.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return None;
    }
    let fitting: u64 = profile
        .formats
        .iter()
        .filter(|(format, _)| {
            shapes.iter().any(|shape| format == shape || (shape.ends_with(':') && format.starts_with(shape)))
        })
        .map(|(_, count)| count)
        .sum();
    Some(fitting as f64 / all as f64)
}

/// A column as inference sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'table> {
    /// The raw name.
    pub name: &'table str,
    /// The type.
    pub kind: ColumnType,
    /// The values.
    pub profile: &'table ColumnProfile,
}
