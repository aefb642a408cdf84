//! Which source rows does the model read, and how is one cell of them named and read again?
//!
//! Only the columns that mean something are read, as text, the newest version of each key, sorted by key. Everything that the
//! model states about a value points to a [`CellRef`] in here.

use rustc_hash::FxHashMap;

use super::cell::Moment;
use super::parse;
use super::survivorship::history::FieldChanges;
use super::sync::SyncLog;
use super::transform::{Reading, Transform};
use crate::catalog::Role;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;
use crate::ident::{RecordKey, SourceId, short_hash};
use crate::warehouse::{Dialect, Rows, Warehouse};

/// One cell of one source row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The table, by its place in [`SourceRows::tables`].
    pub table: u16,
    /// The row.
    pub row: u32,
    /// The column, by its place in [`TableRows::columns`]; [`WHOLE_ROW`] when the row as such is meant.
    pub column: u16,
}

/// Stands for no column in particular.
pub const WHOLE_ROW: u16 = u16::MAX;

/// The rows of one table.
pub struct TableRows<'map> {
    /// Its source.
    pub source: &'map SourceEntry,
    /// The table.
    pub table: &'map TableEntry,
    /// The columns that were read, in the table's order.
    pub columns: Vec<&'map ColumnEntry>,
    rows: Rows,
    hashes: Vec<String>,
    dead: Vec<bool>,
    sync_ids: SyncIds,
    by_key: FxHashMap<String, u32>,
    by_concept: FxHashMap<&'map str, Vec<u16>>,
    /// Rows left aside because they have no key.
    pub without_key: u64,
    /// Rows left aside because another row has their key.
    pub duplicates: u64,
    kept: Vec<u32>,
}

enum SyncIds {
    None,
    Column,
    Log(SyncLog),
}

const KEY: usize = 0;
const SYNCED: usize = 1;
const SYNC_ID: usize = 2;
const FIRST_VALUE: usize = 3;

/// The columns that name a row: the primary key without the version column, unless that is all of it; every column of a table
/// without a key, whose rows are named by a hash.
#[must_use]
pub fn key_columns(table: &TableEntry) -> Vec<&str> {
    if table.primary_key.is_empty() {
        return table.columns.iter().map(|column| column.name.as_str()).collect();
    }
    let version = table.version_column.as_deref();
    let all = table.primary_key.iter().map(String::as_str);
    let kept: Vec<&str> = all.clone().filter(|name| Some(*name) != version).collect();
    if kept.is_empty() { all.collect() } else { kept }
}

/// How the key of a row is written in SQL, as in [`RecordKey`]: the text of the key's columns joined by `|`, NULL when one of them is.
#[must_use]
pub fn key_expression(dialect: Dialect, table: &TableEntry) -> String {
    let parts: Vec<String> = key_columns(table).iter().map(|column| dialect.text(&dialect.quote(column))).collect();
    if table.primary_key.is_empty() { dialect.text("NULL") } else { parts.join(" || '|' || ") }
}

