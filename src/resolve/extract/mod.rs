//! What do the account and person tables of all sources hold, in one shape?
//!
//! | module | question |
//! | --- | --- |
//! | [`record`] | what does resolution know of one row? |
//! | [`table`] | how does a table become records? |
//! | [`metadata`] | what does free JSON say? |
//! | [`set_aside`] | which rows take no part? |
//! | [`directory`] | which record does an id stand for? |
//! | [`attach`] | which domains and people do other tables give to accounts? |
//! | [`words`] | how are ids and mailboxes written? |
//! | [`masked`] | can records be told apart? |
//! | [`read`] | how are rows read? |

pub mod attach;
pub mod directory;
pub mod masked;
pub mod metadata;
pub mod read;
pub mod record;
pub mod set_aside;
pub mod table;
pub mod words;

use rustc_hash::{FxHashMap, FxHashSet};

use self::directory::Directory;
use self::metadata::KeyNames;
use self::record::{Field, ReadTable, Record};
use self::set_aside::Exclusions;
use super::ResolveInput;
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::{EntityKind, RecordKey};
use crate::progress::{CancelToken, Progress};

/// Records of one kind with the tables they were read from.
#[derive(Debug)]
pub struct Extract<'map> {
    /// Account or person.
    pub kind: EntityKind,
    /// The tables in the order of the map.
    pub tables: Vec<ReadTable<'map>>,
    /// The records: by table, then by key.
    pub records: Vec<Record>,
    /// Finds a record by its id.
    pub directory: Directory,
}

impl Extract<'_> {
    /// The key of a record.
    #[must_use]
    pub fn key(&self, record: u32) -> RecordKey {
        let record = &self.records[record as usize];
        self.tables[record.table as usize].key(record)
    }

    /// The table of a record.
    #[must_use]
    pub fn table(&self, record: u32) -> &ReadTable<'_> {
        &self.tables[self.records[record as usize].table as usize]
    }
}

/// Both kinds, and what was noticed on the way.
#[derive(Debug)]
pub struct Extracted<'map> {
    /// Accounts.
    pub accounts: Extract<'map>,
    /// People.
    pub people: Extract<'map>,
    /// The names of metadata keys.
    pub keys: KeyNames,
    /// The team's own domains: configured, or those of most colleagues.
    pub own_domains: FxHashSet<String>,
    /// What the reader should know.
    pub warnings: Vec<String>,
}

/// Reads every account and person table of the map.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn extract<'map>(
    input: &ResolveInput<'map>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Extracted<'map>> {
    progress.step("resolve: read");
    let mut keys = KeyNames::default();
    let mut warnings = Vec::new();
    let own_domains = attach::own_domains(input, cancel, &mut warnings)?;
    let mut accounts = read_kind(input, EntityKind::Account, &mut keys, &mut warnings, progress, cancel)?;
    let mut people = read_kind(input, EntityKind::Person, &mut keys, &mut warnings, progress, cancel)?;
    attach::domains(input, &mut accounts, cancel)?;
    set_aside::ignore(&mut accounts.records, &accounts.tables, &input.config.ignore);
    attach::memberships(input, &mut people, cancel)?;
    for extract in [&mut accounts, &mut people] {
        let mixed: Vec<bool> = mixed_modes(extract);
        let tests = set_aside::mark(&mut extract.records, &extract.tables, &own_domains, &mixed);
        if tests > 0 {
            warnings.push(format!("{tests} {} records are tests and stand alone", extract.kind));
        }
    }
    Ok(Extracted { accounts, people, keys, own_domains, warnings })
}

fn read_kind<'map>(
    input: &ResolveInput<'map>,
    kind: EntityKind,
    keys: &mut KeyNames,
    warnings: &mut Vec<String>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Extract<'map>> {
    let exclusions = Exclusions::of(input.config);
    let role = if kind == EntityKind::Account { Role::Account } else { Role::Person };
    let mut families: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    let mut tables = Vec::new();
    for (source, entry) in input.map.tables_of(role) {
        let system_name = entry.system_table.as_deref().unwrap_or(&entry.name.table);
        let base = system_name.strip_suffix("_history").unwrap_or(system_name);
        let next = families.len() as u32;
        let family = *families.entry((source.id.as_str(), base)).or_insert(next);
        tables.push(ReadTable { source, entry, kind, family });
    }
    let mut records = Vec::new();
    for (position, table) in tables.iter().enumerate() {
        let (read, counts) = table::read_table(input.warehouse, table, position as u32, &exclusions, keys, cancel)?;
        records.extend(read);
        progress.advance(records.len() as u64, 0);
        let name = &table.entry.name;
        if counts.without_key > 0 {
            warnings.push(format!("{} rows of {name} have no key and are left aside", counts.without_key));
        }
        if counts.duplicate > 0 {
            warnings
                .push(format!("{} rows of {name} repeat a key; of each key the newest row counts", counts.duplicate));
        }
        if counts.excluded > 0 {
            warnings.push(format!("{} rows of {name} are excluded by fourfold.toml", counts.excluded));
        }
    }
    let directory = Directory::of(input.map, &tables, &records);
    Ok(Extract { kind, tables, records, directory })
}

/// For each table, whether it holds both live and test mode: only then a test mode says something.
fn mixed_modes(extract: &Extract<'_>) -> Vec<bool> {
    let mut seen = vec![(false, false); extract.tables.len()];
    for record in &extract.records {
        if let Some(live) = record.first(Field::LiveMode) {
            let slot = &mut seen[record.table as usize];
            if read::is_false(live) { slot.1 = true } else { slot.0 = true }
        }
    }
    seen.into_iter().map(|(live, test)| live && test).collect()
}
