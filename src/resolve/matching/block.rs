//! Which pairs of rows are worth comparing?
//!
//! A pass puts rows side by side that share a key: one field, or two or three together. Which passes run is planned from
//! the table's own profile: fields are drawn as matching pairs are expected to agree on them, and passes are taken as they
//! find most pairs not yet found for the fewest comparisons. A key that too many rows share does not pair them all: its
//! rows are sorted and only neighbours meet.

use rayon::prelude::*;

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::dependence::is_place;
use super::intern::{hash_text, mix};
use super::sample::Universe;
use crate::resolve::normalise::domain::domain_label;

/// Rows under one key up to which all pairs are compared.
const LARGEST_BLOCK: usize = 64;
/// How many neighbours each row of a larger block meets.
const WINDOW: usize = 8;
/// Virtual matches drawn to plan the passes.
const DRAWS: usize = 4096;
/// Agreement is planned for as if rows erred more than usual, so that no field is leant on alone.
const CAUTION: f64 = 0.75;

/// A key of one field that rows may share.
pub(crate) struct Atom {
    comparison: usize,
    name: String,
    /// For each element its key, 0 for none.
    keys: Vec<u64>,
    /// How likely two filled rows picked at random share it.
    chance: f64,
    /// How likely two matching rows share it, filled or not.
    recall: f64,
    /// The lowest expected agreement at which it is shared: exact keys need the top level.
    reach: f64,
}

/// One pass: the atoms that have to be shared together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) atoms: Vec<usize>,
    pub(crate) name: String,
}

/// The keys that a table's fields offer.
pub(crate) fn atoms(comparisons: &[Comparison], rows: usize) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for (at, comparison) in comparisons.iter().enumerate() {
        let filled = f64::from(comparison.filled) / rows.max(1) as f64;
        let top = comparison.levels.last().map_or(0.8, |level| level.expected);
        for (form, reach) in forms(comparison) {
            let keys: Vec<u64> = match form {
                Form::Whole => {
                    comparison.keys.iter().enumerate().map(|(number, key)| if number == 0 { 0 } else { *key }).collect()
                }
                Form::Part(part) => (0..comparison.keys.len() as u32)
                    .into_par_iter()
                    .map(|number| if number == 0 { 0 } else { part(comparison, number) })
                    .collect(),
            };
            let chance = chance(comparison, &keys);
            if chance >= 0.5 {
                continue;
            }
            let share = (top + (1.0 - top) * reach).min(1.0);
            let name = if matches!(form, Form::Whole) {
                comparison.name.clone()
            } else {
                format!("{} (part)", comparison.name)
            };
            atoms.push(Atom { comparison: at, name, keys, chance, recall: share * filled, reach: share });
        }
    }
    atoms
}

enum Form {
    Whole,
    Part(fn(&Comparison, u32) -> u64),
}

/// The keys of a kind of field: the whole value, and coarser ones with the share of near agreements they reach.
fn forms(comparison: &Comparison) -> Vec<(Form, f64)> {
    match comparison.concept {
        MatchConcept::GivenName | MatchConcept::FamilyName => {
            vec![(Form::Whole, 0.0), (Form::Part(|c, n| c.measure.part(n, 0)), 0.4)]
        }
        MatchConcept::CompanyName | MatchConcept::PersonName => {
            vec![
                (Form::Whole, 0.3),
                (Form::Part(|c, n| c.measure.part(n, 0)), 0.7),
                (Form::Part(|c, n| c.measure.part(n, 1)), 0.5),
            ]
        }
        MatchConcept::Email
        | MatchConcept::Domain
        | MatchConcept::PostalCode
        | MatchConcept::Date
        | MatchConcept::Street => {
            vec![(Form::Whole, 0.0), (Form::Part(|c, n| c.measure.part(n, 0)), 0.4)]
        }
        MatchConcept::Number | MatchConcept::Money | MatchConcept::FreeText => Vec::new(),
        _ => vec![(Form::Whole, 0.0)],
    }
}

/// The key of an email's mailbox name, of a domain's label, of a front part.
pub(crate) fn text_part(text: &str, concept: MatchConcept) -> u64 {
    let part = match concept {
        MatchConcept::Email => text.rsplit_once('@').map_or("", |(local, _)| local),
        MatchConcept::Domain => domain_label(text),
        _ => text,
    };
    if part.len() < 3 { 0 } else { hash_text(part.as_bytes()) }
}

