//! What did the team decide about this workspace?
//!
//! `fourfold.toml` lies in git; everything in it is typed, unknown keys are errors, and errors name line and column.

mod file;
mod match_rules;
mod validate;
pub mod workspace;

pub use file::{
    Answer, Config, Exclusion, ResolveSettings, SourceSettings, Survivorship, SurvivorshipRule, TableSettings,
    WarehouseSettings,
};
pub use match_rules::{MatchRule, RuleExample, RuleField, RuleVerdict, record};
pub use workspace::Workspace;
