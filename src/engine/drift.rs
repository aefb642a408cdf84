//! What moved in a run, may it be published, and what is kept of it?

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::drift_plays::Said;
use crate::chart::Chart;
use crate::chart::conflict::Conflict;
use crate::config::{OnBroken, Renamed, Workspace};
use crate::drift::baseline::{Baseline, PlayOutput};
use crate::drift::cause;
use crate::drift::detect::{self, Comparison, Past};
use crate::drift::finding::Finding;
use crate::drift::impact::values::Accounts;
use crate::drift::impact::{Attribution, Impact, PublishedLineage, attribute, attribute_plays};
use crate::drift::invariant;
use crate::drift::measure::{self, Measured};
use crate::drift::report::{Report, View};
use crate::drift::store::{BaselineMeta, DriftStore, Outcome, RunRecord, standing};
use crate::error::{Error, Result};
use crate::ident::PairKey;
use crate::model::Model;
use crate::resolve::graph::EntityGraph;
use crate::review::{Effective, Reopened, ReviewLog};
use crate::warehouse::{TableName, Warehouse};

/// Older baselines that say what is usual: half a year of weeks.
const PAST: usize = 26;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// What a run has in hand before it publishes.
pub(super) struct Evidence<'a> {
    pub workspace: &'a Workspace,
    pub warehouse: &'a dyn Warehouse,
    pub chart: &'a Chart,
    pub graph: &'a EntityGraph,
    pub model: &'a Model<'a>,
    pub conflicts: &'a [Conflict],
    pub log: &'a ReviewLog,
    /// Which fields the plays of this run read.
    pub plays: &'a [PlayOutput],
    pub run_id: &'a str,
    pub as_of: jiff::Timestamp,
}

/// A run held against the last ones.
pub(super) struct Examined {
    pub baseline: Baseline,
    pub report: Report,
    /// What plays gave out in the run compared with.
    plays: Vec<PlayOutput>,
    /// The accounts of this run.
    accounts: Accounts,
}

impl Examined {
    /// Adds what plays gave out, once they have run on the published model.
    pub(super) fn add_plays(&mut self, said: Said) {
        let mut moved = detect::plays(&self.plays, &said.outputs, &said.moves);
        if !moved.is_empty() {
            let mut findings: Vec<Finding> = self.report.causes.drain(..).flat_map(|cause| cause.findings).collect();
            attribute_plays(&mut moved, &findings, &said.outputs, &said.moves, &self.accounts);
            findings.extend(moved);
            self.report.causes = cause::group(findings);
        }
        self.baseline.plays = said.outputs;
    }
}

