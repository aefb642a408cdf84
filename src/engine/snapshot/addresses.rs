//! Where does each source show its records?

use rustc_hash::FxHashMap;

use crate::catalog::shipped;
use crate::chart::source_map::{SourceEntry, SourceMap, TableEntry};
use crate::config::address::Address;
use crate::config::{Config, LinkSettings};
use crate::error::Result;
use crate::ident::RecordKey;

/// Addresses of records, by source and table.
#[derive(Debug, Default)]
pub(super) struct Addresses(FxHashMap<(String, String), Address>);

impl Addresses {
    /// Puts together what the catalog knows and what the workspace says.
    ///
    /// # Errors
    /// `Config` when a template in `fourfold.toml` is no address.
    pub(super) fn of(map: &SourceMap, config: &Config) -> Result<Self> {
        let mut found = FxHashMap::default();
        for source in &map.sources {
            let settings = config.links.get(source.id.as_str()).cloned().unwrap_or_default();
            for table in &source.tables {
                if let Some(address) = address(source, table, &settings)? {
                    found.insert((source.id.0.clone(), table.name.table.clone()), address);
                }
            }
        }
        Ok(Self(found))
    }

    /// Where a record is shown; None when nobody knows.
    pub(super) fn of_record(&self, record: &RecordKey) -> Option<String> {
        self.0.get(&(record.source.0.clone(), record.table.clone()))?.of(&record.pk)
    }
}

fn address(source: &SourceEntry, table: &TableEntry, settings: &LinkSettings) -> Result<Option<Address>> {
    let (host, account) = (settings.host.as_deref(), settings.account.as_deref());
    if let Some(template) = settings.tables.get(&table.name.table) {
        return Address::new(template, host, account);
    }
    let known = shipped()?.system(source.system.as_deref().unwrap_or_default()).and_then(|system| {
        let name = table.system_table.as_deref()?;
        system.tables.iter().find(|known| known.name == name)
    });
    match known.and_then(|known| known.url.as_deref()) {
        Some(template) => Address::new(template, host, account),
        None => Ok(None),
    }
}
