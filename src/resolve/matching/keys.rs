//! Which keys do a table's fields offer for blocking?

use rayon::prelude::*;

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::intern::{hash_text, mix};
use crate::resolve::normalise::domain::domain_label;

/// A key of one field that rows may share.
pub(crate) struct Atom {
    /// The comparison whose values it is a key of.
    pub(crate) comparison: usize,
    /// What people call it.
    pub(crate) name: String,
    /// For each element its key, 0 for none; absent where each element is its own key.
    keys: Option<Vec<u64>>,
    /// Whether every value has a key.
    pub(crate) always_keyed: bool,
    /// How many pairs of rows share it.
    pub(crate) pairs: f64,
    /// How likely two filled rows that do not match share it.
    pub(crate) chance: f64,
    /// How likely two matching rows share it, filled or not.
    pub(crate) recall: f64,
    /// The lowest expected agreement at which it is shared: exact keys need the top level.
    pub(crate) reach: f64,
}

impl Atom {
    /// The key of an element, 0 for none. Equal keys mean the same, whatever their number.
    pub(crate) fn key(&self, element: u32) -> u64 {
        self.keys.as_ref().map_or_else(|| u64::from(element), |keys| keys[element as usize])
    }

    /// Whether only equal elements share a key.
    pub(crate) fn is_whole(&self) -> bool {
        self.keys.is_none()
    }
}

/// The keys that a table's fields offer.
pub(crate) fn atoms(comparisons: &[Comparison], rows: usize) -> Vec<Atom> {
    let offered: Vec<(usize, Form, f64)> = comparisons
        .iter()
        .enumerate()
        .flat_map(|(at, comparison)| forms(comparison).into_iter().map(move |(form, reach)| (at, form, reach)))
        .collect();
    let mut made: Vec<Atom> =
        offered.into_par_iter().map(|(at, form, reach)| atom(comparisons, rows, at, &form, reach)).collect();
    for atom in &mut made {
        let filled = f64::from(comparisons[atom.comparison].filled);
        // Up to about one pair a row may be matches, which is what a key is for: they are no cost.
        let cost = (atom.pairs - filled).max(atom.pairs * 0.02);
        atom.chance = if filled < 2.0 { 1.0 } else { cost / (filled * (filled - 1.0) / 2.0) };
    }
    made.retain(|atom| atom.chance < 0.5);
    made
}

fn atom(comparisons: &[Comparison], rows: usize, at: usize, form: &Form, reach: f64) -> Atom {
    let comparison = &comparisons[at];
    let filled = f64::from(comparison.filled) / rows.max(1) as f64;
    let top = comparison.levels.last().map_or(0.8, |level| level.expected);
    // Names are one in spite of different legal forms: they have keys of their own. Other values are their own keys.
    let named = matches!(comparison.concept, MatchConcept::CompanyName | MatchConcept::PersonName);
    let keys: Option<Vec<u64>> = match form {
        Form::Whole => named.then(|| {
            comparison.keys.iter().enumerate().map(|(number, key)| if number == 0 { 0 } else { *key }).collect()
        }),
        Form::Part(part) => Some(
            (0..comparison.keys.len() as u32)
                .into_par_iter()
                .with_min_len(4096)
                .map(|number| if number == 0 { 0 } else { part(comparison, number) })
                .collect(),
        ),
    };
    let pairs = pairs_sharing(comparison, keys.as_deref());
    let share = (top + (1.0 - top) * reach).min(1.0);
    let whole = matches!(form, Form::Whole);
    let name = if whole { comparison.name.clone() } else { format!("{} (part)", comparison.name) };
    let always_keyed = keys.as_ref().is_none_or(|keys| keys.iter().skip(1).all(|key| *key != 0));
    Atom { comparison: at, name, keys, always_keyed, pairs, chance: 1.0, recall: share * filled, reach: share }
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

/// Places in which rows are counted by the hash of their key.
const PLACES: usize = 1 << 18;

/// How many pairs of rows share a key.
fn pairs_sharing(comparison: &Comparison, keys: Option<&[u64]>) -> f64 {
    let pairs_of = |rows: u32| (f64::from(rows) * (f64::from(rows) - 1.0) / 2.0).max(0.0);
    match keys {
        None => comparison.counts.iter().skip(1).map(|count| pairs_of(*count)).sum::<f64>(),
        Some(keys) => {
            // Keys that meet in one place by chance add the same number of pairs everywhere, which is taken off again
            // (after the sketch of Alon, Matias and Szegedy, 1996).
            let mut places = vec![0u32; PLACES];
            let mut rows = 0;
            for (key, count) in keys.iter().zip(&comparison.counts).filter(|(key, _)| **key != 0) {
                places[mix(*key) as usize % PLACES] += count;
                rows += count;
            }
            let met: f64 = places.iter().map(|rows| pairs_of(*rows)).sum();
            let by_chance = pairs_of(rows) / PLACES as f64;
            ((met - by_chance) / (1.0 - 1.0 / PLACES as f64)).max(0.0)
        }
    }
}
