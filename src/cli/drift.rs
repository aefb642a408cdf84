//! What does `fourfold drift` show, and what can be done about it?

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output, reviewer};
use crate::config::{CheckLevel, Workspace};
use crate::drift::finding::Severity;
use crate::drift::report::{self, View};
use crate::drift::store::{Action, ActionKind, DriftStore};
use crate::engine::connect::{self, Access};
use crate::engine::drift;
use crate::error::{Context, Error, ErrorKind, Result};

/// `fourfold drift`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DriftArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Exit with 3 when something asks for attention; `[drift] check` in fourfold.toml says from which severity on.
    #[arg(long)]
    check: bool,
    /// As --check, from this severity on.
    #[arg(long, value_name = "SEVERITY", value_enum)]
    check_from: Option<Level>,
    /// Print JSON; the same as --format json.
    #[arg(long)]
    json: bool,
    /// How to write the report; by the ending of FILE when absent.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Compare with this run instead (`fourfold drift history` lists them).
    #[arg(long, value_name = "RUN")]
    since: Option<String>,
    /// Show what is accepted or snoozed too.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for a terminal.
    Text,
    /// Markdown.
    Markdown,
    /// A page that needs nothing but itself.
    Html,
    /// JSON.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    High,
    Medium,
    Low,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the runs with their outcome, duration and cost.
    History {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// It is as it should be: leave it out of the report.
    Accept(TargetArgs),
    /// Not now: it comes back after a while.
    Snooze {
        #[command(flatten)]
        target: TargetArgs,
        /// For how many days.
        #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Somebody takes care of it.
    Assign {
        #[command(flatten)]
        target: TargetArgs,
        /// Who; nobody takes the assignment back.
        #[arg(long, value_name = "NAME", default_value = "")]
        to: String,
    },
    /// Add a remark.
    Note {
        #[command(flatten)]
        target: TargetArgs,
    },
    /// Open again what was accepted or snoozed.
    Reopen(TargetArgs),
    /// A proposed rename is right: write it to fourfold.toml, so that the join goes on under the new name.
    Confirm(TargetArgs),
}

#[derive(Debug, Args)]
struct TargetArgs {
    /// The finding, or the beginning of its id.
    finding: String,
    /// A remark.
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
}

/// Shows the report, or acts on a finding.
pub(crate) fn run(session: &Session, arguments: &DriftArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    match &arguments.what {
        None => show(session, &workspace, arguments),
        Some(What::History { json }) => history(&workspace, *json),
        Some(What::Accept(target)) => act(&workspace, target, ActionKind::Accept, None, None),
        Some(What::Snooze { target, days }) => act(&workspace, target, ActionKind::Snooze, Some(*days), None),
        Some(What::Assign { target, to }) => act(&workspace, target, ActionKind::Assign, None, Some(to)),
        Some(What::Note { target }) if target.text.is_empty() => {
            Err(Error::config("there is no remark").hint("fourfold drift note FINDING the remark"))
        }
        Some(What::Note { target }) => act(&workspace, target, ActionKind::Note, None, None),
        Some(What::Reopen(target)) => act(&workspace, target, ActionKind::Reopen, None, None),
        Some(What::Confirm(target)) => confirm(&workspace, target),
    }
}

fn show(session: &Session, workspace: &Workspace, arguments: &DriftArgs) -> Result<u8> {
    let now = jiff::Timestamp::now();
    let view = match &arguments.since {
        None => drift::view(workspace, None, now)?,
        Some(run) => {
            let narrator = Narrator::new(true);
            let interrupts = Interrupts::watch()?;
            let opened = connect::open(workspace, Access::read(session.patience), &narrator, &interrupts.token());
            // Without the warehouse the comparison stands; only what hangs on it is told less of.
            let warehouse = opened.inspect_err(|error| say(&format!("note: {}", printable(&error.message)))).ok();
            drift::since(workspace, run, warehouse.as_deref(), now)?
        }
    };
    let format = match (arguments.format, arguments.json, arguments.out.as_deref()) {
        (Some(format), _, _) => format,
        (None, true, _) => Format::Json,
        (None, false, file) => by_ending(file),
    };
    let mut text = match format {
        Format::Text => report::text(&view, arguments.all).join("\n"),
        Format::Markdown => report::markdown(&view),
        Format::Html => report::html(&view),
        Format::Json => serde_json::to_string_pretty(&view)
            .context(ErrorKind::Internal, || "cannot write the report as JSON".to_owned())?,
    };
    text.truncate(text.trim_end().len());
    match &arguments.out {
        None => output::line(&text)?,
        Some(file) => write(file, &text)?,
    }
    let level = arguments.check_from.map_or(workspace.config.drift.check, |level| match level {
        Level::High => CheckLevel::High,
        Level::Medium => CheckLevel::Medium,
        Level::Low => CheckLevel::Low,
    });
    let checked = arguments.check || arguments.check_from.is_some();
    Ok(if checked && asks(&view, level) { 3 } else { 0 })
}

/// Whether something is grave enough to fail a check.
fn asks(view: &View, level: CheckLevel) -> bool {
    let gravest = match level {
        CheckLevel::High => Severity::High,
        CheckLevel::Medium => Severity::Medium,
        CheckLevel::Low => Severity::Low,
    };
    !view.report.published || view.open().any(|cause| cause.severity <= gravest)
}

fn by_ending(file: Option<&Path>) -> Format {
    match file.and_then(Path::extension).and_then(|ending| ending.to_str()) {
        Some("html" | "htm") => Format::Html,
        Some("md" | "markdown") => Format::Markdown,
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

/// The file appears whole or not at all.
fn write(file: &Path, text: &str) -> Result<()> {
    let fail = || format!("cannot write {}", file.display());
    let mut partial = file.to_owned().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = std::fs::File::create(&partial)
        .and_then(|mut handle| {
            handle.write_all(text.as_bytes())?;
            handle.write_all(b"\n")?;
            handle.sync_all()
        })
        .and_then(|()| std::fs::rename(&partial, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written.context(ErrorKind::Io, fail)
}

fn history(workspace: &Workspace, json: bool) -> Result<u8> {
    let store = DriftStore::open_read_only(&workspace.drift())?;
    let (runs, baselines) = (store.runs()?, store.baselines()?);
    if json {
        output::json(&serde_json::json!({ "runs": runs, "baselines": baselines }))?;
        return Ok(0);
    }
    output::line(&format!(
        "{:<24} {:<10} {:>8} {:>8} {:>10}  {:<17} {}",
        "run", "outcome", "seconds", "cpu", "rows", "data up to", "causes"
    ))?;
    for run in &runs {
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
        let baseline = baselines.iter().find(|baseline| baseline.run_id == run.run_id);
        let causes = store.report(Some(&run.run_id))?.map_or("-".to_owned(), |report| report.causes.len().to_string());
        output::line(&format!(
            "{:<24} {:<10} {:>8} {:>8} {:>10}  {:<17} {causes}{}",
            run.run_id,
            run.outcome.as_str(),
            number(run.seconds),
            number(run.processor_seconds),
            run.rows.map_or("-".to_owned(), |rows| rows.to_string()),
            baseline.map_or("-".to_owned(), |baseline| report::moment(baseline.as_of)),
            if run.message.is_empty() { String::new() } else { format!("  {}", printable(&run.message)) }
        ))?;
    }
    Ok(0)
}

fn act(
    workspace: &Workspace,
    target: &TargetArgs,
    kind: ActionKind,
    days: Option<u16>,
    to: Option<&str>,
) -> Result<u8> {
    let finding = find(workspace, &target.finding)?;
    let store = DriftStore::open(&workspace.drift())?;
    let now = jiff::Timestamp::now();
    let until = days.and_then(|days| now.checked_add(jiff::Span::new().hours(i64::from(days) * 24)).ok());
    let remark = target.text.join(" ");
    let action = Action {
        finding: finding.clone(),
        kind,
        who: reviewer(),
        at: now.to_string(),
        until: until.map(|until| until.to_string()),
        text: to.map_or_else(|| remark.clone(), str::to_owned),
    };
    store.act(&action)?;
    if kind != ActionKind::Note && !remark.is_empty() {
        store.act(&Action { kind: ActionKind::Note, text: remark, until: None, ..action.clone() })?;
    }
    let done = match (kind, until) {
        (ActionKind::Accept, _) => "accepted".to_owned(),
        (ActionKind::Snooze, Some(until)) => format!("snoozed until {}", until.strftime("%Y-%m-%d %H:%M UTC")),
        (ActionKind::Assign, _) if action.text.is_empty() => "assigned to nobody".to_owned(),
        (ActionKind::Assign, _) => format!("assigned to {}", printable(&action.text)),
        (ActionKind::Reopen, _) => "open again".to_owned(),
        _ => "noted".to_owned(),
    };
    say(&format!("{finding}: {done}"));
    Ok(0)
}

/// The whole id of a finding of the last report.
fn find(workspace: &Workspace, id: &str) -> Result<String> {
    let view = drift::view(workspace, None, jiff::Timestamp::now())?;
    let found = view.report.finding(id).map(|finding| finding.id.clone());
    found.ok_or_else(|| {
        Error::not_found(format!("the last report has no finding {:?}, or several that begin so", printable(id)))
            .hint("`fourfold drift` lists them with their ids")
    })
}

fn confirm(workspace: &Workspace, target: &TargetArgs) -> Result<u8> {
    let lines = crate::engine::drift_confirm::confirm(workspace, &target.finding, &reviewer(), jiff::Timestamp::now())?;
    for line in lines {
        output::line(&printable(&line))?;
    }
    say("`fourfold run` goes on under the new name");
    Ok(0)
}
