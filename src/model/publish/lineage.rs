//! How is lineage written: cells with their losing values, the rows of aggregates, and the columns of row tables?

use super::rows::{Shape, Slot, load as load_rows};
use crate::error::Result;
use crate::model::Model;
use crate::model::cell::Cell;
use crate::model::lineage::{CellLineage, Owner, Part, Source, is_whole_row};
use crate::model::source_rows::CellRef;
use crate::model::table::ColumnOrigin;
use crate::warehouse::{ColumnType, Publication};

use ColumnType::{Boolean, Integer, Text};

const CELLS: &Shape = &[
    ("entity_kind", Text),
    ("entity_id", Text),
    ("field", Text),
    ("value", Text),
    ("source", Text),
    ("table", Text),
    ("pk", Text),
    ("column", Text),
    ("sync_id", Text),
    ("synced_at", Text),
    ("rule", Text),
    ("is_winner", Boolean),
    ("rank", Integer),
    ("transform", Text),
    ("parts", Integer),
];

const PARTS: &Shape = &[
    ("entity_kind", Text),
    ("entity_id", Text),
    ("field", Text),
    ("part", Text),
    ("source", Text),
    ("table", Text),
    ("pk", Text),
    ("column", Text),
    ("sync_id", Text),
    ("synced_at", Text),
    ("value", Text),
    ("contribution", Text),
    ("contributes", Boolean),
];

const COLUMNS: &Shape =
    &[("model_table", Text), ("field", Text), ("source", Text), ("table", Text), ("column", Text), ("rule", Text)];

const MODEL_COLUMNS: &Shape = &[
    ("model_table", Text),
    ("field", Text),
    ("type", Text),
    ("origin", Text),
    ("rule", Text),
    ("is_absent", Boolean),
    ("documentation", Text),
];

const MODEL_TABLES: &Shape = &[
    ("model_table", Text),
    ("documentation", Text),
    ("grain", Text),
    ("time_zone", Text),
    ("money", Text),
    ("rows", Integer),
];

/// Tells how many rows a table got.
pub type Note<'a> = &'a mut dyn FnMut(&str, u64) -> Result<()>;

/// Loads all lineage tables.
pub(super) fn load(publication: &mut Publication<'_>, model: &Model<'_>, note: Note<'_>) -> Result<()> {
    let groups = Groups::new(model);
    let cells = model.lineage.cells.iter().map(|cell| cell_row(model, &groups, cell));
    note("lineage_cells", load_rows(publication, "lineage_cells", CELLS, cells)?)?;
    let parts = model.lineage.parts.iter().map(|part| part_row(model, &groups, part));
    note("lineage_parts", load_rows(publication, "lineage_parts", PARTS, parts)?)?;
    let columns = model.mappings.iter().map(|mapping| {
        [&mapping.table, &mapping.field, &mapping.source, &mapping.origin_table, &mapping.column, &mapping.rule]
            .map(|text| Slot::words(text))
            .to_vec()
    });
    note("lineage_columns", load_rows(publication, "lineage_columns", COLUMNS, columns)?)?;
    note("model_columns", load_rows(publication, "model_columns", MODEL_COLUMNS, model_columns(model))?)?;
    let tables = model.tables.iter().map(|table| {
        vec![
            Slot::words(table.name),
            Slot::words(table.documentation),
            Slot::words(grain(table.name)),
            Slot::words("UTC"),
            Slot::words(money(table.name)),
            Slot::Integer(table.rows() as i64),
        ]
    });
    note("model_tables", load_rows(publication, "model_tables", MODEL_TABLES, tables)?)
}

/// What one row of a table is, by the columns that tell rows apart.
fn grain(table: &str) -> &'static str {
    match table {
        "accounts" | "people" => "entity_id",
        "subscriptions" => "subscription_id",
        "invoices" => "invoice_id",
        "tickets" => "ticket_id",
        "account_usage_daily" => "account_entity_id, day, _source, _table",
        _ => "",
    }
}

/// In which currency a table's amounts are.
fn money(table: &str) -> &'static str {
    match table {
        "accounts" => "the column currency; columns ending in _reporting in reporting_currency, at fx_rate of fx_date",
        "subscriptions" | "invoices" => "the column currency of the row",
        _ => "",
    }
}

/// How many contributing parts each cell has.
struct Groups {
    counts: rustc_hash::FxHashMap<(Owner, &'static str), (u32, bool)>,
}

impl Groups {
    fn new(model: &Model<'_>) -> Self {
        let mut counts = rustc_hash::FxHashMap::default();
        for group in model.lineage.parts.chunk_by(|one, other| (one.owner, one.field) == (other.owner, other.field)) {
            let Some(first) = group.first() else { continue };
            let adding = group.iter().filter(|part| part.part != "reads").count();
            let only_read = adding == 0;
            let count = if only_read { group.len() } else { adding };
            counts.insert((first.owner, first.field), (count as u32, only_read));
        }
        Self { counts }
    }

