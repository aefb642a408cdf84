//! What is known of the entities on one side of a pair?

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ident::{EntityId, Surface};
use crate::snapshot::{CellRow, ConflictRow, Edge, EntityRow, Member, Neighbours, PlayOutput, SnapshotReader};

/// More entities than this on one side are summed up by the first of them: reading must stay quick.
const MOST: usize = 12;

/// The entities on one side: one of the last run, or several that verdicts have tied together since.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// How many entities there are, also those that are not looked at.
    pub entities: usize,
    /// The entities.
    pub rows: Vec<EntityRow>,
    /// Their records.
    pub members: Vec<Member>,
    /// The cells of the joined model.
    pub cells: Vec<CellRow>,
    /// Their open conflicts.
    pub conflicts: Vec<ConflictRow>,
    /// What hangs on them.
    pub neighbours: Vec<Neighbours>,
    /// Edges at them.
    pub edges: Vec<Edge>,
    /// What plays said of them.
    pub plays: Vec<PlayOutput>,
}

impl Facts {
    /// Reads what is known of some entities.
    ///
    /// # Errors
    /// As [`SnapshotReader::run`].
    pub fn read(reader: &SnapshotReader, entities: &[EntityId]) -> Result<Self> {
        let mut facts = Self { entities: entities.len(), ..Self::default() };
        for entity in entities.iter().take(MOST) {
            facts.rows.extend(reader.entity(entity)?.map(|(_, row)| row));
            facts.members.extend(reader.members(entity)?);
            facts.cells.extend(reader.cells(entity)?);
            facts.conflicts.extend(reader.conflicts_of(entity)?);
            facts.neighbours.extend(reader.neighbours(entity)?);
            facts.edges.extend(reader.edges(entity)?);
            facts.plays.extend(reader.play_outputs(entity)?);
        }
        Ok(facts)
    }

    /// How many records they have.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.rows.iter().map(|row| row.record_count).sum()
    }

    /// Yearly revenue by currency.
    #[must_use]
    pub fn revenue(&self) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            if let Some(amount) = row.arr.filter(|amount| *amount != 0.0) {
                *sums.entry(row.currency.clone().unwrap_or_default()).or_insert(0.0) += amount;
            }
        }
        sums
    }

    /// A field of the joined model with the source it came from: the first that has a value.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<(&str, Option<&str>)> {
        self.cells.iter().filter(|cell| cell.field == field).find_map(|cell| {
            let value = cell.value.as_deref().filter(|value| !value.trim().is_empty())?;
            Some((value, cell.record.as_ref().map(|record| record.source.as_str())))
        })
    }

    /// Whether a record of a surface belongs to them.
    #[must_use]
    pub fn is_on(&self, surface: Surface, surfaces: &BTreeMap<String, Surface>) -> bool {
        let on = |source: &str| surfaces.get(source) == Some(&surface);
        self.rows.iter().any(|row| row.sources.iter().any(|source| on(source)))
    }

    /// What hangs on them by a relation.
    pub fn hanging<'a>(&'a self, relation: &'a str) -> impl Iterator<Item = &'a Neighbours> {
        self.neighbours.iter().filter(move |row| row.relation == relation)
    }
}
