//! How does `fourfold ship` put plays into a repository?

use std::path::PathBuf;

use clap::Args;

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::connect::{self, Access};
use crate::engine::plays as engine;
use crate::error::{Error, Result};
use crate::plays::ship::Delivered;

/// `fourfold ship`.
#[derive(Debug, Args)]
pub(crate) struct ShipArgs {
    /// The plays.
    #[arg(required = true, value_name = "PLAY")]
    plays: Vec<String>,
    /// The repository, or the dbt project in it.
    #[arg(long, value_name = "PATH")]
    repo: PathBuf,
    /// Put the commit on this branch; it is made where it is missing. fourfold/PLAY unless told.
    #[arg(long, value_name = "NAME", conflicts_with = "patch")]
    branch: Option<String>,
    /// Write a patch that `git am` takes instead of a branch.
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
    /// Show what would change and write nothing.
    #[arg(long)]
    diff: bool,
    /// Write the text for the pull request into this file too.
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// Print what was done as JSON.
    #[arg(long)]
    json: bool,
}

/// Ships.
pub(crate) fn run(session: &Session, arguments: &ShipArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    interrupts.stop_statements(warehouse.canceller());
    let branch = match (&arguments.patch, &arguments.branch) {
        (Some(_), _) => None,
        (None, Some(branch)) => Some(branch.clone()),
        (None, None) => Some(engine::usual_branch(&arguments.plays)),
    };
    let draft = engine::draft(&workspace, warehouse.as_ref(), &arguments.plays, &arguments.repo, branch.as_deref())
        .map_err(|error| if interrupts.token().is_cancelled() { Error::cancelled() } else { error })?;
    let Some(draft) = draft else {
        say("nothing to change: the repository holds all of it already");
        if arguments.json {
            output::json(&serde_json::json!({ "changed": false }))?;
        }
        return Ok(0);
    };
    if arguments.diff {
        print(&draft.diff)?;
        return Ok(0);
    }
    if let Some(file) = &arguments.request {
        use crate::error::Context;
        std::fs::write(file, &draft.request)
            .context(crate::error::ErrorKind::Io, || format!("cannot write {}", file.display()))?;
    }
    let delivered = match (&arguments.patch, &branch) {
        (Some(file), _) => draft.to_patch(file)?,
        (None, Some(branch)) => draft.to_branch(branch)?,
        (None, None) => return Err(Error::internal("neither a branch nor a patch was asked for")),
    };
    if arguments.json {
        let (what, place) = match &delivered {
            Delivered::Branch(name) => ("branch", name.clone()),
            Delivered::Patch(file) => ("patch", file.display().to_string()),
        };
        let files: Vec<_> =
            draft.files.iter().map(|(path, new)| serde_json::json!({ "path": path, "new": new })).collect();
        output::json(&serde_json::json!({ "changed": true, what: place, "files": files, "request": draft.request }))?;
        return Ok(0);
    }
    for (path, new) in &draft.files {
        output::line(&format!("{} {}", if *new { "new    " } else { "changed" }, printable(path)))?;
    }
    match &delivered {
        Delivered::Branch(name) => {
            output::line(&format!("on branch {name}"))?;
            say(&format!(
                "nothing was checked out; `git log -p -1 {name}` shows the commit, its message is the text for the pull request"
            ));
        }
        Delivered::Patch(file) => {
            output::line(&format!("in {}", file.display()))?;
            say(&format!("`git am {}` takes it; its message is the text for the pull request", file.display()));
        }
    }
    if draft.is_dbt {
        say("`dbt build` then checks contract, data tests and unit tests");
    }
    Ok(0)
}

/// A diff may hold what a repository holds: control characters go, lines stay.
fn print(diff: &str) -> Result<()> {
    for line in diff.lines() {
        output::line(&printable(&line.replace('\t', "    ")))?;
    }
    Ok(())
}
