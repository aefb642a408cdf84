//! Which schemas, tables and columns does an engine hold? The same questions to the standard information schema of both.

use super::{Column, ColumnType, Dialect, TableName, TableShape, Value, Warehouse};
use crate::error::Result;

/// The start of the names under which tables are built before they are published.
pub const STAGING_PREFIX: &str = "_staging_";

/// The statement that creates a table.
pub(super) fn create_table(dialect: Dialect, table: &TableName, columns: &[Column]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{} {}", dialect.quote(&column.name), dialect.type_name(column.kind)))
        .collect();
    format!("CREATE TABLE {} ({})", dialect.table(table), columns.join(", "))
}

/// Every schema of the current database, sorted, without the engine's own.
pub(super) fn schemas(warehouse: &dyn Warehouse) -> Result<Vec<String>> {
    // PostgreSQL's information_schema.schemata shows only schemas of roles one belongs to, so its own catalog is asked.
    let sql = match warehouse.dialect() {
        Dialect::DuckDb => {
            "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = current_database() \
             AND schema_name NOT IN ('information_schema', 'pg_catalog')"
        }
        Dialect::Postgres => {
            "SELECT CAST(nspname AS TEXT) FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' \
             AND nspname <> 'information_schema'"
        }
    };
    let rows = warehouse.query(sql, &[])?;
    let mut names: Vec<String> = (0..rows.len()).filter_map(|row| rows.text(row, 0).map(str::to_owned)).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// The tables and views of a schema that the role may see, sorted, without those still being built.
pub(super) fn tables(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<TableShape>> {
    // PostgreSQL's information schema leaves out materialised views and foreign partitions, so its own catalog is asked.
    let sql = match warehouse.dialect() {
        Dialect::DuckDb => {
            "SELECT t.table_name, CAST(t.table_type = 'VIEW' AS BOOLEAN), c.column_name, c.data_type \
             FROM information_schema.tables t JOIN information_schema.columns c \
             ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name \
             WHERE t.table_catalog = current_database() AND t.table_schema = $1 ORDER BY t.table_name, c.ordinal_position"
        }
        Dialect::Postgres => {
            "SELECT CAST(t.relname AS TEXT), t.relkind IN ('v', 'm'), CAST(c.attname AS TEXT), \
             pg_catalog.format_type(c.atttypid, c.atttypmod) \
             FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
             JOIN pg_catalog.pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
             WHERE n.nspname = CAST($1 AS TEXT) AND t.relkind IN ('r', 'p', 'v', 'm', 'f') \
             ORDER BY CAST(t.relname AS TEXT) COLLATE \"C\", c.attnum"
        }
    };
    let rows = warehouse.query(sql, &[Value::from(schema)])?;
    let mut shapes: Vec<TableShape> = Vec::new();
    for row in 0..rows.len() {
        let (Some(table), Some(name)) = (rows.text(row, 0), rows.text(row, 2)) else { continue };
        if table.starts_with(STAGING_PREFIX) {
            continue;
        }
        let declared = rows.text(row, 3).unwrap_or_default().to_owned();
        let column = Column { name: name.to_owned(), kind: column_type(&declared), declared };
        match shapes.last_mut() {
            Some(shape) if shape.name.table == table => shape.columns.push(column),
            _ => shapes.push(TableShape {
                name: TableName::new(schema, table),
                is_view: rows.boolean(row, 1).unwrap_or(false),
                columns: vec![column],
            }),
        }
    }
    shapes.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(shapes)
}

/// Our word for a type in the words of either engine.
#[must_use]
pub fn column_type(declared: &str) -> ColumnType {
    let lower = declared.trim().to_ascii_lowercase();
    if lower.ends_with(']') || lower.starts_with("struct") || lower.starts_with("map") || lower.starts_with("union") {
        return ColumnType::Json;
    }
    match lower.split('(').next().unwrap_or_default().trim() {
        "varchar" | "text" | "character varying" | "character" | "bpchar" | "name" | "citext" | "uuid" | "enum"
        | "string" | "\"char\"" => ColumnType::Text,
        "bigint" | "integer" | "smallint" | "tinyint" | "uinteger" | "usmallint" | "utinyint" | "int" | "int2"
        | "int4" | "int8" => ColumnType::Integer,
        "double" | "float" | "real" | "double precision" | "float4" | "float8" => ColumnType::Float,
        "decimal" | "numeric" | "hugeint" | "uhugeint" | "ubigint" => ColumnType::Decimal,
        "boolean" | "bool" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "json" | "jsonb" => ColumnType::Json,
        other if other.starts_with("timestamp") || other == "datetime" => ColumnType::Timestamp,
        _ => ColumnType::Other,
    }
}
