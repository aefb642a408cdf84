//! Which records does their own source already call one: merged, converted, or versions of each other?
//!
//! A source that merged two records has answered for them, so they enter matching as one unit: the loser's values speak
//! for the survivor, and whatever still points to the loser finds it. Chains may be long, may loop, and may end at a
//! record that was purged; all that were merged into one purged record are one unit as well.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{EntityKind, SourceId};
use crate::resolve::extract::Extract;
use crate::resolve::extract::directory::merged_ids;
use crate::resolve::extract::record::{Field, Record};
use crate::resolve::extract::words::canonical_id;

/// Why two records are one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieRule {
    /// The source merged one into the other.
    Merged,
    /// The source turned one (a lead) into the other.
    Converted,
    /// Two tables of the source hold the same record.
    Version,
}

/// Two records of one unit and what ties them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// The record that lost, was converted, or stands in the lesser table.
    pub record: u32,
    /// The record it became; the purged one's stand-in where that is gone.
    pub into: u32,
    /// Why.
    pub rule: TieRule,
}

/// Records grouped into units: what matching sees as one row.
#[derive(Debug, Default)]
pub struct Units {
    /// The unit of each record.
    pub of_record: Vec<u32>,
    /// The records of each unit, the survivor first, the others in order.
    pub members: Vec<Vec<u32>>,
    /// What ties them.
    pub ties: Vec<Tie>,
}

impl Units {
    /// The record that stands for a unit.
    #[must_use]
    pub fn survivor(&self, unit: u32) -> u32 {
        self.members[unit as usize].first().copied().unwrap_or_default()
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Disjoint sets: the smaller index leads.
#[derive(Debug)]
pub struct Sets(Vec<u32>);

impl Sets {
    /// `count` sets of one.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// The leader of an element's set.
    pub fn find(&mut self, element: u32) -> u32 {
        let mut at = element;
        while self.0[at as usize] != at {
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    /// Puts two sets together; whether they were apart.
    pub fn union(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.find(one), self.find(other));
        let (low, high) = if one < other { (one, other) } else { (other, one) };
        self.0[high as usize] = low;
        low != high
    }

    fn push(&mut self) -> u32 {
        let new = self.0.len() as u32;
        self.0.push(new);
        new
    }
}

/// Groups the records of one kind. Pairs of records in `apart` (a reviewer said so) are not tied directly. Ids of purged
/// records are noted in the directory as standing for the record they were merged into.
pub fn group(extract: &mut Extract<'_>, apart: &FxHashSet<(u32, u32)>) -> Units {
    let count = extract.records.len();
    let mut sets = Sets::new(count);
    let mut ties = Vec::new();
    let mut purged: FxHashMap<(SourceId, String), (u32, u32)> = FxHashMap::default();
    let mut aliases: Vec<(u32, String)> = Vec::new();
    let mut tie = |sets: &mut Sets, record: u32, into: u32, rule: TieRule| {
        let pair = if record < into { (record, into) } else { (into, record) };
        if record != into && !apart.contains(&pair) {
            sets.union(record, into);
            ties.push(Tie { record, into, rule });
        }
    };
    let mut versions: FxHashMap<(u32, &str), u32> = FxHashMap::default();
    for (position, record) in extract.records.iter().enumerate() {
        let position = position as u32;
        let table = &extract.tables[record.table as usize];
        let source = &table.source.id;
        let first = *versions.entry((table.family, record.pk.as_ref())).or_insert(position);
        tie(&mut sets, position, first, TieRule::Version);
        for target in record.values(Field::MergedInto) {
            if let Some(found) = extract.directory.find(source, target) {
                tie(&mut sets, position, found, TieRule::Merged);
            } else if let Some(id) = canonical_id(target) {
                // The survivor itself is gone: those merged into it are still one.
                let (node, stand_in) = *purged.entry((source.clone(), id)).or_insert_with(|| (sets.push(), position));
                sets.union(node, position);
                if stand_in != position {
                    tie(&mut sets, position, stand_in, TieRule::Merged);
                }
                aliases.push((stand_in, target.to_owned()));
            }
        }
        for loser in merged_ids(record) {
            match extract.directory.find(source, loser) {
                Some(found) => tie(&mut sets, found, position, TieRule::Merged),
                None => aliases.push((position, loser.to_owned())),
            }
        }
        if extract.kind == EntityKind::Person {
            for target in record.values(Field::ConvertedPersonId) {
                if let Some(found) = extract.directory.find(source, target) {
                    tie(&mut sets, position, found, TieRule::Converted);
                }
            }
        }
    }
    for (record, id) in aliases {
        let source = extract.table(record).source.id.clone();
        extract.directory.alias(&source, &id, record);
    }
    let mut by_leader: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for record in 0..count as u32 {
        by_leader.entry(sets.find(record)).or_default().push(record);
    }
    let mut members: Vec<Vec<u32>> = by_leader.into_values().collect();
    for unit in &mut members {
        let best = unit.iter().copied().max_by(|one, other| survives(extract, *one).cmp(&survives(extract, *other)));
        if let Some(best) = best {
            unit.retain(|record| *record != best);
            unit.insert(0, best);
        }
    }
    members.sort();
    let mut of_record = vec![0; count];
    for (unit, records) in members.iter().enumerate() {
        for record in records {
            of_record[*record as usize] = unit as u32;
        }
    }
    ties.sort();
    ties.dedup();
    Units { of_record, members, ties }
}

/// Who stands for a unit: a record that was not merged away nor converted, a living one, the one changed last, the first.
fn survives<'a>(extract: &'a Extract<'_>, record: u32) -> (bool, bool, bool, Option<&'a str>, std::cmp::Reverse<u32>) {
    let of: &Record = &extract.records[record as usize];
    (
        of.first(Field::MergedInto).is_none(),
        of.first(Field::ConvertedPersonId).is_none(),
        !of.deleted,
        of.first(Field::UpdatedAt),
        std::cmp::Reverse(record),
    )
}
