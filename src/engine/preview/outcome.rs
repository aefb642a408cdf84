//! What of a run is compared: counts, conflicts, and every value of accounts and people with its source?

use std::collections::{BTreeMap, BTreeSet};

use crate::chart::conflict::Conflict;
use crate::chart::standing::Standing;
use crate::error::Result;
use crate::ident::EntityKind;
use crate::model::Model;
use crate::model::lineage::{Owner, Source};
use crate::progress::CancelToken;
use crate::resolve::graph::{EntityGraph, PairStatus};
use crate::snapshot::SnapshotReader;

/// A value of the joined model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// The entity.
    pub entity: String,
    /// The field, such as `accounts.arr`.
    pub field: String,
    /// The value as text.
    pub text: String,
    /// The source it comes from.
    pub source: String,
}

/// What is compared of a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// How many accounts there are.
    pub accounts: u64,
    /// How many people.
    pub people: u64,
    /// Pairs that need a person.
    pub to_review: u64,
    /// Every conflict with its status, by id.
    pub conflicts: Vec<Conflict>,
    /// Every value, sorted.
    pub values: Vec<Value>,
    /// The names of entities.
    pub labels: BTreeMap<String, String>,
}

impl Outcome {
    /// Of a model that was built and not published.
    pub fn of_model(model: &Model<'_>, graph: &EntityGraph, sources: &[Conflict], standing: &Standing) -> Self {
        let mut values: Vec<Value> = model
            .lineage
            .cells
            .iter()
            .filter(|cell| cell.rank == 0)
            .filter_map(|cell| {
                let (entity, table) = match cell.owner {
                    Owner::Account(number) => (model.account_ids.get(number as usize)?, "accounts"),
                    Owner::Person(number) => (model.person_ids.get(number as usize)?, "people"),
                    Owner::Subscription(_) => return None,
                };
                let place = match &cell.source {
                    Source::Cell(origin, _) => origin.table,
                    Source::Aggregate { table, .. } => *table,
                };
                Some(Value {
                    entity: entity.clone(),
                    field: format!("{table}.{}", cell.field),
                    text: plain(&cell.source.value(&model.rows).text()?),
                    source: model.rows.table(place).source.id.as_str().to_owned(),
                })
            })
            .collect();
        values.sort();
        let mut conflicts: Vec<Conflict> = model.conflicts.iter().chain(sources).cloned().collect();
        standing.apply(&mut conflicts);
        tidy(&mut conflicts);
        let accounts = graph.entities.iter().filter(|entity| entity.kind == EntityKind::Account).count() as u64;
        Self {
            accounts,
            people: graph.entities.len() as u64 - accounts,
            to_review: graph.pairs.iter().filter(|pair| pair.status == PairStatus::Review).count() as u64,
            conflicts,
            values,
            labels: graph.entities.iter().map(|entity| (entity.id.as_str().to_owned(), entity.label.clone())).collect(),
        }
    }

    /// Whether there is a conflict with that id.
    pub fn has(&self, id: &str) -> bool {
        self.conflicts.binary_search_by(|conflict| conflict.id.as_str().cmp(id)).is_ok()
    }

    /// Leaves out the values of fields that the other outcome has no origins of: fourfold makes them itself.
    pub fn keep_fields_of(&mut self, other: &Self) {
        let mut fields: BTreeSet<String> = crate::model::build::fields().collect();
        fields.extend(other.values.iter().map(|value| value.field.clone()));
        self.values.retain(|value| fields.contains(&value.field));
    }

    /// Adds conflicts that the chart found.
    pub fn add(&mut self, conflicts: &[Conflict], standing: &Standing) {
        self.conflicts.extend(conflicts.iter().cloned());
        standing.apply(&mut self.conflicts);
        tidy(&mut self.conflicts);
    }

    /// Of the last run, as the snapshot shows it.
    ///
    /// # Errors
    /// `Data` when the snapshot cannot be read; `Cancelled`.
    pub fn of_snapshot(snapshot: &SnapshotReader, cancel: &CancelToken) -> Result<Self> {
        let mut outcome = Self { to_review: u64::from(snapshot.queue_length()), ..Self::default() };
        let mut kinds = BTreeMap::new();
        for entity in snapshot.entities_from(0, u32::MAX)? {
            match entity.kind {
                EntityKind::Account => outcome.accounts += 1,
                EntityKind::Person => outcome.people += 1,
            }
            kinds.insert(entity.id.as_str().to_owned(), entity.kind);
            outcome.labels.insert(entity.id.0, entity.label);
        }
        let mut values = Vec::new();
        snapshot.scan_cells(cancel, |cell| {
            let Some(value) = cell.value else { return };
            let table =
                if kinds.get(cell.entity.as_str()) == Some(&EntityKind::Person) { "people" } else { "accounts" };
            values.push(Value {
                entity: cell.entity.0,
                field: format!("{table}.{}", cell.field),
                text: plain(&value),
                source: cell.record.map(|record| record.source.0).unwrap_or_default(),
            });
        })?;
        values.sort();
        outcome.values = values;
        outcome.conflicts = snapshot.every_conflict()?.into_iter().map(|row| row.conflict).collect();
        tidy(&mut outcome.conflicts);
        Ok(outcome)
    }
}

fn tidy(conflicts: &mut Vec<Conflict>) {
    conflicts.sort_by(|one, other| one.id.cmp(&other.id));
    conflicts.dedup_by(|one, other| one.id == other.id);
}

/// Amounts without the zeros that a fixed number of decimals adds, so that both sides write them alike.
fn plain(value: &str) -> String {
    let is_fixed = value.split_once('.').is_some_and(|(whole, decimals)| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits(whole.trim_start_matches('-')) && digits(decimals)
    });
    if is_fixed { value.trim_end_matches('0').trim_end_matches('.').to_owned() } else { value.to_owned() }
}
