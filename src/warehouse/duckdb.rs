//! How does the embedded engine answer?
//!
//! DuckDB in one file. Extensions are never downloaded, and each statement gets a connection of its own, so that a statement may run inside the sink of another and several threads may read
//! at once. Temporary tables are therefore safe only within one `execute` of several statements.

mod convert;
mod failure;
mod instance;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ::duckdb::types::{ToSqlOutput, ValueRef};
use ::duckdb::{Connection, ToSql, params_from_iter};
use duckdb::arrow::record_batch::RecordBatch;

use super::{BatchSink, Canceller, Column, Dialect, TableName, TableShape, Value, Warehouse, catalogue};
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use instance::{Hold, held};

/// How the embedded engine is opened.
#[derive(Debug, Clone, Default)]
pub struct DuckDbOptions {
    /// Only look: other processes may look at the same time.
    pub read_only: bool,
    /// Worker threads; all cores when None.
    pub threads: Option<usize>,
    /// The memory DuckDB may use before it spills to disk, such as `2GB`; four fifths of the machine when None.
    pub memory: Option<String>,
}

/// The embedded engine on one file, or in memory.
pub struct DuckDb {
    path: Option<PathBuf>,
    read_only: bool,
    hold: Hold,
}

impl DuckDb {
    /// Opens a database file, or creates it when it may write.
    ///
    /// # Errors
    /// `Locked`, naming the process that holds the file; `NotFound` when there is nothing to read; `Warehouse` when the
    /// file is not a database.
    pub fn open(path: &Path, options: &DuckDbOptions) -> Result<Self> {
        let hold = Hold::file(path, options)?;
        Ok(Self { path: Some(path.to_path_buf()), read_only: options.read_only, hold })
    }

    /// Opens a database file, and where another process holds it, waits for that process up to `timeout`, saying once
    /// through `progress` for whom.
    ///
    /// # Errors
    /// As [`DuckDb::open`], `Locked` only after the timeout, and `Cancelled`.
    pub fn open_waiting(
        path: &Path,
        options: &DuckDbOptions,
        timeout: Duration,
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let started = Instant::now();
        let mut told = None;
        loop {
            let error = match Self::open(path, options) {
                Err(error) if error.kind == ErrorKind::Locked => error,
                other => return other,
            };
            if started.elapsed() >= timeout {
                return Err(error);
            }
            if told.as_ref() != Some(&error.message) {
                progress.note(&format!("{}; waiting for it up to {} s", error.message, timeout.as_secs()));
                told = Some(error.message);
            }
            cancel.check()?;
            std::thread::sleep(Duration::from_millis(100).min(timeout));
        }
    }

    /// A database in memory that nobody else sees: for scratch work and tests.
    ///
    /// # Errors
    /// `Warehouse` when DuckDB does not start.
    pub fn in_memory(options: &DuckDbOptions) -> Result<Self> {
        let options = DuckDbOptions { read_only: false, ..options.clone() };
        Ok(Self { path: None, read_only: false, hold: Hold::memory(&options)? })
    }

    /// The file, when there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn may_write(&self) -> Result<()> {
        if self.read_only {
            return Err(Error::warehouse(format!("{} was opened read-only", self.describe()))
                .hint("Open the workspace without --read-only to change something."));
        }
        Ok(())
    }
}

impl Warehouse for DuckDb {
    fn describe(&self) -> String {
        match &self.path {
            Some(path) => format!("duckdb {}", super::printable::printable(&path.display().to_string())),
            None => "duckdb in memory".to_owned(),
        }
    }

    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        self.may_write()?;
        let lease = self.hold.instance()?.lease()?;
        let mut statement = lease.connection()?.prepare(sql).map_err(|cause| failure::statement(sql, cause))?;
        let changed = statement.execute(params_from_iter(values)).map_err(|cause| failure::statement(sql, cause))?;
        Ok(changed as u64)
    }

    fn transaction(&self, statements: &[String]) -> Result<()> {
        self.may_write()?;
        let lease = self.hold.instance()?.lease()?;
        let connection = lease.connection()?;
        in_transaction(connection, || {
            for sql in statements {
                connection.execute_batch(sql).map_err(|cause| failure::statement(sql, cause))?;
            }
            Ok(())
        })
    }

    fn stream(&self, sql: &str, values: &[Value], sink: BatchSink<'_>) -> Result<()> {
        let lease = self.hold.instance()?.lease()?;
        let fail = |cause| failure::statement(sql, cause);
        let mut statement = lease.connection()?.prepare(sql).map_err(fail)?;
        for batch in statement.stream_arrow(params_from_iter(values)).map_err(fail)? {
            let batch = convert::four_types(&batch.map_err(fail)?)
                .map_err(|cause| Error::warehouse("DuckDB returned a column that cannot be read").because(cause))?;
            sink(batch)?;
        }
        Ok(())
    }

    fn load(
        &self,
        table: &TableName,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64> {
        self.may_write()?;
        let instance = self.hold.instance()?;
        let lease = instance.lease()?;
        let connection = lease.connection()?;
        let create = catalogue::create_table(self.dialect(), table, columns);
        in_transaction(connection, || {
            let fail = |cause| failure::statement(&create, cause);
            connection.execute_batch(&create).map_err(fail)?;
            let mut appender =
                connection.appender_to_catalog_and_db(&table.table, instance.catalog(), &table.schema).map_err(fail)?;
            let mut rows = 0;
            for batch in batches {
                let batch = batch?;
                rows += batch.num_rows() as u64;
                appender.append_record_batch(batch).map_err(fail)?;
            }
            appender.flush().map_err(fail)?;
            Ok(rows)
        })
    }

    fn schemas(&self) -> Result<Vec<String>> {
        catalogue::schemas(self)
    }

    fn tables(&self, schema: &str) -> Result<Vec<TableShape>> {
        catalogue::tables(self, schema)
    }

    fn canceller(&self) -> Canceller {
        let Ok(instance) = self.hold.instance() else { return Box::new(|| ()) };
        let interrupts = instance.interrupts();
        Box::new(move || {
            for handle in held(&interrupts).iter() {
                handle.interrupt();
            }
        })
    }
}

/// Commits what `work` did, or takes all of it back.
fn in_transaction<T>(connection: &Connection, work: impl FnOnce() -> Result<T>) -> Result<T> {
    connection.execute_batch("BEGIN TRANSACTION").map_err(|cause| failure::statement("BEGIN TRANSACTION", cause))?;
    let outcome = work().and_then(|done| {
        connection.execute_batch("COMMIT").map(|()| done).map_err(|cause| failure::statement("COMMIT", cause))
    });
    if outcome.is_err() {
        // A failed commit has already ended the transaction; then there is nothing left to take back.
        let _ = connection.execute_batch("ROLLBACK");
    }
    outcome
}

impl ToSql for Value {
    fn to_sql(&self) -> ::duckdb::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Integer(number) => ValueRef::BigInt(*number),
            Self::Float(number) => ValueRef::Double(*number),
            Self::Boolean(truth) => ValueRef::Boolean(*truth),
        }))
    }
}
