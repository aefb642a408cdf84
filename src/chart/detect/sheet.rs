//! What do the detectors read of accounts and people?
//!
//! Each such table is read once, in its newest versions, with the columns that say who a record is. They are compared here
//! and not by the engine, so that every engine gives the same answer.

use rustc_hash::FxHashMap;

use crate::catalog::Role;
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, SourceMap, TableEntry};
use crate::config::stated::fits;
use crate::config::{Config, Exclusion};
use crate::error::Result;
use crate::progress::CancelToken;
use crate::warehouse::{Rows, Warehouse};

/// The properties that are read.
const PROPERTIES: &[&str] = &[
    "name",
    "given_name",
    "family_name",
    "website",
    "domain",
    "email",
    "country",
    "currency",
    "arr",
    "mrr",
    "merged_into",
    "merged_ids",
    "external_id",
    "metadata",
    "parent_id",
    "live_mode",
    "account_id",
    "role",
    "converted_account_id",
    "converted_person_id",
    "created_at",
    "status",
];

/// Longer cells are cut: nothing that names a record is longer.
const LONGEST: usize = 20_000;

/// One record.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its key.
    pub pk: String,
    /// Whether it was deleted.
    pub dead: bool,
    cells: Vec<Option<Box<str>>>,
}

/// The records of one account or person table.
#[derive(Debug)]
pub struct Sheet {
    /// The position of the source in the map.
    pub source: usize,
    /// The position of the table in the source.
    pub table: usize,
    /// What one row is.
    pub role: Role,
    /// The positions of the columns that were read.
    pub columns: Vec<usize>,
    /// The records, sorted by key.
    pub rows: Vec<Row>,
    /// Positions in [`Self::columns`] by property, best first.
    by_property: FxHashMap<String, Vec<usize>>,
    /// The positions of records by key, Salesforce keys by their first 15 characters.
    by_key: FxHashMap<String, usize>,
    /// Whether keys are Salesforce's.
    pub salesforce: bool,
}

impl Sheet {
    /// The source of the sheet.
    pub fn source<'map>(&self, map: &'map SourceMap) -> &'map SourceEntry {
        &map.sources[self.source]
    }

    /// The table of the sheet.
    pub fn table<'map>(&self, map: &'map SourceMap) -> &'map TableEntry {
        &map.sources[self.source].tables[self.table]
    }

    /// The columns that were read with a property, as positions in [`Self::columns`], best first.
    pub fn with(&self, property: &str) -> &[usize] {
        self.by_property.get(property).map_or(&[], Vec::as_slice)
    }

    /// The first cell that is filled among the columns with a property, with the column's name.
    pub fn first<'sheet>(
        &'sheet self,
        map: &'sheet SourceMap,
        row: &'sheet Row,
        at: &[usize],
    ) -> Option<(&'sheet str, &'sheet str)> {
        at.iter().find_map(|at| row.cell(*at).map(|cell| (self.column(map, *at).name.as_str(), cell)))
    }

    /// The column at a position of [`Self::columns`].
    pub fn column<'map>(&self, map: &'map SourceMap, at: usize) -> &'map ColumnEntry {
        &self.table(map).columns[self.columns[at]]
    }

    /// The position of the record with a key, in any form of it.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_key.get(&comparable(id, self.salesforce)).copied()
    }

    /// The record with a key, in any form of it.
    pub fn find(&self, id: &str) -> Option<&Row> {
        self.position(id).map(|at| &self.rows[at])
    }

    /// The yearly revenue that a record carries, with its currency.
    pub fn money(&self, map: &SourceMap, row: &Row) -> Option<(f64, Option<String>)> {
        let amount = |property: &str, times: f64| {
            let at = self.with(property);
            let (position, cell) = at.iter().find_map(|at| row.cell(*at).map(|cell| (*at, cell)))?;
            let units = self.column(map, position).units_per_currency_unit.map_or(1.0, f64::from);
            cell.parse::<f64>().ok().map(|number| number * times / units)
        };
        let money = amount("arr", 1.0).or_else(|| amount("mrr", 12.0))?;
        let currency = self.first(map, row, self.with("currency")).map(|(_, code)| code.to_uppercase());
        Some((money, currency))
    }
}

impl Row {
    /// A cell by its position among the columns that were read; None when it is empty.
    pub fn cell(&self, at: usize) -> Option<&str> {
        self.cells.get(at).and_then(Option::as_deref)
    }
}

/// The form in which ids are compared.
pub fn comparable(id: &str, salesforce: bool) -> String {
    let id = id.trim();
    if salesforce && id.len() == 18 && id.is_ascii() { id[..15].to_owned() } else { id.to_owned() }
}

/// Reads every account and person table that has a key.
///
/// # Errors
/// As [`Warehouse::stream`]; `Cancelled`.
pub fn read(warehouse: &dyn Warehouse, map: &SourceMap, config: &Config, cancel: &CancelToken) -> Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    for (at, source) in map.sources.iter().enumerate() {
        for (position, table) in source.tables.iter().enumerate() {
            let wanted = matches!(table.role, Role::Account | Role::Person) && table.rows > 0;
            if wanted && !table.primary_key.is_empty() {
                sheets.push(read_one(warehouse, source, (at, position), table, config, cancel)?);
            }
        }
    }
    Ok(sheets)
}

