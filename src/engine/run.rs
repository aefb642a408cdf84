//! What happens in a run, step by step?
//!
//! chart, resolve, model, plays, drift, publish, snapshot. Nothing is published before every step has succeeded, and then
//! all at once; a run whose graph or model is broken is kept and not published.

use std::time::Duration;

use serde::Serialize;

use super::connect::{self, Access};
use super::journal::Journal;
use super::lock::RunLock;
use super::snapshot::SnapshotInput;
use super::{decisions, drift, drift_plays, ledger, memory, plays, previous};
use crate::chart::standing::Standing;
use crate::chart::{self, Chart};
use crate::config::Workspace;
use crate::drift::report::Report;
use crate::drift::store::DriftStore;
use crate::error::Result;
use crate::model;
use crate::model::publish::{PublishInput, PublishSummary, publish_with};
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::{EntityGraph, PairStatus};
use crate::resolve::{self, ResolveInput};
use crate::review::ReviewLog;
use crate::warehouse::{Canceller, Warehouse};

/// The last step to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Read the sources.
    Chart,
    /// Find the entities.
    Resolve,
    /// Build the joined model, and publish.
    Model,
    /// Score, route and bridge on the model, and publish together with it.
    Plays,
    /// Say what moved since the last report, and publish unless something broke.
    Drift,
}

/// How to run.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// The last step to take.
    pub until: Step,
    /// Whether everything is compared again, whatever earlier runs remember.
    pub full: bool,
    /// Worker threads.
    pub threads: usize,
    /// How long to wait for another process that holds the embedded warehouse.
    pub patience: Duration,
    /// Publish also when the graph or the model is broken.
    pub force: bool,
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
    /// What moved; None when the run stopped before, or when it could not be told.
    pub drift: Option<Report>,
    /// The counts for a person.
    pub counts: Counts,
}

impl RunOutcome {
    /// Whether the run is whole and not published, because something broke.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.published.is_none() && self.drift.as_ref().is_some_and(|report| !report.published)
    }
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

impl Counts {
    fn of_chart(chart: &Chart) -> Self {
        let tables = || chart.map.sources.iter().flat_map(|source| &source.tables);
        Self {
            sources: chart.map.sources.len(),
            tables: tables().count(),
            rows: tables().map(|table| table.rows).sum(),
            conflicts: chart.conflicts.len(),
            ..Self::default()
        }
    }

    fn add_graph(&mut self, graph: &EntityGraph) {
        self.accounts = graph.entities.iter().filter(|entity| entity.kind == crate::ident::EntityKind::Account).count();
        self.people = graph.entities.len() - self.accounts;
        self.links = graph.links.len();
        self.relations = graph.relations.len();
        self.hierarchy = graph.hierarchy.len();
        self.to_review = graph.pairs.iter().filter(|pair| pair.status == PairStatus::Review).count();
    }
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
    if options.until < Step::Model {
        return steps(workspace, options, (run_id, started), None, progress, cancel);
    }
    let journal = Journal::begin(workspace, &run_id, started, options.purpose, progress);
    let outcome = steps(workspace, options, (run_id, started), journal.store(), progress, cancel);
    journal.end(&outcome, progress);
    outcome
}

fn steps(
    workspace: &Workspace,
    options: &RunOptions<'_>,
    (run_id, started): (String, jiff::Timestamp),
    store: Option<&DriftStore>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<RunOutcome> {
    let access = Access { write: options.until >= Step::Model, patience: options.patience };
    let warehouse = connect::open(workspace, access, progress, cancel)?;
    (options.on_connect)(warehouse.canceller());

    let library = plays::library(workspace)?;
    let ready = plays::ready(&library, warehouse.as_ref(), workspace)?;
    let mut chart = chart::chart(warehouse.as_ref(), &workspace.config, progress, cancel)?;
    let standing = Standing::of(&workspace.config, ledger::today(started));
    standing.apply(&mut chart.conflicts);
    let mut counts = Counts::of_chart(&chart);
    if options.until == Step::Chart {
        return Ok(RunOutcome { run_id, chart, graph: None, conflicts: None, published: None, drift: None, counts });
    }

    cancel.check()?;
    let log = ReviewLog::open(&workspace.review_log())?;
    let schema = workspace.config.warehouse.schema();
    let graph = entities(workspace, options, warehouse.as_ref(), &chart, &log, progress, cancel)?;
    counts.add_graph(&graph);
    if options.until == Step::Resolve {
        let graph = Some(graph);
        return Ok(RunOutcome { run_id, chart, graph, conflicts: None, published: None, drift: None, counts });
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
    let mut examined = None;
    if let Some(store) = store.filter(|_| options.until >= Step::Drift) {
        progress.step("drift");
        let evidence = drift::Evidence {
            workspace,
            warehouse: warehouse.as_ref(),
            chart: &chart,
            graph: &graph,
            model: &built,
            conflicts: &conflicts,
            log: &log,
            plays: &plays::read_by(&ready),
            run_id: &run_id,
            as_of,
        };
        let found = drift::examine(store, &evidence)?;
        if drift::is_frozen(workspace, &found.report, options.force) {
            let report = Report { published: false, ..found.report };
            store.put_baseline(&found.baseline, false)?;
            store.put_report(&report)?;
            drop(built);
            let (graph, conflicts, drift) = (Some(graph), Some(conflicts), Some(report));
            return Ok(RunOutcome { run_id, chart, graph, conflicts, published: None, drift, counts });
        }
        examined = Some((store, found));
        cancel.check()?;
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
    let step = plays::Step { ready: &ready, included: options.until >= Step::Plays };
    let published = publish_with(
        &publication,
        &mut |staged| plays::stage(staged, &publication, &step, progress, cancel),
        progress,
        cancel,
    )?;
    drop(built);
    let mut drift = None;
    if let Some((store, mut found)) = examined {
        found.add_plays(drift_plays::said(warehouse.as_ref(), schema, &ready)?);
        store.put_baseline(&found.baseline, true)?;
        store.put_report(&found.report)?;
        drift = Some(found.report);
    }
    let shown = SnapshotInput { warehouse: warehouse.as_ref(), config: &workspace.config, log: Some(&log) };
    super::snapshot::write(&workspace.snapshot(), &shown, progress)?;
    let (graph, conflicts, published) = (Some(graph), Some(conflicts), Some(published));
    Ok(RunOutcome { run_id, chart, graph, conflicts, published, drift, counts })
}

/// Resolves with what people decided, what was published, and what the last run remembers.
fn entities(
    workspace: &Workspace,
    options: &RunOptions<'_>,
    warehouse: &dyn Warehouse,
    chart: &Chart,
    log: &ReviewLog,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<EntityGraph> {
    let mut decided = decisions::standing(log)?;
    decisions::add_rules(&mut decided, &workspace.config, &chart.conflicts);
    let schema = workspace.config.warehouse.schema();
    let before = previous::read(warehouse, schema)?;
    let input = ResolveInput {
        warehouse,
        map: &chart.map,
        config: &workspace.config,
        decisions: &decided,
        previous: before.as_ref(),
        threads: options.threads,
    };
    let mut memory = memory::load(workspace, options.full, progress);
    let graph = resolve::resolve_remembering(&input, &mut memory, progress, cancel)?;
    memory::store(workspace, &memory, progress);
    drop(memory);
    for warning in &graph.warnings {
        progress.note(warning);
    }
    Ok(graph)
}
