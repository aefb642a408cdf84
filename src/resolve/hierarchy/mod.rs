//! Which account stands above which, who pays for whom, and who followed whom? Edges, never merges.
//!
//! | module | question |
//! | --- | --- |
//! | [`edges`] | which edges do sources and reviewers name? |
//! | [`paid`] | who pays for whom? |
//! | [`ultimate`] | who stands at the top? |

pub mod edges;
pub mod paid;
pub mod ultimate;

pub use ultimate::ultimate_parents;
