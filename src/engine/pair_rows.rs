//! Which columns of the published table `pairs` name a pair, and how are they read?

use crate::ident::{PairKey, RecordKey};
use crate::warehouse::Rows;

/// The columns that name both records.
pub(super) const BOTH: [&str; 6] = ["left_source", "left_table", "left_pk", "right_source", "right_table", "right_pk"];

/// The pair of a row in which [`BOTH`] stand from a column on.
pub(super) fn pair(rows: &Rows, row: usize, first: usize) -> PairKey {
    let cell = |column: usize| rows.text(row, first + column).unwrap_or_default();
    PairKey::new(RecordKey::new(cell(0), cell(1), cell(2)), RecordKey::new(cell(3), cell(4), cell(5)))
}
