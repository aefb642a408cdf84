//! What do the source rows behind a field say now?

use std::collections::BTreeMap;

use super::kept::Kept;
use super::recount;
use super::view::SourceField;
use crate::catalog::Role;
use crate::chart::source_map::TableEntry;
use crate::error::Result;
use crate::model::source_rows::{key_columns, key_expression};
use crate::model::transform::{Reading, Transform};
use crate::warehouse::{ColumnType, Dialect, Value, Warehouse};

/// Rows wanted of one table.
struct Wanted<'a> {
    entry: &'a TableEntry,
    columns: Vec<(&'a str, ColumnType)>,
    keys: Vec<String>,
}

/// How many rows are read again at most.
const MOST_KEYS: usize = 200;

/// Reads the rows behind the cells and parts again, and counts events again, in one round trip; a table that is gone is noted.
pub(super) fn read(warehouse: &dyn Warehouse, kept: &mut Kept) -> Result<()> {
    let tables = std::mem::take(&mut kept.tables);
    let asked = ask(warehouse, kept, &tables);
    kept.tables = tables;
    asked
}

fn ask(warehouse: &dyn Warehouse, kept: &mut Kept, tables: &[(String, TableEntry)]) -> Result<()> {
    let wanted = wanted(kept, tables);
    let recount = recount::of(kept, tables);
    if wanted.is_empty() && recount.is_none() {
        return Ok(());
    }
    let width = wanted.values().map(|wanted| wanted.columns.len()).max().unwrap_or(0).max(1);
    let mut values = Vec::new();
    let mut branches: Vec<String> = wanted
        .iter()
        .enumerate()
        .map(|(place, (_, wanted))| branch(warehouse.dialect(), place, wanted, width, &mut values))
        .collect();
    if let Some(recount) = &recount {
        branches.extend(recount.branches(warehouse.dialect(), width, &mut values));
    }
    kept.trace.round_trips += 1;
    let rows = match warehouse.query(&branches.join(" UNION ALL "), &values) {
        Ok(rows) => rows,
        Err(error) if error.kind == crate::error::ErrorKind::Warehouse => {
            kept.trace.notes.push(format!("the source rows cannot be read now: {error}"));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let places: Vec<&(String, String)> = wanted.keys().collect();
    let mut found: BTreeMap<(String, String, String), BTreeMap<String, Option<String>>> = BTreeMap::new();
    let mut counted = Vec::new();
    for row in 0..rows.len() {
        let tag = rows.text(row, 0).unwrap_or_default();
        if let Some(table) = tag.strip_prefix(recount::TAG) {
            counted.push((table.to_owned(), rows.text(row, 1).unwrap_or_default().to_owned(), rows.text(row, 2)));
            continue;
        }
        let Some(name) = tag.parse::<usize>().ok().and_then(|place| places.get(place)) else { continue };
        let columns = &wanted[*name].columns;
        let cells = columns
            .iter()
            .enumerate()
            .map(|(column, (name, _))| ((*name).to_owned(), rows.text(row, 2 + column).map(str::to_owned)))
            .collect();
        let pk = rows.text(row, 1).unwrap_or_default().to_owned();
        found.insert((name.0.clone(), name.1.clone(), pk), cells);
    }
    kept.recount = recount.map(|_| recount::total(&counted, &kept.users));
    compare(kept, tables, &found);
    Ok(())
}

fn wanted<'a>(kept: &Kept, tables: &'a [(String, TableEntry)]) -> BTreeMap<(String, String), Wanted<'a>> {
    let mut found: BTreeMap<(String, String), Wanted<'a>> = BTreeMap::new();
    let trace = &kept.trace;
    let cells = trace.winner.iter().chain(&trace.losers);
    let rows = cells
        .filter_map(|cell| Some((&cell.source, &cell.table, cell.pk.as_ref()?)))
        .chain(trace.parts.iter().map(|part| (&part.source, &part.table, &part.pk)));
    let mut count = 0;
    for (source, table, pk) in rows {
        let Some((_, entry)) = tables.iter().find(|(of, entry)| of == source && entry.name.table == *table) else {
            continue;
        };
        if entry.primary_key.is_empty() || entry.role == Role::Event || count == MOST_KEYS {
            continue;
        }
        let wanted = found.entry((source.clone(), table.clone())).or_insert_with(|| Wanted {
            entry,
            columns: entry.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect(),
            keys: Vec::new(),
        });
        if !wanted.keys.contains(pk) {
            wanted.keys.push(pk.clone());
            count += 1;
        }
    }
    found
}

fn branch(dialect: Dialect, place: usize, wanted: &Wanted<'_>, width: usize, values: &mut Vec<Value>) -> String {
    let key = key_expression(dialect, wanted.entry);
    let mut items = vec![format!("'{place}'"), key.clone()];
    items.extend(wanted.columns.iter().map(|(column, kind)| text(dialect, &dialect.quote(column), *kind)));
    items.resize(width + 2, format!("CAST(NULL AS {})", dialect.type_name(ColumnType::Text)));
    let condition = keys_condition(dialect, wanted, &key, values);
    let from = dialect.table(&wanted.entry.name);
    match &wanted.entry.version_column {
        None => format!("(SELECT {} FROM {from} WHERE {condition})", items.join(", ")),
        Some(version) => format!(
            "(SELECT {} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {} DESC NULLS LAST) AS fourfold_version FROM {from} \
             WHERE {condition}) newest WHERE fourfold_version = 1)",
            items.join(", "),
            dialect.quote(version)
        ),
    }
}

