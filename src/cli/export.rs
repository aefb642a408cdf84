//! What leaves the warehouse, and in which shape?
//!
//! CSV is written for other programs first and for spreadsheets second: an empty cell is NULL, and a text that a spreadsheet would run as
//! a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no number) gets an apostrophe in front. Keys, ids and
//! names of tables and columns are never changed, so that they still join; `--raw` changes nothing at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use duckdb::arrow::record_batch::RecordBatch;

use super::Session;
use super::narrate::Narrator;
use super::signals::Interrupts;
use crate::engine::connect::{self, Access};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::{Column, ColumnType, Dialect, DuckDb, DuckDbOptions, Rows, TableName, Warehouse, printable};

/// `fourfold export`.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "these are help texts, which show no code marks")]
pub struct ExportArgs {
    /// links, relations, hierarchy, pairs, conflicts, lineage, findings, history, or a table of the joined model: accounts, people,
    /// subscriptions, invoices, tickets, account_usage_daily.
    what: String,
    /// The format; by the ending of FILE when absent, else csv.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write; standard output without it. Parquet needs one.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write text exactly as it is, also where a spreadsheet would run it as a formula.
    #[arg(long)]
    raw: bool,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// A JSON array of objects.
    Json,
    /// Parquet.
    Parquet,
    /// An OpenLineage event with column-level lineage; of `lineage` alone.
    Openlineage,
}

/// Runs `fourfold export` on the workspace.
///
/// # Errors
/// `Config` when Parquet is to go to standard output; `NotFound` for an unknown table; as the warehouse; `Io`.
pub(crate) fn run(session: &Session, arguments: &ExportArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    if arguments.what == "findings" {
        let scratch = super::findings::table(&workspace)?;
        return run_to(arguments, &scratch, super::findings::SCHEMA, &mut std::io::stdout().lock());
    }
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    let mut out = std::io::stdout().lock();
    run_to(arguments, warehouse.as_ref(), workspace.config.warehouse.schema(), &mut out)
}

/// As `run`, on an open warehouse and with its output going elsewhere when there is no file.
///
/// # Errors
/// As `run`.
pub fn run_to(arguments: &ExportArgs, warehouse: &dyn Warehouse, schema: &str, out: &mut dyn Write) -> Result<u8> {
    let format = arguments.format.unwrap_or_else(|| by_ending(arguments.out.as_deref()));
    if format == Format::Openlineage {
        return openlineage(arguments, warehouse, schema, out);
    }
    let table = find(warehouse, schema, &arguments.what)?;
    let Some(file) = &arguments.out else {
        if format == Format::Parquet {
            return Err(Error::config("Parquet cannot go to standard output").hint("say --out FILE.parquet"));
        }
        write(warehouse, &table, format, arguments.raw, out)?;
        out.flush().context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
        return Ok(0);
    };
    // The file appears whole or not at all.
    let mut partial = file.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = match format {
        Format::Parquet => parquet(warehouse, &table, &partial),
        Format::Csv | Format::Json | Format::Openlineage => to_file(warehouse, &table, format, arguments.raw, &partial),
    };
    let done = written.and_then(|()| {
        std::fs::rename(&partial, file).context(ErrorKind::Io, || format!("cannot write {}", file.display()))
    });
    if done.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    done.map(|()| 0)
}

/// The lineage of every column of the model as one event.
fn openlineage(arguments: &ExportArgs, warehouse: &dyn Warehouse, schema: &str, out: &mut dyn Write) -> Result<u8> {
    if arguments.what != "lineage" {
        return Err(Error::config(format!("{:?} does not leave as OpenLineage", printable(&arguments.what)))
            .hint("`fourfold export lineage --format openlineage`"));
    }
    let made = crate::plays::lineage::read(warehouse, schema)?.made();
    let event = crate::model::openlineage::event(warehouse, schema, &made)?;
    let mut text = serde_json::to_string_pretty(&event)
        .context(ErrorKind::Internal, || "cannot write the event as JSON".to_owned())?;
    text.push('\n');
    match &arguments.out {
        None => {
            out.write_all(text.as_bytes()).context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
        }
        Some(file) => {
            let mut partial = file.clone().into_os_string();
            partial.push(".partial");
            let partial = PathBuf::from(partial);
            std::fs::write(&partial, text)
                .and_then(|()| std::fs::rename(&partial, file))
                .context(ErrorKind::Io, || format!("cannot write {}", file.display()))?;
        }
    }
    Ok(0)
}

