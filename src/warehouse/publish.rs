//! How do readers see the last whole run or the new whole run, and never a mix?
//!
//! Tables are built under staging names in the same schema and take their places in one transaction at the end. A run that
//! is killed leaves only staging tables, which the next one drops; whoever publishes into a schema holds its
//! workspace's lock, so no living run loses its own.

mod replace;

use duckdb::arrow::record_batch::RecordBatch;

use super::{Column, STAGING_PREFIX, TableName, Value, Warehouse};
use crate::error::{Error, Result};

/// Tables on their way into a schema. Dropped without [`Publication::commit`], it leaves the schema as it was.
pub struct Publication<'warehouse> {
    warehouse: &'warehouse dyn Warehouse,
    schema: String,
    run: String,
    staged: Vec<Staged>,
    gone: Vec<String>,
    finally: Vec<String>,
}

/// One table with the name under which it is built.
struct Staged {
    table: String,
    staging: TableName,
}

impl<'warehouse> Publication<'warehouse> {
    /// Creates the schema where it is missing and drops what killed runs left in it. `run` tells this run's staging
    /// tables from others; its first twelve letters and digits are used.
    ///
    /// # Errors
    /// As [`Warehouse::execute`].
    pub fn begin(warehouse: &'warehouse dyn Warehouse, schema: &str, run: &str) -> Result<Self> {
        let dialect = warehouse.dialect();
        if !warehouse.schemas()?.iter().any(|existing| existing.eq_ignore_ascii_case(schema)) {
            warehouse.execute(&dialect.create_schema(schema), &[])?;
        }
        for leftover in leftovers(warehouse, schema)? {
            warehouse.execute(&dialect.drop_table(&leftover), &[])?;
        }
        let run = run.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let schema = schema.to_owned();
        Ok(Self { warehouse, schema, run, staged: Vec::new(), gone: Vec::new(), finally: Vec::new() })
    }

    /// Builds a table from batches, whose columns are in the order of `columns`; returns its rows.
    ///
    /// # Errors
    /// As [`Warehouse::load`].
    pub fn load(
        &mut self,
        table: &str,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64> {
        let staging = self.stage(table)?;
        self.warehouse.load(&staging, columns, batches)
    }

    /// Builds a table from a query, which may read tables staged earlier by their [`Publication::staged`] names; returns
    /// its rows where the engine says.
    ///
    /// # Errors
    /// As [`Warehouse::execute`].
    pub fn create_as(&mut self, table: &str, query: &str) -> Result<u64> {
        let staging = self.stage(table)?;
        let name = self.warehouse.dialect().table(&staging);
        self.warehouse.execute(&format!("CREATE TABLE {name} AS {query}"), &[])
    }

    /// The quoted name under which a table of this publication is built, for statements that read it or add to it.
    ///
    /// # Errors
    /// `Internal` when it was not staged.
    pub fn staged(&self, table: &str) -> Result<String> {
        self.staged
            .iter()
            .find(|staged| staged.table == table)
            .map(|staged| self.warehouse.dialect().table(&staged.staging))
            .ok_or_else(|| Error::internal(format!("the table {table} was not built in this run")))
    }

    /// Removes a table that this run no longer has.
    pub fn remove(&mut self, table: &str) {
        self.gone.push(table.to_owned());
    }

    /// Runs a statement in the transaction of the commit, after all tables are in place: an index or a comment.
    pub fn finally(&mut self, statement: impl Into<String>) {
        self.finally.push(statement.into());
    }

    /// Puts all tables in place at once.
    ///
    /// # Errors
    /// As [`Warehouse::transaction`]; the schema is as it was then.
    pub fn commit(mut self) -> Result<()> {
        let dialect = self.warehouse.dialect();
        let mut statements = Vec::new();
        let mut tidy = Vec::new();
        for staged in &self.staged {
            let target = TableName::new(&self.schema, &staged.table);
            let plan = replace::plan(self.warehouse, &staged.staging, &target)?;
            statements.extend(plan.statements);
            tidy.extend(plan.afterwards);
        }
        for table in &self.gone {
            statements.push(dialect.drop_table(&TableName::new(&self.schema, table)));
        }
        statements.append(&mut self.finally);
        if !statements.is_empty() {
            self.warehouse.transaction(&statements)?;
        }
        self.staged.clear();
        for statement in tidy {
            // The run is published; tidying up may wait for the server's own.
            if let Err(error) = self.warehouse.execute(&statement, &[]) {
                tracing::debug!(%error, "could not tidy up after publishing");
            }
        }
        Ok(())
    }

    fn stage(&mut self, table: &str) -> Result<TableName> {
        if self.staged.iter().any(|staged| staged.table == table) {
            return Err(Error::internal(format!("the table {table} was built twice in one run")));
        }
        let staging = TableName::new(&self.schema, format!("{STAGING_PREFIX}{}_{}", self.run, self.staged.len()));
        self.staged.push(Staged { table: table.to_owned(), staging: staging.clone() });
        Ok(staging)
    }
}

impl Drop for Publication<'_> {
    fn drop(&mut self) {
        for staged in &self.staged {
            let statement = self.warehouse.dialect().drop_table(&staged.staging);
            if let Err(error) = self.warehouse.execute(&statement, &[]) {
                tracing::debug!(%error, "left a staging table for the next run to drop");
            }
        }
    }
}

/// The staging tables in a schema.
fn leftovers(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<TableName>> {
    let sql = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
        WHERE table_catalog = current_database() AND table_schema = $1 AND table_type = 'BASE TABLE'";
    let rows = warehouse.query(sql, &[Value::from(schema)])?;
    let mut names: Vec<TableName> = (0..rows.len())
        .filter_map(|row| rows.text(row, 0))
        .filter(|name| name.starts_with(STAGING_PREFIX))
        .map(|name| TableName::new(schema, name))
        .collect();
    names.sort_unstable();
    Ok(names)
}