impl<'map> TableRows<'map> {
    /// Reads the columns of a table that have a concept.
    ///
    /// # Errors
    /// `Warehouse` when the table cannot be read.
    pub fn read(
        warehouse: &dyn Warehouse,
        source: &'map SourceEntry,
        table: &'map TableEntry,
        log: Option<&SyncLog>,
        as_of: Moment,
    ) -> Result<Self> {
        let dialect = warehouse.dialect();
        let columns: Vec<&ColumnEntry> = table.columns.iter().filter(|column| column.concept.is_some()).collect();
        let deleted = deletion_columns(table);
        let mut marks: Vec<&str> = deleted.clone();
        marks.extend(table.active_columns.iter().map(String::as_str));
        if table.primary_key.is_empty() {
            marks.extend(key_columns(table));
        }
        let sql = select(dialect, table, &columns, &marks);
        let rows = warehouse.query(&sql, &[])?;
        let first_mark = FIRST_VALUE + columns.len();
        let first_active = first_mark + deleted.len();
        let first_key = first_active + table.active_columns.len();
        let dead = (0..rows.len())
            .map(|row| {
                (first_mark..first_active).any(|mark| rows.text(row, mark).is_some_and(|text| is_deletion(text, as_of)))
                    || (first_active..first_key)
                        .any(|mark| rows.text(row, mark).and_then(parse::boolean) == Some(false))
            })
            .collect();
        let hashes = (0..if table.primary_key.is_empty() { rows.len() } else { 0 })
            .map(|row| row_hash(&rows, row, first_key, marks.len() + first_mark))
            .collect();
        let mut by_concept: FxHashMap<&str, Vec<u16>> = FxHashMap::default();
        for column in &columns {
            let Some(concept) = column.concept.as_deref() else { continue };
            by_concept.entry(concept).or_insert_with(|| {
                table
                    .columns_of(concept)
                    .iter()
                    .filter_map(|best| columns.iter().position(|column| column.name == best.name))
                    .map(|place| place as u16)
                    .collect()
            });
        }
        let sync_ids = match (&table.sync_id_column, log) {
            (Some(_), _) => SyncIds::Column,
            (None, Some(log)) => SyncIds::Log(log.clone()),
            (None, None) => SyncIds::None,
        };
        let mut found = Self {
            source,
            table,
            columns,
            rows,
            hashes,
            dead,
            sync_ids,
            by_key: FxHashMap::default(),
            by_concept,
            without_key: 0,
            duplicates: 0,
            kept: Vec::new(),
        };
        found.index();
        Ok(found)
    }

    /// A table whose rows stay in the warehouse, such as one of events.
    #[must_use]
    pub fn unread(source: &'map SourceEntry, table: &'map TableEntry) -> Self {
        Self {
            source,
            table,
            columns: table.columns.iter().filter(|column| column.concept.is_some()).collect(),
            rows: Rows::default(),
            hashes: Vec::new(),
            dead: Vec::new(),
            sync_ids: SyncIds::None,
            by_key: FxHashMap::default(),
            by_concept: FxHashMap::default(),
            without_key: 0,
            duplicates: 0,
            kept: Vec::new(),
        }
    }

    fn index(&mut self) {
        for row in 0..self.rows.len() {
            let key = self.key(row as u32).to_owned();
            if key.trim().is_empty() {
                self.without_key += 1;
            } else if let Some(first) = self.by_key.get(&key).copied() {
                self.duplicates += 1;
                if self.dead[first as usize] && !self.dead[row] {
                    self.by_key.insert(key, row as u32);
                    self.kept.retain(|kept| *kept != first);
                    self.kept.push(row as u32);
                }
            } else {
                self.by_key.insert(key, row as u32);
                self.kept.push(row as u32);
            }
        }
    }

    /// The rows that have a key of their own, by key.
    #[must_use]
    pub fn kept(&self) -> &[u32] {
        &self.kept
    }

    /// The key's text.
    #[must_use]
    pub fn key(&self, row: u32) -> &str {
        let hash = self.hashes.get(row as usize).map(String::as_str);
        hash.or_else(|| self.rows.text(row as usize, KEY)).unwrap_or_default()
    }

    /// The row's name.
    #[must_use]
    pub fn record(&self, row: u32) -> RecordKey {
        RecordKey { source: self.source.id.clone(), table: self.table.name.table.clone(), pk: self.key(row).to_owned() }
    }

    /// The row with that key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// When the loader landed the row, as text.
    #[must_use]
    pub fn synced(&self, row: u32) -> Option<&str> {
        self.rows.text(row as usize, SYNCED)
    }

    /// Which sync landed the row.
    #[must_use]
    pub fn sync_id(&self, row: u32) -> Option<String> {
        match &self.sync_ids {
            SyncIds::None => None,
            SyncIds::Column => self.rows.text(row as usize, SYNC_ID).and_then(super::sync::id_in),
            SyncIds::Log(log) => log.sync_of(self.synced(row)?).map(str::to_owned),
        }
    }

