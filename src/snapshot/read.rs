//! How is a snapshot opened, and what does it say as a whole?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

use super::data::{ConflictKind, KindCount, RunMeta};
use super::schema;
use crate::chart::source_map::SourceMap;
use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::ident::Surface;

/// A snapshot open for reading. One reader serves one thread at a time; open another for a second one.
pub struct SnapshotReader {
    pub(super) path: PathBuf,
    pub(super) runtime: tokio::runtime::Runtime,
    connection: Mutex<SqliteConnection>,
    queue_length: u32,
    pair_count: u32,
}

impl SnapshotReader {
    /// Opens a snapshot.
    ///
    /// # Errors
    /// `NotFound` before the first run; `Data` when the file is of another version or damaged.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(
                Error::not_found("no run has been published here yet").hint("`fourfold run` makes the first one")
            );
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .context(ErrorKind::Internal, || "cannot start the snapshot reader".to_owned())?;
        // Immutable: the file is only ever replaced, so no lock is needed, also on a read-only disk.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(true)
            .pragma("cache_size", "-8192")
            .row_buffer_size(512)
            .disable_statement_logging();
        let connection = runtime.block_on(options.connect()).map_err(|cause| unreadable(path, cause))?;
        let mut reader =
            Self { path: path.to_owned(), runtime, connection: Mutex::new(connection), queue_length: 0, pair_count: 0 };
        let version = reader.meta("version")?;
        if version.as_deref() != Some(schema::VERSION) {
            return Err(Error::data(format!("{} was written by another version of fourfold", path.display()))
                .hint("`fourfold run` writes it anew"));
        }
        reader.queue_length = reader.number("queue_length")?;
        reader.pair_count = reader.number("pair_count")?;
        Ok(reader)
    }

    /// How many pairs are to be asked: those at positions 0 up to it.
    #[must_use]
    pub fn queue_length(&self) -> u32 {
        self.queue_length
    }

    /// How many pairs there are, also those that are not asked.
    #[must_use]
    pub fn pair_count(&self) -> u32 {
        self.pair_count
    }

    /// The run.
    ///
    /// # Errors
    /// `Data` when the file is damaged; so for all that follow.
    pub fn run(&self) -> Result<RunMeta> {
        self.json("run")
    }

    /// The source map.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn map(&self) -> Result<SourceMap> {
        self.json("map")
    }

    /// The surface of each source.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn surfaces(&self) -> Result<BTreeMap<String, Surface>> {
        self.json("surfaces")
    }

    /// The kinds of conflicts in words.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn kinds(&self) -> Result<Vec<ConflictKind>> {
        self.json("kinds")
    }

    /// The conflicts counted by kind, in the order to show them.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn conflict_counts(&self) -> Result<Vec<KindCount>> {
        self.json("conflict_counts")
    }

    pub(super) fn json<T: DeserializeOwned + Default>(&self, key: &str) -> Result<T> {
        match self.meta(key)? {
            None => Ok(T::default()),
            Some(text) => serde_json::from_str(&text).map_err(|cause| unreadable(&self.path, cause)),
        }
    }

    fn number(&self, key: &str) -> Result<u32> {
        let text = self.meta(key)?.unwrap_or_default();
        text.parse().map_err(|cause: std::num::ParseIntError| unreadable(&self.path, cause))
    }

    fn meta(&self, key: &str) -> Result<Option<String>> {
        let mut connection = self.connection();
        let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?").bind(key.to_owned());
        self.wait(query.fetch_optional(&mut *connection))
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, SqliteConnection> {
        // A reader holds no state that a panic elsewhere could have left half-changed.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wait<T>(&self, work: impl Future<Output = std::result::Result<T, sqlx::Error>>) -> Result<T> {
        self.runtime.block_on(work).map_err(|cause| unreadable(&self.path, cause))
    }
}

pub(super) fn unreadable(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::data(format!("the snapshot {} cannot be read", path.display()))
        .because(cause)
        .hint("`fourfold run` writes it anew; nothing else depends on it")
}
