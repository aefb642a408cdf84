//! How does a staged table take the place of the published one?
//!
//! DuckDB: drop and rename. PostgreSQL keeps the published table and exchanges its rows, because views, grants and
//! comments hang on it, a reader in a transaction keeps seeing its own rows, and nobody waits for a lock. Only a table whose
//! columns changed is dropped and renamed there, with its grants carried over; if views hang on it, nothing is touched and
//! the error names them.

use crate::error::{Error, Result};
use crate::warehouse::{Dialect, Rows, TableName, Value, Warehouse, printable};

/// Statements for the transaction, and statements for afterwards.
pub(super) struct Plan {
    pub(super) statements: Vec<String>,
    pub(super) afterwards: Vec<String>,
}

/// How `staging` becomes `target`.
pub(super) fn plan(warehouse: &dyn Warehouse, staging: &TableName, target: &TableName) -> Result<Plan> {
    let dialect = warehouse.dialect();
    let swap = vec![dialect.drop_table(target), dialect.rename_table(staging, &target.table)];
    if dialect == Dialect::DuckDb {
        return Ok(Plan { statements: swap, afterwards: Vec::new() });
    }
    let (old, new) = (columns(warehouse, target)?, columns(warehouse, staging)?);
    if old.is_empty() {
        return Ok(Plan { statements: swap, afterwards: Vec::new() });
    }
    if new.starts_with(&old) {
        return Ok(exchange_rows(dialect, staging, target, &new, &new[old.len()..]));
    }
    let hanging = dependents(warehouse, target)?;
    if !hanging.is_empty() {
        return Err(Error::warehouse(format!(
            "{} has other columns now, and {} depends on it",
            printable(&target.to_string()),
            printable(&hanging.join(", "))
        ))
        .hint("Drop or change these views, run again, and create them anew."));
    }
    let mut statements = swap;
    statements.extend(grants(warehouse, target)?);
    Ok(Plan { statements, afterwards: Vec::new() })
}

fn exchange_rows(
    dialect: Dialect,
    staging: &TableName,
    target: &TableName,
    columns: &[(String, String)],
    added: &[(String, String)],
) -> Plan {
    let (from, to) = (dialect.table(staging), dialect.table(target));
    let names: Vec<String> = columns.iter().map(|(name, _)| dialect.quote(name)).collect();
    let names = names.join(", ");
    // Two publishers would both insert; readers are not held up by this lock.
    let mut statements = vec![format!("LOCK TABLE {to} IN EXCLUSIVE MODE")];
    statements
        .extend(added.iter().map(|(name, kind)| format!("ALTER TABLE {to} ADD COLUMN {} {kind}", dialect.quote(name))));
    statements.push(format!("DELETE FROM {to}"));
    statements.push(format!("INSERT INTO {to} ({names}) SELECT {names} FROM {from}"));
    statements.push(format!("DROP TABLE {from}"));
    Plan { statements, afterwards: vec![format!("VACUUM (ANALYZE) {to}")] }
}

/// The columns of a PostgreSQL table with their types, in order; none when there is no such table.
fn columns(warehouse: &dyn Warehouse, table: &TableName) -> Result<Vec<(String, String)>> {
    let rows = ask(
        warehouse,
        table,
        "SELECT CAST(attname AS TEXT), format_type(atttypid, atttypmod) FROM pg_attribute \
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    )?;
    Ok(pairs(&rows))
}

/// The views that read a PostgreSQL table.
fn dependents(warehouse: &dyn Warehouse, table: &TableName) -> Result<Vec<String>> {
    let rows = ask(
        warehouse,
        table,
        "SELECT DISTINCT CAST(CAST(r.ev_class AS regclass) AS TEXT), '' FROM pg_depend d \
         JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = CAST('pg_rewrite' AS regclass) \
         WHERE d.refobjid = to_regclass($1) AND r.ev_class <> d.refobjid ORDER BY 1",
    )?;
    Ok(pairs(&rows).into_iter().map(|(view, _)| view).collect())
}

/// What others may do with a PostgreSQL table, as statements that allow it again.
fn grants(warehouse: &dyn Warehouse, table: &TableName) -> Result<Vec<String>> {
    let dialect = warehouse.dialect();
    let rows = ask(
        warehouse,
        table,
        "SELECT coalesce(CAST(g.rolname AS TEXT), ''), CAST(a.privilege_type AS TEXT) FROM pg_class c \
         CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee \
         WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner ORDER BY 1, 2",
    )?;
    let grant = |(role, privilege): (String, String)| {
        let role = if role.is_empty() { "PUBLIC".to_owned() } else { dialect.quote(&role) };
        format!("GRANT {privilege} ON {} TO {role}", dialect.table(table))
    };
    Ok(pairs(&rows).into_iter().map(grant).collect())
}

fn ask(warehouse: &dyn Warehouse, table: &TableName, sql: &str) -> Result<Rows> {
    warehouse.query(sql, &[Value::Text(warehouse.dialect().table(table))])
}

fn pairs(rows: &Rows) -> Vec<(String, String)> {
    let cell = |row, column| rows.text(row, column).unwrap_or_default().to_owned();
    (0..rows.len()).map(|row| (cell(row, 0), cell(row, 1))).collect()
}
