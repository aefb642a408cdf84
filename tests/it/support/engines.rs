//! How does a test run on every engine?

use fourfold::warehouse::{DuckDb, DuckDbOptions, Postgres, Warehouse};

/// An empty database on each engine. PostgreSQL's lives as long as the test process.
pub fn both() -> Vec<Box<dyn Warehouse>> {
    let server = super::postgres::database();
    vec![
        Box::new(DuckDb::in_memory(&DuckDbOptions::default()).unwrap()),
        Box::new(Postgres::connect(&server.url).unwrap()),
    ]
}

/// The first column of a query as text, NULL as `∅`.
pub fn texts(warehouse: &dyn Warehouse, sql: &str) -> Vec<String> {
    let rows = warehouse.query(sql, &[]).unwrap_or_else(|error| panic!("{sql}\n{error}"));
    (0..rows.len()).map(|row| rows.text(row, 0).unwrap_or("∅").to_owned()).collect()
}

/// One whole number.
pub fn number(warehouse: &dyn Warehouse, sql: &str) -> i64 {
    let rows = warehouse.query(sql, &[]).unwrap_or_else(|error| panic!("{sql}\n{error}"));
    rows.integer(0, 0).unwrap_or_else(|| panic!("no whole number from {sql}"))
}
