//! Which record does an id of a source stand for, also when the record was merged into another or purged?

use rustc_hash::FxHashMap;

use super::record::{Field, ReadTable, Record};
use super::words::canonical_id;
use crate::chart::source_map::SourceMap;
use crate::ident::SourceId;

/// Finds records by the id other rows of their source use for them.
#[derive(Debug, Default)]
pub struct Directory {
    /// By position of the source in the map: id to record.
    by_source: Vec<FxHashMap<String, u32>>,
    sources: FxHashMap<SourceId, usize>,
}

impl Directory {
    /// Notes the key of every record. Of two records of one source with one id the living one is meant, then the one
    /// that comes first.
    #[must_use]
    pub fn of(map: &SourceMap, tables: &[ReadTable<'_>], records: &[Record]) -> Self {
        let sources: FxHashMap<SourceId, usize> =
            map.sources.iter().enumerate().map(|(position, source)| (source.id.clone(), position)).collect();
        let mut by_source: Vec<FxHashMap<String, u32>> = vec![FxHashMap::default(); map.sources.len()];
        for (position, record) in records.iter().enumerate() {
            let Some(source) = sources.get(&tables[record.table as usize].source.id) else { continue };
            let Some(id) = canonical_id(&record.pk) else { continue };
            let slot = by_source[*source].entry(id).or_insert(position as u32);
            if records[*slot as usize].deleted && !record.deleted {
                *slot = position as u32;
            }
        }
        Self { by_source, sources }
    }

    /// The record a raw id means in a source.
    #[must_use]
    pub fn find(&self, source: &SourceId, id: &str) -> Option<u32> {
        let found = self.by_source.get(*self.sources.get(source)?)?;
        found.get(&canonical_id(id)?).copied()
    }

    /// Lets an id without a record of its own stand for a record: the id of a purged merge loser.
    pub fn alias(&mut self, source: &SourceId, id: &str, record: u32) {
        let Some(position) = self.sources.get(source) else { return };
        if let Some(id) = canonical_id(id) {
            self.by_source[*position].entry(id).or_insert(record);
        }
    }
}

/// The ids in a list of merged records, however it is written: `1;2;3`, `["1","2"]`, `1, 2`. Pairs with a time, as
/// some systems write them (`123:1600000000`), give the id.
pub fn merged_ids(record: &Record) -> impl Iterator<Item = &str> {
    record
        .values(Field::MergedIds)
        .flat_map(|list| list.split([';', ',', ' ', '|', '[', ']', '"', '\'', '{', '}']))
        .map(|part| part.split(':').next().unwrap_or(part).trim())
        .filter(|part| !part.is_empty())
}