/// A source column as text. Its type may have changed since the run: only what no type makes fail is said more shortly.
fn text(dialect: Dialect, column: &str, kind: ColumnType) -> String {
    match kind {
        ColumnType::Text | ColumnType::Integer | ColumnType::Boolean | ColumnType::Decimal => {
            dialect.text_as(column, ColumnType::Text)
        }
        _ => dialect.text(column),
    }
}

/// Compares the key in its own type where there is one column, so that an index or the table's statistics help.
fn keys_condition(dialect: Dialect, wanted: &Wanted<'_>, key: &str, values: &mut Vec<Value>) -> String {
    let mut bind = |value: Value, kind: ColumnType| {
        values.push(value);
        format!("CAST({} AS {})", dialect.placeholder(values.len()), dialect.type_name(kind))
    };
    let columns = key_columns(wanted.entry);
    let single = match columns[..] {
        [only] => wanted.entry.columns.iter().find(|column| column.name == only),
        _ => None,
    };
    if let Some(column) = single {
        let name = dialect.quote(&column.name);
        let numbers: Option<Vec<i64>> = wanted.keys.iter().map(|key| key.parse().ok()).collect();
        match (column.kind, numbers) {
            (ColumnType::Text, _) => {
                let list: Vec<String> =
                    wanted.keys.iter().map(|key| bind(Value::from(key.as_str()), ColumnType::Text)).collect();
                return format!("{name} IN ({})", list.join(", "));
            }
            (ColumnType::Integer, Some(numbers)) => {
                let list: Vec<String> =
                    numbers.into_iter().map(|number| bind(Value::Integer(number), ColumnType::Integer)).collect();
                return format!("{name} IN ({})", list.join(", "));
            }
            _ => {}
        }
    }
    let list: Vec<String> = wanted.keys.iter().map(|key| bind(Value::from(key.as_str()), ColumnType::Text)).collect();
    format!("{key} IN ({})", list.join(", "))
}

type Rows = BTreeMap<(String, String, String), BTreeMap<String, Option<String>>>;

fn compare(kept: &mut Kept, tables: &[(String, TableEntry)], found: &Rows) {
    let look = |source: &str, table: &str, pk: &str| found.get(&(source.to_owned(), table.to_owned(), pk.to_owned()));
    let was_read = |source: &str, table: &str| {
        tables.iter().any(|(of, entry)| of == source && entry.name.table == table && !entry.primary_key.is_empty())
    };
    let trace = &mut kept.trace;
    let mut gone = Vec::new();
    for cell in trace.winner.iter_mut().chain(&mut trace.losers) {
        let (Some(pk), Some(column)) = (cell.pk.clone(), cell.column.clone()) else { continue };
        let Some(row) = look(&cell.source, &cell.table, &pk) else {
            if was_read(&cell.source, &cell.table) {
                gone.push(format!("{}.{}:{pk} is gone from its source", cell.source, cell.table));
                cell.changed = Some(true);
            }
            continue;
        };
        cell.now = row.get(&column).cloned().flatten();
        let units = tables
            .iter()
            .find(|(of, entry)| *of == cell.source && entry.name.table == cell.table)
            .and_then(|(_, entry)| entry.columns.iter().find(|known| known.name == column))
            .and_then(|known| known.units_per_currency_unit)
            .unwrap_or(1);
        if let Some(transform) = Transform::named(&cell.transform) {
            let now = cell.now.as_deref().map_or(Reading::Empty, |raw| transform.read_units(raw, units));
            let value = match now {
                Reading::Value(value) => value.text(),
                Reading::Empty | Reading::Unreadable => None,
            };
            cell.changed = Some(value != cell.value);
        }
    }
    for part in &mut trace.parts {
        let (Some(column), Some(row)) = (part.column.clone(), look(&part.source, &part.table, &part.pk)) else {
            continue;
        };
        if let Some(now) = row.get(&column) {
            part.now.clone_from(now);
            part.changed = Some(part.now.as_deref().map(str::trim) != part.value.as_deref().map(str::trim));
        }
    }
    if let Some(cell) = &trace.winner
        && let Some(row) = cell.pk.as_deref().and_then(|pk| look(&cell.source, &cell.table, pk))
        && let Some((_, entry)) = tables.iter().find(|(of, entry)| *of == cell.source && entry.name.table == cell.table)
    {
        trace.source_row = entry
            .columns
            .iter()
            .map(|column| SourceField {
                column: column.name.clone(),
                value: row.get(&column.name).cloned().flatten(),
                is_origin: Some(&column.name) == cell.column.as_ref(),
            })
            .collect();
    }
    trace.notes.extend(gone);
}
