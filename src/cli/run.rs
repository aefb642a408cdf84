//! What does `fourfold run` do and say?

use clap::{Args, ValueEnum};

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::run::{Counts, RunOptions, RunOutcome, Step};
use crate::error::Result;
use crate::{config::Workspace, engine};

/// `fourfold run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Stop after this step; nothing is published before `model`.
    #[arg(long, value_enum, value_name = "STEP", default_value_t = Until::Drift)]
    until: Until,
    /// Compare everything again, whatever the last run remembers; the graph is the same, only later.
    #[arg(long)]
    full: bool,
    /// Publish also when the graph or the model is broken.
    #[arg(long)]
    force: bool,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// One step on its own.
#[derive(Debug, Args)]
pub(crate) struct StepArgs {
    /// Compare everything again, whatever the last run remembers; the graph is the same, only later.
    #[arg(long)]
    full: bool,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Until {
    Chart,
    Resolve,
    Model,
    Plays,
    Drift,
}

/// Runs the steps and prints the counts.
pub(crate) fn run(session: &Session, arguments: &RunArgs) -> Result<u8> {
    let until = match arguments.until {
        Until::Chart => Step::Chart,
        Until::Resolve => Step::Resolve,
        Until::Model => Step::Model,
        Until::Plays => Step::Plays,
        Until::Drift => Step::Drift,
    };
    let how = How { full: arguments.full, force: arguments.force };
    step(session, until, "fourfold run", how, arguments.json)
}

/// `fourfold resolve`.
pub(crate) fn resolve(session: &Session, arguments: &StepArgs) -> Result<u8> {
    let how = How { full: arguments.full, force: false };
    step(session, Step::Resolve, "fourfold resolve", how, arguments.json)
}

/// `fourfold model`.
pub(crate) fn model(session: &Session, arguments: &StepArgs) -> Result<u8> {
    let how = How { full: arguments.full, force: false };
    step(session, Step::Model, "fourfold model", how, arguments.json)
}

/// What a run is told besides how far to go.
#[derive(Debug, Clone, Copy, Default)]
struct How {
    /// Compare everything again.
    full: bool,
    /// Publish also what is broken.
    force: bool,
}

fn step(session: &Session, until: Step, purpose: &str, how: How, json: bool) -> Result<u8> {
    let outcome = execute_with(session, &session.workspace()?, until, purpose, how)?;
    if json {
        output::json(&summary(&outcome))?;
    } else {
        print_counts(&outcome.counts, until)?;
        if until < Step::Model {
            say("nothing was published; `fourfold run` takes every step and publishes");
        }
    }
    tell_drift(&outcome);
    Ok(u8::from(outcome.is_frozen()))
}

/// Says in a line what moved, and at length what keeps the run from being published.
pub(crate) fn tell_drift(outcome: &RunOutcome) {
    let Some(report) = &outcome.drift else { return };
    if !report.broken.is_empty() {
        if outcome.is_frozen() {
            say("NOT PUBLISHED: the last good run stays, because");
        } else {
            say("published although something is broken:");
        }
        for broken in &report.broken {
            say(&format!("  {}: {}", printable(&broken.what), printable(&broken.why)));
        }
        if outcome.is_frozen() {
            say("hint: `fourfold drift` says what moved; `fourfold run --force` publishes nevertheless");
        }
    }
    match (&report.reference, report.causes.len()) {
        (None, _) => {}
        (Some(_), 0) => say("nothing drifted since the last report"),
        (Some(_), 1) => say("1 thing drifted; `fourfold drift` says what it touches"),
        (Some(_), many) => say(&format!("{many} things drifted; `fourfold drift` says what they touch")),
    }
}

/// Runs the steps with progress and Ctrl-C.
pub(crate) fn execute(session: &Session, workspace: &Workspace, until: Step, purpose: &str) -> Result<RunOutcome> {
    execute_with(session, workspace, until, purpose, How::default())
}

fn execute_with(session: &Session, workspace: &Workspace, until: Step, purpose: &str, how: How) -> Result<RunOutcome> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let options = RunOptions {
        until,
        full: how.full,
        threads: session.threads(),
        patience: session.patience,
        force: how.force,
        purpose,
        on_connect: &|canceller| interrupts.stop_statements(canceller),
    };
    let outcome = engine::run::run(workspace, &options, &narrator, &interrupts.token());
    if outcome.is_ok() {
        narrator.finish();
    }
    // A statement stopped by Ctrl-C reports itself as the engine's failure; say what it was.
    outcome.map_err(|error| if interrupts.token().is_cancelled() { crate::error::Error::cancelled() } else { error })
}

/// What a script wants to know of a run.
pub(crate) fn summary(outcome: &RunOutcome) -> serde_json::Value {
    serde_json::json!({
        "run_id": outcome.run_id,
        "published": outcome.published.is_some(),
        "broken": outcome.drift.as_ref().map(|report| &report.broken),
        "causes": outcome.drift.as_ref().map(|report| report.causes.len()),
        "counts": outcome.counts,
        "warnings": outcome.graph.as_ref().map(|graph| &graph.warnings),
    })
}

/// The counts as lines of text.
pub(crate) fn print_counts(counts: &Counts, until: Step) -> Result<()> {
    output::line(&format!("sources     {:>9}   {} tables, {} rows", counts.sources, counts.tables, counts.rows))?;
    if until >= Step::Resolve {
        output::line(&format!("accounts    {:>9}   {} stand below another", counts.accounts, counts.hierarchy))?;
        output::line(&format!("people      {:>9}", counts.people))?;
        output::line(&format!("links       {:>9}   records to accounts and people", counts.links))?;
        output::line(&format!("relations   {:>9}   users, subscriptions, invoices, tickets, deals", counts.relations))?;
        output::line(&format!("to review   {:>9}   pairs that need a person", counts.to_review))?;
    }
    output::line(&format!("conflicts   {:>9}", counts.conflicts))
}
