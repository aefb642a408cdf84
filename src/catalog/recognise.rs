//! Which known system is a source, and which of its tables is which?
//!
//! All tables vote for the system together, by content and by name; then each table is assigned within it. So a source
//! with a telling `opportunity` table also explains its plain `user` table.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

pub use super::proposal::{Recognised, source};

use super::content::{Fit, Seen, fit, is_custom, lacks_required};
use super::names::{compact, is_adapter_copy, singular, table_forms, words};
use super::{Catalog, KnownTable, Role, System};
use crate::error::{Error, Result};
use crate::ident::Surface;

/// A table as it is seen in the warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The name.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<String>,
}

/// A table that was recognised.
#[derive(Debug, Clone)]
pub struct TableMatch {
    /// The known table.
    pub known: &'static KnownTable,
    /// Whether its name said so; otherwise its columns did.
    pub by_name: bool,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// The known column behind each of the table's columns, by position.
    pub columns: FxHashMap<usize, String>,
    /// Whether the name marks a copy made for another adapter.
    pub adapter_copy: bool,
}

/// What a source was recognised as.
#[derive(Debug, Clone)]
pub struct Recognition {
    /// The system; None when no known one fits.
    pub system: Option<&'static System>,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// The tables, in the order in which they were given.
    pub tables: Vec<Option<TableMatch>>,
}

/// What is known about a source before its tables are looked at.
#[derive(Debug, Clone, Default)]
pub struct Hints<'hint> {
    /// The source's and the schema's name.
    pub names: Vec<&'hint str>,
    /// The surface that a person stated.
    pub surface: Option<Surface>,
    /// The system that a person stated.
    pub system: Option<&'hint str>,
}

/// A table counts as recognised from here on.
const TABLE_FLOOR: f64 = 0.4;
/// A system counts as recognised from here on.
const SYSTEM_FLOOR: f64 = 0.5;

/// Recognises a source and its tables.
///
/// # Errors
/// `Config` when the stated system is not in the catalog.
pub fn recognise(catalog: &'static Catalog, hints: &Hints<'_>, tables: &[Look]) -> Result<Recognition> {
    let seen: Vec<(&Look, Seen)> =
        tables.iter().map(|table| (table, Seen::of(&table.columns, &catalog.weights))).collect();
    if let Some(name) = hints.system {
        let found = catalog.systems.iter().position(|system| system.system == name);
        let at = found.ok_or_else(|| unknown_system(catalog, name))?;
        let system = &catalog.systems[at];
        let ranked = rank(catalog, at, hints, &seen);
        return Ok(Recognition { system: Some(system), confidence: 1.0, tables: assign(ranked) });
    }
    let all: Vec<Vec<Vec<Scored>>> = (0..catalog.systems.len()).map(|at| rank(catalog, at, hints, &seen)).collect();
    // What the best system could explain of each table is the measure for all of them.
    let best: Vec<f64> =
        (0..tables.len()).map(|at| all.iter().map(|system| explained(&system[at])).fold(0.0, f64::max)).collect();
    let whole: f64 = best.iter().sum();
    let mut votes: Vec<(f64, usize)> = all
        .iter()
        .enumerate()
        .map(|(at, ranked)| {
            let sum: f64 = ranked.iter().map(|table| explained(table)).sum();
            let share = if whole > 0.0 { sum / whole } else { 0.0 };
            let system = &catalog.systems[at];
            let named = hint(system, &Hints { surface: None, ..hints.clone() }, tables) >= 0.15;
            let enough = if named { 1.0 } else { enough(ranked) };
            (0.8 * share * quality(ranked) * enough + hint(system, hints, tables), at)
        })
        .collect();
    votes.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let Some(&(vote, winner)) = votes.first() else {
        return Ok(Recognition { system: None, confidence: 0.0, tables: vec![None; tables.len()] });
    };
    let ranked = all.into_iter().nth(winner).unwrap_or_default();
    let system = &catalog.systems[winner];
    let matched = ranked.iter().any(|table| table.first().is_some_and(|best| best.score >= TABLE_FLOOR));
    if vote < SYSTEM_FLOOR || !matched {
        return Ok(Recognition { system: None, confidence: 0.0, tables: vec![None; tables.len()] });
    }
    Ok(Recognition { system: Some(system), confidence: vote.min(0.99), tables: assign(ranked) })
}

fn unknown_system(catalog: &Catalog, name: &str) -> Error {
    let known: Vec<&str> = catalog.systems.iter().map(|system| system.system.as_str()).collect();
    Error::config(format!("the catalog holds no system {name:?}"))
        .hint(format!("known systems: {}", known.join(", ")))
        .hint("leave `system` away for anything else: its tables are then read by their names, types and values")
}

/// A known table with how well it fits.
struct Scored {
    known: &'static KnownTable,
    score: f64,
    named: bool,
    fit: Fit,
    adapter_copy: bool,
}

/// The known tables of a system for each table, best first.
fn rank(catalog: &'static Catalog, at: usize, hints: &Hints<'_>, tables: &[(&Look, Seen)]) -> Vec<Vec<Scored>> {
    let system = &catalog.systems[at];
    let mut noise: Vec<String> = hints.names.iter().flat_map(|name| words(name)).collect();
    noise.extend(system.aliases.iter().flat_map(|alias| words(alias)));
    let noise: Vec<String> = noise.iter().map(|word| singular(word)).collect();
    tables
        .iter()
        .map(|(table, seen)| {
            let forms = table_forms(&table.name, &noise);
            let mut scored: Vec<Scored> = system
                .tables
                .iter()
                .zip(&catalog.shapes[at])
                .map(|(known, shape)| {
                    let fit = fit(seen, known, shape, system, &catalog.weights);
                    let name = if lacks_required(known, seen, &fit) { 0.0 } else { name_score(&forms, known) };
                    let score = combined(name, &fit, seen.has_own_columns())
                        * if name > 0.0 || is_telling(known, &fit) { 1.0 } else { 0.5 };
                    Scored { known, score, named: name >= 0.9, fit, adapter_copy: is_adapter_copy(&table.name) }
                })
                .collect();
            scored.sort_by(|one, other| {
                other.score.total_cmp(&one.score).then_with(|| one.known.name.cmp(&other.known.name))
            });
            scored
        })
        .collect()
}

