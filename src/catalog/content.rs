//! How much do a table's columns look like those of a known table?
//!
//! A column counts the more, the fewer tables of the catalog have it: `id` says nothing, `master_record_id` nearly
//! everything. The weight is the inverse document frequency of the column over all known tables.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{common_prefixes, compact};
use super::{KnownTable, Loader, System};

/// How telling each column is, in nats.
#[derive(Debug)]
pub(super) struct Weights {
    by_column: FxHashMap<String, f64>,
    loader_prefixes: Vec<String>,
    generic: FxHashSet<String>,
}

impl Weights {
    /// Counts over all systems; systems that share a shape (two event streams) count once.
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

    /// A weight that a name which anybody would choose cannot exceed.
    fn capped(&self, compact: &str, weight: f64) -> f64 {
        if self.generic.contains(compact) { weight.min(2.0) } else { weight }
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

/// A known table, made ready for comparing.
#[derive(Debug)]
pub(super) struct Shape {
    /// The known column and its weight, by the compact forms under which it may come.
    forms: FxHashMap<String, (String, f64)>,
    /// The weight of all columns.
    all: f64,
}

impl Shape {
    pub(super) fn of(table: &KnownTable, system: &System, weights: &Weights) -> Self {
        let mut forms = FxHashMap::default();
        let known = |column: &str| (column.to_owned(), weights.of_column(&compact(column)));
        for column in table.columns() {
            forms.insert(compact(column), known(column));
        }
        // Some loaders strip what marks a team's own columns: `property_domain` comes as `domain`.
        for column in table.columns() {
            for prefix in &system.custom_prefixes {
                if let Some(bare) = column.strip_prefix(prefix.as_str()) {
                    forms.entry(compact(bare)).or_insert_with(|| known(column));
                    for other in &system.custom_prefixes {
                        forms.entry(compact(&format!("{other}{bare}"))).or_insert_with(|| known(column));
                    }
                }
            }
        }
        let all = table.columns().map(compact).map(|name| weights.capped(&name, weights.of_column(&name))).sum();
        Self { forms, all }
    }
}

/// A table as it is seen, made ready for comparing.
#[derive(Debug)]
pub(super) struct Seen {
    /// The columns in lower case, with whether the loader added them.
    columns: Vec<(String, bool)>,
    /// Their compact names: as they are, and without each prefix that most of them share.
    readings: Vec<Vec<String>>,
}

impl Seen {
    pub(super) fn of(columns: &[String], weights: &Weights) -> Self {
        let columns: Vec<(String, bool)> =
            columns.iter().map(|column| (column.to_lowercase(), weights.is_loader_column(column))).collect();
        let own: Vec<&str> = columns.iter().filter(|(_, loader)| !loader).map(|(name, _)| name.as_str()).collect();
        let read = |prefix: &str| -> Vec<String> {
            columns.iter().map(|(name, _)| compact(name.strip_prefix(prefix).unwrap_or(name))).collect()
        };
        let readings =
            std::iter::once(read("")).chain(common_prefixes(&own).iter().map(|prefix| read(prefix))).collect();
        Self { columns, readings }
    }

    /// Whether there is a column that no loader added.
    pub(super) fn has_own_columns(&self) -> bool {
        self.columns.iter().any(|(_, loader)| !loader)
    }
}

/// Compares a table's columns with a known table in each of its readings; the best one counts.
pub(super) fn fit(seen: &Seen, table: &KnownTable, shape: &Shape, system: &System, weights: &Weights) -> Fit {
    let mut best: Option<Fit> = None;
    for reading in &seen.readings {
        let fit = fit_of(seen, reading, table, shape, system, weights);
        if best.as_ref().is_none_or(|best| fit.score > best.score) {
            best = Some(fit);
        }
    }
    best.unwrap_or_default()
}

fn fit_of(
    seen: &Seen,
    reading: &[String],
    table: &KnownTable,
    shape: &Shape,
    system: &System,
    weights: &Weights,
) -> Fit {
    let mut found = FxHashMap::default();
    let mut taken: FxHashSet<&str> = FxHashSet::default();
    let (mut hit, mut telling, mut foreign, mut strange) = (0.0, 0.0, 0.0, 0.0);
    for (position, ((lower, loader), name)) in seen.columns.iter().zip(reading).enumerate() {
        if let Some((known, weight)) = shape.forms.get(name) {
            found.insert(position, known.clone());
            if taken.insert(known) && !loader {
                let weight = weights.capped(name, *weight);
                hit += weight;
                // Common names tell little each, and something together.
                telling += if weights.generic.contains(name) { 0.2 * weight } else { weight };
            }
        } else if *loader || is_custom(lower, system) {
            // A team's own columns speak neither for nor against.
        } else if let Some(weight) = weights.by_column.get(name) {
            foreign += weight;
        } else {
            strange += 1.0;
        }
    }
    let lost = Fit { columns: found, ..Fit::default() };
    if hit <= 0.0 || shape.all <= 0.0 || lacks_required(table, seen, &lost) {
        return lost;
    }
    // Foreign columns speak against the table, unheard of ones a little; missing ones even less, because extracts are
    // often cut down. A handful of common columns is not enough to be sure of anything.
    let precision = hit / (hit + 0.6 * foreign + 0.4 * strange);
    let recall = (hit / shape.all).min(1.0);
    let enough = 1.0 - (-hit / 5.0_f64).exp();
    let score = precision * (0.6 + 0.4 * recall.sqrt()) * enough;
    Fit { score, evidence: hit, telling, columns: lost.columns }
}

/// Whether a column is missing without which it is not this table.
pub(super) fn lacks_required(table: &KnownTable, seen: &Seen, fit: &Fit) -> bool {
    table.requires.iter().any(|required| {
        !fit.columns.values().any(|found| found == required) && !seen.columns.iter().any(|(name, _)| name == required)
    })
}

/// Whether a column is one that the team added to the system.
pub(super) fn is_custom(lower: &str, system: &System) -> bool {
    system.custom_prefixes.iter().any(|prefix| lower.starts_with(prefix.as_str()))
        || system.custom_suffixes.iter().any(|suffix| lower.ends_with(suffix.as_str()))
}
