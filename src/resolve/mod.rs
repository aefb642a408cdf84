//! Which records speak of the same account or person?

pub mod waterfall;
