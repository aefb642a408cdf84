//! How does fourfold speak to a SQL engine?
//!
//! One object-safe trait over Arrow batches and one hand-kept [`Dialect`]; one file per engine. Callers write portable
//! SQL with the dialect's help, bind values as [`Value`], and read text, integers, floats and booleans: anything else
//! (dates, decimals, JSON) is cast to text by [`Dialect::text`] in the statement, so that both engines return the same
//! bytes.

mod catalogue;
mod collapse;
mod dialect;
mod duckdb;
pub mod files;
pub mod moment;
mod postgres;
mod printable;
mod privileges;
mod publish;
mod rows;
mod table;

pub use self::duckdb::{DuckDb, DuckDbOptions};
pub use catalogue::{STAGING_PREFIX, column_type};
pub use collapse::{KeyColumn, check_cardinality};
pub use dialect::Dialect;
pub use postgres::Postgres;
pub use printable::{first_line, printable};
pub use privileges::{Privileges, grant_script, privileges};
pub use publish::Publication;
pub use rows::Rows;
pub use table::{Column, ColumnType, TableName, TableShape, Value};

use ::duckdb::arrow::record_batch::RecordBatch;

use crate::error::Result;

/// Stops whatever statement is running; may be called from any thread.
pub type Canceller = Box<dyn Fn() + Send + Sync>;

/// A sink of batches.
pub type BatchSink<'sink> = &'sink mut dyn FnMut(RecordBatch) -> Result<()>;

/// One warehouse connection. Methods block; a face calls them from a worker thread.
pub trait Warehouse: Send + Sync {
    /// A short name for messages, without secrets: `duckdb .fourfold/warehouse.duckdb`.
    fn describe(&self) -> String;

    /// How this engine writes SQL.
    fn dialect(&self) -> Dialect;

    /// Runs one statement and returns the rows it changed (0 where the engine does not say).
    ///
    /// # Errors
    /// `Warehouse` with the engine's words and the statement's first line; `Locked` when another process holds the file.
    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64>;

    /// Runs several statements in one transaction: all of them or none.
    ///
    /// # Errors
    /// As [`Warehouse::execute`]; nothing was changed then.
    fn transaction(&self, statements: &[String]) -> Result<()>;

    /// Runs a query and hands over its batches as they come.
    ///
    /// # Errors
    /// As [`Warehouse::execute`], and whatever the sink returns, which stops the query.
    fn stream(&self, sql: &str, values: &[Value], sink: BatchSink<'_>) -> Result<()>;

    /// Runs a query and keeps all of its rows.
    ///
    /// # Errors
    /// As [`Warehouse::execute`].
    fn query(&self, sql: &str, values: &[Value]) -> Result<Rows> {
        let mut batches = Vec::new();
        self.stream(sql, values, &mut |batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok(Rows::new(batches))
    }

    /// Creates `table` (which must not exist) with `columns` and bulk-loads the batches, whose columns are in that order.
    /// Returns the rows written.
    ///
    /// # Errors
    /// As [`Warehouse::execute`]; the table may be left behind partly filled, so load under a staging name.
    fn load(
        &self,
        table: &TableName,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64>;

    /// Every schema the role can see, sorted, without the engine's own.
    ///
    /// # Errors
    /// As [`Warehouse::execute`].
    fn schemas(&self) -> Result<Vec<String>>;

    /// The tables and views of a schema with their columns in order, sorted by table name.
    ///
    /// # Errors
    /// As [`Warehouse::execute`].
    fn tables(&self, schema: &str) -> Result<Vec<TableShape>>;

    /// Stops the running statement of this connection.
    fn canceller(&self) -> Canceller;
}