/// 1 for the name itself, a little less for an alias or after words around it were taken away, half when the name only
/// ends like it.
fn name_score(forms: &[String], known: &KnownTable) -> f64 {
    let own = words(&known.name).iter().map(|word| singular(word)).collect::<String>();
    let bare = own.strip_suffix("history").filter(|bare| !bare.is_empty());
    let aliases: Vec<String> =
        known.aliases.iter().map(|alias| words(alias).iter().map(|word| singular(word)).collect()).collect();
    for (at, form) in forms.iter().enumerate() {
        let worn = if at == 0 { 0.0 } else { 0.02 };
        if *form == own {
            return 1.0 - worn;
        }
        if aliases.contains(form) {
            return 0.95 - worn;
        }
    }
    let ends = |form: &String| {
        (own.len() >= 4 && form.ends_with(&own)) || bare.is_some_and(|bare| bare.len() >= 4 && form.ends_with(bare))
    };
    if forms.iter().any(ends) { 0.5 } else { 0.0 }
}

fn combined(name: f64, fit: &Fit, has_own_columns: bool) -> f64 {
    let content = fit.score;
    if name >= 0.9 {
        // A name alone is believed where nothing speaks against it, and doubted where no column fits.
        let floor = if content >= 0.1 || !has_own_columns {
            0.55
        } else if fit.columns.is_empty() {
            0.3
        } else {
            0.45
        };
        name * (floor + (1.0 - floor) * content)
    } else if name > 0.0 {
        (0.15 + 0.75 * content).max(content * 0.95)
    } else {
        content * 0.95
    }
}

/// Whether the columns in common say something about the records: a key alone does not make an account.
fn is_telling(known: &KnownTable, fit: &Fit) -> bool {
    if known.role == Role::Other {
        return true;
    }
    let concepts: BTreeSet<&String> = fit
        .columns
        .values()
        .filter(|column| known.concepts.contains_key(*column) && !known.primary_key.contains(column))
        .collect();
    concepts.len() >= 2 || known.concepts.len() <= 3
}

/// How much of a table its best match explains: the score, weighted by the evidence, so that small tables of common
/// columns cannot outvote the telling ones.
fn explained(ranked: &[Scored]) -> f64 {
    ranked
        .iter()
        .take(1)
        .filter(|best| best.score >= TABLE_FLOOR)
        .map(|best| best.score * (2.0 + best.fit.evidence.min(40.0)))
        .sum()
}

/// How well the tables fit on average, by evidence: many half-fitting tables are no system.
fn quality(ranked: &[Vec<Scored>]) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for best in ranked.iter().filter_map(|table| table.first()) {
        let weight = 1.0 + best.fit.evidence.min(40.0);
        sum += weight * best.score;
        all += weight;
    }
    if all > 0.0 { (sum / all * 1.4).min(1.0) } else { 0.0 }
}

/// A handful of common columns, such as id, name and e-mail, is not enough to name a system.
fn enough(ranked: &[Vec<Scored>]) -> f64 {
    let mut sum = 0.0;
    for best in ranked.iter().filter_map(|table| table.first()).filter(|best| best.score >= TABLE_FLOOR) {
        sum += best.score * best.fit.telling;
    }
    1.0 - (-sum / 5.0).exp()
}

/// What the names of source, schema and tables say, and the marks of a team's own columns.
fn hint(system: &System, hints: &Hints<'_>, tables: &[Look]) -> f64 {
    let mut sum = 0.0;
    if hints.names.iter().any(|name| speaks_of(name, system)) {
        sum += 0.35;
    }
    let prefixed = tables.iter().filter(|table| speaks_of(&table.name, system)).count();
    if tables.len() > 1 && prefixed * 2 > tables.len() {
        sum += 0.2;
    } else if tables.len() == 1 && prefixed == 1 {
        sum += 0.15;
    }
    let columns = tables.iter().flat_map(|table| &table.columns);
    if columns.clone().filter(|column| is_custom(&column.to_lowercase(), system)).count() * 10 > columns.count() {
        sum += 0.05;
    }
    if hints.surface == Some(system.surface) {
        sum += 0.05;
    }
    sum
}

/// Whether a name holds one of the system's aliases, as a word, or anywhere when the alias is long.
fn speaks_of(name: &str, system: &System) -> bool {
    let parts = words(name);
    let whole = compact(name);
    system.aliases.iter().any(|alias| {
        let alias = compact(alias);
        parts.contains(&alias) || (alias.len() >= 5 && whole.contains(&alias))
    })
}

/// The best known table for each table, where it is good enough.
fn assign(ranked: Vec<Vec<Scored>>) -> Vec<Option<TableMatch>> {
    ranked
        .into_iter()
        .map(|table| {
            let best = table.into_iter().next().filter(|best| best.score >= TABLE_FLOOR)?;
            Some(TableMatch {
                known: best.known,
                by_name: best.named,
                confidence: best.score.min(0.99),
                columns: best.fit.columns,
                adapter_copy: best.adapter_copy,
            })
        })
        .collect()
}
