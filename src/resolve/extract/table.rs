//! How does one account or person table become records?

use rustc_hash::FxHashMap;

use super::metadata::{self, KeyNames};
use super::read::{LONGEST_VALUE, Liveness, TextRow, cut, read_rows};
use super::record::{Cell, Field, ReadTable, Record};
use super::set_aside::Exclusions;
use crate::chart::source_map::{ColumnEntry, TableEntry};
use crate::error::Result;
use crate::ident::{EntityKind, short_hash};
use crate::progress::CancelToken;
use crate::warehouse::{ColumnType, Warehouse};

/// What was left out or put together while reading a table.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Rows whose key is NULL or empty: they cannot be named.
    pub without_key: u64,
    /// Rows whose key another row of the table has too, versions apart.
    pub duplicate: u64,
    /// Rows that the configuration excludes.
    pub excluded: u64,
}

/// Which columns of a table are read, and as what.
struct Plan<'map> {
    columns: Vec<&'map str>,
    /// Position in `columns`, column of the table, field.
    fields: Vec<(usize, u16, Field)>,
    key: Vec<usize>,
    version: Option<usize>,
    liveness: Liveness,
    exclusions: Exclusions,
}

impl<'map> Plan<'map> {
    fn of(table: &ReadTable<'map>, exclusions: &Exclusions) -> Self {
        let entry = table.entry;
        let mut columns: Vec<&'map str> = Vec::new();
        let mut fields = Vec::new();
        for field_columns in wanted(entry, table.kind) {
            let (position, column, field) = field_columns;
            fields.push((columns.len(), position, field));
            columns.push(&column.name);
        }
        let deleted = if table.kind == EntityKind::Account { "account.deleted" } else { "person.deleted" };
        let liveness = Liveness::plan(entry, deleted, &mut columns);
        let mut key = Vec::new();
        for name in key_columns(entry) {
            key.push(columns.len());
            columns.push(name);
        }
        let version = entry.version_column.as_deref().map(|name| {
            columns.push(name);
            columns.len() - 1
        });
        let exclusions = exclusions.for_table(table.source.id.as_str(), entry, &mut columns);
        Self { columns, fields, key, version, liveness, exclusions }
    }
}

/// The columns that name a row: the primary key without the version column, unless that is all of it; every column
/// of a table without a key.
#[must_use]
pub fn key_columns(entry: &TableEntry) -> Vec<&str> {
    if entry.primary_key.is_empty() {
        return entry.columns.iter().map(|column| column.name.as_str()).collect();
    }
    let version = entry.version_column.as_deref();
    let kept: Vec<&str> = entry.primary_key.iter().map(String::as_str).filter(|name| Some(*name) != version).collect();
    if kept.is_empty() { entry.primary_key.iter().map(String::as_str).collect() } else { kept }
}

/// The columns to read with their field: those with a concept that matters, best first within a field, and those that
/// hold ids of other systems.
fn wanted(entry: &TableEntry, kind: EntityKind) -> Vec<(u16, &ColumnEntry, Field)> {
    let mut found: Vec<(u16, &ColumnEntry, Field)> = Vec::new();
    for (position, column) in entry.columns.iter().enumerate() {
        let Ok(position) = u16::try_from(position) else { break };
        if position >= metadata::FIRST_KEY || entry.primary_key.contains(&column.name) {
            continue;
        }
        let by_concept = column.concept.as_deref().and_then(|concept| Field::of_concept(concept, kind));
        let field = match by_concept {
            _ if column.refers_to.is_some() && !is_own_reference(by_concept) => Some(Field::Identifier),
            Some(field) => Some(field),
            None if column.concept.is_none() && looks_like_foreign_id(column) => Some(Field::Identifier),
            None => None,
        };
        if let Some(field) = field {
            found.push((position, column, field));
        }
    }
    // A stable sort: of two columns of one field the better known one speaks first.
    found.sort_by(|(_, one, one_field), (_, other, other_field)| {
        one_field
            .cmp(other_field)
            .then_with(|| one.origin.is_none().cmp(&other.origin.is_none()))
            .then_with(|| one.origin.cmp(&other.origin))
            .then_with(|| other.confidence.total_cmp(&one.confidence))
    });
    found
}

/// Fields that point to records of the same source: such a column is no foreign id, whatever it is said to refer to.
fn is_own_reference(field: Option<Field>) -> bool {
    matches!(
        field,
        Some(
            Field::AccountId
                | Field::ParentId
                | Field::MergedInto
                | Field::MergedIds
                | Field::ConvertedAccountId
                | Field::ConvertedPersonId
                | Field::Metadata
                | Field::Owner
        )
    )
}