/// Holds a run against the published ones before it: what moved, what that touches, and what is broken.
///
/// # Errors
/// `Data` when a stored baseline is damaged; `Warehouse` when the published lineage cannot be read; `Log`.
pub(super) fn examine(store: &DriftStore, evidence: &Evidence<'_>) -> Result<Examined> {
    let schema = evidence.workspace.config.warehouse.schema();
    let settings = &evidence.workspace.config.drift;
    let baseline = measure::baseline(&Measured {
        run_id: evidence.run_id,
        dialect: evidence.warehouse.dialect(),
        as_of: evidence.as_of,
        chart: evidence.chart,
        graph: evidence.graph,
        model: evidence.model,
        plays: &[],
        segments: &settings.segments,
    });
    let metas = store.baselines()?;
    let reference = reference(&metas, &baseline, settings.every_days);
    let mut report = Report {
        run_id: evidence.run_id.to_owned(),
        as_of: baseline.as_of,
        published: true,
        health: health(&store.runs()?, reference, evidence.run_id, settings.every_days),
        ..Report::default()
    };
    let effective = evidence.log.effective()?;
    report.proposals = super::deepen::hold(store, &baseline, evidence.graph, &effective)?;
    let first = |baseline, report| Ok(Examined { baseline, report, plays: Vec::new(), accounts: Accounts::default() });
    let Some(reference) = reference else { return first(baseline, report) };
    let Some(before) = store.baseline(&reference.run_id)? else { return first(baseline, report) };
    let past = past(store, &metas, reference, settings.every_days)?;
    let reopened = reopened(evidence, &effective)?;
    let comparison = Comparison { before: &before, now: &baseline, past: &past, settings, reopened: reopened.len() };
    let mut findings = detect::detect(&comparison);
    let known = published_conflicts(evidence.warehouse, schema)?;
    let fresh: Vec<&Conflict> = evidence.conflicts.iter().filter(|conflict| !known.contains(&conflict.id)).collect();
    let published = PublishedLineage::open(evidence.warehouse, schema)?;
    let accounts = Accounts::of_model(&evidence.model.tables);
    attribute(
        &mut findings,
        &Attribution {
            model: evidence.model,
            graph: evidence.graph,
            new_conflicts: &fresh,
            reopened: &reopened,
            plays: evidence.plays,
            accounts: &accounts,
            published: published.as_ref(),
            before: &before,
            now: &baseline,
        },
    )?;
    let told = metas.iter().rev().find(|meta| meta.published).filter(|last| last.run_id != reference.run_id);
    if let Some(told) = told.map(|last| store.report(Some(&last.run_id))).transpose()?.flatten() {
        remember(&mut findings, &told);
    }
    report.reference = Some(reference.run_id.clone());
    report.reference_as_of = Some(reference.as_of);
    report.past = past.len();
    report.mappings = mappings(evidence.workspace, &before, &baseline);
    report.health.extend(standstill(reference, &baseline));
    let last = metas.iter().rev().find(|meta| meta.published);
    let plays = before.plays.clone();
    // What is published now is what must not be replaced by something broken, whatever the report compares with.
    let good = match last {
        Some(last) if last.run_id != reference.run_id => store.baseline(&last.run_id)?.unwrap_or(before),
        _ => before,
    };
    report.broken = invariant::broken(&good, &baseline, &settings.thresholds);
    report.stays = last.map(|meta| meta.run_id.clone());
    report.causes = cause::group(findings);
    Ok(Examined { baseline, report, plays, accounts })
}

/// What is gone hangs on nothing in the model that was published since: the report that told of it first still knows.
fn remember(findings: &mut [Finding], told: &Report) {
    for finding in findings {
        let Some(known) = told.findings().find(|known| known.id == finding.id) else { continue };
        let (then, now) = (&known.impact, &mut finding.impact);
        if then.entities > now.entities && now.fields.iter().all(|field| then.fields.contains(field)) {
            let (decisions, conflicts) = (now.decisions, std::mem::take(&mut now.conflicts));
            *now = Impact { decisions, conflicts, ..then.clone() };
        }
    }
}

/// The run to compare with: the newest published one about a report's span older by its data, else the oldest there is.
fn reference<'a>(metas: &'a [BaselineMeta], now: &Baseline, every_days: u32) -> Option<&'a BaselineMeta> {
    let older: Vec<&BaselineMeta> =
        metas.iter().filter(|meta| meta.published && meta.engine == now.engine && meta.run_id < now.run_id).collect();
    let least = (i64::from(every_days) - 1).max(0) * DAY + DAY / 2;
    older.iter().rev().find(|meta| now.as_of - meta.as_of >= least).or(older.first()).copied()
}

/// One baseline a span before the reference, oldest first.
fn past(store: &DriftStore, metas: &[BaselineMeta], reference: &BaselineMeta, every_days: u32) -> Result<Vec<Past>> {
    let least = (i64::from(every_days) - 1).max(0) * DAY + DAY / 2;
    let mut wanted: Vec<&str> = Vec::new();
    let mut newest = reference.as_of;
    for meta in metas.iter().rev().filter(|meta| meta.published && meta.engine == reference.engine) {
        if meta.run_id < reference.run_id && newest - meta.as_of >= least && wanted.len() < PAST {
            wanted.push(&meta.run_id);
            newest = meta.as_of;
        }
    }
    wanted.reverse();
    wanted.push(&reference.run_id);
    // The reference itself ends the series; alone it says nothing of what is usual.
    if wanted.len() == 1 { Ok(Vec::new()) } else { store.past(&wanted) }
}

fn reopened(evidence: &Evidence<'_>, effective: &Effective) -> Result<Vec<Reopened>> {
    let pairs: FxHashMap<PairKey, usize> =
        evidence.graph.pairs.iter().enumerate().map(|(place, pair)| (pair.key.clone(), place)).collect();
    evidence.log.reopened(effective, &|key| pairs.get(key).map(|place| evidence.graph.pairs[*place].fields.clone()))
}

