//! Which name does an entity bear, so that the same customer keeps it over every rebuild?
//!
//! A new entity is named after its smallest record at birth. From then on the name follows the records: whoever holds
//! most of the records that bore a name last time bears it now. What moved is written down.

pub mod assign;
pub mod history;

use crate::ident::{EntityId, EntityKind, RecordKey};

/// The entities of the last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviousGraph {
    /// In any order.
    pub entities: Vec<PreviousEntity>,
}

/// One entity of the last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousEntity {
    /// Its name.
    pub id: EntityId,
    /// Account or person.
    pub kind: EntityKind,
    /// The records that were linked to it, in any order.
    pub members: Vec<RecordKey>,
    /// When it was born, in any form that sorts by time; decides which of two equals is older. None when unknown.
    pub born: Option<String>,
}

impl PreviousGraph {
    /// Takes the entities of a graph; when they were born is not known then.
    #[must_use]
    pub fn of(entities: &[crate::resolve::graph::Entity]) -> Self {
        Self {
            entities: entities
                .iter()
                .map(|entity| PreviousEntity {
                    id: entity.id.clone(),
                    kind: entity.kind,
                    members: entity.members.clone(),
                    born: None,
                })
                .collect(),
        }
    }
}
