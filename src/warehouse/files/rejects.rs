//! Where do rows go that could not be read?
//!
//! Into `<source>._rejects`, one row each. Reloading a file replaces its rejects and leaves those of other files.

use std::sync::Arc;

use ::duckdb::arrow::array::{Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use ::duckdb::arrow::record_batch::RecordBatch;

use super::row::Reject;
use crate::error::{Error, Result};
use crate::warehouse::moment::parse_timestamp;
use crate::warehouse::{Column, ColumnType, Publication, TableName, Warehouse};

/// The table in each source's schema that holds the rows which could not be read.
pub const REJECTS_TABLE: &str = "_rejects";

/// Its columns.
fn columns() -> Vec<Column> {
    vec![
        Column::new("file", ColumnType::Text),
        Column::new("line", ColumnType::Integer),
        Column::new("raw", ColumnType::Text),
        Column::new("reason", ColumnType::Text),
        Column::new("loaded_at", ColumnType::Timestamp),
    ]
}

/// Stages the rejects of the files just read, and those of files that were not.
pub(super) fn stage(
    warehouse: &dyn Warehouse,
    publication: &mut Publication<'_>,
    source: &str,
    fresh: &[(String, Vec<Reject>)],
    now: i64,
) -> Result<()> {
    let mut rows = Builder::default();
    let exists = warehouse.tables(source)?.iter().any(|table| table.name.table == REJECTS_TABLE);
    if exists {
        let table = warehouse.dialect().table(&TableName::new(source, REJECTS_TABLE));
        let moment = warehouse.dialect().text_as("loaded_at", ColumnType::Timestamp);
        let old = warehouse.query(&format!("SELECT file, line, raw, reason, {moment} FROM {table}"), &[])?;
        for row in 0..old.len() {
            let file = old.text(row, 0).unwrap_or_default();
            if fresh.iter().all(|(loaded, _)| loaded != file) {
                let loaded_at = old.text(row, 4).and_then(parse_timestamp).unwrap_or(now);
                let line = old.integer(row, 1).unwrap_or(0);
                rows.push(file, line, old.text(row, 2), old.text(row, 3), loaded_at);
            }
        }
    }
    for (file, rejects) in fresh {
        for reject in rejects {
            rows.push(file, reject.line as i64, Some(&reject.raw), Some(&reject.reason), now);
        }
    }
    if exists || rows.count > 0 {
        publication.load(REJECTS_TABLE, &columns(), &mut std::iter::once_with(|| rows.finish()))?;
    }
    Ok(())
}

#[derive(Default)]
struct Builder {
    file: StringBuilder,
    line: Int64Builder,
    raw: StringBuilder,
    reason: StringBuilder,
    loaded_at: TimestampMicrosecondBuilder,
    count: usize,
}

impl Builder {
    fn push(&mut self, file: &str, line: i64, raw: Option<&str>, reason: Option<&str>, loaded_at: i64) {
        self.file.append_value(file);
        self.line.append_value(line);
        self.raw.append_option(raw);
        self.reason.append_option(reason);
        self.loaded_at.append_value(loaded_at);
        self.count += 1;
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        RecordBatch::try_from_iter([
            ("file", Arc::new(self.file.finish()) as _),
            ("line", Arc::new(self.line.finish()) as _),
            ("raw", Arc::new(self.raw.finish()) as _),
            ("reason", Arc::new(self.reason.finish()) as _),
            ("loaded_at", Arc::new(self.loaded_at.finish()) as _),
        ])
        .map_err(|cause| Error::internal("rejects do not form a batch").because(cause))
    }
}
