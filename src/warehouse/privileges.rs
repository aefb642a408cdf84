//! What may this role do, and what should it be allowed to?
//!
//! fourfold reads source schemas and writes its own. `doctor` shows both sides: what the role can do now, and the script that
//! grants exactly what it needs.

use std::path::Path;

use super::{Dialect, Rows, TableName, Value, Warehouse};
use crate::error::Result;

/// What the role can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Privileges {
    /// The role, as the engine calls it; the file for an embedded engine.
    pub role: String,
    /// Source schemas that do not exist or that the role may not look into.
    pub unseen_schemas: Vec<String>,
    /// Source tables and views that the role may not read.
    pub unreadable: Vec<TableName>,
    /// Whether the role can create tables in fourfold's own schema, or that schema itself.
    pub can_create: bool,
    /// Source tables that the role could change; empty is best.
    pub writable: Vec<TableName>,
    /// Source schemas in which the role could create tables; empty is best.
    pub writable_schemas: Vec<String>,
    /// Anything else worth telling, one sentence each.
    pub notes: Vec<String>,
}

impl Privileges {
    /// Whether a run can work: everything is readable and the own schema writable.
    #[must_use]
    pub fn suffice(&self) -> bool {
        self.unseen_schemas.is_empty() && self.unreadable.is_empty() && self.can_create
    }
}

/// Asks the engine what the role can do, without trying it out.
///
/// # Errors
/// As [`Warehouse::query`].
pub fn privileges(warehouse: &dyn Warehouse, source_schemas: &[String], own_schema: &str) -> Result<Privileges> {
    match warehouse.dialect() {
        Dialect::DuckDb => embedded(warehouse, source_schemas),
        Dialect::Postgres => postgres(warehouse, source_schemas, own_schema),
    }
}

/// The statements that give a role what fourfold needs and no more, for someone who owns the schemas to run.
#[must_use]
pub fn grant_script(dialect: Dialect, role: &str, source_schemas: &[String], own_schema: &str) -> String {
    if dialect == Dialect::DuckDb {
        return "-- An embedded database has no roles: whoever may write the file may write all of it.\n\
                -- fourfold writes only its own schema and the sources that `fourfold load` brings in.\n"
            .to_owned();
    }
    let (role, own) = (dialect.quote(role), dialect.quote(own_schema));
    let mut script = format!(
        "-- Run as the owner of these schemas or as a superuser.\n\
         CREATE SCHEMA IF NOT EXISTS {own};\nGRANT USAGE, CREATE ON SCHEMA {own} TO {role};\n"
    );
    for schema in source_schemas {
        let schema = dialect.quote(schema);
        let lines = [
            format!("GRANT USAGE ON SCHEMA {schema} TO {role};"),
            format!("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};"),
            "-- For tables still to come; run it as the role that creates them (the loader's).".to_owned(),
            format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role};\n"),
        ];
        script.push_str(&lines.join("\n"));
    }
    script
}

fn embedded(warehouse: &dyn Warehouse, source_schemas: &[String]) -> Result<Privileges> {
    let existing = warehouse.schemas()?;
    let rows = warehouse.query(
        "SELECT readonly, coalesce(path, '') FROM duckdb_databases() WHERE database_name = current_database()",
        &[],
    )?;
    let path = rows.text(0, 1).unwrap_or_default().to_owned();
    let file_is_writable =
        path.is_empty() || Path::new(&path).metadata().is_ok_and(|metadata| !metadata.permissions().readonly());
    let read_only = rows.boolean(0, 0).unwrap_or(false);
    let mut found = Privileges {
        role: warehouse.describe(),
        unseen_schemas: source_schemas.iter().filter(|schema| !existing.contains(schema)).cloned().collect(),
        can_create: file_is_writable,
        ..Privileges::default()
    };
    if read_only {
        found.notes.push("the file was opened read-only".to_owned());
    }
    if file_is_writable {
        found.notes.push(
            "an embedded file has no roles: the sources in it could be changed by whoever can write the file; fourfold never does"
                .to_owned(),
        );
    } else {
        found.notes.push("the file cannot be written: a run has nowhere to publish".to_owned());
    }
    Ok(found)
}

fn postgres(warehouse: &dyn Warehouse, source_schemas: &[String], own_schema: &str) -> Result<Privileges> {
    let who = warehouse.query(
        "SELECT CAST(current_user AS TEXT), rolsuper, has_database_privilege(current_database(), 'CREATE'), \
         (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = CAST($1 AS TEXT)) \
         FROM pg_roles WHERE rolname = current_user",
        &[Value::from(own_schema)],
    )?;
    let mut found = Privileges {
        role: who.text(0, 0).unwrap_or_default().to_owned(),
        can_create: who.boolean(0, 3).or(who.boolean(0, 2)).unwrap_or(false),
        ..Privileges::default()
    };
    if who.boolean(0, 1) == Some(true) {
        found.notes.push("the role is a superuser, who may do anything: give fourfold a role of its own".to_owned());
    }
    for schema in source_schemas {
        let rights = warehouse.query(
            "SELECT has_schema_privilege(oid, 'USAGE'), has_schema_privilege(oid, 'CREATE') FROM pg_namespace \
             WHERE nspname = CAST($1 AS TEXT)",
            &[Value::from(schema.as_str())],
        )?;
        if rights.boolean(0, 0) != Some(true) {
            found.unseen_schemas.push(schema.clone());
            continue;
        }
        if rights.boolean(0, 1) == Some(true) {
            found.writable_schemas.push(schema.clone());
        }
        found.unreadable.extend(tables_where(warehouse, schema, "NOT has_table_privilege(c.oid, 'SELECT')")?);
        let writes = "c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')";
        found.writable.extend(tables_where(warehouse, schema, writes)?);
    }
    Ok(found)
}

fn tables_where(warehouse: &dyn Warehouse, schema: &str, condition: &str) -> Result<Vec<TableName>> {
    let sql = format!(
        "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = CAST($1 AS TEXT) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {condition} \
         ORDER BY CAST(c.relname AS TEXT) COLLATE \"C\""
    );
    let rows: Rows = warehouse.query(&sql, &[Value::from(schema)])?;
    Ok((0..rows.len()).filter_map(|row| rows.text(row, 0)).map(|table| TableName::new(schema, table)).collect())
}
