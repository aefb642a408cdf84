//! What does `fourfold load` do and say?

use std::path::{Path, PathBuf};

use clap::Args;

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::config::Workspace;
use crate::engine;
use crate::error::Result;
use crate::warehouse::files::LoadReport;

/// `fourfold load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// The directory: DIR/<source>/<table>.{csv,csv.gz,tsv,parquet,jsonl}.
    directory: PathBuf,
    /// Print what was loaded as JSON.
    #[arg(long)]
    json: bool,
}

/// Loads and tells.
pub(crate) fn run(session: &Session, arguments: &LoadArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let report = execute(session, &workspace, &arguments.directory)?;
    if arguments.json {
        output::json(&report)?;
    } else {
        tell(&report);
        say("`fourfold run` brings the entity graph and the model up to date");
    }
    Ok(0)
}

/// Loads with progress and Ctrl-C.
pub(crate) fn execute(session: &Session, workspace: &Workspace, directory: &Path) -> Result<LoadReport> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let report = engine::load::load(workspace, directory, session.patience, &narrator, &interrupts.token())?;
    narrator.finish();
    Ok(report)
}

/// Says what was loaded, and names every file whose rows were not all usable.
pub(crate) fn tell(report: &LoadReport) {
    let rows: u64 = report.tables.iter().map(|table| table.rows).sum();
    let rejected: u64 = report.tables.iter().map(|table| table.rejected).sum();
    say(&format!("loaded {} tables, {rows} rows", report.tables.len()));
    for table in report.tables.iter().filter(|table| table.rejected > 0) {
        say(&format!(
            "  {}: {} malformed rows kept aside in {}._rejects, with file and line",
            printable(&table.file.display().to_string()),
            table.rejected,
            printable(&table.source)
        ));
    }
    for note in &report.notes {
        say(&format!("  note: {}", printable(note)));
    }
    if rejected > 0 {
        say(&format!("{rejected} malformed rows in all; none was loaded and none was lost"));
    }
}
