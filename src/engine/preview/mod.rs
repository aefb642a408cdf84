//! What would other rules change, before anything is saved or published?
//!
//! The steps of a run are taken with the rules as they are and with the new ones, in memory, and both outcomes are laid side by side.
//! Rules that touch only the joined model do not chart and resolve again. Nothing is written anywhere.

mod compare;
mod outcome;
mod published;

use std::time::{Duration, Instant};

use serde::Serialize;

use self::outcome::Outcome;
use super::connect::{self, Access};
use super::{decisions, ledger, previous};
use crate::chart::standing::Standing;
use crate::chart::{self, Chart};
use crate::config::{Config, Workspace};
use crate::error::Result;
use crate::model;
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::EntityGraph;
use crate::resolve::{self, ResolveInput};
use crate::review::ReviewLog;
use crate::snapshot::SnapshotReader;
use crate::warehouse::Warehouse;

pub use crate::warehouse::Canceller;

/// What other rules would change.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Preview {
    /// What it is compared with: `the rules as they are`, `the last run`.
    pub against: String,
    /// Accounts before and after.
    pub accounts: (u64, u64),
    /// People before and after.
    pub people: (u64, u64),
    /// Pairs that need a person, before and after; None where the pairs stay what they are.
    pub to_review: Option<(u64, u64)>,
    /// Conflicts that close or open, by kind.
    pub conflicts: Vec<KindChange>,
    /// Fields of the joined model whose values change.
    pub fields: Vec<FieldChange>,
}

/// Conflicts of one kind that close or open.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KindChange {
    /// The kind.
    pub kind: String,
    /// How many are open now and would not be.
    pub closed: u64,
    /// How many would be open and are not.
    pub opened: u64,
    /// Money at stake in those that close, by currency.
    pub money: Vec<(String, f64)>,
}

/// A field of the joined model whose values change.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field, such as `accounts.status`.
    pub field: String,
    /// Values that would be others.
    pub changed: u64,
    /// Values where there is none now.
    pub filled: u64,
    /// Values that would be gone.
    pub emptied: u64,
    /// For money: the sums before and after, by currency, as far as they differ.
    pub money: Vec<(String, f64, f64)>,
    /// Some of them, those with most money first.
    pub sample: Vec<Flip>,
}

/// One value that changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Flip {
    /// The entity.
    pub entity: String,
    /// Its name.
    pub label: String,
    /// The value now.
    pub before: Option<String>,
    /// The source it comes from.
    pub from: String,
    /// The value then.
    pub after: Option<String>,
    /// The source it would come from.
    pub to: String,
}

impl Preview {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conflicts.is_empty()
            && self.fields.is_empty()
            && self.accounts.0 == self.accounts.1
            && self.people.0 == self.people.1
            && self.to_review.is_none_or(|(before, after)| before == after)
    }
}

/// How a preview is made.
pub struct PreviewOptions<'a> {
    /// Worker threads.
    pub threads: usize,
    /// How long to wait for another process that holds the embedded warehouse.
    pub patience: Duration,
    /// Is given what stops the running statement.
    pub on_connect: &'a dyn Fn(Canceller),
}

/// What a preview starts from, kept between previews of one sitting.
pub struct Baseline {
    config: Config,
    made: Instant,
    chart: Chart,
    graph: EntityGraph,
    outcome: Outcome,
    /// Whether the graph was resolved for it; otherwise it is the one of the last run.
    resolved: bool,
}

/// A baseline is used again for so long; then the sources may have moved on.
const FRESH: Duration = Duration::from_mins(15);

/// How much of a run two configurations do differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Only what is said of conflicts.
    Standing,
    /// The joined model.
    Model,
    /// Everything.
    All,
}

fn scope(one: &Config, other: &Config) -> Scope {
    let mut alike = one.clone();
    alike.answers.clone_from(&other.answers);
    alike.accepted.clone_from(&other.accepted);
    alike.remarks.clone_from(&other.remarks);
    if alike == *other {
        return Scope::Standing;
    }
    alike.survivorship.clone_from(&other.survivorship);
    alike.choices.clone_from(&other.choices);
    if alike == *other { Scope::Model } else { Scope::All }
}

