//! How are the rooms wired into a run?
//!
//! Both faces, the command line and the terminal UI, call this and nothing deeper.

pub mod colleagues;
pub mod connect;
mod decisions;
pub mod doctor;
pub mod init;
pub mod load;
pub mod lock;
pub mod plays;
mod previous;
pub mod profiles;
pub mod run;
pub mod snapshot;
pub mod sql_check;
pub mod trace;