fn by_ending(file: Option<&Path>) -> Format {
    match file.and_then(Path::extension).and_then(|ending| ending.to_str()) {
        Some("json") => Format::Json,
        Some("parquet") => Format::Parquet,
        _ => Format::Csv,
    }
}

/// A table to export: its columns, and the order of its rows.
struct Exported {
    /// What rows are read from.
    from: String,
    columns: Vec<Column>,
    order: Vec<String>,
}

fn find(warehouse: &dyn Warehouse, schema: &str, what: &str) -> Result<Exported> {
    let tables = warehouse.tables(schema)?;
    let Some(shape) = tables.iter().find(|shape| shape.name.table == what) else {
        let error = Error::not_found(format!("there is nothing called {:?} to export", printable(what)));
        if tables.is_empty() || what == "findings" {
            return Err(error.hint("`fourfold run` publishes what can be exported"));
        }
        let names: Vec<&str> = tables.iter().map(|shape| shape.name.table.as_str()).collect();
        return Err(error.hint(format!("there are: {}", names.join(", "))));
    };
    let named: &[&str] = match what {
        "links" => &["entity_id", "source", "table", "pk"],
        "relations" => &["source", "table", "pk", "relation", "entity_id"],
        "hierarchy" => &["child_entity_id", "parent_entity_id", "relation"],
        "pairs" => &["pair_id"],
        "conflicts" => &["conflict_id"],
        "lineage" => &["entity_kind", "entity_id", "field", "source", "table", "pk", "column", "value", "rule"],
        "findings" => &["finding_id"],
        "accounts" | "people" | "entities" => &["entity_id"],
        "subscriptions" => &["subscription_id"],
        "invoices" => &["invoice_id"],
        "tickets" => &["ticket_id"],
        "account_usage_daily" => &["account_entity_id", "day", "_source", "_table"],
        _ => &[],
    };
    let has_all = named.iter().all(|name| shape.columns.iter().any(|column| column.name == *name));
    let order = if named.is_empty() || !has_all {
        shape.columns.iter().map(|column| column.name.clone()).collect()
    } else {
        named.iter().map(|name| (*name).to_owned()).collect()
    };
    let mut from = warehouse.dialect().table(&shape.name);
    if what == "lineage" {
        // The view speaks of the model alone: a view over the tables of plays would stand in their way when they change.
        let plays = crate::plays::lineage::read(warehouse, schema)?.queries(warehouse.dialect(), schema);
        let names: Vec<String> = shape.columns.iter().map(|column| warehouse.dialect().quote(&column.name)).collect();
        let all = [vec![format!("SELECT {} FROM {from}", names.join(", "))], plays].concat();
        from = format!("({})", all.join(" UNION ALL "));
    }
    Ok(Exported { from, columns: shape.columns.clone(), order })
}

/// The query: numbers and truths as they are, all else as text, in an order that does not depend on the engine.
fn query(dialect: Dialect, table: &Exported) -> String {
    let items: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let name = dialect.quote(&column.name);
            match column.kind {
                ColumnType::Integer | ColumnType::Float | ColumnType::Boolean | ColumnType::Text => name,
                kind => format!("{} AS {name}", dialect.text_as(&name, kind)),
            }
        })
        .collect();
    let order: Vec<String> = table
        .order
        .iter()
        .map(|name| format!("{} NULLS FIRST", dialect.ordered(&dialect.text(&format!("t.{}", dialect.quote(name))))))
        .collect();
    format!("SELECT {} FROM {} t ORDER BY {}", items.join(", "), table.from, order.join(", "))
}

fn to_file(warehouse: &dyn Warehouse, table: &Exported, format: Format, raw: bool, file: &Path) -> Result<()> {
    let fail = || format!("cannot write {}", file.display());
    let handle = std::fs::File::create(file).context(ErrorKind::Io, fail)?;
    let mut out = std::io::BufWriter::new(handle);
    write(warehouse, table, format, raw, &mut out)?;
    out.flush().context(ErrorKind::Io, fail)?;
    let handle = out.into_inner().map_err(std::io::IntoInnerError::into_error).context(ErrorKind::Io, fail)?;
    handle.sync_all().context(ErrorKind::Io, fail)
}

