//! What did the team decide about this workspace?
//!
//! `fourfold.toml` lies in git; everything in it is typed, unknown keys are errors, and errors name line and column.
//!
//! | module | question |
//! | --- | --- |
//! | `file` | what can stand in the file? |
//! | [`rules`] | which rules can a person state, and what does each apply to? |
//! | [`edit`] | how does a rule get into the file without touching what people wrote? |
//! | `validate` | do the values make sense together? |
//! | [`workspace`] | where does a workspace keep its files? |

pub mod edit;
mod file;
pub mod rules;
mod validate;
pub mod workspace;

pub use file::{Config, ResolveSettings, SourceSettings, TableSettings, WarehouseSettings};
pub use rules::{
    Accepted, Answer, Change, Choice, Condition, Exclusion, Grain, GrainRule, Ignored, Remark, Segment, Survivorship,
    SurvivorshipRule,
};
pub use workspace::Workspace;
