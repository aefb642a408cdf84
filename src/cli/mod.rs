//! What can be asked on the command line?
//!
//! One command, one file. Data goes to standard output, narration to standard error; the exit codes are those of
//! [`crate::error::Error::exit_code`], with 3 for a `--check` that found something.

mod calibrator;
mod chart;
mod deepen;
mod demo;
mod doctor;
mod drift;
pub mod erase;
mod explain;
pub mod export;
mod findings;
mod history;
mod init;
mod lineage;
mod load;
pub mod log;
pub mod match_tables;
mod narrate;
mod open;
mod output;
mod plays;
mod reference;
mod review;
mod run;
mod schedule;
mod ship;
mod signals;
mod sources;
mod test;
pub mod trace;
mod tracer;
mod ui;

use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::Workspace;
use crate::engine::connect;
use crate::error::Result;

pub use reference::reference;

/// What every command is given.
#[derive(Debug)]
pub(crate) struct Session {
    /// Where to look for the workspace.
    pub directory: PathBuf,
    /// Say less on standard error.
    pub quiet: bool,
    /// Worker threads; all processors when absent.
    pub threads: Option<usize>,
    /// How long to wait for another process that holds the embedded warehouse.
    pub patience: Duration,
}

impl Session {
    /// The workspace at or above the directory.
    pub(crate) fn workspace(&self) -> Result<Workspace> {
        Workspace::find(&self.directory)
    }

    /// Worker threads to use.
    pub(crate) fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get)).max(1)
    }
}

/// Join product, CRM, billing and support records into one entity graph, inside your own warehouse.
///
/// Without a command it opens the terminal UI on the workspace at or above this directory.
#[derive(Debug, Parser)]
#[command(
    name = "fourfold",
    version,
    max_term_width = 100,
    after_help = "\
Start here:  fourfold demo            a worked example in a fresh directory
             fourfold init --csv DIR  your own exports, DIR/<source>/<table>.csv
Exit codes:  0 done, 1 failed, 2 usage or configuration, 3 --check found something, 130 interrupted"
)]
pub struct Arguments {
    /// Work as if started in this directory.
    #[arg(
        id = "workspace",
        short = 'C',
        long = "workspace",
        value_name = "DIR",
        global = true,
        default_value = ".",
        hide_default_value = true
    )]
    directory: PathBuf,
    /// Say only what is wrong on standard error.
    #[arg(id = "less", short = 'q', long = "quiet", global = true)]
    quiet: bool,
    /// Worker threads; all processors unless told.
    #[arg(id = "workers", long = "threads", value_name = "N", global = true)]
    threads: Option<usize>,
    /// How long to wait for another process that holds the embedded warehouse.
    #[arg(id = "patience", long = "wait", value_name = "SECONDS", global = true, default_value_t = connect::PATIENCE.as_secs(), hide_default_value = true)]
    wait: u64,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a worked example in a fresh workspace: load, run, open the UI.
    Demo(demo::DemoArgs),
    /// Make this directory a workspace.
    Init(init::InitArgs),
    /// Load newer exports: each table in DIR replaces its older load.
    Load(load::LoadArgs),
    /// Chart, resolve, model and plays, say what drifted, then publish; asks nothing.
    Run(run::RunArgs),
    /// Read the sources and show what is where and what conflicts; publishes nothing.
    Chart(chart::ChartArgs),
    /// Chart and resolve, and show what was found; publishes nothing.
    Resolve(run::StepArgs),
    /// Chart, resolve and model, then publish, without plays and whatever drifted.
    Model(run::StepArgs),
    /// Score, route and bridge accounts: list, check, preview, explain and back-test plays, or run them again.
    Plays(plays::PlaysArgs),
    /// Put plays into a repository: a branch, or a patch that `git am` takes and `dbt build` passes.
    Ship(ship::ShipArgs),
    /// Show what moved since the last report, what it touched and what to do.
    Drift(Box<drift::DriftArgs>),
    /// Propose what the week taught: rules, segments, columns, sources.
    Deepen(deepen::DeepenArgs),
    /// List the sources, or add one after showing what joining it would change.
    Sources(Box<sources::SourcesArgs>),
    /// Walk a field back to its rows.
    Trace(trace::TraceArgs),
    /// Name the columns that come from nowhere, in the model and in SQL.
    Lineage(lineage::LineageArgs),
    /// Show what holds an entity together, and where it would come apart.
    Explain(explain::ExplainArgs),
    /// Tell what became of an entity over the runs: births, merges, splits, renames, with their reasons.
    History(history::HistoryArgs),
    /// Write what was published as CSV, JSON or Parquet.
    Export(export::ExportArgs),
    /// Decide ambiguous pairs.
    Review(review::ReviewArgs),
    /// Test rules and decisions against the records, and estimate precision and recall.
    Test(test::TestArgs),
    /// Resolve any one or two tables.
    Match(Box<match_tables::MatchArgs>),
    /// Look at, check, exchange or undo decisions.
    Log(log::LogArgs),
    /// Erase what the review log holds of a person, leaving a mark so that the pair is not asked again.
    Erase(erase::EraseArgs),
    /// Open a deep link, such as `fourfold://review/<pair>`.
    Open(open::OpenArgs),
    /// Print a unit that runs every week: cron, systemd, a GitHub workflow or an Airflow DAG.
    Schedule(schedule::ScheduleArgs),
    /// Check the workspace, the warehouse's rights and the review log.
    Doctor(doctor::DoctorArgs),
    /// Print shell completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the program on the process's arguments and returns its exit code.
