//! How much do a table's columns look like those of a known table?
//!
//! A column counts the more, the fewer tables of the catalog have it: `id` says nothing, `master_record_id` nearly
//! everything. The weight is the inverse document frequency of the column over all known tables.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{common_prefix, compact};
use super::{KnownTable, Loader, System};

/// How telling each column is, in nats.
#[derive(Debug)]
pub(super) struct Weights {
    by_column: FxHashMap<String, f64>,
    loader_prefixes: Vec<String>,
    generic: FxHashSet<String>,
}

impl Weights {
    /// Counts over all systems; systems that share a shape (Segment and RudderStack) count once.
    pub(super) fn of(systems: &[System], loaders: &[Loader], generic: FxHashSet<String>) -> Self {
        let mut shapes: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
        for system in systems {
            for table in &system.tables {
                let mut columns: Vec<String> = table.columns().map(compact).collect();
                columns.sort();
                columns.dedup();
                shapes.insert((table.name.clone(), columns));
            }
        }
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        for column in shapes.iter().flat_map(|(_, columns)| columns) {
            *counts.entry(column.clone()).or_default() += 1;
        }
        let all = shapes.len() as f64 + 1.0;
        let by_column = counts.into_iter().map(|(column, count)| (column, (all / f64::from(count)).ln())).collect();
        let loader_prefixes = loaders.iter().flat_map(|loader| loader.column_prefixes.iter().cloned()).collect();
        Self { by_column, loader_prefixes, generic }
    }

    fn of_column(&self, compact: &str) -> f64 {
        self.by_column.get(compact).copied().unwrap_or(0.0)
    }

    pub(super) fn is_loader_column(&self, column: &str) -> bool {
        let lower = column.to_lowercase();
        self.loader_prefixes.iter().any(|prefix| lower.starts_with(prefix))
    }
}

/// How well a table's columns fit a known table.
#[derive(Debug, Clone, Default)]
pub(super) struct Fit {
    /// 0 to 1.
    pub(super) score: f64,
    /// The weight of the columns in common, in nats.
    pub(super) evidence: f64,
    /// The same, where column names that anybody would choose count a fifth.
    pub(super) telling: f64,
    /// The known column behind each of the table's columns, by position.
    pub(super) columns: FxHashMap<usize, String>,
}

/// The columns of a known table by the compact forms under which they may come.
pub(super) fn forms(table: &KnownTable, system: &System) -> FxHashMap<String, String> {
    let mut forms = FxHashMap::default();
    for column in table.columns() {
        forms.insert(compact(column), column.to_owned());
    }
    // Some loaders strip what marks a team's own columns: `property_domain` comes as `domain`.
    for column in table.columns() {
        for prefix in &system.custom_prefixes {
            if let Some(bare) = column.strip_prefix(prefix.as_str()) {
                forms.entry(compact(bare)).or_insert_with(|| column.to_owned());
                for other in &system.custom_prefixes {
                    forms.entry(compact(&format!("{other}{bare}"))).or_insert_with(|| column.to_owned());
                }
            }
        }
    }
    forms
}

/// Compares a table's columns with a known table, as they are and without a prefix that all of them share.
pub(super) fn fit(columns: &[String], table: &KnownTable, system: &System, weights: &Weights) -> Fit {
    let known = forms(table, system);
    let plain = fit_of(columns, None, &known, table, system, weights);
    let own: Vec<&str> =
        columns.iter().map(String::as_str).filter(|column| !weights.is_loader_column(column)).collect();
    let Some(prefix) = common_prefix(&own) else { return plain };
    let stripped = fit_of(columns, Some(&prefix), &known, table, system, weights);
    if stripped.score > plain.score { stripped } else { plain }
}

fn fit_of(
    columns: &[String],
    prefix: Option<&str>,
    known: &FxHashMap<String, String>,
    table: &KnownTable,
    system: &System,
    weights: &Weights,
) -> Fit {
    let mut found = FxHashMap::default();
    let mut taken: FxHashSet<&str> = FxHashSet::default();
    let (mut hit, mut telling, mut foreign, mut strange) = (0.0, 0.0, 0.0, 0.0);
    for (position, column) in columns.iter().enumerate() {
        let lower = column.to_lowercase();
        let bare = prefix.and_then(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
        let name = compact(bare);
        if let Some(known) = known.get(&name) {
            found.insert(position, known.clone());
            if taken.insert(known) && !weights.is_loader_column(column) {
                let weight = weights.of_column(&compact(known));
                hit += weight;
                // Common names tell little each, and something together.
                telling += if weights.generic.contains(&name) { 0.2 * weight } else { weight };
            }
        } else if weights.is_loader_column(column) || is_custom(&lower, system) {
            // A team's own columns speak neither for nor against.
        } else if let Some(weight) = weights.by_column.get(&name) {
            foreign += weight;
        } else {
            strange += 1.0;
        }
    }
    let lost = Fit { columns: found, ..Fit::default() };
    if lacks_required(table, columns, &lost) {
        return lost;
    }
    let found = lost.columns;
    let all: f64 = table.columns().map(|column| weights.of_column(&compact(column))).sum();
    if hit <= 0.0 || all <= 0.0 {
        return Fit { columns: found, ..Fit::default() };
    }
    // Foreign columns speak against the table, unheard of ones a little; missing ones even less, because extracts are
    // often cut down. A handful of common columns is not enough to be sure of anything.
    let precision = hit / (hit + 0.6 * foreign + 0.4 * strange);
    let recall = (hit / all).min(1.0);
    let enough = 1.0 - (-hit / 5.0).exp();
    Fit { score: precision * (0.6 + 0.4 * recall.sqrt()) * enough, evidence: hit, telling, columns: found }
}

/// Whether a column is missing without which it is not this table.
pub(super) fn lacks_required(table: &KnownTable, columns: &[String], fit: &Fit) -> bool {
    table.requires.iter().any(|required| {
        !fit.columns.values().any(|found| found == required)
            && !columns.iter().any(|column| column.eq_ignore_ascii_case(required))
    })
}

/// Whether a column is one that the team added to the system.
pub(super) fn is_custom(lower: &str, system: &System) -> bool {
    system.custom_prefixes.iter().any(|prefix| lower.starts_with(prefix.as_str()))
        || system.custom_suffixes.iter().any(|suffix| lower.ends_with(suffix.as_str()))
}
