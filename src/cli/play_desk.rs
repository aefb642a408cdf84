//! How does the terminal UI ask about plays?

use std::path::Path;
use std::time::Duration;

use crate::config::Workspace;
use crate::config::workspace::CONFIG_FILE;
use crate::engine::connect::{self, Access};
use crate::engine::plays as engine;
use crate::error::{Context, ErrorKind, Result};
use crate::plays::explain::explain;
use crate::plays::preview::{Preview, preview};
use crate::plays::walk::source_rows;
use crate::plays::{Play, tune};
use crate::progress::{CancelToken, Silent};
use crate::tui::PlayDesk;
use crate::tui::play_desk::{Draft, PlayAnswer, PlayQuestion, PlayView};
use crate::warehouse::Warehouse;

/// How many accounts that fire are handed to the screen; the command line lists all of them.
const SHOWN: usize = 500;

/// A desk that opens the warehouse only while it answers, so that an open UI never blocks a scheduled run. What stands in
/// `fourfold.toml` and in the plays' files is read each time.
pub(super) fn desk(workspace: &Workspace, patience: Duration) -> PlayDesk {
    let root = workspace.root.clone();
    Box::new(move |question, cancel| {
        let workspace = Workspace::find(&root)?;
        answer(&workspace, patience, question, cancel)
    })
}

fn answer(
    workspace: &Workspace,
    patience: Duration,
    question: &PlayQuestion,
    cancel: &CancelToken,
) -> Result<PlayAnswer> {
    let library = engine::library(workspace)?;
    if let PlayQuestion::Save { play, values } = question {
        return save(workspace, &library.get(play)?.play, values);
    }
    let warehouse = connect::open(workspace, Access::read(patience), &Silent, cancel)?;
    let warehouse = warehouse.as_ref();
    let schema = workspace.config.warehouse.schema();
    let published = engine::published(warehouse, workspace)?;
    let look = |play: &Play| -> Result<Preview> {
        let reads = engine::reads(play, warehouse, workspace)?;
        preview(play, warehouse, schema, &published, &reads.fields, SHOWN)
    };
    Ok(match question {
        PlayQuestion::All => {
            let mut views = Vec::new();
            for entry in &library.entries {
                cancel.check()?;
                views.push(PlayView {
                    enabled: entry.enabled,
                    changed: entry.play != entry.plain,
                    preview: look(&entry.play)?,
                    play: entry.play.clone(),
                });
            }
            PlayAnswer::All(views)
        }
        PlayQuestion::Explain { play, entity } => {
            let play = &library.get(play)?.play;
            let reads = engine::reads(play, warehouse, workspace)?;
            PlayAnswer::Explained(explain(play, warehouse, schema, &published, &reads, entity)?)
        }
        PlayQuestion::Rows { play, entity, table, field } => {
            let play = &library.get(play)?.play;
            let reads = engine::reads(play, warehouse, workspace)?;
            let field = (table.clone(), field.clone());
            PlayAnswer::Rows(source_rows(play, warehouse, schema, &reads, &field, entity)?)
        }
        PlayQuestion::Preview { play, values } => {
            let changed = tune::changed(&library.get(play)?.play, values)?;
            PlayAnswer::Previewed(Box::new(look(&changed)?))
        }
        PlayQuestion::Draft { play, repository } => {
            PlayAnswer::Drafted(draft(workspace, warehouse, play, repository)?.map(|(branch, draft)| Draft {
                branch,
                files: draft.files,
                diff: draft.diff.lines().map(str::to_owned).collect(),
            }))
        }
        PlayQuestion::Ship { play, repository } => {
            let shipped = match draft(workspace, warehouse, play, repository)? {
                None => "the repository holds all of it already".to_owned(),
                Some((branch, draft)) => {
                    draft.to_branch(&branch)?;
                    format!("on branch {branch} of {repository}; nothing was checked out")
                }
            };
            PlayAnswer::Shipped(shipped)
        }
        PlayQuestion::Save { .. } => return Err(crate::error::Error::internal("numbers were not saved")),
    })
}

fn draft(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    play: &str,
    repository: &str,
) -> Result<Option<(String, crate::plays::ship::Draft)>> {
    let names = [play.to_owned()];
    let branch = engine::usual_branch(&names);
    // Typed paths begin where the workspace is, unless they say otherwise.
    let path = match repository.strip_prefix("~/").zip(std::env::var_os("HOME")) {
        Some((rest, home)) => Path::new(&home).join(rest),
        None => workspace.root.join(repository),
    };
    Ok(engine::draft(workspace, warehouse, &names, &path, Some(&branch))?.map(|draft| (branch, draft)))
}

/// Writes numbers into `fourfold.toml`, whole or not at all.
fn save(workspace: &Workspace, play: &Play, values: &[tune::NewValue]) -> Result<PlayAnswer> {
    tune::changed(play, values)?;
    let path = workspace.root.join(CONFIG_FILE);
    let fail = || format!("cannot write {}", path.display());
    let text = std::fs::read_to_string(&path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    let new = tune::written(&text, play, values)?;
    crate::config::Config::parse(&new, CONFIG_FILE)?;
    let beside = path.with_extension(format!("toml.{}.part", std::process::id()));
    let written = std::fs::write(&beside, &new).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written.context(ErrorKind::Io, fail)?;
    Ok(PlayAnswer::Saved(CONFIG_FILE.to_owned()))
}
