//! Which name does an entity bear, so that the same customer keeps it over every rebuild?
//!
//! A new entity is named after its smallest record at birth. From then on the name follows the records: whoever holds
//! most of the records that bore a name last time bears it now. A name that ended is not given to anybody else: only
//! whoever holds most of the records that last bore it gets it back. What moved is written down, with the reason.

pub mod assign;
pub mod history;
pub mod reasons;

use crate::ident::{EntityId, EntityKind, RecordKey};

/// The entities of the last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviousGraph {
    /// In any order.
    pub entities: Vec<PreviousEntity>,
    /// Entities that ended in earlier runs, with the records they had at the end, in any order.
    pub retired: Vec<PreviousEntity>,
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
    /// The run in which it was born. None when unknown.
    pub first_run: Option<String>,
    /// What people called it. None when unknown.
    pub label: Option<String>,
}

impl PreviousEntity {
    /// An entity without records of which nothing else is known.
    #[must_use]
    pub fn new(id: EntityId, kind: EntityKind) -> Self {
        Self { id, kind, members: Vec::new(), born: None, first_run: None, label: None }
    }
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
                    first_run: None,
                    label: Some(entity.label.clone()),
                })
                .collect(),
            retired: Vec::new(),
        }
    }
}