    fn of(&self, owner: Owner, field: &'static str) -> (u32, bool) {
        self.counts.get(&(owner, field)).copied().unwrap_or((0, false))
    }
}

fn owner<'a>(model: &'a Model<'_>, owner: Owner) -> [Slot<'a>; 2] {
    let (kind, id) = match owner {
        Owner::Account(number) => ("account", &model.account_ids[number as usize]),
        Owner::Person(number) => ("person", &model.person_ids[number as usize]),
        Owner::Subscription(number) => ("subscription", &model.subscription_ids[number as usize]),
    };
    [Slot::words(kind), Slot::words(id)]
}

/// Source, table, key, column, sync and landing time of a cell.
fn place<'a>(model: &'a Model<'_>, origin: CellRef) -> [Slot<'a>; 6] {
    let rows = model.rows.table(origin.table);
    [
        Slot::words(rows.source.id.as_str()),
        Slot::words(&rows.table.name.table),
        Slot::words(rows.key(origin.row)),
        if is_whole_row(origin.column) {
            Slot::own(rows.table.primary_key.join("|"))
        } else {
            Slot::words(rows.column_name(origin.column))
        },
        rows.sync_id(origin.row).map_or(Slot::Null, Slot::own),
        rows.synced(origin.row).into(),
    ]
}

fn cell_row<'a>(model: &'a Model<'_>, groups: &Groups, cell: &'a CellLineage) -> Vec<Slot<'a>> {
    let [kind, id] = owner(model, cell.owner);
    let aggregate_parts = match &cell.source {
        Source::Aggregate { .. } if cell.rank == 0 => groups.of(cell.owner, cell.field).0,
        _ => 0,
    };
    let ([source, table, pk, column, sync_id, synced_at], transform) = match &cell.source {
        Source::Cell(origin, transform) => (place(model, *origin), transform.name()),
        Source::Aggregate { table, row, column, .. } if cell.rank > 0 && row.is_some() => {
            let origin = CellRef { table: *table, row: row.unwrap_or(0), column: *column };
            (place(model, origin), "aggregate")
        }
        Source::Aggregate { table, column, .. } => {
            let rows = model.rows.table(*table);
            let place = [
                Slot::words(rows.source.id.as_str()),
                Slot::words(&rows.table.name.table),
                Slot::Null,
                Slot::words(rows.column_name(*column)),
                Slot::Null,
                rows.table.newest_sync.as_deref().into(),
            ];
            (place, "aggregate")
        }
    };
    vec![
        kind,
        id,
        Slot::words(cell.field),
        Slot::of(&cell.source.value(&model.rows)),
        source,
        table,
        pk,
        column,
        sync_id,
        synced_at,
        Slot::words(&model.lineage.rules[cell.rule as usize]),
        Slot::Boolean(cell.rank == 0),
        Slot::Integer(i64::from(cell.rank)),
        Slot::words(transform),
        Slot::Integer(i64::from(aggregate_parts)),
    ]
}

fn part_row<'a>(model: &'a Model<'_>, groups: &Groups, part: &'a Part) -> Vec<Slot<'a>> {
    let [kind, id] = owner(model, part.owner);
    let [source, table, pk, column, sync_id, synced_at] = place(model, part.origin);
    let raw = if is_whole_row(part.origin.column) {
        Some(model.rows.table(part.origin.table).key(part.origin.row))
    } else {
        model.rows.raw(part.origin)
    };
    let (_, only_read) = groups.of(part.owner, part.field);
    let contribution = match &part.contribution {
        Cell::Null => Slot::Null,
        value => Slot::of(value),
    };
    vec![
        kind,
        id,
        Slot::words(part.field),
        Slot::words(part.part),
        source,
        table,
        pk,
        column,
        sync_id,
        synced_at,
        raw.into(),
        contribution,
        Slot::Boolean(only_read || part.part != "reads"),
    ]
}

fn model_columns<'a>(model: &'a Model<'_>) -> impl Iterator<Item = Vec<Slot<'a>>> {
    model.tables.iter().flat_map(move |table| {
        table.columns.iter().map(move |column| {
            let absent = model.absent_fields.iter().any(|path| path.table == table.name && path.field == column.name);
            let (origin, rule) = match column.origin {
                ColumnOrigin::Cells => ("cells", ""),
                ColumnOrigin::Row => ("row", ""),
                ColumnOrigin::Own(rule) => ("fourfold", rule),
            };
            vec![
                Slot::words(table.name),
                Slot::words(column.name),
                Slot::own(format!("{:?}", column.kind).to_lowercase()),
                Slot::words(origin),
                Slot::words(rule),
                Slot::Boolean(absent),
                Slot::words(column.documentation),
            ]
        })
    })
}
