//! What did the team decide about this workspace?
//!
//! `fourfold.toml` lies in git; everything in it is typed, unknown keys are errors, and errors name line and column.

pub mod address;
mod drift;
mod file;
mod money;
mod plays;
mod review;
mod rules;
mod validate;
pub mod workspace;

pub use drift::{
    CheckLevel, ColumnValue, ConfirmedRename, DriftSettings, Ignored, OnBroken, Renamed, Thresholds, WatchedSegment,
};
pub use file::{
    Answer, Config, Exclusion, LineageSettings, ResolveSettings, SourceSettings, Survivorship, SurvivorshipRule,
    TableSettings, WarehouseSettings,
};
pub use money::{MoneySettings, Rate};
pub use plays::{PlaySettings, SignalSettings};
pub use review::{CalibrationSettings, LinkSettings, ReviewSettings};
pub use rules::{MatchRule, RuleExample, RuleField, RuleVerdict, record};
pub use workspace::Workspace;
