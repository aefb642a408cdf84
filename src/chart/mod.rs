//! What do the four surfaces hold, and where do they already disagree?

pub mod conflict;
pub mod source_map;
