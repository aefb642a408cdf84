//! How are the rooms wired into a run?
//!
//! Both faces, the command line and the terminal UI, call this and nothing deeper.

pub mod lock;
pub mod profiles;
