//! What does `fourfold plays` do: list, begin, check, preview, explain and back-test plays, or run them again?

mod explain;
mod list;
mod new;
mod preview;

use clap::{Args, Subcommand};

use super::Session;
use super::narrate::Narrator;
use super::output;
use super::signals::Interrupts;
use crate::config::Workspace;
use crate::engine::connect::{self, Access};
use crate::engine::plays as engine;
use crate::error::{Error, Result};
use crate::plays::library::Entry;
use crate::plays::{Library, Play};
use crate::warehouse::Warehouse;

/// `fourfold plays`. Without a command it runs the plays again on the model of the last run, and publishes what they say.
#[derive(Debug, Args)]
pub(crate) struct PlaysArgs {
    #[command(subcommand)]
    command: Option<PlaysCommand>,
    /// Check every play instead, and exit with 3 when one is not sound.
    #[arg(long)]
    check: bool,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum PlaysCommand {
    /// Show every play: what it asks, what it needs, what the last run said.
    List {
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Begin a play of your own: plays/NAME.toml and plays/NAME.sql.
    New {
        /// Its name: lower-case letters, digits and underscores.
        name: String,
        /// Begin with a copy of this play instead of a short example.
        #[arg(long, value_name = "PLAY")]
        from: Option<String>,
    },
    /// Parse the SQL, resolve every column against the joined model, run the examples; exit with 3 when something is wrong.
    Check {
        /// The plays, by name or file; all when none is named.
        plays: Vec<String>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show who fires, how the scores moved against the last run, and who changes tier or owner; publishes nothing.
    Preview {
        /// The play, by name or file.
        play: String,
        /// How many rows of each list to show.
        #[arg(long, default_value_t = 15, value_name = "N")]
        rows: usize,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show how a play works, or why an account has its score.
    Explain {
        /// The play, by name or file.
        play: String,
        /// The account: its id, its name, the beginning of its name, or its domain.
        account: Option<String>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs `fourfold plays`.
pub(crate) fn run(session: &Session, arguments: &PlaysArgs) -> Result<u8> {
    match &arguments.command {
        None if arguments.check => list::check(session, &[], arguments.json),
        None => again(session, arguments.json),
        Some(PlaysCommand::List { json }) => list::run(session, *json),
        Some(PlaysCommand::New { name, from }) => new::run(session, name, from.as_deref()),
        Some(PlaysCommand::Check { plays, json }) => list::check(session, plays, *json),
        Some(PlaysCommand::Preview { play, rows, json }) => preview::run(session, play, *rows, *json),
        Some(PlaysCommand::Explain { play, account, json }) => explain::run(session, play, account.as_deref(), *json),
    }
}

/// Runs the enabled plays again and publishes.
fn again(session: &Session, json: bool) -> Result<u8> {
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::write(session.patience), &narrator, &interrupts.token())?;
    interrupts.stop_statements(warehouse.canceller());
    let made = engine::again(&workspace, warehouse.as_ref(), &library, &narrator, &interrupts.token())
        .map_err(|error| if interrupts.token().is_cancelled() { Error::cancelled() } else { error })?;
    narrator.finish();
    if json {
        output::json(
            &serde_json::json!({ "published": made.iter().cloned().collect::<std::collections::BTreeMap<_, _>>() }),
        )?;
        return Ok(0);
    }
    list::summary(&workspace, warehouse.as_ref(), &library)?;
    Ok(0)
}

/// Opens the warehouse for looking.
fn look(session: &Session, workspace: &Workspace) -> Result<(Box<dyn Warehouse>, Interrupts)> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    interrupts.stop_statements(warehouse.canceller());
    Ok((warehouse, interrupts))
}

/// A play by its name, or by the file of its definition.
fn named(library: &Library, name: &str) -> Result<Play> {
    let path = std::path::Path::new(name);
    if path.extension().is_some_and(|extension| extension == "toml") {
        return crate::plays::read::file(path);
    }
    library.get(name).map(|entry: &Entry| entry.play.clone())
}
