//! Does every column of the published model, and of the SQL that people wrote on it, come from somewhere?

use std::path::Path;

use serde::Serialize;

use crate::error::Result;
use crate::sql::orphans::Orphan;
use crate::sql::project::{ResolvedFile, resolve_files};
use crate::sql::{Fault, KnownColumn, Provenance, SqlDialect, StandIn, StandInKind, TableColumns, Tables, dbt};
use crate::warehouse::{Dialect, TableName, Warehouse};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SqlReport {
    /// The dialect in which the SQL was read.
    pub dialect: String,
    /// How many files were resolved.
    pub files: usize,
    /// How many columns they give.
    pub columns: usize,
    /// How many of those lead to a column or to rows of a table.
    pub resolved: usize,
    /// Columns of the published model that no source feeds: `accounts.former_name`.
    pub absent: Vec<String>,
    /// Columns of the published model with values that have no origin.
    pub orphaned: Vec<String>,
    /// Columns that come from nowhere, by file.
    pub orphans: Vec<FileOrphan>,
    /// What is wrong with the SQL, by file.
    pub faults: Vec<FileFault>,
    /// Models that dbt has not compiled.
    pub uncompiled: Vec<String>,
}

/// A column that comes from nowhere, in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileOrphan {
    /// The file.
    pub file: String,
    /// The table that it makes.
    pub makes: String,
    /// The column.
    #[serde(flatten)]
    pub orphan: Orphan,
    /// Columns of other files that rest on it alone: `mart.column`.
    pub reaches: Vec<String>,
}

/// A fault in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFault {
    /// The file.
    pub file: String,
    /// What.
    #[serde(flatten)]
    pub fault: Fault,
}

impl SqlReport {
    /// How many findings ask for something to be done, with these kinds allowed.
    #[must_use]
    pub fn open(&self, allowed: &[StandInKind]) -> usize {
        let orphans =
            self.orphans.iter().filter(|found| !found.orphan.accepted && !allowed.contains(&found.orphan.kind));
        orphans.count() + self.faults.len() + self.orphaned.len()
    }
}

/// The tables of the published model and of all sources. Columns of the model that no source feeds come from nowhere themselves.
///
/// # Errors
/// `Warehouse` when the schemas cannot be read.
pub fn known_tables(warehouse: &dyn Warehouse, schema: &str, report: &mut SqlReport) -> Result<Tables> {
    let mut tables = Tables::trusting();
    let absent = absent(warehouse, schema)?;
    for name in warehouse.schemas()? {
        for shape in warehouse.tables(&name)? {
            let full = shape.name.to_string();
            let columns = shape
                .columns
                .iter()
                .map(|column| {
                    let is_absent = shape.name.schema == schema
                        && absent.iter().any(|(table, field)| *table == shape.name.table && *field == column.name);
                    let provenance = is_absent.then(|| nowhere(&full, &column.name));
                    KnownColumn { name: column.name.clone(), provenance }
                })
                .collect();
            let parts = vec![shape.name.schema.clone(), shape.name.table.clone()];
            tables.insert(TableColumns { name: full, parts, columns, open: Vec::new() });
        }
    }
    tables.close_schema(schema);
    report.absent = absent.into_iter().map(|(table, field)| format!("{table}.{field}")).collect();
    report.orphaned = orphaned(warehouse, schema)?;
    Ok(tables)
}

fn nowhere(table: &str, column: &str) -> Provenance {
    let stand_in = StandIn {
        kind: StandInKind::Null,
        text: format!("{table}.{column}, which no source feeds"),
        file: None,
        line: 0,
        column: 0,
        accepted: false,
    };
    Provenance { stand_ins: std::iter::once(stand_in).collect(), ..Provenance::default() }
}

