//! What did the last run publish, as far as plays need it?

use std::collections::{BTreeMap, BTreeSet};

use super::statement::{Frame, Settings};
use super::template::Surroundings;
use crate::error::{Error, Result};
use crate::model::{parse, shape};
use crate::warehouse::{Dialect, TableName, Warehouse};

/// A field of the model: table and column.
pub type Field = (String, String);

/// A source table that feeds a field, with the newest sync of it as the loader wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feeding {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// When its newest row landed.
    pub newest_sync: Option<String>,
}

/// The model that plays read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Published {
    /// The run.
    pub run_id: String,
    /// The moment of the run that parts past from future.
    pub as_of: String,
    /// The day of the run, as `2026-01-05`.
    pub day: String,
    /// Fields as `table.column` that no source feeds.
    pub absent: BTreeSet<String>,
    /// Which source tables feed each field.
    pub feeds: BTreeMap<Field, BTreeSet<Feeding>>,
    /// The text for each table of the model in SQL.
    pub tables: BTreeMap<String, String>,
    /// The published tables of plays.
    pub plays: BTreeSet<String>,
}

/// The tables of a schema as SQL names them.
#[must_use]
pub fn table_names(dialect: Dialect, schema: &str) -> BTreeMap<String, String> {
    shape::tables()
        .into_iter()
        .map(|(name, _)| (name.to_owned(), dialect.table(&TableName::new(schema, name))))
        .collect()
}

/// Which source tables feed the fields of the model; `name` tells under which name a table stands.
///
/// # Errors
/// `Warehouse` when the tables cannot be read.
pub fn feeds(
    warehouse: &dyn Warehouse,
    name: &dyn Fn(&str) -> Result<String>,
) -> Result<BTreeMap<Field, BTreeSet<Feeding>>> {
    let dialect = warehouse.dialect();
    let table = dialect.quote("table");
    let kinds = "CASE entity_kind WHEN 'account' THEN 'accounts' WHEN 'person' THEN 'people' ELSE 'subscriptions' END";
    let sql = format!(
        "SELECT f.model_table, f.field, f.source, f.origin, m.newest_sync FROM (\
         SELECT DISTINCT {kinds} AS model_table, field, source, {table} AS origin FROM {cells} WHERE is_winner \
         UNION SELECT DISTINCT {kinds}, field, source, {table} FROM {parts} \
         UNION SELECT DISTINCT model_table, field, source, {table} FROM {columns}) f \
         LEFT JOIN {map} m ON m.source = f.source AND m.{table} = f.origin",
        cells = name("lineage_cells")?,
        parts = name("lineage_parts")?,
        columns = name("lineage_columns")?,
        map = name("source_map")?,
    );
    let rows = warehouse.query(&sql, &[])?;
    let mut found: BTreeMap<Field, BTreeSet<Feeding>> = BTreeMap::new();
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
        let feeding = Feeding { source: cell(2), table: cell(3), newest_sync: rows.text(row, 4).map(str::to_owned) };
        found.entry((cell(0), cell(1))).or_default().insert(feeding);
    }
    Ok(found)
}

/// Reads what the last run published.
///
/// # Errors
/// `NotFound` when nothing was published yet; `Warehouse` when it cannot be read.
pub fn read(warehouse: &dyn Warehouse, schema: &str) -> Result<Published> {
    let dialect = warehouse.dialect();
    let existing = warehouse.tables(schema)?;
    let has = |name: &str| existing.iter().any(|shape| shape.name.table == name);
    if !has("runs") || !has("accounts") || !has("model_columns") {
        return Err(Error::not_found(format!("nothing was published in schema {schema} yet"))
            .hint("`fourfold run` builds the joined model that plays read"));
    }
    let name = |table: &str| dialect.table(&TableName::new(schema, table));
    let runs =
        warehouse.query(&format!("SELECT run_id, as_of FROM {} ORDER BY run_id DESC LIMIT 1", name("runs")), &[])?;
    let as_of = runs.text(0, 1).unwrap_or_default();
    let day = as_of.get(..10).unwrap_or_default().to_owned();
    if parse::moment(&day).is_none() {
        return Err(Error::data(format!("the run in {} has no day: {as_of:?}", name("runs")))
            .hint("`fourfold run` publishes it anew"));
    }
    let columns =
        warehouse.query(&format!("SELECT model_table, field FROM {} WHERE is_absent", name("model_columns")), &[])?;
    let absent = (0..columns.len())
        .map(|row| format!("{}.{}", columns.text(row, 0).unwrap_or_default(), columns.text(row, 1).unwrap_or_default()))
        .collect();
    Ok(Published {
        run_id: runs.text(0, 0).unwrap_or_default().to_owned(),
        as_of: as_of.to_owned(),
        day,
        absent,
        feeds: feeds(warehouse, &|table| Ok(name(table)))?,
        tables: table_names(dialect, schema),
        plays: existing
            .iter()
            .filter(|shape| shape.name.table.starts_with("play_"))
            .map(|shape| shape.name.table.clone())
            .collect(),
    })
}

impl Published {
    /// The oldest of the newest syncs of the tables that feed some fields, as `2026-01-05 12:00:00` in UTC.
    #[must_use]
    pub fn inputs_as_of(&self, fields: &BTreeSet<Field>) -> Option<String> {
        oldest(&self.feeds, fields)
    }

    /// The frame of a statement over this run's model, with every value in place. `inputs_as_of` comes from
    /// [`Self::inputs_as_of`].
    #[must_use]
    pub fn literals(&self, dialect: Dialect, inputs_as_of: Option<&str>) -> Literals {
        Literals {
            dialect,
            as_of: format!("cast({} as date)", dialect.literal(&self.day)),
            run_id: dialect.literal(&self.run_id),
            inputs_as_of: inputs_as_of.map_or_else(|| "null".to_owned(), |moment| dialect.literal(moment)),
        }
    }
}

/// See [`Published::inputs_as_of`].
#[must_use]
pub fn oldest(feeds: &BTreeMap<Field, BTreeSet<Feeding>>, fields: &BTreeSet<Field>) -> Option<String> {
    fields
        .iter()
        .filter_map(|field| feeds.get(field))
        .flatten()
        .filter_map(|feeding| parse::moment(feeding.newest_sync.as_deref()?))
        .min()
        .map(|moment| moment.to_string())
}

/// The values of a run, as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literals {
    dialect: Dialect,
    as_of: String,
    run_id: String,
    inputs_as_of: String,
}

impl Literals {
    /// The frame around a play's SQL.
    #[must_use]
    pub fn frame<'a>(
        &'a self,
        tables: &'a BTreeMap<String, String>,
        absent: &'a BTreeSet<String>,
        settings: Settings,
    ) -> Frame<'a> {
        Frame {
            surroundings: Surroundings { dialect: self.dialect, tables, as_of: &self.as_of },
            first: Vec::new(),
            run_id: &self.run_id,
            inputs_as_of: &self.inputs_as_of,
            settings,
            absent,
        }
    }
}