fn published_conflicts(warehouse: &dyn Warehouse, schema: &str) -> Result<FxHashSet<String>> {
    if !warehouse.tables(schema)?.iter().any(|table| table.name.table == "conflicts") {
        return Ok(FxHashSet::default());
    }
    let dialect = warehouse.dialect();
    let table = dialect.table(&TableName::new(schema, "conflicts"));
    let rows = warehouse.query(&format!("SELECT {} FROM {table}", dialect.text("conflict_id")), &[])?;
    Ok((0..rows.len()).filter_map(|row| rows.text(row, 0).map(str::to_owned)).collect())
}

/// Confirmed renames that the comparison and the join go on under.
fn mappings(workspace: &Workspace, before: &Baseline, now: &Baseline) -> Vec<String> {
    let mut lines = Vec::new();
    for rename in &workspace.config.drift.renames {
        let Some(table) = now.table(&rename.source, &rename.table) else { continue };
        let older = before.table(&rename.source, &rename.table);
        let applied = match rename.what {
            Renamed::Column => {
                table.column(&rename.to).is_some() && older.is_some_and(|table| table.column(&rename.from).is_some())
            }
            Renamed::Table => before.table(&rename.source, &rename.from).is_some(),
            Renamed::Value => older.is_some_and(|table| {
                rename
                    .value_of
                    .as_deref()
                    .and_then(|name| table.column(name))
                    .is_some_and(|column| column.values.iter().any(|(value, _)| value.contains(&rename.from)))
            }),
        };
        if !applied {
            continue;
        }
        let meaning = table.column(&rename.to).and_then(|column| column.concept.clone());
        let meaning = meaning.map_or(String::new(), |concept| format!(" as {concept}"));
        let day = rename.when.get(..10).unwrap_or(&rename.when);
        lines.push(format!(
            "{}.{}: {} stands for {}{meaning} (confirmed by {} on {day})",
            rename.source, rename.table, rename.to, rename.from, rename.who
        ));
    }
    lines
}

/// Runs since the reference that failed, were killed or did not happen.
fn health(runs: &[RunRecord], reference: Option<&BaselineMeta>, run_id: &str, every_days: u32) -> Vec<String> {
    let since = reference.map_or("", |meta| meta.run_id.as_str());
    let mut lines = Vec::new();
    for run in runs.iter().filter(|run| run.run_id.as_str() >= since && run.run_id != run_id) {
        let when = run.started.get(..16).unwrap_or(&run.started).replace('T', " ");
        match run.outcome {
            Outcome::Published => {}
            // This run holds the lock: whoever has not ended was ended.
            Outcome::Running => lines.push(format!("the run of {when} (process {}) was killed", run.process)),
            Outcome::Failed => lines.push(format!("the run of {when} failed: {}", run.message)),
            Outcome::Cancelled => lines.push(format!("the run of {when} was stopped")),
            Outcome::Frozen => lines.push(format!("the run of {when} was not published: {}", run.message)),
        }
    }
    let started = |run: &RunRecord| run.started.parse::<jiff::Timestamp>().ok();
    let good: Vec<&RunRecord> =
        runs.iter().filter(|run| run.outcome == Outcome::Published && run.run_id != run_id).collect();
    let this = runs.iter().find(|run| run.run_id == run_id);
    if let Some((last, this)) = good.last().zip(this)
        && let Some((last_at, this_at)) = started(last).zip(started(this))
    {
        let days = (this_at.as_second() - last_at.as_second()) / DAY;
        if days * 2 > i64::from(every_days) * 3 {
            lines.push(format!("no run was published for {days} days; one every {every_days} is planned"));
        }
    }
    lines
}

/// When nothing landed in any source, no source is behind the others: only the clock tells.
fn standstill(reference: &BaselineMeta, now: &Baseline) -> Option<String> {
    let wall = |run: &str| {
        jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", run.get(..15)?)
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|at| at.timestamp().as_second())
    };
    let days = (wall(&now.run_id)? - wall(&reference.run_id)?) / DAY;
    (now.as_of <= reference.as_of && days >= 3).then(|| format!("nothing landed in any source for {days} days"))
}

