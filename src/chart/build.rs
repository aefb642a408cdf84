//! How does a chart come about?

use super::assign::{Context, noise_of};
use super::conflict::Conflict;
use super::finding::{conflict, side, tidy};
use super::foreign_key::{self, ForeignKey};
use super::source_map::{SourceEntry, SourceMap, TableEntry};
use super::{detect, key, profile, stated, twins};
use crate::catalog::dictionary::dictionary;
use crate::catalog::loaders::{bears_marks, loader_of, log_of};
use crate::catalog::{Catalog, Hints, Look, Recognition, Role, recognise, shipped};
use crate::config::{Config, SourceSettings};
use crate::error::Result;
use crate::ident::{RecordKey, SourceId};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::{TableShape, Warehouse};

use super::conflict::Side;

/// Everything that the chart found out.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What is where.
    pub map: SourceMap,
    /// Where the sources already disagree, most severe first.
    pub conflicts: Vec<Conflict>,
    /// What points to what within each source, with the share that points to nothing.
    pub foreign_keys: Vec<ForeignKey>,
    /// How well the keys of the tables that matter name their rows.
    pub keys: Vec<TableKeys>,
}

/// Rows of a table whose key is missing or not their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableKeys {
    /// The source.
    pub source: SourceId,
    /// The table.
    pub table: String,
    /// Rows without a key.
    pub nulls: u64,
    /// Rows that share their key with an earlier one.
    pub duplicates: u64,
}

