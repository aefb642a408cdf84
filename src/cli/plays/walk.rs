//! How does a shell show the walk from a score to its rows?

use std::io::Write;

use super::super::narrate::printable;
use crate::config::Workspace;
use crate::engine::plays as engine;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::model::openlineage;
use crate::plays::Play;
use crate::plays::published::Published;
use crate::plays::reads::Reads;
use crate::plays::statement::{Settings, Shape, statement};
use crate::plays::walk::{FieldWalk, walk};
use crate::warehouse::{Dialect, Warehouse};

/// How many source rows are listed for a field unless all are asked for.
const SHORT: usize = 6;

/// The play and its column that a field such as `health.score` names; None when it names a field of the model.
pub(crate) fn named(workspace: &Workspace, field: &str) -> Result<Option<(Play, String)>> {
    let Some((name, column)) = field.split_once('.') else { return Ok(None) };
    let library = engine::library(workspace)?;
    Ok(library.entries.into_iter().find(|entry| entry.play.name == name).map(|entry| (entry.play, column.to_owned())))
}

/// How a walk is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    /// In words; with every row where told.
    Words {
        /// Whether every row is listed.
        all: bool,
    },
    /// As JSON.
    Json,
    /// As SQL that gives the value again.
    Sql,
    /// As an `OpenLineage` event.
    OpenLineage,
}

/// Writes the walk.
pub(crate) fn run(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    (play, column): &(Play, String),
    account: &str,
    shown: Shown,
    out: &mut dyn Write,
) -> Result<u8> {
    let schema = workspace.config.warehouse.schema();
    let entity = engine::account(warehouse, schema, account)?;
    let published = engine::published(warehouse, workspace)?;
    let reads = engine::reads(play, warehouse, workspace)?;
    let walks = walk(play, warehouse, schema, &published, &reads, &entity, column)?;
    let mut text = String::new();
    match shown {
        Shown::Json => text = pretty(&serde_json::json!(walks))?,
        Shown::Sql => {
            text = format!("{};\n", again(play, warehouse.dialect(), &published, &reads, column, &entity)?);
        }
        Shown::OpenLineage => {
            let mut made = crate::plays::lineage::read(warehouse, schema)?.made();
            made.retain(|made| made.table == play.table());
            for made in &mut made {
                made.columns.retain(|own| own.name == *column);
            }
            let Some(made) = made.first().filter(|made| !made.columns.is_empty()) else {
                return Err(Error::not_found(format!("the last run published no {}.{column}", play.table()))
                    .hint("an event speaks of published columns; without --openlineage the walk shows what is known"));
            };
            let space = openlineage::namespace(warehouse);
            text = pretty(&openlineage::of_made(made, schema, &space, &published.run_id, Some(&published.as_of)))?;
        }
        Shown::Words { all } => {
            for walk in &walks {
                text.push_str(&super::explain::words(play, &walk.row));
                let rule = format!("\n\n{}.{} = {}\n", printable(&play.name), printable(&walk.column), walk.rule);
                text.push_str(&rule);
                if !walk.fields.is_empty() {
                    text.push_str("\ndown to the rows\n");
                }
                for field in &walk.fields {
                    text.push_str(&field_words(field, all));
                }
            }
        }
    }
    out.write_all(text.as_bytes()).context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(0)
}

fn pretty(value: &serde_json::Value) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .context(ErrorKind::Internal, || "cannot write the walk as JSON".to_owned())
}

/// The play's statement with the one account and the one column.
fn again(
    play: &Play,
    dialect: Dialect,
    published: &Published,
    reads: &Reads,
    column: &str,
    entity: &str,
) -> Result<String> {
    if !play.output().iter().any(|(name, ..)| name == column) {
        return Err(Error::not_found(format!("{column} is a signal of {}, not a column that it publishes", play.name))
            .hint("`--sql` is for columns such as score; without it the walk shows the signal"));
    }
    let inputs_as_of = published.inputs_as_of(&reads.fields);
    let literals = published.literals(dialect, inputs_as_of.as_deref());
    let frame = literals.frame(&published.tables, &published.absent, Settings::Inline);
    let sql = statement(play, &frame, Shape::Output)?;
    Ok(format!(
        "SELECT {} FROM (\n{sql}\n) AS play WHERE play.entity_id = {}",
        dialect.quote(column),
        dialect.literal(entity)
    ))
}

fn field_words(field: &FieldWalk, all: bool) -> String {
    let signals = if field.signals.is_empty() { String::new() } else { format!("  for {}", field.signals.join(", ")) };
    let value = field
        .trace
        .as_ref()
        .and_then(|trace| trace.value.as_deref())
        .map_or_else(String::new, |value| format!(" = {}", printable(value)));
    let mut text = format!("  {}.{}{value}{}\n", printable(&field.table), printable(&field.field), printable(&signals));
    let mut rows: Vec<String> = Vec::new();
    if let Some(trace) = &field.trace {
        if let Some(winner) = trace.winner.as_ref().filter(|winner| winner.pk.is_some()) {
            rows.push(format!(
                "{}.{}:{}.{} = {}",
                printable(&winner.source),
                printable(&winner.table),
                printable(winner.pk.as_deref().unwrap_or_default()),
                printable(winner.column.as_deref().unwrap_or_default()),
                printable(winner.value.as_deref().unwrap_or("(empty)"))
            ));
        }
        rows.extend(trace.parts.iter().map(|part| {
            let adds =
                part.contribution.as_deref().map_or_else(String::new, |adds| format!(" adds {}", printable(adds)));
            format!("{}.{}:{}{adds}", printable(&part.source), printable(&part.table), printable(&part.pk))
        }));
        if rows.is_empty() {
            rows.push(format!("rule {}", printable(&trace.rule)));
        }
        if let Some(check) = trace.check.as_ref().filter(|check| !check.agrees) {
            rows.push(format!("its rows give {} now: DIFFERS", printable(&check.rows_give)));
        }
    }
    rows.extend(field.rows.iter().map(|row| {
        format!(
            "{}.{}:{} = {}",
            printable(&row.source),
            printable(&row.table),
            printable(&row.pk),
            printable(row.value.as_deref().unwrap_or("(empty)"))
        )
    }));
    if rows.is_empty() {
        rows.push("no row".to_owned());
    }
    let shown = if all { rows.len() } else { rows.len().min(SHORT) };
    for row in &rows[..shown] {
        text.push_str(&format!("      {row}\n"));
    }
    if shown < rows.len() {
        text.push_str(&format!("      … and {} more (--all)\n", rows.len() - shown));
    }
    text
}
