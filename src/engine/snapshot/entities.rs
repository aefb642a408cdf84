//! Which accounts and people are there, and what do we know of each?

use std::collections::{BTreeMap, BTreeSet};

use super::published::Published;
use crate::error::Result;
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::snapshot::{CellRow, EntityRow, FieldNote};

/// Fields that show a person or a way to reach one.
const PERSONAL: [&str; 6] = ["phone", "email", "emails", "owner_email", "street", "billing_email"];

/// Accounts and people with their revenue, status and sources.
pub(super) fn entities(published: &Published<'_>) -> Result<Vec<EntityRow>> {
    let mut sources: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let links = published.select("links", &["entity_id", "source"], &[], "")?;
    for row in 0..links.len() {
        if let (Some(entity), Some(source)) = (links.text(row, 0), links.text(row, 1)) {
            sources.entry(entity.to_owned()).or_default().insert(source.to_owned());
        }
    }
    let accounts = published.select("accounts", &["entity_id", "currency", "status"], &["arr"], "")?;
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..accounts.len() {
        if let Some(entity) = accounts.text(row, 0) {
            known.insert(entity, row);
        }
    }
    let rows =
        published.select("entities", &["entity_id", "kind", "label"], &["record_count"], "ORDER BY entity_id")?;
    Ok((0..rows.len())
        .map(|row| {
            let id = rows.text(row, 0).unwrap_or_default();
            let account = known.get(id).copied();
            EntityRow {
                id: EntityId::new(id),
                kind: if rows.text(row, 1) == Some("person") { EntityKind::Person } else { EntityKind::Account },
                label: rows.text(row, 2).unwrap_or_default().to_owned(),
                arr: account.and_then(|place| accounts.float(place, 3)),
                currency: account.and_then(|place| accounts.text(place, 1)).map(str::to_owned),
                status: account.and_then(|place| accounts.text(place, 2)).unwrap_or_default().to_owned(),
                sources: sources.get(id).map(|names| names.iter().cloned().collect()).unwrap_or_default(),
                record_count: rows.float(row, 3).unwrap_or(0.0) as u64,
            }
        })
        .collect())
}

/// The surviving cells of accounts and people, field by field in the order of the model.
pub(super) fn cells(published: &Published<'_>) -> Result<Vec<CellRow>> {
    let order = field_order(published)?;
    let rows = published.select(
        "lineage_cells",
        &[
            "entity_kind",
            "entity_id",
            "field",
            "value",
            "rule",
            "source",
            "table",
            "pk",
            "column",
            "sync_id",
            "synced_at",
        ],
        &["parts"],
        "WHERE is_winner AND entity_kind IN ('account', 'person')",
    )?;
    let mut cells: Vec<(usize, CellRow)> = (0..rows.len())
        .map(|row| {
            let text = |column: usize| rows.text(row, column);
            let field = text(2).unwrap_or_default();
            let person = text(0) == Some("person");
            let aggregate = rows.float(row, 11).is_some_and(|parts| parts > 0.0);
            let record = match (text(5), text(6), text(7)) {
                (Some(source), Some(table), Some(pk)) if !aggregate => Some(RecordKey::new(source, table, pk)),
                _ => None,
            };
            let table = if person { "people" } else { "accounts" };
            let place = order.get(&(table.to_owned(), field.to_owned())).copied().unwrap_or(usize::MAX);
            let cell = CellRow {
                entity: EntityId::new(text(1).unwrap_or_default()),
                field: field.to_owned(),
                value: text(3).map(plain),
                rule: text(4).unwrap_or_default().to_owned(),
                column: record.as_ref().and(text(8)).unwrap_or_default().to_owned(),
                record,
                sync_id: text(9).map(str::to_owned),
                synced_at: text(10).map(str::to_owned),
                personal: person || PERSONAL.contains(&field),
            };
            (place, cell)
        })
        .collect();
    for (table, person) in [("accounts", false), ("people", true)] {
        cells.extend(own_cells(published, &order, table, person)?);
    }
    cells.sort_by(|one, other| (&one.1.entity, one.0, &one.1.field).cmp(&(&other.1.entity, other.0, &other.1.field)));
    Ok(cells.into_iter().map(|(_, cell)| cell).collect())
}

/// The cells that fourfold made itself, each by the rule of its column.
fn own_cells(
    published: &Published<'_>,
    order: &BTreeMap<(String, String), usize>,
    table: &str,
    person: bool,
) -> Result<Vec<(usize, CellRow)>> {
    let columns = published.select(
        "model_columns",
        &["field", "rule"],
        &[],
        &format!("WHERE origin = 'fourfold' AND model_table = '{table}' AND field <> 'entity_id'"),
    )?;
    let fields: Vec<(&str, &str)> = (0..columns.len())
        .filter_map(|row| Some((columns.text(row, 0)?, columns.text(row, 1).unwrap_or_default())))
        .collect();
    let mut names = vec!["entity_id"];
    names.extend(fields.iter().map(|(field, _)| *field));
    let rows = published.select(table, &names, &[], "")?;
    let mut cells = Vec::new();
    for row in 0..rows.len() {
        for (column, (field, rule)) in fields.iter().enumerate() {
            let Some(value) = rows.text(row, column + 1) else { continue };
            let place = order.get(&(table.to_owned(), (*field).to_owned())).copied().unwrap_or(usize::MAX);
            cells.push((
                place,
                CellRow {
                    entity: EntityId::new(rows.text(row, 0).unwrap_or_default()),
                    field: (*field).to_owned(),
                    value: Some(plain(value)),
                    rule: (*rule).to_owned(),
                    record: None,
                    column: String::new(),
                    sync_id: None,
                    synced_at: None,
                    personal: person,
                },
            ));
        }
    }
    Ok(cells)
}

/// The fields of accounts and people in their order, each with why it is empty where it is.
pub(super) fn fields(published: &Published<'_>) -> Result<Vec<FieldNote>> {
    let rows = published.select("model_columns", &["model_table", "field", "origin", "rule", "is_absent"], &[], "")?;
    let mut found = Vec::new();
    for row in 0..rows.len() {
        let text = |column: usize| rows.text(row, column).unwrap_or_default();
        let kind = match text(0) {
            "accounts" => EntityKind::Account,
            "people" => EntityKind::Person,
            _ => continue,
        };
        if text(1) == "entity_id" {
            continue;
        }
        let empty = match (text(4), text(2)) {
            ("true", _) => "no source has a column that feeds it".to_owned(),
            (_, "fourfold") => format!("{} gives nothing here", text(3)),
            _ => "no row gives a value here; the walk says which rule left it empty".to_owned(),
        };
        found.push(FieldNote { kind, field: text(1).to_owned(), empty });
    }
    Ok(found)
}

/// The place of each field in its table, as the model declares it.
fn field_order(published: &Published<'_>) -> Result<BTreeMap<(String, String), usize>> {
    let rows = published.select("model_columns", &["model_table", "field"], &[], "")?;
    Ok((0..rows.len())
        .map(|row| {
            let text = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
            ((text(0), text(1)), row)
        })
        .collect())
}

/// An amount without the zeros that a fixed number of decimals adds: `1004880.000000` is 1004880.
fn plain(value: &str) -> String {
    let is_fixed = value.split_once('.').is_some_and(|(whole, decimals)| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits(whole.trim_start_matches('-')) && digits(decimals) && decimals.len() == 6
    });
    if is_fixed { value.trim_end_matches('0').trim_end_matches('.').to_owned() } else { value.to_owned() }
}
