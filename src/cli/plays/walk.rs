//! How does a shell show the walk from a score to its rows?

use std::io::Write;

use super::super::narrate::printable;
use crate::config::Workspace;
use crate::engine::plays as engine;
use crate::error::{Context, ErrorKind, Result};
use crate::plays::Play;
use crate::plays::walk::{FieldWalk, walk};
use crate::warehouse::Warehouse;

/// How many source rows are listed for a field unless all are asked for.
const SHORT: usize = 6;

/// The play and its column that a field such as `health.score` names; None when it names a field of the model.
pub(crate) fn named(workspace: &Workspace, field: &str) -> Result<Option<(Play, String)>> {
    let Some((name, column)) = field.split_once('.') else { return Ok(None) };
    let library = engine::library(workspace)?;
    Ok(library.entries.into_iter().find(|entry| entry.play.name == name).map(|entry| (entry.play, column.to_owned())))
}

/// Writes the walk.
pub(crate) fn run(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    (play, column): &(Play, String),
    account: &str,
    (json, all): (bool, bool),
    out: &mut dyn Write,
) -> Result<u8> {
    let schema = workspace.config.warehouse.schema();
    let entity = engine::account(warehouse, schema, account)?;
    let published = engine::published(warehouse, workspace)?;
    let reads = engine::reads(play, warehouse, workspace)?;
    let walks = walk(play, warehouse, schema, &published, &reads, &entity, column)?;
    let mut text = String::new();
    if json {
        text = serde_json::to_string_pretty(&walks)
            .context(ErrorKind::Internal, || "cannot write the walk as JSON".to_owned())?;
        text.push('\n');
    } else {
        for walk in &walks {
            text.push_str(&super::explain::words(play, &walk.row));
            text.push_str("\n\ndown to the rows\n");
            for field in &walk.fields {
                text.push_str(&field_words(field, all));
            }
        }
    }
    out.write_all(text.as_bytes()).context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(0)
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
