//! What do the review log and the team's own SQL add to a walk?
//!
//! The warehouse knows values, rows and links. Who decided on which pair stands in the review log; who uses the field stands in plays and
//! dbt models, whose SQL is resolved here.

use std::path::PathBuf;

use crate::config::Workspace;
use crate::error::Result;
use crate::ident::{PairKey, RecordKey};
use crate::model::feeds::Feed;
use crate::model::trace::{Trace, TraceRequest, TracedPair};
use crate::review::{Filter, ReviewLog};
use crate::sql::project::{ResolvedFile, resolve_files};
use crate::sql::{Origin, SqlDialect, Tables, dbt};
use crate::warehouse::Warehouse;

/// Walks a field back, with the decisions behind its links and all that it feeds. What the log or a file of SQL does not tell becomes a
/// note: a walk never fails because of them.
///
/// # Errors
/// As [`crate::model::trace::walk`].
pub fn walk(workspace: &Workspace, warehouse: &dyn Warehouse, request: &TraceRequest) -> Result<Trace> {
    let schema = workspace.config.warehouse.schema();
    let mut trace = crate::model::trace::walk(warehouse, schema, request)?;
    if let Err(error) = decisions(workspace, &mut trace) {
        trace.notes.push(format!("the review log cannot be read: {error}"));
    }
    users(workspace, warehouse, schema, &mut trace);
    Ok(trace)
}

/// The newest decision on each pair that was not taken back.
fn decisions(workspace: &Workspace, trace: &mut Trace) -> Result<()> {
    let path = workspace.review_log();
    if trace.pairs.is_empty() || !path.is_file() {
        return Ok(());
    }
    let log = ReviewLog::open_read_only(&path)?;
    for pair in &mut trace.pairs {
        let Some(key) = key(pair) else { continue };
        let filter = Filter { pair: Some(key), decisions_only: true, limit: 20, ..Filter::default() };
        let standing = log.history(&filter)?.into_iter().find(|entry| !entry.undone);
        pair.decision = standing.and_then(|entry| {
            let verdict = entry.decision()?.verdict;
            Some(format!("{} by {} at {} (log {})", verdict.as_str(), entry.reviewer, entry.at, entry.id.short()))
        });
    }
    Ok(())
}

/// The key of a pair from its two records in words.
fn key(pair: &TracedPair) -> Option<PairKey> {
    let record = |text: &str| {
        let (place, pk) = text.split_once(':')?;
        let (source, table) = place.split_once('.')?;
        Some(RecordKey::new(source, table, pk))
    };
    Some(PairKey::new(record(&pair.left)?, record(&pair.right)?))
}

/// The files of SQL that the workspace names, and its plays.
fn paths(workspace: &Workspace) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = workspace.config.lineage.sql.iter().map(|path| workspace.root.join(path)).collect();
    let plays = workspace.root.join("plays");
    if plays.is_dir() {
        paths.push(plays);
    }
    // A workspace usually lies in a dbt project: its compiled models use the model most of all.
    for target in [workspace.root.join("target"), workspace.root.join("../target")] {
        if target.join("manifest.json").is_file() && !paths.contains(&target) {
            paths.push(target);
        }
    }
    paths
}

/// Models, plays and reports that are made of the field.
fn users(workspace: &Workspace, warehouse: &dyn Warehouse, schema: &str, trace: &mut Trace) {
    let table = match trace.entity_kind.as_str() {
        "person" => "people",
        "subscription" => "subscriptions",
        "invoice" => "invoices",
        "ticket" => "tickets",
        _ => "accounts",
    };
    let origin = Origin { table: format!("{schema}.{table}"), column: trace.field.clone() };
    for path in paths(workspace) {
        let project = match dbt::read(&path) {
            Ok(project) => project,
            Err(error) if error.kind == crate::error::ErrorKind::NotFound => continue,
            Err(error) => {
                trace.notes.push(format!("what uses the field is not known: {error}"));
                continue;
            }
        };
        let dialect = project.dialect.unwrap_or_else(|| SqlDialect::from(warehouse.dialect()));
        // Only the model's own tables matter here; every other one is believed.
        let exposures = project.exposures.clone();
        let kind = if path.ends_with("plays") { "play" } else { "model" };
        for file in resolve_files(project.files, dialect, Tables::trusting()) {
            let uses = uses(&file, &origin);
            if uses.is_empty() {
                continue;
            }
            trace.feeds.push(Feed::new(kind, &file.makes, uses.join(", ")));
            for (_, exposure) in exposures.iter().filter(|(model, _)| *model == file.makes) {
                trace.feeds.push(Feed::new(&exposure.kind, &exposure.name, format!("by {}", file.makes)));
            }
        }
    }
}

/// The columns of a file that are made of the field; `chooses rows` when it only filters or joins by it.
fn uses(file: &ResolvedFile, field: &Origin) -> Vec<String> {
    // The SQL may name the database too, or quote in its own way.
    let is_it = |origin: &Origin| {
        origin.column.eq_ignore_ascii_case(&field.column)
            && origin.table.to_lowercase().ends_with(&field.table.to_lowercase())
    };
    let columns = file.resolved.columns.iter().filter(|column| column.provenance.origins.iter().any(is_it));
    let mut uses: Vec<String> = columns.map(|column| column.name.clone()).collect();
    if uses.is_empty() && file.resolved.conditions.iter().any(is_it) {
        uses.push("chooses rows".to_owned());
    }
    uses
}
