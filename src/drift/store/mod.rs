//! Where do baselines, findings and what became of them lie?
//!
//! One SQLite file, `.fourfold/drift.sqlite`. A table of a baseline is kept once however many runs it did not change in:
//! it is named by the hash of its contents. A year of weekly baselines of 200 tables takes well under 200 MB.

mod actions;
mod baselines;
mod packed;
mod proposals;
mod runs;
mod schema;

pub use actions::{Action, ActionKind, Standing, standing};
pub use baselines::BaselineMeta;
pub use proposals::ProposalRow;
pub use runs::{Outcome, RunRecord};

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};

use crate::error::{Context as _, Error, ErrorKind, Result};

/// The drift file of a workspace. It waits for its own work: not to be used inside an asynchronous task.
pub struct DriftStore {
    path: PathBuf,
    runtime: tokio::runtime::Runtime,
    connection: Mutex<SqliteConnection>,
}

impl DriftStore {
    /// Opens the file, and makes it when it is not there.
    ///
    /// # Errors
    /// `Io` when it cannot be made; `Data` when it is damaged or of a newer version.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)
                .context(ErrorKind::Io, || format!("cannot make the directory {}", directory.display()))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let store = Self::connect(path, options)?;
        store.wait("bring up to date", async |connection| schema::migrate(connection).await)?;
        Ok(store)
    }

    /// Opens a file that exists, for reading alone.
    ///
    /// # Errors
    /// `NotFound` before the first run; otherwise as [`open`](Self::open).
    pub fn open_read_only(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::not_found("no run has left a baseline here yet")
                .hint("`fourfold run` leaves one; from the second on it says what moved"));
        }
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let store = Self::connect(path, options)?;
        store.wait("read", async |connection| schema::check(connection).await)?;
        Ok(store)
    }

    fn connect(path: &Path, options: SqliteConnectOptions) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .context(ErrorKind::Internal, || "cannot start the drift store".to_owned())?;
        let options = options.busy_timeout(Duration::from_secs(10)).disable_statement_logging();
        let connection = runtime.block_on(options.connect()).map_err(|cause| failed(path, "open", cause))?;
        Ok(Self { path: path.to_owned(), runtime, connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, SqliteConnection> {
        // The connection holds no state that a panic elsewhere could have left half-changed.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(
        &self,
        doing: &str,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> std::result::Result<T, sqlx::Error>,
    ) -> Result<T> {
        let mut connection = self.connection();
        self.runtime.block_on(work(&mut connection)).map_err(|cause| failed(&self.path, doing, cause))
    }
}

fn failed(path: &Path, doing: &str, cause: sqlx::Error) -> Error {
    let message = format!("cannot {doing} the drift file {}", path.display());
    let code = match &cause {
        sqlx::Error::Database(database) => {
            database.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
        }
        _ => None,
    };
    let error = match code {
        Some(5 | 6) => Error::new(ErrorKind::Locked, format!("{message}: another program is writing to it"))
            .hint("try again when it has finished; nothing was written"),
        Some(8) => Error::io(format!("{message}: it cannot be written")).hint("check the permissions of the file"),
        Some(13) => Error::io(format!("{message}: the disk is full")).hint("free some space and try again"),
        Some(11 | 26) => Error::data(format!("{message}: the file is damaged"))
            .hint("move it away: the next run begins a new history; decisions and the model do not depend on it"),
        _ => Error::data(message),
    };
    error.because(cause)
}
