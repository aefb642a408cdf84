//! What does `fourfold doctor` show?

use clap::Args;

use super::narrate::{Narrator, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::connect::Access;
use crate::engine::doctor::{self, State};
use crate::error::Result;

/// `fourfold doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print only the script that gives the role just what it needs.
    #[arg(long, conflicts_with = "json")]
    grants: bool,
    /// Print the checks as JSON.
    #[arg(long)]
    json: bool,
}

/// Looks and tells; 1 when something does not work.
pub(crate) fn run(session: &Session, arguments: &DoctorArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let diagnosis = doctor::diagnose(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    if arguments.json {
        output::json(&diagnosis)?;
    } else if arguments.grants {
        output::line(diagnosis.grant_script.as_deref().unwrap_or("-- the warehouse could not be reached").trim_end())?;
    } else {
        for check in &diagnosis.checks {
            let word = match check.state {
                State::Ok => "ok",
                State::Warning => "look",
                State::Failed => "FAIL",
            };
            output::line(&format!("{word:<5} {:<22} {}", printable(&check.name), printable(&check.detail)))?;
            for hint in &check.hints {
                output::line(&format!("      {:<22} {}", "", printable(hint)))?;
            }
        }
        if diagnosis.grant_script.is_some() {
            output::line("")?;
            output::line("`fourfold doctor --grants` prints the script that gives the role just what it needs")?;
        }
    }
    Ok(u8::from(diagnosis.worst() == State::Failed))
}