    /// Whether the source says that the row is deleted or no longer current.
    #[must_use]
    pub fn is_dead(&self, row: u32) -> bool {
        self.dead.get(row as usize).copied().unwrap_or(false)
    }

    /// The text of a cell; None when it is NULL or blank.
    #[must_use]
    pub fn raw(&self, row: u32, column: u16) -> Option<&str> {
        let text = self.rows.text(row as usize, FIRST_VALUE + column as usize)?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// The columns with that concept, best first.
    #[must_use]
    pub fn columns_of(&self, concept: &str) -> &[u16] {
        self.by_concept.get(concept).map_or(&[], Vec::as_slice)
    }

    /// The first filled cell with that concept.
    #[must_use]
    pub fn cell(&self, row: u32, concept: &str) -> Option<(u16, &str)> {
        self.columns_of(concept).iter().find_map(|column| Some((*column, self.raw(row, *column)?)))
    }

    /// The text of the first filled cell with that concept.
    #[must_use]
    pub fn text(&self, row: u32, concept: &str) -> Option<&str> {
        self.cell(row, concept).map(|(_, text)| text)
    }

    /// Reads the first filled cell with that concept.
    #[must_use]
    pub fn value(&self, row: u32, concept: &str, transform: Transform) -> Option<(u16, Reading)> {
        let (column, text) = self.cell(row, concept)?;
        Some((column, transform.read(text, self.columns[column as usize])))
    }

    /// The one column that a table of the model takes for a concept: the best one that is not always empty.
    #[must_use]
    pub fn main_column(&self, concept: &str) -> Option<u16> {
        let columns = self.columns_of(concept);
        let filled = columns.iter().find(|column| {
            let profile = &self.columns[**column as usize].profile;
            self.table.rows == 0 || profile.nulls < self.table.rows
        });
        filled.or(columns.first()).copied()
    }

    /// How many of the read columns are filled.
    #[must_use]
    pub fn filled(&self, row: u32) -> u32 {
        (0..self.columns.len()).filter(|column| self.raw(row, *column as u16).is_some()).count() as u32
    }

    /// The name of a column; empty for the whole row.
    #[must_use]
    pub fn column_name(&self, column: u16) -> &str {
        self.columns.get(column as usize).map_or("", |column| column.name.as_str())
    }
}

/// Columns that say that a row is deleted.
fn deletion_columns(table: &TableEntry) -> Vec<&str> {
    let concept = format!("{}.deleted", table.role);
    table
        .columns
        .iter()
        .filter(|column| table.deleted_columns.contains(&column.name) || column.concept.as_ref() == Some(&concept))
        .map(|column| column.name.as_str())
        .collect()
}

/// The name of a row of a table without a key, as resolution makes it.
fn row_hash(rows: &Rows, row: usize, first: usize, end: usize) -> String {
    let mut text = String::new();
    for column in first..end {
        text.push_str(rows.text(row, column).unwrap_or("\u{1}"));
        text.push('\u{1f}');
    }
    short_hash(&text)
}

fn is_deletion(text: &str, as_of: Moment) -> bool {
    parse::boolean(text).unwrap_or_else(|| parse::moment(text).is_some_and(|moment| moment <= as_of))
}

fn select(dialect: Dialect, table: &TableEntry, columns: &[&ColumnEntry], marks: &[&str]) -> String {
    let optional = |column: Option<&String>| {
        column.map_or_else(|| dialect.text("NULL"), |column| dialect.text(&dialect.quote(column)))
    };
    let mut items = vec![
        key_expression(dialect, table),
        optional(table.synced_column.as_ref()),
        optional(table.sync_id_column.as_ref()),
    ];
    items.extend(columns.iter().map(|column| dialect.text(&dialect.quote(&column.name))));
    items.extend(marks.iter().map(|mark| dialect.text(&dialect.quote(mark))));
    let listed: Vec<String> = items.iter().enumerate().map(|(place, item)| format!("{item} AS c{place}")).collect();
    let from = dialect.table(&table.name);
    let version = table.version_column.as_ref().filter(|_| !table.primary_key.is_empty());
    let inner = match version {
        None => format!("SELECT {} FROM {from}", listed.join(", ")),
        Some(version) => format!(
            "SELECT * FROM (SELECT {}, row_number() OVER (PARTITION BY {} ORDER BY {} DESC NULLS LAST) AS fourfold_version FROM {from}) newest WHERE fourfold_version = 1",
            listed.join(", "),
            key_expression(dialect, table),
            dialect.quote(version)
        ),
    };
    let bytewise = match dialect {
        Dialect::DuckDb => "",
        Dialect::Postgres => " COLLATE \"C\"",
    };
    let names: Vec<String> = (0..items.len()).map(|place| format!("c{place}")).collect();
    let ties: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(place, name)| {
            format!("{name}{bytewise}{}", if place == SYNCED { " DESC NULLS LAST" } else { " NULLS LAST" })
        })
        .collect();
    format!("SELECT {} FROM ({inner}) rows_read ORDER BY {}", names.join(", "), ties.join(", "))
}

