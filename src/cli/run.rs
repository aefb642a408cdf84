//! What does `fourfold run` do and say?

use clap::{Args, ValueEnum};

use super::narrate::{Narrator, line as say};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::run::{Counts, RunOptions, RunOutcome, Step};
use crate::error::Result;
use crate::{config::Workspace, engine};

/// `fourfold run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Stop after this step; only the last one publishes.
    #[arg(long, value_enum, value_name = "STEP", default_value_t = Until::Model)]
    until: Until,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// One step on its own.
#[derive(Debug, Args)]
pub(crate) struct StepArgs {
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Until {
    Chart,
    Resolve,
    Model,
}

/// Runs the steps and prints the counts.
pub(crate) fn run(session: &Session, arguments: &RunArgs) -> Result<u8> {
    let until = match arguments.until {
        Until::Chart => Step::Chart,
        Until::Resolve => Step::Resolve,
        Until::Model => Step::Model,
    };
    step(session, until, "fourfold run", arguments.json)
}

/// `fourfold resolve`.
pub(crate) fn resolve(session: &Session, arguments: &StepArgs) -> Result<u8> {
    step(session, Step::Resolve, "fourfold resolve", arguments.json)
}

/// Takes the steps up to one and prints the counts.
pub(crate) fn step(session: &Session, until: Step, purpose: &str, json: bool) -> Result<u8> {
    let outcome = execute(session, &session.workspace()?, until, purpose)?;
    if json {
        output::json(&summary(&outcome))?;
    } else {
        print_counts(&outcome.counts, until)?;
        if until < Step::Model {
            say("nothing was published; `fourfold run` takes every step and publishes");
        }
    }
    Ok(0)
}

/// Runs the steps with progress and Ctrl-C.
pub(crate) fn execute(session: &Session, workspace: &Workspace, until: Step, purpose: &str) -> Result<RunOutcome> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let options = RunOptions {
        until,
        threads: session.threads(),
        patience: session.patience,
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