/// How likely two filled rows share a key.
fn chance(comparison: &Comparison, keys: &[u64]) -> f64 {
    let mut counted: Vec<(u64, u32)> =
        keys.iter().zip(&comparison.counts).filter(|(key, _)| **key != 0).map(|(key, count)| (*key, *count)).collect();
    counted.par_sort_unstable();
    let mut pairs = 0.0;
    for run in counted.chunk_by(|left, right| left.0 == right.0) {
        let rows: f64 = run.iter().map(|(_, count)| f64::from(*count)).sum();
        pairs += rows * (rows - 1.0) / 2.0;
    }
    let filled = f64::from(comparison.filled);
    // Up to about one pair a row may be matches, which is what a key is for: they are no cost.
    let pairs = (pairs - filled).max(pairs * 0.02);
    if filled < 2.0 { 1.0 } else { pairs / (filled * (filled - 1.0) / 2.0) }
}

/// Chooses passes: the fewest comparisons for the most virtual matches.
pub(crate) fn plan(
    atoms: &[Atom],
    comparisons: &[Comparison],
    pairs: f64,
    budget: f64,
    most_passes: usize,
) -> Vec<Pass> {
    let draws = draw_agreements(atoms, comparisons);
    let mut options: Vec<(Vec<usize>, f64)> = Vec::new();
    let cost = |members: &[usize]| {
        // The parts of an address are shared together: only the finest of them narrows a pass.
        let (mut all, mut place) = (1.0, 1.0f64);
        for at in members {
            let chance = atoms[*at].chance * filled_share(atoms, comparisons, *at);
            if is_place(comparisons[atoms[*at].comparison].concept) {
                place = place.min(chance);
            } else {
                all *= chance;
            }
        }
        all * place * pairs
    };
    let fits = |members: &[usize]| {
        (1..members.len())
            .all(|at| !members[..at].iter().any(|one| atoms[*one].comparison == atoms[members[at]].comparison))
    };
    let most = budget / 2.5;
    for one in 0..atoms.len() {
        consider(vec![one], &cost, most, &mut options);
        for other in one + 1..atoms.len() {
            if fits(&[one, other]) {
                consider(vec![one, other], &cost, most, &mut options);
                for third in other + 1..atoms.len() {
                    if fits(&[one, other, third]) {
                        consider(vec![one, other, third], &cost, most, &mut options);
                    }
                }
            }
        }
    }
    let mut open: Vec<u64> = draws;
    let mut spent = 0.0;
    let mut passes: Vec<Pass> = Vec::new();
    let total = open.len() as f64;
    while passes.len() < most_passes && !open.is_empty() {
        let best = options
            .iter()
            .filter(|(_, cost)| spent + cost <= budget)
            .map(|(members, cost)| {
                let mask = members.iter().fold(0u64, |mask, at| mask | 1 << at);
                let gain = open.iter().filter(|drawn| **drawn & mask == mask).count() as f64;
                (gain / total / (cost / budget + 0.05), gain, members, *cost)
            })
            .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.2.cmp(left.2)));
        let Some((_, gain, members, cost)) = best else { break };
        if gain < total * 0.0008 {
            break;
        }
        let mask = members.iter().fold(0u64, |mask, at| mask | 1 << at);
        open.retain(|drawn| drawn & mask != mask);
        spent += cost;
        let names: Vec<&str> = members.iter().map(|at| atoms[*at].name.as_str()).collect();
        passes.push(Pass { atoms: members.clone(), name: names.join(" + ") });
    }
    passes
}

fn consider(members: Vec<usize>, cost: &impl Fn(&[usize]) -> f64, most: f64, options: &mut Vec<(Vec<usize>, f64)>) {
    let expected = cost(&members);
    if expected <= most {
        options.push((members, expected));
    }
}

fn filled_share(atoms: &[Atom], comparisons: &[Comparison], at: usize) -> f64 {
    let comparison = &comparisons[atoms[at].comparison];
    (f64::from(comparison.filled) / comparison.values.len().max(1) as f64).powi(2)
}

