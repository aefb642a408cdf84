//! How does a run become a baseline, without reading a table again?
//!
//! The chart has profiled every table, resolution knows the graph, the model holds its rows and the keys it read: what is
//! kept is taken from what the run has in hand.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::baseline::{Baseline, ColumnBaseline, JoinRate, Kind, PlayOutput, TableBaseline};
use super::impact::values::column_place;
use crate::catalog::Role;
use crate::chart::profile::sketch;
use crate::chart::source_map::{ColumnEntry, SourceEntry, SourceMap, TableEntry};
use crate::chart::{Chart, ForeignKey, TableKeys};
use crate::config::WatchedSegment;
use crate::model::Model;
use crate::model::parse::moment;
use crate::model::table::ModelTable;
use crate::resolve::graph::{EntityGraph, PairStatus};
use crate::warehouse::{ColumnType, Dialect, Rows};

/// Hashes kept of a column that is no key; the sketch of a key keeps all.
const FEW_HASHES: usize = 48;
/// Values of a state or plan in the model that are counted apart.
const STATES: usize = 40;

/// What a run has in hand.
pub struct Measured<'a> {
    /// The run.
    pub run_id: &'a str,
    /// The engine.
    pub dialect: Dialect,
    /// The moment of the data.
    pub as_of: jiff::Timestamp,
    /// What the chart found.
    pub chart: &'a Chart,
    /// What resolution found.
    pub graph: &'a EntityGraph,
    /// The joined model.
    pub model: &'a Model<'a>,
    /// What plays gave out; empty where none is run.
    pub plays: &'a [PlayOutput],
    /// The segments that are watched.
    pub segments: &'a [WatchedSegment],
}

/// The baseline of a run.
#[must_use]
pub fn baseline(measured: &Measured<'_>) -> Baseline {
    let map = &measured.chart.map;
    let mut tables = tables_of(map, &measured.chart.keys);
    for rows in &measured.model.rows.tables {
        // The model has read every key of the tables it needs, not only those of the first rows.
        if rows.kept().is_empty() {
            continue;
        }
        let place = (rows.source.id.as_str(), rows.table.name.table.as_str());
        if let Some(table) = tables.iter_mut().find(|table| (table.source.as_str(), table.table.as_str()) == place) {
            table.keys = sketch(rows.kept().iter().map(|row| rows.key(*row)));
        }
    }
    let mut joins = foreign_keys(map, &measured.chart.foreign_keys);
    joins.extend(relations(map, measured.graph));
    joins.extend(matches(measured.graph));
    joins.extend(segments(measured));
    joins.sort_by(|one, other| one.key().cmp(&other.key()));
    Baseline {
        run_id: measured.run_id.to_owned(),
        engine: format!("{:?}", measured.dialect).to_lowercase(),
        as_of: measured.as_of.as_second(),
        tables,
        joins,
        graph: graph_numbers(measured.graph),
        model: model_numbers(&measured.model.tables),
        plays: measured.plays.to_vec(),
    }
}

/// The tables of a source map as they are kept, by source and name.
#[must_use]
pub fn tables_of(map: &SourceMap, keys: &[TableKeys]) -> Vec<TableBaseline> {
    let mut tables: Vec<TableBaseline> = map
        .sources
        .iter()
        .flat_map(|source| source.tables.iter().map(move |table| table_of(source, table, keys)))
        .collect();
    tables.sort_by(|one, other| (&one.source, &one.table).cmp(&(&other.source, &other.table)));
    tables
}

fn table_of(source: &SourceEntry, table: &TableEntry, keys: &[TableKeys]) -> TableBaseline {
    let own = keys.iter().find(|keys| keys.source == source.id && keys.table == table.name.table);
    let key_column = match table.primary_key.as_slice() {
        [only] => table.columns.iter().find(|column| &column.name == only),
        _ => None,
    };
    TableBaseline {
        source: source.id.as_str().to_owned(),
        table: table.name.table.clone(),
        system: source.system.clone(),
        role: table.role.as_str().to_owned(),
        rows: table.rows,
        duplicates: own.map_or(0, |keys| keys.duplicates),
        without_key: own.map_or(0, |keys| keys.nulls),
        primary_key: table.primary_key.clone(),
        synced_column: table.synced_column.clone(),
        newest_sync: table.newest_sync.as_deref().and_then(moment).map(|moment| moment.0.div_euclid(1_000_000)),
        keys: key_column
            .filter(|_| table.rows <= crate::chart::profile::EXACT_ROWS as u64)
            .map(|column| column.profile.shape.sketch.clone())
            .unwrap_or_default(),
        columns: table.columns.iter().map(|column| column_of(table, column)).collect(),
    }
}

