//! How are the rooms wired into a run?
//!
//! Both faces, the command line and the terminal UI, call this and nothing deeper.

pub mod calibration;
pub mod colleagues;
pub mod connect;
mod decisions;
pub mod deepen;
pub mod desk;
pub mod doctor;
pub mod drift;
pub mod drift_confirm;
mod drift_plays;
pub mod drift_rows;
pub mod edit;
pub mod explain;
pub mod history;
pub mod init;
mod journal;
pub mod labels;
mod ledger;
pub mod load;
pub mod lock;
mod memory;
mod pair_rows;
pub mod plays;
pub mod preview;
mod previous;
pub mod profiles;
pub mod regression;
pub mod run;
pub mod snapshot;
pub mod sources;
pub mod sql_check;
pub mod strata;
pub mod trace;
