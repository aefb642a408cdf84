//! What did the team decide about this workspace?
//!
//! `fourfold.toml` lies in git; everything in it is typed, unknown keys are errors, and errors name line and column.
//!
//! | module | question |
//! | --- | --- |
//! | `file` | what can stand in the file? |
//! | [`stated`] | which rules can a person state, and what does each apply to? |
//! | [`edit`] | how does a rule get into the file without touching what people wrote? |
//! | `validate` | do the values make sense together? |
//! | [`workspace`] | where does a workspace keep its files? |

pub mod address;
mod drift;
pub mod edit;
mod file;
mod match_rules;
mod money;
mod plays;
mod review;
pub mod stated;
mod validate;
pub mod workspace;

pub use drift::{
    CheckLevel, ColumnValue, ConfirmedRename, DriftSettings, Ignored, OnBroken, Renamed, Thresholds, WatchedSegment,
};
pub use file::{Config, LineageSettings, ResolveSettings, SourceSettings, TableSettings, WarehouseSettings};
pub use match_rules::{MatchRule, RuleExample, RuleField, RuleVerdict, record};
pub use money::{MoneySettings, Rate};
pub use plays::{PlaySettings, SignalSettings};
pub use review::{CalibrationSettings, LinkSettings, ReviewSettings};
pub use stated::{
    Accepted, Answer, Change, Choice, Condition, Exclusion, Grain, GrainRule, Remark, Segment, Survivorship,
    SurvivorshipRule, Unkeyed,
};
pub use workspace::Workspace;