fn write(warehouse: &dyn Warehouse, table: &Exported, format: Format, raw: bool, out: &mut dyn Write) -> Result<()> {
    let sql = query(warehouse.dialect(), table);
    if format == Format::Json {
        return json(warehouse, table, &sql, out);
    }
    let mut writer = csv::WriterBuilder::new().from_writer(out);
    let fail = || "cannot write the export".to_owned();
    writer.write_record(table.columns.iter().map(|column| &column.name)).context(ErrorKind::Io, fail)?;
    let guarded: Vec<bool> =
        table.columns.iter().map(|column| !raw && column.kind == ColumnType::Text && !is_key(&column.name)).collect();
    warehouse.stream(&sql, &[], &mut |batch| {
        let rows = Rows::new(vec![batch]);
        for row in 0..rows.len() {
            for (column, guard) in guarded.iter().enumerate() {
                let text = cell(&rows, row, column);
                let text = if *guard { harmless(text) } else { text };
                writer.write_field(text).context(ErrorKind::Io, fail)?;
            }
            writer.write_record(None::<&[u8]>).context(ErrorKind::Io, fail)?;
        }
        Ok(())
    })?;
    writer.flush().context(ErrorKind::Io, fail)
}

fn cell(rows: &Rows, row: usize, column: usize) -> String {
    if let Some(text) = rows.text(row, column) {
        return text.to_owned();
    }
    if let Some(number) = rows.integer(row, column) {
        return number.to_string();
    }
    if let Some(number) = rows.float(row, column) {
        return number.to_string();
    }
    rows.boolean(row, column).map(|truth| truth.to_string()).unwrap_or_default()
}

/// Whether others join on the column: it is written exactly.
fn is_key(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name == "pk"
        || name == "id"
        || name.ends_with("_id")
        || name.ends_with("_pk")
        || name.starts_with("pk_")
        || ["source", "table", "column", "model_table", "field"]
            .iter()
            .any(|word| name == *word || name.ends_with(&format!("_{word}")) || name.starts_with(&format!("{word}_")))
}

/// The text, with an apostrophe in front where a spreadsheet would take it for a formula.
fn harmless(text: String) -> String {
    let dangerous = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if dangerous { format!("'{text}") } else { text }
}

fn json(warehouse: &dyn Warehouse, table: &Exported, sql: &str, out: &mut dyn Write) -> Result<()> {
    let fail = || "cannot write the export".to_owned();
    let mut first = true;
    out.write_all(b"[").context(ErrorKind::Io, fail)?;
    warehouse.stream(sql, &[], &mut |batch| {
        let rows = Rows::new(vec![batch]);
        for row in 0..rows.len() {
            let mut object = serde_json::Map::new();
            for (place, column) in table.columns.iter().enumerate() {
                object.insert(column.name.clone(), value(&rows, row, place));
            }
            out.write_all(if first { b"\n" } else { b",\n" }).context(ErrorKind::Io, fail)?;
            first = false;
            serde_json::to_writer(&mut *out, &object).context(ErrorKind::Io, fail)?;
        }
        Ok(())
    })?;
    out.write_all(b"\n]\n").context(ErrorKind::Io, fail)
}

fn value(rows: &Rows, row: usize, column: usize) -> serde_json::Value {
    if let Some(text) = rows.text(row, column) {
        return text.into();
    }
    if let Some(number) = rows.integer(row, column) {
        return number.into();
    }
    if let Some(number) = rows.float(row, column) {
        return number.into();
    }
    rows.boolean(row, column).map_or(serde_json::Value::Null, Into::into)
}

/// Parquet is written by an embedded engine of its own, whichever engine the rows come from.
fn parquet(warehouse: &dyn Warehouse, table: &Exported, file: &Path) -> Result<()> {
    let scratch = DuckDb::in_memory(&DuckDbOptions::default())?;
    let staged = TableName::new("main", "exported");
    let columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                kind @ (ColumnType::Integer | ColumnType::Float | ColumnType::Boolean) => kind,
                _ => ColumnType::Text,
            };
            Column::new(&column.name, kind)
        })
        .collect();
    let mut batches: Vec<RecordBatch> = Vec::new();
    warehouse.stream(&query(warehouse.dialect(), table), &[], &mut |batch| {
        batches.push(batch);
        Ok(())
    })?;
    scratch.load(&staged, &columns, &mut batches.into_iter().map(Ok))?;
    let dialect = scratch.dialect();
    let typed: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let name = dialect.quote(&column.name);
            match column.kind {
                kind @ (ColumnType::Decimal | ColumnType::Date | ColumnType::Timestamp) => {
                    format!("CAST({name} AS {}) AS {name}", dialect.type_name(kind))
                }
                _ => name,
            }
        })
        .collect();
    let path = file.to_str().ok_or_else(|| Error::io(format!("{} is not a UTF-8 path", file.display())))?;
    let copy = format!(
        "COPY (SELECT {} FROM {}) TO {} (FORMAT parquet)",
        typed.join(", "),
        dialect.table(&staged),
        dialect.literal(path)
    );
    scratch.execute(&copy, &[]).map(|_| ())
}
