//! Which records are one account, and which are one person?
//!
//! | module | question |
//! | --- | --- |
//! | [`decisions`] | what did reviewers decide? |
//! | [`rows`] | how do records become rows to compare? |
//! | [`matcher`] | how do we speak to the matching core? |
//! | [`settle`] | which units are one entity? |
//! | [`constraints`] | what may never be put together, and what must? |
//! | [`rules`] | for which pairs do the team's own rules speak? |
//! | [`employers`] | what speaks against two people of one name? |
//! | [`pairs`] | which pairs are worth keeping, and how do they explain themselves? |
//! | [`links`] | why does a record belong to its entity? |
//! | [`label`] | what do people call it? |

pub mod constraints;
pub mod decisions;
pub mod employers;
pub mod label;
pub mod links;
pub mod matcher;
pub mod pairs;
pub mod rows;
pub mod rules;
pub mod settle;

use crate::ident::{EntityId, EntityKind};

/// One kind's units, entities and their stable names, as later stages need them.
pub struct Resolved<'map> {
    /// Account or person.
    pub kind: EntityKind,
    /// The records.
    pub extract: super::extract::Extract<'map>,
    /// Records grouped by what their sources say.
    pub units: super::evidence::units::Units,
    /// Units grouped by what resolution says.
    pub settled: settle::Settled,
    /// The stable name of each entity.
    pub ids: Vec<EntityId>,
}

impl Resolved<'_> {
    /// The entity of a record.
    #[must_use]
    pub fn entity(&self, record: u32) -> u32 {
        self.settled.entity_of[self.units.of_record[record as usize] as usize]
    }

    /// The name of a record's entity.
    #[must_use]
    pub fn id(&self, record: u32) -> &EntityId {
        &self.ids[self.entity(record) as usize]
    }

    /// The records of an entity, in order.
    #[must_use]
    pub fn records(&self, entity: u32) -> Vec<u32> {
        let mut records: Vec<u32> = self.settled.entities[entity as usize]
            .iter()
            .flat_map(|unit| self.units.members[*unit as usize].iter().copied())
            .collect();
        records.sort_unstable();
        records
    }

    /// Whether a record was merged or converted into another one: what points to it points through it.
    #[must_use]
    pub fn is_redirected(&self, record: u32) -> bool {
        self.units.survivor(self.units.of_record[record as usize]) != record
    }
}