/// Whether what is broken keeps the run from being published.
pub(super) fn is_frozen(workspace: &Workspace, report: &Report, force: bool) -> bool {
    !report.broken.is_empty() && !force && workspace.config.drift.on_broken == OnBroken::Freeze
}

/// The last report, or that of a run, with what people did about it.
///
/// # Errors
/// `NotFound` before the first run, or when there is no such run; `Data` when the file is damaged.
pub fn view(workspace: &Workspace, run_id: Option<&str>, now: jiff::Timestamp) -> Result<View> {
    let store = DriftStore::open_read_only(&workspace.drift())?;
    let report = store.report(run_id)?.ok_or_else(|| match run_id {
        Some(run) => Error::not_found(format!("there is no report of a run {run}"))
            .hint("`fourfold drift history` lists the runs"),
        None => Error::not_found("no run has been held against another yet").hint("`fourfold run` does so"),
    })?;
    Ok(View { standing: standing(&store.actions()?, now), first_seen: store.first_seen()?, report })
}

/// What moved between two stored runs, the second being the last when it is not named. What hangs on it is taken from the
/// lineage that is published, where the warehouse can be reached, else from what earlier reports said.
///
/// # Errors
/// `NotFound` when there is no such run; `Data` when a baseline is damaged.
pub fn since(
    workspace: &Workspace,
    run_id: &str,
    warehouse: Option<&dyn Warehouse>,
    now: jiff::Timestamp,
) -> Result<View> {
    let store = DriftStore::open_read_only(&workspace.drift())?;
    let metas = store.baselines()?;
    let older = metas
        .iter()
        .find(|meta| meta.run_id == run_id)
        .or_else(|| metas.iter().rev().find(|meta| meta.run_id.starts_with(run_id)))
        .ok_or_else(|| {
            let known: BTreeSet<&str> = metas.iter().rev().take(5).map(|meta| meta.run_id.as_str()).collect();
            Error::not_found(format!("there is no baseline of a run {run_id}"))
                .hint(format!("the last runs are: {}", known.into_iter().collect::<Vec<_>>().join(", ")))
        })?;
    let last = metas.last().filter(|last| last.run_id != older.run_id).ok_or_else(|| {
        Error::not_found(format!("{} is the last run: nothing came after it", older.run_id))
            .hint("`fourfold drift history` lists the runs")
    })?;
    let missing = |run: &str| Error::data(format!("the baseline of {run} cannot be read"));
    let before = store.baseline(&older.run_id)?.ok_or_else(|| missing(&older.run_id))?;
    let baseline = store.baseline(&last.run_id)?.ok_or_else(|| missing(&last.run_id))?;
    let settings = &workspace.config.drift;
    let past = past(&store, &metas, older, settings.every_days)?;
    let comparison = Comparison { before: &before, now: &baseline, past: &past, settings, reopened: 0 };
    let mut findings = detect::detect(&comparison);
    let told = store.report(Some(&last.run_id))?.unwrap_or_default();
    let published = warehouse
        .map(|warehouse| PublishedLineage::open(warehouse, workspace.config.warehouse.schema()))
        .transpose()?
        .flatten();
    for finding in &mut findings {
        impact_of(finding, &told, published.as_ref())?;
    }
    let mut moved = detect::plays(&before.plays, &baseline.plays, &[]);
    attribute_plays(&mut moved, &findings, &baseline.plays, &[], &Accounts::default());
    findings.extend(moved);
    let report = Report {
        run_id: last.run_id.clone(),
        reference: Some(older.run_id.clone()),
        as_of: last.as_of,
        reference_as_of: Some(older.as_of),
        past: past.len(),
        causes: cause::group(findings),
        ..told
    };
    Ok(View { standing: standing(&store.actions()?, now), first_seen: store.first_seen()?, report })
}

fn impact_of(finding: &mut Finding, told: &Report, published: Option<&PublishedLineage<'_>>) -> Result<()> {
    if let Some(known) = told.findings().find(|known| known.id == finding.id) {
        finding.impact = known.impact.clone();
    } else if let Some(published) = published.filter(|_| !finding.source.is_empty()) {
        finding.impact = published.touched(&finding.source, &finding.table, &finding.column)?;
    }
    Ok(())
}
