//! Which ids of one system are kept in another?
//!
//! Every key and every column or metadata entry that may hold foreign ids goes into one index by value. Two records
//! that meet under a value are a hint, whatever the columns are called; how much it is worth is learned afterwards for
//! each pair of columns ([`super::reliability`]), so that a coincidence of small numbers weighs nothing.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::units::Units;
use super::{Hint, HintClass, Hints};
use crate::resolve::extract::Extract;
use crate::resolve::extract::attach::ELSEWHERE;
use crate::resolve::extract::directory::merged_ids;
use crate::resolve::extract::metadata::KeyNames;
use crate::resolve::extract::record::Field;
use crate::resolve::extract::words::{canonical_id, id_in_link, is_distinctive};

/// A value that more units hold than this is no id.
const MOST_HOLDERS: usize = 24;

/// Shorter values meet other systems' keys all the time.
const SHORTEST_KEY: usize = 4;

/// Where an id stands: a table's key, one of its columns, or an entry of its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Slot {
    table: u32,
    /// None for the key.
    column: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    slot: u32,
    unit: u32,
    deleted: bool,
}

/// The index under construction.
struct Index<'a, 'map> {
    extract: &'a Extract<'map>,
    slots: FxHashMap<Slot, u32>,
    list: Vec<Slot>,
    holders: FxHashMap<String, Vec<Holder>>,
}

impl Index<'_, '_> {
    fn add(&mut self, value: &str, slot: Slot, unit: u32, deleted: bool) {
        let next = self.list.len() as u32;
        let number = *self.slots.entry(slot).or_insert(next);
        if number == next {
            self.list.push(slot);
        }
        let holders = self.holders.entry(value.to_owned()).or_default();
        if holders.len() <= MOST_HOLDERS * 4 {
            holders.push(Holder { slot: number, unit, deleted });
        }
    }

    /// The system a column is said to refer to.
    fn refers_to(&self, slot: Slot) -> Option<&str> {
        let column = usize::from(slot.column?);
        self.extract.tables[slot.table as usize].entry.columns.get(column)?.refers_to.as_deref()
    }

    /// Whether the column of one slot is said to hold the keys of the other's system.
    fn declares(&self, one: Slot, other: Slot) -> bool {
        let target = self.extract.tables[other.table as usize].source;
        other.column.is_none()
            && self
                .refers_to(one)
                .is_some_and(|system| target.system.as_deref() == Some(system) || target.id.as_str() == system)
    }

    fn describe(&self, slot: Slot, keys: &KeyNames) -> String {
        let table = &self.extract.tables[slot.table as usize];
        let place = match slot.column {
            None => "key".to_owned(),
            Some(column) => keys.name(column).map_or_else(
                || table.entry.columns.get(usize::from(column)).map_or(String::new(), |c| c.name.clone()),
                |key| format!("metadata {key}"),
            ),
        };
        format!("{}.{} {place}", table.source.id, table.entry.name.table)
    }
}

/// Finds every pair of units that meet under an id.
#[must_use]
pub fn find(extract: &Extract<'_>, units: &Units, keys: &KeyNames) -> Hints {
    let mut index = Index { extract, slots: FxHashMap::default(), list: Vec::new(), holders: FxHashMap::default() };
    for (position, record) in extract.records.iter().enumerate() {
        let unit = units.of_record[position];
        let key = Slot { table: record.table, column: None };
        let hashed = extract.tables[record.table as usize].entry.primary_key.is_empty();
        if let Some(id) = canonical_id(&record.pk).filter(|_| !hashed) {
            // A merged record's id leads to its survivor, so it is as good as the survivor's own.
            let gone = record.deleted && units.survivor(unit) == position as u32;
            index.add(&id, key, unit, gone);
        }
        for id in merged_ids(record).filter_map(canonical_id) {
            index.add(&id, key, unit, false);
        }
        for cell in record.cells.iter().filter(|cell| cell.field == Field::Identifier && cell.column != ELSEWHERE) {
            let slot = Slot { table: record.table, column: Some(cell.column) };
            for id in spellings(&cell.value) {
                index.add(&id, slot, unit, false);
            }
        }
    }
    pairs(&index, keys)
}

/// The ids a foreign id column may mean: the value, what follows a prefix such as `sf:`, the id at the end of a link.
fn spellings(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let link = id_in_link(value);
    let tail = value.rsplit_once(':').map(|(_, tail)| tail).filter(|_| link.is_none());
    let whole = Some(value).filter(|_| link.is_none());
    for id in [whole, tail, link].into_iter().flatten().filter_map(canonical_id) {
        if !id.contains(char::is_whitespace) && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn pairs(index: &Index<'_, '_>, keys: &KeyNames) -> Hints {
    let repeated = repeated_slots(index);
    let mut found: BTreeMap<(u32, u32, bool), Vec<(u32, u32)>> = BTreeMap::new();
    for (value, holders) in &index.holders {
        if holders.len() < 2 || holders.len() > MOST_HOLDERS {
            continue;
        }
        let distinctive = is_distinctive(value);
        for (at, one) in holders.iter().enumerate() {
            for other in &holders[at + 1..] {
                if one.unit == other.unit {
                    continue;
                }
                let (one, other) = if one.slot <= other.slot { (one, other) } else { (other, one) };
                let (first, second) = (index.list[one.slot as usize], index.list[other.slot as usize]);
                let declared = index.declares(first, second) || index.declares(second, first);
                let both_keys = first.column.is_none() && second.column.is_none();
                let same_keys = both_keys && first.table == second.table;
                // A short number may be a key kept elsewhere; whether the column means it is learned.
                let quotes_key = first.column.is_none() != second.column.is_none() && value.len() >= SHORTEST_KEY;
                if same_keys || !(declared || distinctive || quotes_key) {
                    continue;
                }
                if !declared && (repeated[one.slot as usize] || repeated[other.slot as usize]) {
                    continue;
                }
                let several = |holder: &Holder| holders.iter().any(|h| h.slot == holder.slot && h.unit != holder.unit);
                let doubtful = several(one) || several(other) || one.deleted || other.deleted;
                let pair = (one.unit.min(other.unit), one.unit.max(other.unit));
                found.entry((one.slot, other.slot, doubtful)).or_default().push(pair);
            }
        }
    }
    let mut hints = Hints::default();
    for ((one, other, doubtful), pairs) in found {
        let (one, other) = (index.list[one as usize], index.list[other as usize]);
        let class = hints.classes.len() as u32;
        let detail = if one == other {
            format!("same {}", index.describe(one, keys))
        } else {
            format!("{} = {}", index.describe(one, keys), index.describe(other, keys))
        };
        let declared = index.declares(one, other) || index.declares(other, one);
        hints.classes.push(HintClass { name: "cross id", detail, doubtful, declared, given: None });
        hints.hints.extend(pairs.into_iter().map(|(left, right)| Hint { left, right, class }));
    }
    hints.hints.sort_unstable();
    hints.hints.dedup();
    hints
}

/// The columns whose values come back again and again: plans, regions, versions; not ids.
fn repeated_slots(index: &Index<'_, '_>) -> Vec<bool> {
    let mut counts = vec![(0_u64, 0_u64); index.list.len()];
    for holders in index.holders.values() {
        let mut slots: Vec<u32> = holders.iter().map(|holder| holder.slot).collect();
        for slot in &slots {
            counts[*slot as usize].0 += 1;
        }
        slots.sort_unstable();
        slots.dedup();
        for slot in slots {
            counts[slot as usize].1 += 1;
        }
    }
    counts.into_iter().map(|(all, distinct)| all >= 20 && distinct * 2 < all).collect()
}
