//! What do tests share?

pub mod engines;
pub mod postgres;
