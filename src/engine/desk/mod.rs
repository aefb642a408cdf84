//! How do an operator's answers and remarks become rules in `fourfold.toml`?
//!
//! Questions and conflicts come from the last run's snapshot, so that nobody waits for the warehouse to answer; only a preview of
//! values takes the steps of a run. The file is read anew for every answer.
//!
//! | module | question |
//! | --- | --- |
//! | `interview` | what is asked, what was answered, and how is an answer saved, revised and withdrawn? |
//! | `conflicts` | how is a conflict accepted, assigned, noted, decided and reopened? |

mod conflicts;
mod interview;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

pub use self::conflicts::{Mark, Marked};
pub use self::interview::{Answered, Asked, Look};
use super::ledger;
use super::preview::{self, Baseline, Preview, PreviewOptions};
use crate::chart::standing::Standing;
use crate::config::edit::Draft;
use crate::config::workspace::CONFIG_FILE;
use crate::config::{Config, Workspace};
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::snapshot::SnapshotReader;
use crate::warehouse::Canceller;

/// A workspace's questions, answers, conflicts and rules.
pub struct Desk {
    root: PathBuf,
    threads: usize,
    patience: Duration,
    kept: Mutex<Option<Baseline>>,
}

/// What was written into `fourfold.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The lines that went (`-`) and came (`+`).
    pub lines: Vec<String>,
}

impl Desk {
    /// The desk of a workspace. A preview may use so many threads, and wait so long for the warehouse.
    #[must_use]
    pub fn new(root: &Path, threads: usize, patience: Duration) -> Self {
        Self { root: root.to_owned(), threads, patience, kept: Mutex::new(None) }
    }

    fn workspace(&self) -> Result<Workspace> {
        Workspace::find(&self.root)
    }

    fn file(&self) -> PathBuf {
        self.root.join(CONFIG_FILE)
    }

    fn snapshot(&self) -> Result<SnapshotReader> {
        SnapshotReader::open(&self.workspace()?.snapshot())
    }

    /// The file, for a look at what would change.
    fn look(&self) -> Result<Draft> {
        Draft::look(&self.file())
    }

    /// The file, for writing.
    fn draft(&self) -> Result<Draft> {
        let state = self.workspace()?.state()?;
        Draft::open(&self.file(), &state.join("rules.lock"))
    }

    /// What the rules say of conflicts today.
    ///
    /// # Errors
    /// `Config` when the file is wrong.
    pub fn standing(&self) -> Result<Standing> {
        Ok(Standing::of(&self.workspace()?.config, today()))
    }

    /// What other rules would change, against the rules as they are.
    fn preview_of(
        &self,
        rules: &Config,
        on_connect: &dyn Fn(Canceller),
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<Preview> {
        let options = PreviewOptions { threads: self.threads, patience: self.patience, on_connect };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        preview::against_rules(&self.workspace()?, rules, &mut kept, &options, progress, cancel)
    }
}

/// Where this program runs.
fn today() -> jiff::civil::Date {
    ledger::today(jiff::Timestamp::now())
}

/// Now, to the second, as rules write it.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
