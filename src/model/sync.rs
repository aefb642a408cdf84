//! Which sync landed a row?
//!
//! Airbyte keeps a sync's number in the JSON of `_airbyte_meta`, dlt a load id on the row; Fivetran keeps neither, but its
//! platform log holds when each sync began and ended, and the row holds when it landed.

use super::cell::Moment;
use super::parse;
use crate::catalog::Role;
use crate::chart::source_map::SourceEntry;
use crate::error::Result;
use crate::warehouse::Warehouse;

/// The syncs of one source.
#[derive(Debug, Clone, Default)]
pub struct SyncLog {
    spans: std::sync::Arc<Vec<(Moment, Moment, String)>>,
}

impl SyncLog {
    /// Reads the log of a source, where the loader keeps one.
    ///
    /// # Errors
    /// `Warehouse` when the log cannot be read.
    pub fn read(warehouse: &dyn Warehouse, source: &SourceEntry) -> Result<Option<Self>> {
        let dialect = warehouse.dialect();
        let mut spans = Vec::new();
        for table in source.tables.iter().filter(|table| table.role == Role::SyncLog) {
            let column =
                |concept: &str| table.column_of(concept).map(|column| dialect.text(&dialect.quote(&column.name)));
            let (Some(id), Some(start)) = (column("sync_log.sync_id"), column("sync_log.started_at")) else { continue };
            let end = column("sync_log.ended_at").unwrap_or_else(|| dialect.text("NULL"));
            let rows =
                warehouse.query(&format!("SELECT {id}, {start}, {end} FROM {}", dialect.table(&table.name)), &[])?;
            for row in 0..rows.len() {
                let (Some(id), Some(start)) = (rows.text(row, 0), rows.text(row, 1).and_then(parse::moment)) else {
                    continue;
                };
                let end = rows.text(row, 2).and_then(parse::moment).unwrap_or(Moment(i64::MAX));
                spans.push((start, end, id.to_owned()));
            }
        }
        spans.sort();
        spans.dedup();
        Ok((!spans.is_empty()).then(|| Self { spans: std::sync::Arc::new(spans) }))
    }

    /// The sync during which a row landed.
    #[must_use]
    pub fn sync_of(&self, synced: &str) -> Option<&str> {
        let moment = parse::moment(synced)?;
        let after = self.spans.partition_point(|(start, _, _)| *start <= moment);
        self.spans[..after].iter().rev().find(|(_, end, _)| moment <= *end).map(|(_, _, id)| id.as_str())
    }
}

/// The sync id in a loader's column: the text itself, or `sync_id` where the column holds JSON.
#[must_use]
pub fn id_in(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if !text.starts_with('{') {
        return Some(text.to_owned());
    }
    let object: serde_json::Value = serde_json::from_str(text).ok()?;
    match object.get("sync_id")? {
        serde_json::Value::String(id) => Some(id.clone()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
