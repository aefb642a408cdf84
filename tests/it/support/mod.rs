//! What do tests share?

pub mod engines;
pub mod postgres;
pub mod workspace;
