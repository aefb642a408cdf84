//! How is the terminal UI opened on a workspace?

use std::io::IsTerminal;
use std::sync::Arc;

use super::{Session, calibrator, reviewer, tracer};
use crate::error::{Error, Result};
use crate::tui::{self, LogBackend, Screen, TuiOptions};

/// How to open it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening {
    /// The screen to begin with; the map when absent.
    pub screen: Option<Screen>,
    /// A pair to open.
    pub pair: Option<String>,
    /// An entity to trace, and its field.
    pub cell: Option<(String, Option<String>)>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// Whether scores are shown after the verdict only.
    pub blind: bool,
    /// The theme; chosen by the environment when absent.
    pub theme: Option<String>,
}

/// Opens the terminal UI on the workspace; needs a terminal.
pub(crate) fn run(session: &Session, opening: Opening) -> Result<u8> {
    let workspace = session.workspace()?;
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Error::config("the terminal UI needs a terminal")
            .hint("`fourfold --help` lists the commands that work without one")
            .hint("`fourfold review --plain` asks the queue line by line"));
    }
    workspace.state()?;
    let log = workspace.review_log();
    let backend = if opening.read_only { LogBackend::open_read_only(&log)? } else { LogBackend::open(&log)? };
    let backend = backend
        .with_tracer(tracer::tracer(&workspace, session.patience))
        .with_calibrator(calibrator::calibrator(&workspace));
    let name =
        workspace.root.file_name().map_or_else(|| "workspace".to_owned(), |name| name.to_string_lossy().into_owned());
    let options = TuiOptions {
        snapshot: workspace.snapshot(),
        workspace: name,
        reviewer: reviewer(),
        screen: opening.screen.unwrap_or(Screen::Map),
        pair: opening.pair,
        cell: opening.cell,
        read_only: opening.read_only,
        blind: opening.blind,
        theme: opening.theme,
        config_directory: None,
    };
    tui::run(options, Arc::new(backend))?;
    Ok(0)
}
