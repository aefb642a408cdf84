//! How do plays leave as a patch that a team can read, test and merge?
//!
//! A patch holds the play's SQL as a model, its properties with a contract and tests, the source it reads with freshness, its weights
//! as a seed, an exposure, a README and a text for the pull request. Where the repository is no dbt project, it holds a view and a
//! README. The conventions of the repository are followed, only what is new or changed is written, and shipping again updates.

mod dbt;
pub mod git;
pub mod layout;
mod plain;
mod readme;
mod request;
mod sql;
mod units;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use self::git::Repository;
use self::layout::{Layout, Tree};
use super::definition::Play;
use super::preview::Preview;
use super::published::Published;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::Dialect;

/// A play to ship, with what it says of the last run.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// The play, with the team's changes.
    pub play: Play,
    /// The play as its file has it: its examples hold for these weights.
    pub plain: Play,
    /// Who fires, and what moves.
    pub preview: Preview,
}

/// What is shipped, and where.
pub struct ShipInput<'a> {
    /// The plays.
    pub plays: &'a [Shipped],
    /// The repository, or a directory in it.
    pub repository: &'a Path,
    /// The warehouse's SQL.
    pub dialect: Dialect,
    /// The schema that fourfold writes.
    pub schema: &'a str,
    /// The run that was read.
    pub published: &'a Published,
    /// The branch to put the commit on; its end is the base where it exists. A patch is made on top of what is checked out.
    pub branch: Option<&'a str>,
}

/// A commit that stands nowhere yet, to be read and then delivered.
#[derive(Debug, Clone)]
pub struct Draft {
    repository: Repository,
    commit: String,
    before: Option<String>,
    /// The files that it changes, with whether each is new.
    pub files: Vec<(String, bool)>,
    /// What it changes.
    pub diff: String,
    /// The text for the pull request; the commit's message holds it too.
    pub request: String,
    /// Whether the repository is a dbt project.
    pub is_dbt: bool,
}

/// Where a draft went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// A branch of the repository.
    Branch(String),
    /// A file that `git am` takes.
    Patch(PathBuf),
}

/// Makes the commit, without moving anything. None when the repository holds all of it already.
///
/// # Errors
/// `Config` for a tree with changes that are not committed, a missing author or a branch that cannot be used; `NotFound` without
/// git or a repository; `Io` when git fails.
pub fn draft(input: &ShipInput<'_>) -> Result<Option<Draft>> {
    let repository = Repository::open(input.repository)?;
    repository.must_be_clean()?;
    let author = repository.author()?;
    let before = match input.branch {
        Some(branch) => repository.branch(branch)?,
        None => None,
    };
    let base = match &before {
        Some(commit) => commit.clone(),
        None => repository.commit_of("HEAD")?,
    };
    let tree = Tree::read(&repository, &base)?;
    let layout = layout::detect(&tree, &repository.inside, input.schema)?;
    let written = match &layout {
        Layout::Dbt(project) => dbt::files(input, project, &tree, &author)?,
        Layout::Plain(directory) => plain::files(input, directory, &tree)?,
    };
    let changed: BTreeMap<String, String> =
        written.into_iter().filter(|(path, text)| tree.texts.get(path) != Some(text)).collect();
    let files: Vec<(String, bool)> = changed.keys().map(|path| (path.clone(), !tree.paths.contains(path))).collect();
    let request = request::text(input.plays, &files, &layout);
    let message = format!("{}\n\n{request}", subject(input.plays));
    let Some(commit) = repository.commit(&base, &changed, &message)? else { return Ok(None) };
    let diff = repository.diff(&commit)?;
    Ok(Some(Draft { repository, commit, before, files, diff, request, is_dbt: matches!(layout, Layout::Dbt(_)) }))
}

fn subject(plays: &[Shipped]) -> String {
    let names: Vec<&str> = plays.iter().map(|shipped| shipped.play.title.as_str()).collect();
    let listed = match names.as_slice() {
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
        [] => String::new(),
    };
    let subject = format!("Score accounts by fourfold: {listed}");
    if subject.chars().count() <= 72 { subject } else { format!("Score accounts by {} plays of fourfold", names.len()) }
}

impl Draft {
    /// Puts the commit on a branch.
    ///
    /// # Errors
    /// `Io` when the branch was moved meanwhile.
    pub fn to_branch(&self, name: &str) -> Result<Delivered> {
        self.repository.move_branch(name, &self.commit, self.before.as_deref())?;
        Ok(Delivered::Branch(name.to_owned()))
    }

    /// Writes the commit as a patch, whole or not at all.
    ///
    /// # Errors
    /// `Io` when the file cannot be written.
    pub fn to_patch(&self, file: &Path) -> Result<Delivered> {
        let fail = || format!("cannot write {}", file.display());
        let text = self.repository.patch(&self.commit)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).ok_or_else(|| Error::io(fail()))?;
        let beside = file.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let written = std::fs::write(&beside, &text).and_then(|()| std::fs::rename(&beside, file));
        if written.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        written.context(ErrorKind::Io, fail)?;
        Ok(Delivered::Patch(file.to_owned()))
    }
}
