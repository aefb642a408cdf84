//! What does each command do, print and return?

pub mod erase;
pub mod log;
