//! Which tables keep what a field was before, when it changed and who changed it?
//!
//! Two forms are known. A long history has one row a change: the record, the field, the new value, the time, often the
//! author (Salesforce field history, HubSpot property history). A versioned table has one row a version of the record, such as
//! loaders make in history mode; a field changed when its value differs from the version before.

use super::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::catalog::Role;
use crate::catalog::names::compact;

/// A table with one row a change.
#[derive(Debug, Clone, Copy)]
pub struct LongHistory<'map> {
    /// The table.
    pub table: &'map TableEntry,
    /// The key of the record that changed.
    pub record: &'map ColumnEntry,
    /// The name of the field.
    pub field: &'map ColumnEntry,
    /// The value after the change.
    pub value: &'map ColumnEntry,
    /// When.
    pub at: &'map ColumnEntry,
    /// Who, or by what way.
    pub author: Option<&'map ColumnEntry>,
}

/// A table with one row a version.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'map> {
    /// The table.
    pub table: &'map TableEntry,
    /// The column that orders the versions.
    pub version: &'map str,
}

const FIELD: &[&str] = &["field", "fieldname", "property", "propertyname", "name", "attribute"];
const VALUE: &[&str] = &["newvalue", "value", "newvaluestring"];
const AT: &[&str] = &["createddate", "timestamp", "changedat", "createdat", "updatedat", "updated", "date"];
const AUTHOR: &[&str] = &["createdbyid", "source", "sourcetype", "userid", "authorid", "changedby", "updatedbyuserid"];

/// Whether two names are one but for what loaders and vendors put around them: `company_data` is `company`.
fn bases(table: &TableEntry) -> Vec<String> {
    let mut bases = Vec::new();
    for name in table.system_table.iter().chain(std::iter::once(&table.name.table)) {
        let mut base = compact(name);
        for suffix in ["data", "raw"] {
            base = base.strip_suffix(suffix).filter(|left| !left.is_empty()).unwrap_or(&base).to_owned();
        }
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// The long histories of a table's records, in the order of the source's tables.
#[must_use]
pub fn long<'map>(source: &'map SourceEntry, table: &TableEntry) -> Vec<LongHistory<'map>> {
    let bases = bases(table);
    let mut found = Vec::new();
    for other in &source.tables {
        let name = compact(&other.name.table);
        if !name.contains("history") || other.name == table.name || other.rows == 0 {
            continue;
        }
        let column = |wanted: &[&str]| {
            wanted.iter().find_map(|wanted| other.columns.iter().find(|column| compact(&column.name) == **wanted))
        };
        let own: Vec<String> = bases.iter().map(|base| format!("{base}id")).collect();
        let record = other.columns.iter().find(|column| own.contains(&compact(&column.name))).or_else(|| {
            let belongs = bases.iter().any(|base| name.contains(base.as_str()));
            column(&["parentid", "recordid", "objectid"]).filter(|_| belongs)
        });
        if let (Some(record), Some(field), Some(value), Some(at)) = (record, column(FIELD), column(VALUE), column(AT)) {
            found.push(LongHistory { table: other, record, field, value, at, author: column(AUTHOR) });
        }
    }
    found
}

/// The versions of a table's records: the table itself, or the one beside it that the loader keeps in history mode.
#[must_use]
pub fn versions<'map>(source: &'map SourceEntry, table: &'map TableEntry) -> Option<Versions<'map>> {
    if let Some(version) = table.version_column.as_deref() {
        return Some(Versions { table, version });
    }
    let wanted: Vec<String> = bases(table).iter().map(|base| format!("{base}history")).collect();
    source.tables.iter().find_map(|other| {
        let bases = bases(other);
        let beside = other.name != table.name && bases.iter().any(|base| wanted.contains(base)) && other.rows > 0;
        let keyed = !table.primary_key.is_empty()
            && table.primary_key.iter().all(|key| other.columns.iter().any(|column| &column.name == key));
        let start = other.columns.iter().find(|column| column.name == "_fivetran_start");
        let version = other.version_column.as_deref().or(start.map(|column| column.name.as_str()));
        version.filter(|_| beside && keyed).map(|version| Versions { table: other, version })
    })
}

/// Whether the name of a field in a history means a column: `Owner` is `owner_id`, `name` is `property_name`.
#[must_use]
pub fn means(field: &str, column: &str) -> bool {
    let (field, column) = (compact(field), compact(column));
    field == column || column == format!("{field}id") || column == format!("property{field}")
}

/// Whether the rows of a table speak of accounts or people.
#[must_use]
pub fn has_fields(table: &TableEntry) -> bool {
    matches!(table.role, Role::Account | Role::Person)
}