/// Compares the workspace's rules with other ones. `kept` is filled with what the next preview can use again.
///
/// # Errors
/// Whatever a step of a run says; `Cancelled`.
pub fn against_rules(
    workspace: &Workspace,
    rules: &Config,
    kept: &mut Option<Baseline>,
    options: &PreviewOptions<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Preview> {
    let scope = scope(&workspace.config, rules);
    let usable = kept.take().filter(|kept| {
        let fits = kept.resolved || scope < Scope::All;
        fits && kept.config == workspace.config && kept.made.elapsed() < FRESH
    });
    if let (Scope::Standing, Some(baseline)) = (scope, usable.as_ref()) {
        let preview = restated(&baseline.outcome, rules);
        *kept = usable;
        return Ok(preview);
    }
    let warehouse = connect::open(workspace, Access::read(options.patience), progress, cancel)?;
    (options.on_connect)(warehouse.canceller());
    let warehouse = warehouse.as_ref();
    let baseline = match usable {
        Some(baseline) => baseline,
        None => match last_run(warehouse, workspace, scope, progress, cancel)? {
            Some(baseline) => baseline,
            None => baseline(warehouse, workspace, options.threads, progress, cancel)?,
        },
    };
    let preview = match scope {
        Scope::Standing => restated(&baseline.outcome, rules),
        Scope::Model => {
            let after = build(warehouse, rules, &baseline.chart, &baseline.graph, progress, cancel)?;
            Preview { to_review: None, ..compare::compare(&baseline.outcome, &after) }
        }
        Scope::All => {
            let (chart, graph) = survey(warehouse, workspace, rules, options.threads, progress, cancel)?;
            compare::compare(&baseline.outcome, &build(warehouse, rules, &chart, &graph, progress, cancel)?)
        }
    };
    *kept = Some(baseline);
    Ok(Preview { against: "the rules as they are".to_owned(), ..preview })
}

/// Compares what a run with these rules would give with the last one, without publishing it.
///
/// # Errors
/// As [`against_rules`]; `NotFound` before the first run.
pub fn against_last_run(
    workspace: &Workspace,
    rules: &Config,
    options: &PreviewOptions<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Preview> {
    let mut before = Outcome::of_snapshot(&SnapshotReader::open(&workspace.snapshot())?, cancel)?;
    let warehouse = connect::open(workspace, Access::read(options.patience), progress, cancel)?;
    (options.on_connect)(warehouse.canceller());
    let (chart, graph) = survey(warehouse.as_ref(), workspace, rules, options.threads, progress, cancel)?;
    let after = build(warehouse.as_ref(), rules, &chart, &graph, progress, cancel)?;
    before.keep_fields_of(&after);
    // The queue of the last run holds pairs that were drawn for an audit besides.
    let preview = compare::compare(&before, &after);
    Ok(Preview { against: "the last run".to_owned(), to_review: None, ..preview })
}

/// The same outcome with other things said of its conflicts.
fn restated(before: &Outcome, rules: &Config) -> Preview {
    let mut after = before.conflicts.clone();
    Standing::of(rules, ledger::today(jiff::Timestamp::now())).apply(&mut after);
    Preview {
        against: "the rules as they are".to_owned(),
        accounts: (before.accounts, before.accounts),
        people: (before.people, before.people),
        conflicts: compare::conflicts(&before.conflicts, &after),
        ..Preview::default()
    }
}

fn baseline(
    warehouse: &dyn Warehouse,
    workspace: &Workspace,
    threads: usize,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Baseline> {
    let config = workspace.config.clone();
    let (chart, graph) = survey(warehouse, workspace, &config, threads, progress, cancel)?;
    let outcome = build(warehouse, &config, &chart, &graph, progress, cancel)?;
    Ok(Baseline { config, made: Instant::now(), chart, graph, outcome, resolved: true })
}

/// A baseline out of the last run's map and graph, for rules that change neither; None before the first run.
fn last_run(
    warehouse: &dyn Warehouse,
    workspace: &Workspace,
    scope: Scope,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Option<Baseline>> {
    if scope == Scope::All || !workspace.snapshot().exists() {
        return Ok(None);
    }
    let config = workspace.config.clone();
    let Some(graph) = published::graph(warehouse, config.warehouse.schema())? else { return Ok(None) };
    let snapshot = SnapshotReader::open(&workspace.snapshot())?;
    let mut chart = Chart { map: snapshot.map()?, ..Chart::default() };
    let mut outcome = build(warehouse, &config, &chart, &graph, progress, cancel)?;
    // What the model does not find anew was found by the chart.
    chart.conflicts = snapshot.every_conflict()?.into_iter().map(|row| row.conflict).collect();
    chart.conflicts.retain(|conflict| !outcome.has(&conflict.id));
    outcome.add(&chart.conflicts, &Standing::of(&config, ledger::today(jiff::Timestamp::now())));
    Ok(Some(Baseline { config, made: Instant::now(), chart, graph, outcome, resolved: false }))
}

/// Charts and resolves.
fn survey(
    warehouse: &dyn Warehouse,
    workspace: &Workspace,
    rules: &Config,
    threads: usize,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<(Chart, EntityGraph)> {
    let chart = chart::chart(warehouse, rules, progress, cancel)?;
    let mut decided = match ReviewLog::open_read_only(&workspace.review_log()) {
        Ok(log) => decisions::standing(&log)?,
        Err(error) if error.kind == crate::error::ErrorKind::NotFound => resolve::Decisions::default(),
        Err(error) => return Err(error),
    };
    decisions::add_rules(&mut decided, rules, &chart.conflicts);
    let before = previous::read(warehouse, rules.warehouse.schema())?;
    let input = ResolveInput {
        warehouse,
        map: &chart.map,
        config: rules,
        decisions: &decided,
        previous: before.as_ref(),
        threads,
    };
    let graph = resolve::resolve(&input, progress, cancel)?;
    Ok((chart, graph))
}

/// Builds the joined model and keeps what is compared of it.
fn build(
    warehouse: &dyn Warehouse,
    rules: &Config,
    chart: &Chart,
    graph: &EntityGraph,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Outcome> {
    let now = jiff::Timestamp::now();
    let input = model::ModelInput {
        warehouse,
        map: &chart.map,
        graph,
        config: rules,
        as_of: model::as_of(&chart.map, now),
        run_id: "preview",
    };
    let built = model::build(&input, progress, cancel)?;
    let standing = Standing::of(rules, ledger::today(now));
    Ok(Outcome::of_model(&built, graph, &chart.conflicts, &standing))
}
