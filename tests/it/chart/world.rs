//! A small warehouse to chart.

use fourfold::chart::source_map::TableEntry;
use fourfold::chart::{Chart, chart};
use fourfold::config::{Config, SourceSettings, TableSettings};
use fourfold::error::Result;
use fourfold::ident::Surface;
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::{Dialect, DuckDb, DuckDbOptions, Warehouse};

pub struct World {
    pub warehouse: DuckDb,
    pub config: Config,
    pub cancel: CancelToken,
}

pub fn settings(surface: Surface) -> SourceSettings {
    SourceSettings { surface, schema: None, system: None, tables: std::collections::BTreeMap::new() }
}

impl World {
    pub fn new() -> Self {
        let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
        Self { warehouse, config: Config::default(), cancel: CancelToken::new() }
    }

    /// A source with its schema.
    pub fn source(&mut self, name: &str, surface: Surface) -> &mut Self {
        self.warehouse.execute(&Dialect::DuckDb.create_schema(name), &[]).unwrap();
        self.absent(name, surface)
    }

    /// A source without a schema.
    pub fn absent(&mut self, name: &str, surface: Surface) -> &mut Self {
        self.config.sources.insert(name.to_owned(), settings(surface));
        self
    }

    /// Runs statements.
    pub fn sql(&mut self, statements: &str) -> &mut Self {
        for statement in statements
            .split("; CREATE")
            .enumerate()
            .map(|(at, part)| if at == 0 { part.to_owned() } else { format!("CREATE{part}") })
        {
            self.warehouse.execute(&statement, &[]).unwrap_or_else(|error| panic!("{statement}\n{error}"));
        }
        self
    }

    /// What a person states about a table.
    pub fn state(&mut self, source: &str, table: &str, settings: TableSettings) {
        self.config.sources.get_mut(source).unwrap().tables.insert(table.to_owned(), settings);
    }

    pub fn try_chart(&self) -> Result<Chart> {
        chart(&self.warehouse, &self.config, &Silent, &self.cancel)
    }

    pub fn chart(&self) -> Chart {
        self.try_chart().unwrap_or_else(|error| panic!("{error} {:?}", error.hints))
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.warehouse.query(sql, &[]).unwrap().integer(0, 0).unwrap()
    }
}

/// A table of a chart.
pub fn table<'chart>(chart: &'chart Chart, source: &str, table: &str) -> &'chart TableEntry {
    let source = chart.map.sources.iter().find(|own| own.id.as_str() == source).unwrap();
    source.tables.iter().find(|own| own.name.table == table).unwrap()
}
