//! How does the log reach its file: safely, from several processes at once, without making its callers asynchronous?
//!
//! One connection writes, another reads beside it (WAL lets it). Every write is a short `BEGIN IMMEDIATE` transaction:
//! a deferred one that turns into a write fails with `SQLITE_BUSY_SNAPSHOT` (517), which `SQLite`'s own busy timeout
//! does not cover. What is busy is tried again; what was committed is on disk (`synchronous = FULL`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::error::{Context as _, Error, ErrorKind, Result};

use super::fault::Fault;
use super::schema;

/// How long a write waits for other processes before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The review log of a workspace: one `SQLite` file, used by any number of threads and processes.
pub struct ReviewLog {
    path: PathBuf,
    runtime: tokio::runtime::Runtime,
    reader: Mutex<SqliteConnection>,
    /// `None` when the log was opened for reading alone.
    writer: Option<Mutex<SqliteConnection>>,
    /// Salts and names. Seeded by `SQLite`, which takes its own seed from the operating system.
    random: Mutex<StdRng>,
}

impl ReviewLog {
    /// Opens the log for reading and writing, and makes it if it is not there (readable by its owner alone).
    ///
    /// # Errors
    /// `Log` if the file is damaged, of a newer version or cannot be written; `Locked` if others never let go of it.
    pub fn open(path: &Path) -> Result<Self> {
        let runtime = runtime()?;
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)
                .context(ErrorKind::Io, || format!("cannot make the directory {}", directory.display()))?;
        }
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let opened = again_while_busy(|| {
            runtime.block_on(async {
                let mut writer = options.connect().await?;
                if !schema::is_current(&mut writer).await? {
                    schema::migrate(&mut writer).await?;
                }
                let seed = seed(&mut writer).await?;
                let reader = options.clone().pragma("query_only", "ON").connect().await?;
                Ok((writer, reader, seed))
            })
        });
        let (writer, reader, seed) = opened.map_err(|fault| fault.into_error(path, "open"))?;
        Ok(Self {
            path: path.to_owned(),
            runtime,
            reader: Mutex::new(reader),
            writer: Some(Mutex::new(writer)),
            random: Mutex::new(StdRng::from_seed(seed)),
        })
    }

    /// Opens a log that exists, for reading alone. It may be written by others meanwhile.
    ///
    /// # Errors
    /// `NotFound` if there is no such file; otherwise as [`open`](Self::open).
    pub fn open_read_only(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::not_found(format!("there is no review log at {}", path.display()))
                .hint("It is made by the first verdict in `fourfold review`."));
        }
        let runtime = runtime()?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let connect = async |options: &SqliteConnectOptions| -> Result<(SqliteConnection, bool, [u8; 32]), Fault> {
            let mut reader = options.connect().await?;
            let current = schema::is_current(&mut reader).await?;
            let seed = seed(&mut reader).await?;
            Ok((reader, current, seed))
        };
        let opened = again_while_busy(|| {
            runtime.block_on(async {
                match connect(&options).await {
                    // A directory that may not be written has no room for WAL's shared memory: nobody writes there.
                    Err(fault) if fault.code() == Some(14) => connect(&options.clone().immutable(true)).await,
                    opened => opened,
                }
            })
        });
        let (reader, current, seed) = opened.map_err(|fault| fault.into_error(path, "open"))?;
        if !current {
            return Err(Error::new(ErrorKind::Log, format!("the review log {} has older tables", path.display()))
                .hint("Open it once without `--read-only`; that brings it up to date."));
        }
        let random = Mutex::new(StdRng::from_seed(seed));
        Ok(Self { path: path.to_owned(), runtime, reader: Mutex::new(reader), writer: None, random })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether decisions can be added.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.writer.is_some()
    }

    /// Runs `work` in one transaction that is on disk when this returns, or has changed nothing.
    pub(super) fn write<T>(
        &self,
        doing: &str,
        work: &impl AsyncFn(&mut SqliteConnection) -> Result<T, Fault>,
    ) -> Result<T> {
        let writer = self.writer.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Log, format!("the review log {} is open for reading alone", self.path.display()))
                .hint("Leave out `--read-only` to record verdicts.")
        })?;
        refuse_nesting()?;
        let mut connection = hold(writer);
        let outcome = again_while_busy(|| {
            self.runtime.block_on(async {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                let outcome = work(&mut transaction).await?;
                transaction.commit().await?;
                Ok(outcome)
            })
        });
        outcome.map_err(|fault| fault.into_error(&self.path, doing))
    }

    /// Moves everything from the write-ahead log into the file and empties the former; `false` while a reader holds on
    /// to an older state.
    pub(super) fn checkpoint(&self) -> Result<bool> {
        let Some(writer) = &self.writer else { return Ok(false) };
        refuse_nesting()?;
        let mut connection = hold(writer);
        let busy: Result<i64, Fault> = self.runtime.block_on(async {
            Ok(sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?)
        });
        match busy {
            Ok(busy) => Ok(busy == 0),
            Err(fault) if fault.is_busy() => Ok(false),
            Err(fault) => Err(fault.into_error(&self.path, "tidy")),
        }
    }

    /// Runs `work` on one unmoving view of the log.
    pub(super) fn read<T>(
        &self,
        doing: &str,
        work: &impl AsyncFn(&mut SqliteConnection) -> Result<T, Fault>,
    ) -> Result<T> {
        refuse_nesting()?;
        let mut connection = hold(&self.reader);
        let outcome = again_while_busy(|| {
            self.runtime.block_on(async {
                let mut transaction = connection.begin().await?;
                let outcome = work(&mut transaction).await?;
                transaction.rollback().await?;
                Ok(outcome)
            })
        });
        outcome.map_err(|fault| fault.into_error(&self.path, doing))
    }

    /// The source of salts and names.
    pub(super) fn random(&self) -> MutexGuard<'_, StdRng> {
        hold(&self.random)
    }
}

impl std::fmt::Debug for ReviewLog {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ReviewLog").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Waiting inside somebody else's asynchronous task would stop it, and panic.
fn refuse_nesting() -> Result<()> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(Error::internal("the review log was called from an asynchronous task"));
    }
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context(ErrorKind::Internal, || "cannot start the review log's runtime".to_owned())
}

async fn seed(connection: &mut SqliteConnection) -> Result<[u8; 32], Fault> {
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT randomblob(32)").fetch_one(connection).await?;
    bytes.try_into().map_err(|_| Fault::Ours(Error::internal("SQLite gave fewer random bytes than asked")))
}

/// Makes the file so that only its owner can read it; `SQLite` gives its side files the same permissions.
fn make_private(path: &Path) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(cause).context(ErrorKind::Log, || format!("cannot make the review log {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Tries again while others hold the file, a little longer each time, until patience runs out.
fn again_while_busy<T>(mut attempt: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match attempt() {
            Err(fault) if fault.is_busy() && begun.elapsed() < PATIENCE => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(100));
            }
            outcome => return outcome,
        }
    }
}

/// A lock whose former holder panicked still guards a sound connection: its transaction was rolled back.
fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
