//! Which records speak of the same account or person?

pub mod graph;
pub mod waterfall;