fn column_of(table: &TableEntry, column: &ColumnEntry) -> ColumnBaseline {
    let profile = &column.profile;
    let is_key = is_key(table, column);
    let filled = table.rows.saturating_sub(profile.nulls);
    // Of what is sold every name counts, however short the list.
    let listed = matches!(table.role, Role::Product | Role::Price);
    let few = listed || profile.distinct <= 12 || filled >= profile.distinct * 5;
    let values = if few && !is_key && !is_personal(column) { profile.shape.values.clone() } else { Vec::new() };
    let mut hashes = profile.shape.sketch.clone();
    if !values.is_empty() {
        hashes.clear();
    } else if !is_key {
        hashes.truncate(FEW_HASHES);
    }
    ColumnBaseline {
        name: column.name.clone(),
        kind: Kind(column.kind),
        concept: column.concept.clone(),
        is_key,
        nulls: profile.nulls,
        distinct: profile.distinct,
        formats: profile.formats.clone(),
        buckets: if is_key || !values.is_empty() && column.kind == ColumnType::Boolean {
            Vec::new()
        } else {
            profile.shape.buckets.clone()
        },
        days: profile.shape.days.clone(),
        sketch: hashes,
        values,
    }
}

/// Whether a column's values name rows: of its own table, of another, or of another system.
fn is_key(table: &TableEntry, column: &ColumnEntry) -> bool {
    let property = column.concept.as_deref().and_then(|concept| concept.split_once('.')).map(|(_, property)| property);
    table.primary_key.contains(&column.name)
        || column.refers_to.is_some()
        || property.is_some_and(|property| property == "id" || property.ends_with("_id") || property == "merged_into")
}

/// Whether a column speaks of people, or could: its values are not kept.
fn is_personal(column: &ColumnEntry) -> bool {
    let concept = column.concept.as_deref().unwrap_or_default();
    let of_people = (concept.starts_with("person.") || concept.starts_with("owner."))
        && !["role", "active", "deleted", "country"].iter().any(|word| concept.ends_with(word));
    let reaching =
        ["email", "phone", "street", "domain", "website", "account.name", "metadata", "subject", "description"];
    let telling = ["email", "phone", "url", "uuid", "json", "domain", "salesforce_id_15", "salesforce_id_18"];
    let shaped = column.profile.formats.first().is_some_and(|(format, _)| telling.contains(&format.as_str()));
    let named = {
        let name = column.name.to_lowercase();
        ["name", "email", "phone", "street", "address"].iter().any(|word| name.contains(word)) && concept.is_empty()
    };
    of_people || shaped || named || reaching.iter().any(|word| concept.ends_with(word))
}

fn foreign_keys(map: &SourceMap, keys: &[ForeignKey]) -> Vec<JoinRate> {
    keys.iter()
        .map(|key| JoinRate {
            source: key.source.as_str().to_owned(),
            table: key.table.clone(),
            name: key.column.clone(),
            sort: "foreign_key".to_owned(),
            total: key.filled,
            hits: key.filled.saturating_sub(key.orphans),
        })
        .filter(|rate| map.sources.iter().any(|source| source.id.as_str() == rate.source))
        .collect()
}

/// How many rows of each table find their account or person.
fn relations(map: &SourceMap, graph: &EntityGraph) -> Vec<JoinRate> {
    let mut hits: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    for relation in &graph.relations {
        let place = (relation.record.source.as_str(), relation.record.table.as_str(), relation.relation.as_str());
        *hits.entry(place).or_default() += 1;
    }
    hits.into_iter()
        .filter_map(|((source, table, relation), hits)| {
            let known = map.sources.iter().find(|entry| entry.id.as_str() == source)?;
            let total = known.tables.iter().find(|entry| entry.name.table == table)?.rows;
            Some(JoinRate {
                source: source.to_owned(),
                table: table.to_owned(),
                name: relation.to_owned(),
                sort: "relation".to_owned(),
                total: total.max(hits),
                hits,
            })
        })
        .collect()
}

/// How many records of each table have an entity that another source knows too.
fn matches(graph: &EntityGraph) -> Vec<JoinRate> {
    let mut sources: FxHashMap<&str, BTreeSet<&str>> = FxHashMap::default();
    for link in &graph.links {
        sources.entry(link.entity.as_str()).or_default().insert(link.record.source.as_str());
    }
    let mut rates: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for link in &graph.links {
        let rate = rates.entry((link.record.source.as_str(), link.record.table.as_str())).or_default();
        rate.0 += 1;
        rate.1 += u64::from(sources.get(link.entity.as_str()).is_some_and(|known| known.len() > 1));
    }
    rates
        .into_iter()
        .map(|((source, table), (total, hits))| JoinRate {
            source: source.to_owned(),
            table: table.to_owned(),
            name: String::new(),
            sort: "match".to_owned(),
            total,
            hits,
        })
        .collect()
}

