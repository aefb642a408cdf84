//! What is a table, a column and a value at the seam?

use serde::{Deserialize, Serialize};

/// A schema-qualified table or view. The parts are raw: the dialect quotes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    /// The schema.
    pub schema: String,
    /// The table.
    pub table: String,
}

impl TableName {
    /// Names a table.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> Self {
        Self { schema: schema.into(), table: table.into() }
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.table)
    }
}

/// The few types that matter to fourfold, whatever the engine calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text of any length.
    Text,
    /// Whole numbers up to 64 bits.
    Integer,
    /// Binary floating point.
    Float,
    /// Exact decimals.
    Decimal,
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// A moment, in UTC when the engine keeps no zone.
    Timestamp,
    /// JSON, arrays, structures.
    Json,
    /// Anything else; still readable as text.
    Other,
}

/// A column with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The raw name.
    pub name: String,
    /// The type in our words.
    pub kind: ColumnType,
    /// The type in the engine's words; empty for columns that we create.
    pub declared: String,
}

impl Column {
    /// A column that we create.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self { name: name.into(), kind, declared: String::new() }
    }
}

/// A table or view with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    /// Its name.
    pub name: TableName,
    /// Whether it is a view.
    pub is_view: bool,
    /// The columns in order.
    pub columns: Vec<Column>,
}

/// A bound value. Dates, decimals and JSON are bound as text and cast in the statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Float(f64),
    /// True or false.
    Boolean(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