fn read_one(
    warehouse: &dyn Warehouse,
    source: &SourceEntry,
    (at, position): (usize, usize),
    table: &TableEntry,
    config: &Config,
    cancel: &CancelToken,
) -> Result<Sheet> {
    let dialect = warehouse.dialect();
    let columns: Vec<usize> = (0..table.columns.len()).filter(|at| is_read(&table.columns[*at])).collect();
    let exclusions: Vec<&Exclusion> = config
        .exclude
        .iter()
        .filter(|rule| rule.source.as_deref().is_none_or(|name| name == source.id.as_str()))
        .filter(|rule| rule.table.as_deref().is_none_or(|name| name == table.name.table))
        .collect();
    let mut select = vec![rows::key(dialect, table, "t"), rows::dead(dialect, table, "t")];
    select
        .extend(columns.iter().map(|at| format!("left({}, {LONGEST})", rows::text(dialect, &table.columns[*at], "t"))));
    let extra: Vec<(usize, Vec<String>)> = exclusions
        .iter()
        .flat_map(|rule| {
            (0..table.columns.len())
                .filter(|at| {
                    let column = &table.columns[*at];
                    column.name == rule.field || column.concept.as_deref() == Some(rule.field.as_str())
                })
                .map(|at| (at, rule.patterns().collect()))
        })
        .collect();
    select.extend(extra.iter().map(|(at, _)| rows::text(dialect, &table.columns[*at], "t")));
    let sql = format!("SELECT {} FROM {} AS t", select.join(", "), rows::newest(dialect, table));
    let mut records: FxHashMap<String, Row> = FxHashMap::default();
    warehouse.stream(&sql, &[], &mut |batch| {
        cancel.check()?;
        let batch = Rows::new(vec![batch]);
        for row in 0..batch.len() {
            let Some(pk) = batch.text(row, 0) else { continue };
            let excluded = extra.iter().enumerate().any(|(number, (_, patterns))| {
                batch.text(row, 2 + columns.len() + number).is_some_and(|value| {
                    let value = value.trim().to_lowercase();
                    patterns.iter().any(|pattern| fits(&value, pattern))
                })
            });
            if excluded {
                continue;
            }
            let cells: Vec<Option<Box<str>>> =
                (0..columns.len()).map(|number| batch.text(row, 2 + number).map(Into::into)).collect();
            let dead = batch.boolean(row, 1).unwrap_or(false);
            let record = Row { pk: pk.to_owned(), dead, cells };
            // Of repeated keys the same one wins in any order.
            let better = records.get(pk).is_none_or(|known| (record.dead, &record.cells) < (known.dead, &known.cells));
            if better {
                records.insert(pk.to_owned(), record);
            }
        }
        Ok(())
    })?;
    let mut rows: Vec<Row> = records.into_values().collect();
    rows.sort_by(|one, other| one.pk.cmp(&other.pk));
    let salesforce =
        table.columns.iter().any(|column| table.primary_key.contains(&column.name) && rows::is_salesforce(column));
    let by_key = rows.iter().enumerate().map(|(at, row)| (comparable(&row.pk, salesforce), at)).collect();
    let by_property = by_property(table, &columns);
    Ok(Sheet { source: at, table: position, role: table.role, columns, rows, by_property, by_key, salesforce })
}

/// Where the columns of each property stand among those that are read, best first.
fn by_property(table: &TableEntry, columns: &[usize]) -> FxHashMap<String, Vec<usize>> {
    let mut found: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for property in PROPERTIES {
        let best = table.columns_of(&format!("{}.{property}", table.role));
        let places: Vec<usize> = best
            .iter()
            .filter_map(|column| columns.iter().position(|at| table.columns[*at].name == column.name))
            .collect();
        if !places.is_empty() {
            found.insert((*property).to_owned(), places);
        }
    }
    found
}

/// The domains that tables of their own give to accounts (`domain_name` of a help desk), by source and account key.
///
/// # Errors
/// As [`Warehouse::stream`]; `Cancelled`.
pub fn domains(
    warehouse: &dyn Warehouse,
    map: &SourceMap,
    cancel: &CancelToken,
) -> Result<FxHashMap<(usize, String), Vec<String>>> {
    let dialect = warehouse.dialect();
    let mut found: FxHashMap<(usize, String), Vec<String>> = FxHashMap::default();
    for (at, source) in map.sources.iter().enumerate() {
        for table in source.tables.iter().filter(|table| table.role == Role::AccountDomain && table.rows > 0) {
            let columns = (table.column_of("account_domain.account_id"), table.column_of("account_domain.domain"));
            let (Some(account), Some(domain)) = columns else { continue };
            let sql = format!(
                "SELECT {}, {} FROM {} AS t WHERE NOT {}",
                rows::text(dialect, account, "t"),
                rows::text(dialect, domain, "t"),
                rows::newest(dialect, table),
                rows::dead(dialect, table, "t"),
            );
            warehouse.stream(&sql, &[], &mut |batch| {
                cancel.check()?;
                let batch = Rows::new(vec![batch]);
                for row in 0..batch.len() {
                    if let (Some(account), Some(text)) = (batch.text(row, 0), batch.text(row, 1)) {
                        found.entry((at, account.to_owned())).or_default().extend(super::normal::domains(text));
                    }
                }
                Ok(())
            })?;
        }
    }
    Ok(found)
}

fn is_read(column: &ColumnEntry) -> bool {
    let by_concept = column
        .concept
        .as_deref()
        .and_then(|concept| concept.split_once('.'))
        .is_some_and(|(_, property)| PROPERTIES.contains(&property));
    by_concept || column.refers_to.is_some()
}
