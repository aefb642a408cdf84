//! What do tests share?

pub mod engines;
pub mod hand_map;
pub mod postgres;
pub mod workspace;