/// Virtual matches: for each the set of atoms shared, as bits.
fn draw_agreements(atoms: &[Atom], comparisons: &[Comparison]) -> Vec<u64> {
    (0..DRAWS as u64)
        .map(|draw| {
            atoms.iter().enumerate().take(64).fold(0u64, |mask, (at, atom)| {
                // All atoms of one field share one draw, so that the coarse key agrees wherever the exact one does.
                let uniform = |salt: u64| {
                    (mix(mix(draw) ^ mix(salt * 1000 + atom.comparison as u64)) >> 11) as f64 / (1u64 << 53) as f64
                };
                let comparison = &comparisons[atom.comparison];
                let filled = f64::from(comparison.filled) / comparison.values.len().max(1) as f64;
                let agrees =
                    uniform(1) < filled && uniform(2) < CAUTION * atom.reach.min(atom.recall / filled.max(1e-9));
                if agrees { mask | 1 << at } else { mask }
            })
        })
        .collect()
}

/// The pairs of one pass, as `smaller row << 32 | larger row`, unsorted.
pub(crate) fn pairs(pass: &Pass, atoms: &[Atom], comparisons: &[Comparison], universe: &Universe) -> Vec<u64> {
    let rows = universe.order.len();
    let mut keyed: Vec<(u64, u32)> = (0..rows as u32)
        .into_par_iter()
        .with_min_len(4096)
        .fold(Vec::new, |mut keyed, row| {
            push_keys(pass, atoms, comparisons, row, &mut keyed);
            keyed
        })
        .reduce(Vec::new, |mut left, mut right| {
            left.append(&mut right);
            left
        });
    keyed.par_sort_unstable();
    keyed
        .par_chunk_by(|left, right| left.0 == right.0)
        .fold(Vec::new, |mut found, run| {
            pair_run(run, comparisons, universe, &mut found);
            found
        })
        .reduce(Vec::new, |mut left, mut right| {
            left.append(&mut right);
            left
        })
}

fn push_keys(pass: &Pass, atoms: &[Atom], comparisons: &[Comparison], row: u32, keyed: &mut Vec<(u64, u32)>) {
    let start = keyed.len();
    keyed.push((0x5bd1_e995, row));
    for at in &pass.atoms {
        let atom = &atoms[*at];
        let comparison = &comparisons[atom.comparison];
        let value = comparison.values[row as usize];
        let elements = if value == 0 { &[] } else { comparison.elements_of(&value) };
        let end = keyed.len();
        for element in elements.iter().take(12) {
            let key = atom.keys[*element as usize];
            if key != 0 {
                for before in start..end {
                    keyed.push((mix(keyed[before].0 ^ key.rotate_left(*at as u32)), row));
                }
            }
        }
        keyed.drain(start..end);
        if keyed.len() == start {
            return;
        }
    }
}

fn pair_run(run: &[(u64, u32)], comparisons: &[Comparison], universe: &Universe, found: &mut Vec<u64>) {
    if run.len() < 2 {
        return;
    }
    let mut push = |left: u32, right: u32| {
        if universe.admits(left, right) {
            found.push(u64::from(left.min(right)) << 32 | u64::from(left.max(right)));
        }
    };
    if run.len() <= LARGEST_BLOCK {
        for (at, (_, left)) in run.iter().enumerate() {
            for (_, right) in &run[at + 1..] {
                push(*left, *right);
            }
        }
        return;
    }
    // Sorted by content twice, from either end of the fields, so that a row meets those most like it.
    for backwards in [false, true] {
        let mut rows: Vec<(u64, u32, u32)> = run
            .iter()
            .map(|(_, row)| {
                let keys = comparisons.iter().map(|comparison| {
                    comparison.keys.get(comparison.values[*row as usize] as usize).copied().unwrap_or(0)
                });
                let key = if backwards {
                    keys.rev().find(|key| *key != 0).unwrap_or(0)
                } else {
                    keys.fold(0, |sum: u64, key| sum.wrapping_add(key >> 20))
                };
                (key, universe.rank[*row as usize], *row)
            })
            .collect();
        rows.sort_unstable();
        for (at, left) in rows.iter().enumerate() {
            for right in rows.iter().skip(at + 1).take(WINDOW) {
                push(left.2, right.2);
            }
        }
    }
}
