//! What did the team decide about this workspace?
//!
//! `fourfold.toml` lies in git; everything in it is typed, unknown keys are errors, and errors name line and column.

pub mod address;
mod file;
mod review;
mod validate;
pub mod workspace;

pub use file::{
    Answer, Config, Exclusion, ResolveSettings, SourceSettings, Survivorship, SurvivorshipRule, TableSettings,
    WarehouseSettings,
};
pub use review::{CalibrationSettings, LinkSettings, ReviewSettings};
pub use workspace::Workspace;
