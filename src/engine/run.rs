//! What happens in a run, step by step?
//!
//! chart, resolve, model, publish, snapshot. Nothing is published before every step has succeeded, and then all at once.

use std::time::Duration;

use serde::Serialize;

use super::connect::{self, Access};
use super::lock::RunLock;
use super::{decisions, ledger, previous};
use crate::chart::standing::Standing;
use crate::chart::{self, Chart};
use crate::config::Workspace;
use crate::error::Result;
use crate::model;
use crate::model::publish::{PublishInput, PublishSummary, publish};
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::{EntityGraph, PairStatus};
use crate::resolve::{self, ResolveInput};
use crate::review::ReviewLog;
use crate::warehouse::Canceller;

/// The last step to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Read the sources.
    Chart,
    /// Find the entities.
    Resolve,
    /// Build the joined model, and publish.
    Model,
}

/// How to run.
pub struct RunOptions<'a> {
    /// The last step to take.
    pub until: Step,
    /// Worker threads.
    pub threads: usize,
    /// How long to wait for another process that holds the embedded warehouse.
    pub patience: Duration,
    /// The command, for whoever finds the workspace locked.
    pub purpose: &'a str,
    /// Is given what stops the running statement, so that Ctrl-C need not wait for it.
    pub on_connect: &'a dyn Fn(Canceller),
}

/// What a run found.
pub struct RunOutcome {
    /// The run's name, which orders by time.
    pub run_id: String,
    /// The source map and its conflicts.
    pub chart: Chart,
    /// The entities; None when the run stopped before.
    pub graph: Option<EntityGraph>,
    /// Every conflict, of sources and of values; None when the run stopped before.
    pub conflicts: Option<Vec<crate::chart::conflict::Conflict>>,
    /// What was published; None when the run stopped before.
    pub published: Option<PublishSummary>,
    /// The counts for a person.
    pub counts: Counts,
}

/// A run in numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counts {
    /// Sources read.
    pub sources: usize,
    /// Tables of the sources.
    pub tables: usize,
    /// Rows of those tables.
    pub rows: u64,
    /// Accounts found.
    pub accounts: usize,
    /// People found.
    pub people: usize,
    /// Records linked to an account or person.
    pub links: usize,
    /// Relations of users, invoices, subscriptions, tickets and opportunities.
    pub relations: usize,
    /// Accounts that stand below another.
    pub hierarchy: usize,
    /// Pairs a person should look at.
    pub to_review: usize,
    /// Named disagreements.
    pub conflicts: usize,
}

/// Runs the steps on a workspace.
///
/// # Errors
/// Whatever a step says; nothing is published then and the last published run stays whole.
pub fn run(
    workspace: &Workspace,
    options: &RunOptions<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<RunOutcome> {
    workspace.state()?;
    let _lock = RunLock::take(&workspace.lock(), options.purpose)?;
    let started = jiff::Timestamp::now();
    let run_id = started.strftime("%Y%m%dT%H%M%S%6fZ").to_string();
    let access = Access { write: options.until >= Step::Model, patience: options.patience };
    let warehouse = connect::open(workspace, access, progress, cancel)?;
    (options.on_connect)(warehouse.canceller());

    let mut chart = chart::chart(warehouse.as_ref(), &workspace.config, progress, cancel)?;
    let standing = Standing::of(&workspace.config, ledger::today(started));
    standing.apply(&mut chart.conflicts);
    let mut counts = Counts {
        sources: chart.map.sources.len(),
        tables: chart.map.sources.iter().map(|source| source.tables.len()).sum(),
        rows: chart.map.sources.iter().flat_map(|source| &source.tables).map(|table| table.rows).sum(),
        conflicts: chart.conflicts.len(),
        ..Counts::default()
    };
    if options.until == Step::Chart {
        return Ok(RunOutcome { run_id, chart, graph: None, conflicts: None, published: None, counts });
    }

    cancel.check()?;
    let log = ReviewLog::open(&workspace.review_log())?;
    let mut decided = decisions::standing(&log)?;
    decisions::add_rules(&mut decided, &workspace.config, &chart.conflicts);
    let schema = workspace.config.warehouse.schema();
    let before = previous::read(warehouse.as_ref(), schema)?;
    let input = ResolveInput {
        warehouse: warehouse.as_ref(),
        map: &chart.map,
        config: &workspace.config,
        decisions: &decided,
        previous: before.as_ref(),
        threads: options.threads,
    };
    let graph = resolve::resolve(&input, progress, cancel)?;
    for warning in &graph.warnings {
        progress.note(warning);
    }
    counts.accounts = graph.entities.iter().filter(|entity| entity.kind == crate::ident::EntityKind::Account).count();
    counts.people = graph.entities.len() - counts.accounts;
    counts.links = graph.links.len();
    counts.relations = graph.relations.len();
    counts.hierarchy = graph.hierarchy.len();
    counts.to_review = graph.pairs.iter().filter(|pair| pair.status == PairStatus::Review).count();
    if options.until == Step::Resolve {
        return Ok(RunOutcome { run_id, chart, graph: Some(graph), conflicts: None, published: None, counts });
    }

    cancel.check()?;
    let as_of = model::as_of(&chart.map, started);
    let input = model::ModelInput {
        warehouse: warehouse.as_ref(),
        map: &chart.map,
        graph: &graph,
        config: &workspace.config,
        as_of,
        run_id: &run_id,
    };
    let mut built = model::build(&input, progress, cancel)?;
    standing.apply(&mut built.conflicts);
    built.ledger = ledger::rows(warehouse.as_ref(), schema, &standing, &chart.conflicts, &built.conflicts, started)?;
    let conflicts: Vec<_> = chart.conflicts.iter().chain(&built.conflicts).cloned().collect();
    counts.conflicts = conflicts.len();
    for note in &built.notes {
        progress.note(note);
    }
    let publication = PublishInput {
        warehouse: warehouse.as_ref(),
        schema,
        model: &built,
        graph: &graph,
        chart_conflicts: &chart.conflicts,
        map: &chart.map,
        run_id: &run_id,
        started,
        as_of,
    };
    let published = publish(&publication, progress, cancel)?;
    drop(built);
    super::snapshot::write(&workspace.snapshot(), warehouse.as_ref(), schema, progress)?;
    Ok(RunOutcome { run_id, chart, graph: Some(graph), conflicts: Some(conflicts), published: Some(published), counts })
}