/// Charts every configured source.
///
/// A schema or table that is not there, or that is empty, is a finding and not an error.
///
/// # Errors
/// `Config` when `fourfold.toml` names an unknown system, role or concept; `Warehouse` when the engine refuses;
/// `Cancelled`.
pub fn chart(
    warehouse: &dyn Warehouse,
    config: &Config,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Chart> {
    let catalog = shipped()?;
    let mut chart = Chart::default();
    let schemas = warehouse.schemas()?;
    progress.step("chart: profile");
    for (done, (name, settings)) in config.sources.iter().enumerate() {
        cancel.check()?;
        progress.advance(done as u64, config.sources.len() as u64);
        let schema = settings.schema.as_deref().unwrap_or(name);
        let found = schemas.iter().any(|known| known == schema);
        let mut shapes = if found { warehouse.tables(schema)? } else { Vec::new() };
        // What loading files kept aside is no table of the source.
        shapes.retain(|shape| !shape.name.table.starts_with("_rejects"));
        if shapes.is_empty() {
            chart.conflicts.push(no_tables(name, schema, found));
        }
        let source = source_entry(
            warehouse,
            catalog,
            name,
            settings,
            schema,
            &shapes,
            &mut chart.conflicts,
            &mut chart.keys,
            cancel,
        )?;
        chart.map.sources.push(source);
    }
    progress.advance(config.sources.len() as u64, config.sources.len() as u64);
    progress.step("chart: foreign keys");
    for (done, source) in chart.map.sources.iter().enumerate() {
        chart.foreign_keys.extend(foreign_key::measure(warehouse, source, cancel)?);
        progress.advance(done as u64 + 1, chart.map.sources.len() as u64);
    }
    progress.step("chart: conflicts");
    let found = detect::run(warehouse, &mut chart.map, &chart.foreign_keys, config, progress, cancel)?;
    chart.conflicts.extend(found);
    chart.conflicts = tidy(std::mem::take(&mut chart.conflicts));
    Ok(chart)
}

fn no_tables(source: &str, schema: &str, found: bool) -> Conflict {
    let (kind, detail) = if found {
        ("empty_table", format!("the schema {schema} of the source {source} holds no table"))
    } else {
        ("missing_table", format!("the schema {schema} of the source {source} is not in the warehouse"))
    };
    let side_a = Side { record: RecordKey::new(source, "", ""), column: String::new(), value: schema.to_owned() };
    conflict(kind, "schema", Some(side_a), None, detail)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one run, passed through once")]
fn source_entry(
    warehouse: &dyn Warehouse,
    catalog: &'static Catalog,
    name: &str,
    settings: &SourceSettings,
    schema: &str,
    shapes: &[TableShape],
    findings: &mut Vec<Conflict>,
    checked: &mut Vec<TableKeys>,
    cancel: &CancelToken,
) -> Result<SourceEntry> {
    let looks: Vec<Look> = shapes
        .iter()
        .map(|shape| Look {
            name: shape.name.table.clone(),
            columns: shape.columns.iter().map(|column| column.name.clone()).collect(),
        })
        .collect();
    let hints =
        Hints { names: vec![name, schema], surface: Some(settings.surface), system: settings.system.as_deref() };
    let Recognition { system, confidence, tables: matches } = recognise(catalog, &hints, &looks)?;
    let loader = loader_of(catalog, &looks);
    let mut noise = noise_of(&[name, schema]);
    noise.extend(system.iter().flat_map(|system| &system.aliases).cloned());
    let dictionary = dictionary()?;
    let mut source = SourceEntry {
        id: SourceId::new(name),
        surface: settings.surface,
        schema: schema.to_owned(),
        system: system.map(|system| system.system.clone()),
        confidence,
        loader: loader.map(|loader| loader.name.clone()),
        tables: Vec::with_capacity(shapes.len()),
    };
    for ((shape, look), matched) in shapes.iter().zip(&looks).zip(&matches) {
        cancel.check()?;
        let measured = profile::profile(warehouse, shape, cancel)?;
        let own_loader = loader
            .filter(|loader| bears_marks(loader, &look.columns))
            .or_else(|| catalog.loaders.iter().find(|loader| bears_marks(loader, &look.columns)));
        let context = Context { catalog, dictionary, system, loader: own_loader.or(loader), noise: &noise };
        let mut entry = context.entry(shape, measured, matched.as_ref());
        if let Some((_, log)) = log_of(catalog, look) {
            stated::sync_log(&mut entry, log);
        }
        if let Some(stated) = settings.tables.get(&shape.name.table) {
            findings.extend(stated::apply(name, &mut entry, stated)?);
        }
        source.tables.push(entry);
    }
    for stated in settings.tables.keys() {
        if !shapes.is_empty() && !shapes.iter().any(|shape| &shape.name.table == stated) {
            let side_a =
                Side { record: RecordKey::new(name, stated.clone(), ""), column: String::new(), value: stated.clone() };
            let detail = format!("the table {stated} of the source {name} is not in the schema {schema}");
            findings.push(conflict("missing_table", "table", Some(side_a), None, detail));
        }
    }
    let by_hand = |table: &str| settings.tables.get(table).is_some_and(|stated| stated.role.is_some());
    findings.extend(twins::settle(warehouse, &mut source, system, &by_hand)?);
    keys(warehouse, &mut source, settings, findings, checked, cancel)?;
    Ok(source)
}

/// Checks the keys of the tables that matter, looks for one where there is none, and names what is wrong.
fn keys(
    warehouse: &dyn Warehouse,
    source: &mut SourceEntry,
    settings: &SourceSettings,
    findings: &mut Vec<Conflict>,
    known: &mut Vec<TableKeys>,
    cancel: &CancelToken,
) -> Result<()> {
    let dictionary = dictionary()?;
    for at in 0..source.tables.len() {
        cancel.check()?;
        let table = &source.tables[at];
        let used = !matches!(table.role, Role::Other | Role::SyncLog);
        if !used {
            if table.primary_key.is_empty() {
                source.tables[at].primary_key = key::likely(dictionary, table).into_iter().collect();
            }
            continue;
        }
        if table.rows == 0 {
            let side_a = side(source, table, "", "", "");
            let detail = format!("{}.{} has no row", source.id, table.name.table);
            findings.push(conflict("empty_table", table.role.as_str(), Some(side_a), None, detail));
        }
        if table.primary_key.is_empty() {
            let found = match key::likely(dictionary, table) {
                Some(column) => Some(vec![column]),
                None => key::composite(warehouse, dictionary, table)?,
            };
            source.tables[at].primary_key = found.unwrap_or_default();
        }
        let by_hand =
            settings.tables.get(&source.tables[at].name.table).is_some_and(|stated| stated.primary_key.is_some());
        let checked = key::check(warehouse, &source.tables[at])?;
        let table = &source.tables[at];
        known.push(TableKeys {
            source: source.id.clone(),
            table: table.name.table.clone(),
            nulls: checked.nulls,
            duplicates: checked.duplicates,
        });
        if table.primary_key.is_empty() && table.rows > 0 {
            let detail = format!(
                "no column and no pair of columns names the rows of {}.{}: they are named by a hash of their contents",
                source.id, table.name.table
            );
            findings.push(conflict(
                "no_primary_key",
                table.role.as_str(),
                Some(side(source, table, "", "", "")),
                None,
                detail,
            ));
        }
        findings.extend(wrong_keys(source, table, &checked, by_hand));
    }
    Ok(())
}

fn wrong_keys(source: &SourceEntry, table: &TableEntry, checked: &key::Check, by_hand: bool) -> Vec<Conflict> {
    let mut findings = Vec::new();
    let name = table.primary_key.join(", ");
    let whose = if by_hand { "the key stated in fourfold.toml" } else { "the key" };
    if checked.nulls > 0 {
        let detail = format!(
            "{} of {} rows of {}.{} have no {name}, {whose}: they are left out",
            checked.nulls, table.rows, source.id, table.name.table
        );
        let side_a = side(source, table, "", &name, "");
        findings.push(conflict("null_key", table.role.as_str(), Some(side_a), None, detail));
    }
    for (pk, count) in &checked.examples {
        let detail = format!(
            "{name} {pk} is on {count} rows of {}.{}; {} rows of the table repeat a key",
            source.id, table.name.table, checked.duplicates
        );
        let side_a = side(source, table, pk, &name, pk);
        findings.push(conflict("duplicate_key", table.role.as_str(), Some(side_a), None, detail));
    }
    findings
}