/// Whether most values have the shape of ids that systems make, so that another system may know them.
fn looks_like_foreign_id(column: &ColumnEntry) -> bool {
    if column.kind != ColumnType::Text {
        return false;
    }
    let all: u64 = column.profile.formats.iter().map(|(_, count)| count).sum();
    let ids: u64 = column
        .profile
        .formats
        .iter()
        .filter(|(format, _)| format.starts_with("salesforce_id") || format == "uuid" || format.starts_with("prefix:"))
        .map(|(_, count)| count)
        .sum();
    all > 0 && ids * 2 > all
}

/// Reads the newest version of every row of a table; sorted by key.
///
/// # Errors
/// As [`Warehouse::stream`]; `Cancelled`.
pub fn read_table(
    warehouse: &dyn Warehouse,
    table: &ReadTable<'_>,
    position: u32,
    exclusions: &Exclusions,
    keys: &mut KeyNames,
    cancel: &CancelToken,
) -> Result<(Vec<Record>, Counts)> {
    let plan = Plan::of(table, exclusions);
    let hashed = table.entry.primary_key.is_empty();
    let mut counts = Counts::default();
    let mut seen: FxHashMap<Box<str>, usize> = FxHashMap::default();
    let mut records: Vec<(Version, Record)> = Vec::new();
    read_rows(warehouse, table.entry, &plan.columns, cancel, &mut |row| {
        if plan.exclusions.hit(row) {
            counts.excluded += 1;
            return Ok(());
        }
        let Some(pk) = key_of(row, &plan.key, hashed) else {
            counts.without_key += 1;
            return Ok(());
        };
        let record = Record {
            table: position,
            pk: pk.clone(),
            cells: cells_of(row, &plan, keys),
            deleted: plan.liveness.is_deleted(row),
            internal: false,
            aside: None,
        };
        let version = Version(plan.version.and_then(|at| row.get(at)).map(str::to_owned));
        match seen.get(&pk) {
            None => {
                seen.insert(pk, records.len());
                records.push((version, record));
            }
            Some(&at) => {
                if plan.version.is_none() && !hashed {
                    counts.duplicate += 1;
                }
                if newer(&(&version, &record), &(&records[at].0, &records[at].1)) {
                    records[at] = (version, record);
                }
            }
        }
        Ok(())
    })?;
    let mut records: Vec<Record> = records.into_iter().map(|(_, record)| record).collect();
    records.sort_by(|one, other| one.pk.cmp(&other.pk));
    Ok((records, counts))
}

/// The value of the version column; numbers are compared as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub Option<String>);

impl Version {
    /// Which of two is the newer one.
    #[must_use]
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        if let (Some(Ok(one)), Some(Ok(two))) =
            (self.0.as_ref().map(|v| v.parse::<i64>()), other.0.as_ref().map(|v| v.parse::<i64>()))
        {
            return one.cmp(&two);
        }
        self.0.cmp(&other.0)
    }
}

/// Whether the first of two rows with one key counts: the higher version, else the living one, the one changed last,
/// and at the end the greater text, so that the order of rows never matters.
fn newer(one: &(&Version, &Record), other: &(&Version, &Record)) -> bool {
    let rank = |(_, record): &(&Version, &Record)| {
        let cells: Vec<String> = record.cells.iter().map(|c| format!("{}={}", c.column, c.value)).collect();
        (!record.deleted, record.first(Field::UpdatedAt).map(str::to_owned), cells)
    };
    one.0.compare(other.0).then_with(|| rank(one).cmp(&rank(other))).is_gt()
}

/// The key text of a row, `key` being the positions of its parts; None when a part is NULL or empty. For a table
/// without key, the hash of all parts.
#[must_use]
pub fn key_of(row: &TextRow<'_>, key: &[usize], hashed: bool) -> Option<Box<str>> {
    if hashed {
        let mut text = String::new();
        for position in key {
            // NULL and the empty text differ.
            text.push_str(row.raw(*position).unwrap_or("\u{1}"));
            text.push('\u{1f}');
        }
        return Some(short_hash(&text).into());
    }
    let mut parts = Vec::with_capacity(key.len());
    for position in key {
        parts.push(row.raw(*position).filter(|part| !part.trim().is_empty())?);
    }
    Some(parts.join("|").into())
}

fn cells_of(row: &TextRow<'_>, plan: &Plan<'_>, keys: &mut KeyNames) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (position, column, field) in &plan.fields {
        let Some(value) = row.get(*position) else { continue };
        match field {
            Field::Metadata => metadata::cells(value, keys, &mut cells),
            Field::MergedIds => cells.push(Cell { field: *field, column: *column, value: value.into() }),
            _ => cells.push(Cell { field: *field, column: *column, value: cut(value, LONGEST_VALUE).into() }),
        }
    }
    cells
}
