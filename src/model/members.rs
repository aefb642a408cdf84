//! Which source rows speak for an entity, and what does each of them offer for a field?

use super::build::account_fields::FieldSpec;
use super::cell::Moment;
use super::graph_index::{GraphIndex, RowEntities};
use super::lineage::Source;
use super::reader::Reader;
use super::sheet::Parts;
use super::survivorship::Candidate;
use super::transform::Transform;
use crate::catalog::Role;

/// A record of an entity.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its table.
    pub table: u16,
    /// Its row.
    pub row: u32,
    /// Whether its source says that it is deleted, merged away, or a test.
    pub dead: bool,
    /// When it last changed: by its own word, otherwise by its sync.
    pub changed: Option<Moment>,
    /// How many fields are filled.
    pub filled: u32,
}

/// The records of every entity of one kind, by the entity's number, in the order of the source map.
pub fn members(
    reader: &mut Reader<'_, '_>,
    role: Role,
    entities: usize,
    rows_of: impl Fn(&super::source_rows::TableRows<'_>) -> RowEntities,
) -> Vec<Vec<Member>> {
    let mut found = vec![Vec::new(); entities];
    let places: Vec<u16> = reader.rows.of_role(role).map(|(place, _)| place).collect();
    let concept = |property: &str| format!("{role}.{property}");
    let (updated, merged, live) = (concept("updated_at"), concept("merged_into"), concept("live_mode"));
    for table in places {
        let linked = rows_of(reader.rows.table(table));
        for &row in reader.rows.table(table).kept() {
            let Some(entity) = linked.of(row) else { continue };
            let rows = reader.rows.table(table);
            let dead = rows.is_dead(row)
                || rows.text(row, &merged).is_some()
                || rows.text(row, &live).and_then(super::parse::boolean) == Some(false);
            let synced = rows.synced(row).and_then(super::parse::moment);
            let filled = rows.filled(row);
            let changed = reader.moment(table, row, &updated).map(|(_, moment)| moment).or(synced);
            found[entity as usize].push(Member { table, row, dead, changed, filled });
        }
    }
    found
}

/// The records of all accounts.
pub fn account_members(reader: &mut Reader<'_, '_>, index: &GraphIndex<'_>) -> Vec<Vec<Member>> {
    members(reader, Role::Account, index.accounts.len(), |rows| index.account_rows(rows))
}

/// The records of all people.
pub fn person_members(reader: &mut Reader<'_, '_>, index: &GraphIndex<'_>) -> Vec<Vec<Member>> {
    members(reader, Role::Person, index.people.len(), |rows| index.person_rows(rows))
}

/// What each record offers for a field: its first filled and readable concept.
pub fn offers(reader: &mut Reader<'_, '_>, spec: &FieldSpec, members: &[Member]) -> Vec<(Candidate, Parts)> {
    let mut found = Vec::new();
    for member in members {
        for (concept, transform) in spec.concepts {
            if let Some((cell, value)) = reader.cell(member.table, member.row, concept, *transform) {
                let source = Source::Cell(cell, *transform);
                found.push((member.offer(value, source, transform.name()), Parts::default()));
                break;
            }
        }
    }
    found
}

impl Member {
    /// A value that this record offers.
    #[must_use]
    pub fn offer(&self, value: super::cell::Cell, source: Source, derivation: &'static str) -> Candidate {
        Candidate {
            value,
            source,
            table: self.table,
            place: 0,
            derivation,
            via: None,
            dead: self.dead,
            changed: self.changed,
            by_field: false,
            filled: self.filled,
            order: (self.table, self.row),
        }
    }

    /// A value that a key of this record leads to, in another table.
    pub fn look_up(
        &self,
        reader: &mut Reader<'_, '_>,
        key_concept: &str,
        role: Role,
        concept: &str,
        transform: Transform,
    ) -> Option<Candidate> {
        let (via, key) = reader.words(self.table, self.row, key_concept)?;
        let source = reader.rows.table(self.table).source.id.clone();
        let (table, row) = reader.rows.look_up(&source, role, key)?;
        let (cell, value) = reader.cell(table, row, concept, transform)?;
        let mut candidate = self.offer(value, Source::Cell(cell, transform), "looked up by key");
        candidate.via = Some(via);
        Some(candidate)
    }
}
