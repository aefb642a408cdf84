//! Which records speak of the same account or person?
//!
//! | room | question |
//! | --- | --- |
//! | [`normalise`] | how is a value written so that equal ones are equal? |
//! | [`matching`] | which rows of a table are the same, and how sure are we? |
//! | [`extract`] | what do the account and person tables hold? |
//! | [`evidence`] | what do the sources say besides names and addresses? |
//! | [`entities`] | which records are one account, and which one person? |
//! | [`identity`] | which name does an entity bear over every rebuild? |
//! | [`hierarchy`] | which account stands above which? |
//! | [`relate`] | which users, invoices, subscriptions and tickets belong to which entity? |
//! | [`memory`] | what need not be found out again? |
//! | [`graph`] | what was found? |
//! | [`waterfall`] | why do two records belong together? |
//! | [`cohesion`] | which pairs hold an entity together, and which would split it? |

pub mod cohesion;
pub mod entities;
pub mod evidence;
pub mod extract;
pub mod graph;
pub mod hierarchy;
pub mod identity;
pub mod matching;
pub mod memory;
pub mod normalise;
pub mod relate;
mod steps;
pub mod waterfall;

use crate::chart::source_map::SourceMap;
use crate::config::Config;
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::warehouse::Warehouse;

pub use entities::decisions::{DecidedPair, DecidedRelation, Decisions};
pub use graph::EntityGraph;
pub use hierarchy::ultimate_parents;
pub use identity::{PreviousEntity, PreviousGraph};

/// Everything resolution looks at.
#[derive(Clone, Copy)]
pub struct ResolveInput<'a> {
    /// Where the records are.
    pub warehouse: &'a dyn Warehouse,
    /// What is where.
    pub map: &'a SourceMap,
    /// What the team decided about this workspace.
    pub config: &'a Config,
    /// What reviewers decided.
    pub decisions: &'a Decisions,
    /// The entities of the last run; None on the first.
    pub previous: Option<&'a PreviousGraph>,
    /// Threads to use; 0 means as many as the machine has.
    pub threads: usize,
}

/// Resolves accounts and people, their relations and their hierarchy. Reads the sources and writes nothing.
///
/// # Errors
/// `Warehouse` when the engine refuses or goes away; `Cancelled` when someone asked to stop; `Data` when the records
/// cannot be told apart, such as under a masking policy.
pub fn resolve(input: &ResolveInput<'_>, progress: &dyn Progress, cancel: &CancelToken) -> Result<EntityGraph> {
    steps::run(input, &mut memory::Memory::none(), progress, cancel)
}

/// As [`resolve`], with the memory of an earlier run: what rests on nothing that has changed is taken over, and the memory
/// holds this run's answers afterwards. The graph is the same as without a memory.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_remembering(
    input: &ResolveInput<'_>,
    memory: &mut memory::Memory,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<EntityGraph> {
    steps::run(input, memory, progress, cancel)
}
