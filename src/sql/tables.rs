//! Which tables are known, and which columns do they have?

use std::collections::{BTreeMap, BTreeSet};

use super::Provenance;
use super::fault::alike;

/// A column of a known table.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownColumn {
    /// The name.
    pub name: String,
    /// What it is made of, where the table is itself the output of SQL; None for a table that is a source.
    pub provenance: Option<Provenance>,
}

/// A known table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableColumns {
    /// Its name as origins show it.
    pub name: String,
    /// The name's parts, such as schema and table.
    pub parts: Vec<String>,
    /// The columns in order.
    pub columns: Vec<KnownColumn>,
    /// Tables whose columns are not all known and are columns of this one too; itself for a table of which little is known.
    pub open: Vec<String>,
}

/// Every known table. Names are compared without regard to case; a name with more parts than known, or fewer, fits by its end.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    by_last: BTreeMap<String, Vec<TableColumns>>,
    /// Whether tables that are not known are believed to exist, with any column.
    trusting: bool,
    /// Schemas of which every table is known, in lower case.
    whole_schemas: BTreeSet<String>,
}

impl Tables {
    /// No table yet; a table that is not known does not exist.
    #[must_use]
    pub fn closed() -> Self {
        Self::default()
    }

    /// No table yet; a table that is not known is believed to exist, with any column that is read of it.
    #[must_use]
    pub fn trusting() -> Self {
        Self { trusting: true, ..Self::default() }
    }

    /// Adds a table that is a source: `schema.table`, without quotes.
    pub fn add<C: Into<String>>(&mut self, name: &str, columns: impl IntoIterator<Item = C>) {
        let columns = columns.into_iter().map(|name| KnownColumn { name: name.into(), provenance: None }).collect();
        self.insert(TableColumns {
            name: name.to_owned(),
            parts: name.split('.').map(str::to_owned).collect(),
            columns,
            open: Vec::new(),
        });
    }

    /// Adds a table; one of exactly that name is replaced.
    pub fn insert(&mut self, table: TableColumns) {
        let last = table.parts.last().map_or_else(String::new, |part| part.to_lowercase());
        let known = self.by_last.entry(last).or_default();
        known.retain(|other| !fits_exactly(&other.parts, &table.parts));
        known.push(table);
    }

    /// The table of that name. Where several fit, the one that agrees in most parts.
    #[must_use]
    pub fn find(&self, parts: &[String]) -> Option<&TableColumns> {
        let last = parts.last()?.to_lowercase();
        let known = self.by_last.get(&last)?;
        known
            .iter()
            .filter(|table| fits(&table.parts, parts))
            .max_by_key(|table| (fits_exactly(&table.parts, parts), table.parts.len().min(parts.len())))
    }

    /// Says that every table of a schema is known: another one in it does not exist.
    pub fn close_schema(&mut self, schema: &str) {
        self.whole_schemas.insert(schema.to_lowercase());
    }

    /// Whether a table of that name, which is not known, is believed to exist.
    #[must_use]
    pub fn trusts(&self, parts: &[String]) -> bool {
        let schema = parts.len().checked_sub(2).and_then(|place| parts.get(place));
        self.trusting && schema.is_none_or(|schema| !self.whole_schemas.contains(&schema.to_lowercase()))
    }

    /// The known table whose name is most like the wanted one.
    #[must_use]
    pub fn alike(&self, parts: &[String]) -> Option<&str> {
        let wanted = parts.last()?;
        let last = alike(wanted, self.by_last.keys().map(String::as_str))?;
        self.by_last.get(last)?.first().map(|table| table.name.as_str())
    }
}

/// Whether two names agree in as many last parts as both have.
fn fits(one: &[String], other: &[String]) -> bool {
    one.iter().rev().zip(other.iter().rev()).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

fn fits_exactly(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && fits(one, other)
}