#[must_use]
pub fn main() -> u8 {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(wrong) => {
            // clap prints help on standard output and mistakes on standard error, each with its own exit code.
            let _ = wrong.print();
            return u8::try_from(wrong.exit_code()).unwrap_or(2);
        }
    };
    let session = Session {
        directory: arguments.directory,
        quiet: arguments.quiet,
        threads: arguments.threads,
        patience: Duration::from_secs(arguments.wait),
    };
    match dispatch(&session, arguments.command) {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => 0,
        Err(error) => {
            narrate::error(&error);
            error.exit_code()
        }
    }
}

/// Who decides: `FOURFOLD_REVIEWER`, else the name of the account.
pub(crate) fn reviewer() -> String {
    std::env::var("FOURFOLD_REVIEWER")
        .ok()
        .filter(|name| !name.trim().is_empty())
        .or_else(|| whoami::username().ok())
        .unwrap_or_else(|| "unknown".to_owned())
}

fn matching(session: &Session, arguments: &match_tables::MatchArgs) -> Result<u8> {
    let narrator = narrate::Narrator::new(session.quiet);
    let interrupts = signals::Interrupts::watch()?;
    match_tables::run(arguments, &narrator, &interrupts.token())?;
    narrator.finish();
    Ok(0)
}

fn dispatch(session: &Session, command: Option<Command>) -> Result<u8> {
    let Some(command) = command else { return ui::run(session, ui::Opening::default()) };
    match command {
        Command::Demo(arguments) => demo::run(session, &arguments),
        Command::Init(arguments) => init::run(session, &arguments),
        Command::Load(arguments) => load::run(session, &arguments),
        Command::Run(arguments) => run::run(session, &arguments),
        Command::Chart(arguments) => chart::run(session, &arguments),
        Command::Resolve(arguments) => run::resolve(session, &arguments),
        Command::Model(arguments) => run::model(session, &arguments),
        Command::Plays(arguments) => plays::run(session, &arguments),
        Command::Ship(arguments) => ship::run(session, &arguments),
        Command::Drift(arguments) => drift::run(session, &arguments),
        Command::Deepen(arguments) => deepen::run(session, &arguments),
        Command::Sources(arguments) => sources::run(session, &arguments),
        Command::Trace(arguments) => trace::run(session, &arguments),
        Command::Lineage(arguments) => lineage::run(session, &arguments),
        Command::Explain(arguments) => explain::run(session, &arguments),
        Command::History(arguments) => history::run(session, &arguments),
        Command::Export(arguments) => export::run(session, &arguments),
        Command::Review(arguments) => review::run(session, &arguments),
        Command::Test(arguments) => test::run(session, &arguments),
        Command::Match(mut arguments) => {
            arguments.threads = session.threads();
            matching(session, &arguments)
        }
        Command::Log(arguments) => log::run(&arguments, &session.workspace()?.review_log(), &reviewer()),
        Command::Erase(arguments) => erase::run(&arguments, &session.workspace()?.review_log(), &reviewer()),
        Command::Open(arguments) => open::run(session, &arguments),
        Command::Schedule(arguments) => schedule::run(session, &arguments),
        Command::Doctor(arguments) => doctor::run(session, &arguments),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "fourfold", &mut std::io::stdout());
            Ok(0)
        }
    }
}
