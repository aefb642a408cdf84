//! What are the accounts called, and how much money is each of them?

use rustc_hash::FxHashMap;

use super::EntityImpact;
use crate::error::Result;
use crate::model::table::ModelTable;
use crate::warehouse::{ColumnType, Rows, TableName, Warehouse};

/// The accounts of a run, by id.
#[derive(Debug, Clone, Default)]
pub struct Accounts(FxHashMap<String, EntityImpact>);

impl Accounts {
    /// The accounts of a model that was just built.
    #[must_use]
    pub fn of_model(tables: &[ModelTable]) -> Self {
        let Some(table) = tables.iter().find(|table| table.name == "accounts") else { return Self::default() };
        let place = |name: &str| column_place(table, name);
        let (Some(id), name, arr, currency) = (place("entity_id"), place("name"), place("arr"), place("currency"))
        else {
            return Self::default();
        };
        let rows = Rows::new(table.batches.clone());
        let text = |row: usize, column: Option<usize>| column.and_then(|column| rows.text(row, column));
        let account = |row: usize| {
            let key = rows.text(row, id).unwrap_or_default().to_owned();
            let label = text(row, name).unwrap_or(&key).to_owned();
            let arr = text(row, arr).and_then(|text| text.parse().ok());
            let currency = text(row, currency).map(str::to_owned);
            (key.clone(), EntityImpact { id: key, label, arr, currency })
        };
        Self((0..rows.len()).map(account).collect())
    }

    /// The accounts that are published; none before the first run.
    ///
    /// # Errors
    /// `Warehouse` when the table cannot be read.
    pub fn published(warehouse: &dyn Warehouse, schema: &str) -> Result<Self> {
        if !warehouse.tables(schema)?.iter().any(|table| table.name.table == "accounts") {
            return Ok(Self::default());
        }
        let dialect = warehouse.dialect();
        let text = |name: &str| dialect.text(&dialect.quote(name));
        let sql = format!(
            "SELECT {}, {}, {}, CAST({} AS {}) FROM {}",
            text("entity_id"),
            text("name"),
            text("currency"),
            dialect.quote("arr"),
            dialect.type_name(ColumnType::Float),
            dialect.table(&TableName::new(schema, "accounts"))
        );
        let rows = warehouse.query(&sql, &[])?;
        let account = |row: usize| {
            let id = rows.text(row, 0).unwrap_or_default().to_owned();
            let label = rows.text(row, 1).unwrap_or(&id).to_owned();
            let currency = rows.text(row, 2).map(str::to_owned);
            (id.clone(), EntityImpact { id, label, arr: rows.float(row, 3), currency })
        };
        Ok(Self((0..rows.len()).map(account).collect()))
    }

    /// An account by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&EntityImpact> {
        self.0.get(id)
    }
}

/// The place of a column in a table of the model.
#[must_use]
pub fn column_place(table: &ModelTable, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name == name)
}
