//! What moved since the last report, what did it touch, and what should be done before anything goes stale?
//!
//! | module | question |
//! | --- | --- |
//! | [`baseline`] | what is kept of a run? |
//! | [`measure`] | how does a run become a baseline, without reading a table again? |
//! | [`store`] | where do baselines, findings and what became of them lie? |
//! | [`statistics`] | when is a difference large? |
//! | [`detect`] | what differs between two baselines? |
//! | [`finding`], [`cause`] | how is it said, and what belongs together? |
//! | [`impact`] | which fields, entities, decisions, conflicts and plays hang on it? |
//! | [`invariant`] | is the run good enough to be published? |
//! | [`remember`] | how does a confirmed rename keep the join whole? |
//! | [`report`] | how does a team read it in ten minutes? |
//! | [`schedule`] | how does it run every week? |
//! | [`deepen`] | what did the week teach? |

pub mod baseline;
pub mod cause;
pub mod deepen;
pub mod detect;
pub mod finding;
pub mod impact;
pub mod invariant;
pub mod measure;
pub mod remember;
pub mod report;
pub mod schedule;
pub mod statistics;
pub mod store;