fn absent(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<(String, String)>> {
    if !is_published(warehouse, schema)? {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let sql = format!(
        "SELECT model_table, field FROM {} WHERE is_absent ORDER BY {}, {}",
        dialect.table(&TableName::new(schema, "model_columns")),
        dialect.ordered("model_table"),
        dialect.ordered("field")
    );
    let rows = warehouse.query(&sql, &[])?;
    let text = |row: usize, column: usize| rows.text(row, column).unwrap_or_default().to_owned();
    Ok((0..rows.len()).map(|row| (text(row, 0), text(row, 1))).collect())
}

fn is_published(warehouse: &dyn Warehouse, schema: &str) -> Result<bool> {
    let known = warehouse.schemas()?.iter().any(|name| name == schema);
    Ok(known && warehouse.tables(schema)?.iter().any(|table| table.name.table == "model_columns"))
}

/// Values of the published tables that no lineage explains, counted in the warehouse itself: somebody may have written there.
fn orphaned(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<String>> {
    if !is_published(warehouse, schema)? {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let sql = format!(
        "SELECT model_table, field, origin FROM {} WHERE origin IN ('cells', 'row') ORDER BY {}, {}",
        table("model_columns"),
        dialect.ordered("model_table"),
        dialect.ordered("field")
    );
    let columns = warehouse.query(&sql, &[])?;
    let mut branches = Vec::new();
    for row in 0..columns.len() {
        let cell = |column: usize| columns.text(row, column).unwrap_or_default();
        branches.push(count(dialect, &table, cell(0), cell(1), cell(2)));
    }
    let mut found = Vec::new();
    // Some engines plan hundreds of branches slowly.
    for batch in branches.chunks(40) {
        let rows = warehouse.query(&batch.join(" UNION ALL "), &[])?;
        for row in 0..rows.len() {
            let (filled, explained) = (rows.integer(row, 1).unwrap_or(0), rows.integer(row, 2).unwrap_or(0));
            if filled > explained {
                let name = rows.text(row, 0).unwrap_or_default();
                found.push(format!("{name}: {filled} values, {explained} of them with an origin"));
            }
        }
    }
    let filled = |name: &str, column: &str| {
        let rows = warehouse.query(&format!("SELECT COUNT({}) FROM {}", dialect.quote(column), table(name)), &[])?;
        Ok(rows.integer(0, 0).unwrap_or(0).unsigned_abs())
    };
    found.extend(crate::plays::lineage::read(warehouse, schema)?.orphaned(&filled)?);
    found.sort();
    Ok(found)
}

fn count(dialect: Dialect, table: &dyn Fn(&str) -> String, model: &str, field: &str, origin: &str) -> String {
    let (name, quoted) = (dialect.literal(&format!("{model}.{field}")), dialect.quote(field));
    let filled = format!("(SELECT COUNT({quoted}) FROM {})", table(model));
    let explained = if origin == "cells" {
        let kind = match model {
            "people" => "person",
            "subscriptions" => "subscription",
            _ => "account",
        };
        format!(
            "(SELECT COUNT(*) FROM {} WHERE is_winner AND entity_kind = '{kind}' AND field = {})",
            table("lineage_cells"),
            dialect.literal(field)
        )
    } else {
        format!(
            "(SELECT COUNT(t.{quoted}) FROM {} t JOIN {} m ON m.model_table = {} AND m.field = {} AND m.source = t._source AND m.{} = t._table)",
            table(model),
            table("lineage_columns"),
            dialect.literal(model),
            dialect.literal(field),
            dialect.quote("table")
        )
    };
    format!("SELECT {name} AS name, {filled} AS filled, {explained} AS explained")
}

/// Resolves the SQL at each path against the known tables.
///
/// # Errors
/// As [`dbt::read`].
pub fn check(
    paths: &[impl AsRef<Path>],
    dialect: Option<SqlDialect>,
    tables: &Tables,
    report: &mut SqlReport,
) -> Result<()> {
    for path in paths {
        let project = dbt::read(path.as_ref())?;
        let dialect = dialect.or(project.dialect).unwrap_or_default();
        report.dialect = format!("{dialect:?}").to_lowercase();
        report.uncompiled.extend(project.uncompiled.iter().cloned());
        let mut known = tables.clone();
        dbt::add_sources(&project, &mut known);
        let files = resolve_files(project.files, dialect, known);
        for file in &files {
            report.files += 1;
            report.columns += file.resolved.columns.len();
            report.resolved += file.resolved.columns.iter().filter(|column| column.provenance.is_grounded()).count();
            report
                .faults
                .extend(file.faults.iter().map(|fault| FileFault { file: file.path.clone(), fault: fault.clone() }));
            report.orphans.extend(file.orphans.iter().map(|orphan| FileOrphan {
                file: file.path.clone(),
                makes: file.makes.clone(),
                orphan: orphan.clone(),
                reaches: reaches(&files, file, orphan),
            }));
        }
    }
    Ok(())
}

/// Columns of other files that rest on a stand-in alone.
fn reaches(files: &[ResolvedFile], of: &ResolvedFile, orphan: &Orphan) -> Vec<String> {
    let is_it = |stand_in: &StandIn| {
        stand_in.line == orphan.line
            && stand_in.column == orphan.at
            && stand_in.line > 0
            && stand_in.file.as_deref() == Some(of.path.as_str())
    };
    files
        .iter()
        .filter(|file| file.path != of.path)
        .flat_map(|file| {
            let resting = file.resolved.columns.iter().filter(|column| column.provenance.stand_ins.iter().any(is_it));
            resting.map(|column| format!("{}.{}", file.makes, column.name))
        })
        .collect()
}