/// Rows of a table by the key of the row they belong to.
type Children = FxHashMap<String, Vec<u32>>;

/// Every table the model reads.
#[derive(Default)]
pub struct SourceRows<'map> {
    /// The tables, in the order of the source map.
    pub tables: Vec<TableRows<'map>>,
    /// For tables that tie rows to accounts: their living rows by the account's key.
    children: FxHashMap<u16, Children>,
    /// When single fields last changed; empty unless a rule asks for it.
    pub changes: FieldChanges,
}

impl<'map> SourceRows<'map> {
    /// Takes the tables and indexes those that belong to accounts.
    #[must_use]
    pub fn new(tables: Vec<TableRows<'map>>) -> Self {
        let mut children: FxHashMap<u16, Children> = FxHashMap::default();
        for (place, rows) in tables.iter().enumerate() {
            if !matches!(rows.table.role, Role::AccountDomain) {
                continue;
            }
            let index = children.entry(place as u16).or_default();
            for &row in rows.kept() {
                if let (Some(account), false) = (rows.text(row, "account_domain.account_id"), rows.is_dead(row)) {
                    index.entry(account.trim().to_owned()).or_default().push(row);
                }
            }
        }
        Self { tables, children, changes: FieldChanges::default() }
    }

    /// The living rows of one source and role that belong to the account with that key.
    #[must_use]
    pub fn children(&self, source: &SourceId, role: Role, key: &str) -> Vec<(u16, u32)> {
        self.of_role(role)
            .filter(|(_, rows)| &rows.source.id == source)
            .filter_map(|(place, _)| Some((place, self.children.get(&place)?.get(key)?)))
            .flat_map(|(place, rows)| rows.iter().map(move |row| (place, *row)))
            .collect()
    }

    /// The table of a cell.
    #[must_use]
    pub fn table(&self, table: u16) -> &TableRows<'map> {
        &self.tables[table as usize]
    }

    /// The text of a cell.
    #[must_use]
    pub fn raw(&self, cell: CellRef) -> Option<&str> {
        self.table(cell.table).raw(cell.row, cell.column)
    }

    /// The tables with that role, with their places.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (u16, &TableRows<'map>)> {
        self.tables
            .iter()
            .enumerate()
            .filter(move |(_, rows)| rows.table.role == role)
            .map(|(place, rows)| (place as u16, rows))
    }

    /// The row with that key among the tables of one source and role.
    #[must_use]
    pub fn look_up(&self, source: &SourceId, role: Role, key: &str) -> Option<(u16, u32)> {
        self.of_role(role)
            .filter(|(_, rows)| &rows.source.id == source)
            .find_map(|(place, rows)| rows.find(key).map(|row| (place, row)))
    }
}
