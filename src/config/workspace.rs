//! Where does a workspace keep its files, and who is working in it?

use std::path::{Path, PathBuf};

use super::{Config, WarehouseSettings};
use crate::error::{Context, Error, ErrorKind, Result};

/// The file that makes a directory a workspace.
pub const CONFIG_FILE: &str = "fourfold.toml";

/// A directory with `fourfold.toml`, and `.fourfold/` beside it for what does not belong in git.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The directory, absolute.
    pub root: PathBuf,
    /// What the file says.
    pub config: Config,
}

impl Workspace {
    /// Opens the workspace at `start` or the nearest one above it.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Config` when its file is wrong.
    pub fn find(start: &Path) -> Result<Self> {
        let start = std::path::absolute(start)
            .context(ErrorKind::Io, || format!("cannot tell where {} is", start.display()))?;
        let root = start.ancestors().find(|directory| directory.join(CONFIG_FILE).is_file()).ok_or_else(|| {
            Error::not_found(format!("no {CONFIG_FILE} in {} or above it", start.display()))
                .hint("`fourfold init` makes this directory a workspace")
                .hint("`fourfold demo` makes a worked example to look at first")
        })?;
        Ok(Self { root: root.to_owned(), config: Config::read(&root.join(CONFIG_FILE))? })
    }

    /// The directory of what does not belong in git, made when absent.
    ///
    /// # Errors
    /// `Io` when it cannot be made.
    pub fn state(&self) -> Result<PathBuf> {
        let directory = self.root.join(".fourfold");
        std::fs::create_dir_all(&directory)
            .context(ErrorKind::Io, || format!("cannot make {}", directory.display()))?;
        let ignore = directory.join(".gitignore");
        if !ignore.exists() {
            std::fs::write(&ignore, "*\n").context(ErrorKind::Io, || format!("cannot write {}", ignore.display()))?;
        }
        Ok(directory)
    }

    /// The file of decisions.
    #[must_use]
    pub fn review_log(&self) -> PathBuf {
        self.root.join(".fourfold").join("review.sqlite")
    }

    /// What screens show of the last run, without asking the warehouse.
    #[must_use]
    pub fn snapshot(&self) -> PathBuf {
        self.root.join(".fourfold").join("snapshot.sqlite")
    }

    /// Baselines, findings and what became of them.
    #[must_use]
    pub fn drift(&self) -> PathBuf {
        self.root.join(".fourfold").join("drift.sqlite")
    }

    /// The file that says a run is under way.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join(".fourfold").join("run.lock")
    }

    /// The embedded warehouse, when that is what the workspace uses.
    #[must_use]
    pub fn database(&self) -> Option<PathBuf> {
        match &self.config.warehouse {
            WarehouseSettings::Duckdb { path, .. } => Some(self.root.join(path)),
            WarehouseSettings::Postgres { .. } => None,
        }
    }
}
