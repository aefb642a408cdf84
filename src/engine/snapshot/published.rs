//! What do the published tables hold, in the words of the rooms that made them?

use std::collections::BTreeMap;

use crate::chart::conflict::{Conflict, Severity, Side};
use crate::chart::source_map::{SourceEntry, SourceMap, TableEntry};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::{EntityId, RecordKey, SourceId, Surface};
use crate::snapshot::RunMeta;
use crate::warehouse::{Rows, TableName, Warehouse};

/// The published schema, read table by table.
pub(super) struct Published<'a> {
    warehouse: &'a dyn Warehouse,
    schema: &'a str,
}

impl<'a> Published<'a> {
    pub(super) fn new(warehouse: &'a dyn Warehouse, schema: &'a str) -> Self {
        Self { warehouse, schema }
    }

    /// Columns of a table; those that are numbers stay numbers, everything else is text.
    pub(super) fn select(&self, table: &str, text: &[&str], numbers: &[&str], rest: &str) -> Result<Rows> {
        let dialect = self.warehouse.dialect();
        let columns: Vec<String> = text
            .iter()
            .map(|name| dialect.text(&dialect.quote(name)))
            .chain(numbers.iter().map(|name| {
                format!("CAST({} AS {})", dialect.quote(name), dialect.type_name(crate::warehouse::ColumnType::Float))
            }))
            .collect();
        let name = dialect.table(&TableName::new(self.schema, table));
        self.warehouse.query(&format!("SELECT {} FROM {name} {rest}", columns.join(", ")), &[])
    }

    /// How many rows of a table have each value of a column.
    pub(super) fn counts(&self, table: &str, column: &str) -> Result<Rows> {
        let dialect = self.warehouse.dialect();
        let (column, name) = (dialect.quote(column), dialect.table(&TableName::new(self.schema, table)));
        let number = dialect.type_name(crate::warehouse::ColumnType::Float);
        let text = dialect.text(&column);
        self.warehouse.query(&format!("SELECT {text}, CAST(count(*) AS {number}) FROM {name} GROUP BY {column}"), &[])
    }

    /// The published tables whose name begins so and which have these columns, sorted.
    pub(super) fn tables_with(&self, prefix: &str, columns: &[&str]) -> Result<Vec<String>> {
        let mut names: Vec<String> = self
            .warehouse
            .tables(self.schema)?
            .into_iter()
            .filter(|table| table.name.table.starts_with(prefix))
            .filter(|table| columns.iter().all(|wanted| table.columns.iter().any(|column| column.name == *wanted)))
            .map(|table| table.name.table)
            .collect();
        names.sort();
        Ok(names)
    }

    /// Whether a table was published.
    pub(super) fn has(&self, table: &str) -> Result<bool> {
        Ok(self.warehouse.tables(self.schema)?.iter().any(|known| known.name.table == table))
    }

    /// The last run.
    pub(super) fn run(&self) -> Result<RunMeta> {
        let tables = self.warehouse.tables(self.schema)?;
        if !tables.iter().any(|table| table.name.table == "runs") {
            return Err(Error::not_found(format!("nothing was published in schema {} yet", self.schema))
                .hint("`fourfold run` takes every step and publishes"));
        }
        let rows = self.select("runs", &["run_id", "finished", "counts"], &[], "ORDER BY run_id DESC LIMIT 1")?;
        let counts: BTreeMap<String, u64> =
            rows.text(0, 2).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Ok(RunMeta {
            id: rows.text(0, 0).unwrap_or_default().to_owned(),
            finished_at: rows.text(0, 1).unwrap_or_default().to_owned(),
            counts: counts.into_iter().collect(),
            ..RunMeta::default()
        })
    }

    /// The source map.
    pub(super) fn map(&self) -> Result<SourceMap> {
        let rows = self.select(
            "source_map",
            &["source", "surface", "system", "loader", "schema", "entry"],
            &["confidence"],
            "ORDER BY 1, 6",
        )?;
        let mut sources: BTreeMap<String, SourceEntry> = BTreeMap::new();
        for row in 0..rows.len() {
            let name = rows.text(row, 0).unwrap_or_default().to_owned();
            let surface = Surface::ALL
                .into_iter()
                .find(|surface| Some(surface.as_str()) == rows.text(row, 1))
                .unwrap_or(Surface::Crm);
            let source = sources.entry(name.clone()).or_insert_with(|| SourceEntry {
                id: SourceId::new(name),
                surface,
                schema: rows.text(row, 4).unwrap_or_default().to_owned(),
                system: rows.text(row, 2).map(str::to_owned),
                confidence: rows.float(row, 6).unwrap_or(0.0),
                loader: rows.text(row, 3).map(str::to_owned),
                tables: Vec::new(),
            });
            if let Some(entry) = rows.text(row, 5) {
                let table: TableEntry = serde_json::from_str(entry)
                    .context(ErrorKind::Data, || "the published source map cannot be read".to_owned())?;
                source.tables.push(table);
            }
        }
        for source in sources.values_mut() {
            source.tables.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Ok(SourceMap { sources: sources.into_values().collect() })
    }

    /// Every conflict.
    pub(super) fn conflicts(&self) -> Result<Vec<Conflict>> {
        let rows = self.select(
            "conflicts",
            &[
                "conflict_id",
                "kind",
                "severity",
                "entity_id",
                "field",
                "source_a",
                "table_a",
                "pk_a",
                "column_a",
                "value_a",
                "source_b",
                "table_b",
                "pk_b",
                "column_b",
                "value_b",
                "currency",
                "status",
                "detail",
            ],
            &["money_at_stake"],
            "ORDER BY conflict_id",
        )?;
        let side = |row: usize, first: usize| -> Option<Side> {
            let cell = |offset: usize| rows.text(row, first + offset).unwrap_or_default().to_owned();
            rows.text(row, first).map(|source| Side {
                record: RecordKey::new(source, cell(1), cell(2)),
                column: cell(3),
                value: cell(4),
            })
        };
        Ok((0..rows.len())
            .map(|row| {
                let text = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
                Conflict {
                    id: text(0),
                    kind: text(1),
                    severity: match rows.text(row, 2) {
                        Some("high") => Severity::High,
                        Some("medium") => Severity::Medium,
                        _ => Severity::Low,
                    },
                    entity: rows.text(row, 3).map(EntityId::new),
                    field: text(4),
                    side_a: side(row, 5),
                    side_b: side(row, 10),
                    detail: text(17),
                    money_at_stake: rows.float(row, 18),
                    currency: rows.text(row, 15).map(str::to_owned),
                    status: text(16),
                }
            })
            .collect())
    }
}
