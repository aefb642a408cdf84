//! How are conflicts and the source map written?

use super::PublishInput;
use super::graph::json;
use super::lineage::Note;
use super::rows::{Shape, Slot, load as load_rows};
use crate::chart::conflict::{Conflict, Side};
use crate::error::Result;
use crate::warehouse::{ColumnType, Publication};

use ColumnType::{Float, Integer, Text};

const CONFLICTS: &Shape = &[
    ("conflict_id", Text),
    ("kind", Text),
    ("severity", Text),
    ("entity_id", Text),
    ("field", Text),
    ("source_a", Text),
    ("table_a", Text),
    ("pk_a", Text),
    ("column_a", Text),
    ("value_a", Text),
    ("source_b", Text),
    ("table_b", Text),
    ("pk_b", Text),
    ("column_b", Text),
    ("value_b", Text),
    ("money_at_stake", Float),
    ("currency", Text),
    ("status", Text),
    ("detail", Text),
];

const MAP: &Shape = &[
    ("source", Text),
    ("surface", Text),
    ("system", Text),
    ("loader", Text),
    ("schema", Text),
    ("table", Text),
    ("role", Text),
    ("system_table", Text),
    ("confidence", Float),
    ("rows", Integer),
    ("newest_sync", Text),
    ("entry", Text),
];

/// Loads conflicts of both rooms, and one row a source table with the whole entry as JSON.
pub(super) fn load(publication: &mut Publication<'_>, input: &PublishInput<'_>, note: Note<'_>) -> Result<()> {
    let mut seen = rustc_hash::FxHashSet::default();
    let conflicts = input
        .model
        .conflicts
        .iter()
        .chain(input.chart_conflicts)
        .filter(|conflict| seen.insert(conflict.id.as_str()))
        .map(conflict);
    note("conflicts", load_rows(publication, "conflicts", CONFLICTS, conflicts)?)?;
    let tables = input.map.sources.iter().flat_map(|source| {
        source.tables.iter().map(move |table| {
            vec![
                Slot::words(source.id.as_str()),
                Slot::words(source.surface.as_str()),
                source.system.as_deref().into(),
                source.loader.as_deref().into(),
                Slot::words(&source.schema),
                Slot::words(&table.name.table),
                Slot::words(table.role.as_str()),
                table.system_table.as_deref().into(),
                Slot::Float(table.confidence),
                Slot::Integer(table.rows as i64),
                table.newest_sync.as_deref().into(),
                json(table),
            ]
        })
    });
    note("source_map", load_rows(publication, "source_map", MAP, tables)?)
}

fn conflict(conflict: &Conflict) -> Vec<Slot<'_>> {
    let mut row = vec![
        Slot::words(&conflict.id),
        Slot::words(&conflict.kind),
        Slot::words(conflict.severity.as_str()),
        conflict.entity.as_ref().map(crate::ident::EntityId::as_str).into(),
        Slot::words(&conflict.field),
    ];
    row.extend(side(conflict.side_a.as_ref()));
    row.extend(side(conflict.side_b.as_ref()));
    row.push(conflict.money_at_stake.into());
    row.push(conflict.currency.as_deref().into());
    row.push(Slot::words(&conflict.status));
    row.push(Slot::words(&conflict.detail));
    row
}

fn side(side: Option<&Side>) -> [Slot<'_>; 5] {
    match side {
        None => [const { Slot::Null }; 5],
        Some(side) => [
            Slot::words(side.record.source.as_str()),
            Slot::words(&side.record.table),
            Slot::words(&side.record.pk),
            Slot::words(&side.column),
            Slot::words(&side.value),
        ],
    }
}
