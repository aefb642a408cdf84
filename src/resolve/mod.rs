//! Which records speak of the same account or person?

pub mod graph;
pub mod matching;
pub mod normalise;
pub mod waterfall;