/// How many records of each watched segment have an entity that another source knows too.
fn segments(measured: &Measured<'_>) -> Vec<JoinRate> {
    let mut sources: FxHashMap<&str, BTreeSet<&str>> = FxHashMap::default();
    let mut entities: FxHashMap<(&str, &str, &str), &str> = FxHashMap::default();
    let mut found = Vec::new();
    for segment in measured.segments {
        let Some(only) = &segment.only else { continue };
        if entities.is_empty() {
            for link in &measured.graph.links {
                let record = &link.record;
                sources.entry(link.entity.as_str()).or_default().insert(record.source.as_str());
                entities
                    .insert((record.source.as_str(), record.table.as_str(), record.pk.as_str()), link.entity.as_str());
            }
        }
        let table = measured
            .model
            .rows
            .tables
            .iter()
            .find(|rows| rows.source.id.as_str() == segment.source && rows.table.name.table == segment.table);
        let Some(rows) = table else { continue };
        let Some(column) = rows.columns.iter().position(|column| column.name == only.column) else { continue };
        let (mut total, mut hits) = (0, 0);
        for row in rows.kept().iter().filter(|row| rows.raw(**row, column as u16) == Some(only.value.as_str())) {
            total += 1;
            let entity = entities.get(&(segment.source.as_str(), segment.table.as_str(), rows.key(*row)));
            hits += u64::from(entity.and_then(|entity| sources.get(entity)).is_some_and(|known| known.len() > 1));
        }
        found.push(JoinRate {
            source: segment.source.clone(),
            table: segment.table.clone(),
            name: format!("{}={}", only.column, only.value),
            sort: "segment".to_owned(),
            total,
            hits,
        });
    }
    found
}

fn graph_numbers(graph: &EntityGraph) -> Vec<(String, f64)> {
    let mut numbers: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |name: &str, by: f64| *numbers.entry(name.to_owned()).or_default() += by;
    for entity in &graph.entities {
        add(&format!("entities.{}", entity.kind), 1.0);
    }
    for event in &graph.history {
        add(&format!("events.{}", event.event), 1.0);
    }
    for link in &graph.links {
        add(&format!("links.{}", link.rule), 1.0);
    }
    for pair in &graph.pairs {
        add(&format!("pairs.{}", pair.status.as_str()), 1.0);
        if pair.status == PairStatus::Review {
            add("pairs.to_review", 1.0);
        }
    }
    add("relations", graph.relations.len() as f64);
    add("hierarchy", graph.hierarchy.len() as f64);
    add("links", graph.links.len() as f64);
    let largest = graph.entities.iter().map(|entity| entity.members.len()).max().unwrap_or(0);
    add("largest", largest as f64);
    numbers.into_iter().collect()
}

/// Rows, filled shares, sums of money by currency and counts by state of each table of the model.
fn model_numbers(tables: &[ModelTable]) -> Vec<(String, f64)> {
    let mut numbers: BTreeMap<String, f64> = BTreeMap::new();
    for table in tables {
        let rows = table.rows();
        numbers.insert(format!("rows.{}", table.name), rows as f64);
        for (column, filled) in table.columns.iter().zip(&table.filled) {
            if rows > 0 && !column.name.starts_with('_') {
                numbers.insert(format!("filled.{}.{}", table.name, column.name), *filled as f64 / rows as f64);
            }
        }
        let currency = column_place(table, "currency");
        let read = Rows::new(table.batches.clone());
        for (place, column) in table.columns.iter().enumerate() {
            if column.kind == ColumnType::Decimal {
                for row in 0..read.len() {
                    let Some(amount) = read.text(row, place).and_then(|text| text.parse::<f64>().ok()) else {
                        continue;
                    };
                    let code = currency.and_then(|place| read.text(row, place)).unwrap_or("-");
                    *numbers.entry(format!("sum.{}.{}.{code}", table.name, column.name)).or_default() += amount;
                }
            }
            if ["status", "plan", "priority"].contains(&column.name) {
                let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
                for row in 0..read.len() {
                    if let Some(value) = read.text(row, place) {
                        *counts.entry(value).or_default() += 1;
                    }
                }
                if counts.len() <= STATES {
                    for (value, count) in counts {
                        numbers.insert(format!("count.{}.{}.{value}", table.name, column.name), count as f64);
                    }
                }
            }
        }
    }
    numbers.into_iter().collect()
}
