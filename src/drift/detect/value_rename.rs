//! Which value that vanished lives on under another name, such as a plan that sales renamed?

use std::collections::BTreeMap;

use super::pair::TablePair;
use super::{Comparison, weight};
use crate::config::Renamed;
use crate::drift::baseline::ColumnBaseline;
use crate::drift::finding::{Finding, FindingKind, Rename, Severity};
use crate::warehouse::ColumnType;

/// Old and new counts must agree to this share.
const ALIKE: f64 = 0.7;
/// Elsewhere than in lists of products and prices a value must have come this often.
const FEWEST: u64 = 3;

/// The values that a rename explains, by column: old ones and new ones.
pub(super) type Explained = BTreeMap<String, (Vec<String>, Vec<String>)>;

pub(super) fn find(comparison: &Comparison<'_>, pair: &TablePair<'_>, findings: &mut Vec<Finding>) -> Explained {
    let mut explained = Explained::new();
    for (before, now) in &pair.columns {
        if now.kind.0 != ColumnType::Text || before.values.is_empty() || now.values.is_empty() {
            continue;
        }
        let gone: Vec<(&str, u64)> = only_in(before, now);
        let new: Vec<(&str, u64)> = only_in(now, before);
        for ((from, to), (olds, news)) in substitutions(&gone, &new) {
            let count = |list: &[(&str, u64)], names: &[&str]| -> u64 {
                list.iter().filter(|(name, _)| names.contains(name)).map(|(_, count)| count).sum()
            };
            let (was, is) = (count(&gone, &olds), count(&new, &news));
            let listed = matches!(pair.now.role.as_str(), "product" | "price");
            let alike = was.min(is) as f64 >= ALIKE * was.max(is) as f64;
            let single = olds.len() == 1 && (gone.len() > 1 || new.len() > 1) && from != olds[0];
            if !alike || single || (was < FEWEST && !listed) {
                continue;
            }
            let entry = explained.entry(now.name.clone()).or_default();
            entry.0.extend(olds.iter().map(|name| (*name).to_owned()));
            entry.1.extend(news.iter().map(|name| (*name).to_owned()));
            if is_confirmed(comparison, pair, &now.name, &from, &to) {
                continue;
            }
            let severity = if listed { Severity::High } else { weight(now.concept.as_deref(), false) };
            let detail = format!("{from} seems to be called {to} now in {}", now.name);
            let mut finding = Finding::new(
                FindingKind::ValueRenamed,
                severity,
                (&pair.now.source, &pair.now.table, &now.name),
                detail,
            )
            .about(&format!("{from}\u{1f}{to}"))
            .changed(from.clone(), to.clone())
            .because("values renamed", format!("{} of {} that vanished", olds.len(), gone.len()))
            .because("rows", format!("{was} before, {is} now"))
            .of_size(is as f64);
            finding.rename = Some(Rename {
                what: Renamed::Value,
                from,
                to,
                concepts: Vec::new(),
                role: None,
                primary_key: Vec::new(),
                confidence: was.min(is) as f64 / was.max(is).max(1) as f64,
            });
            findings.push(finding);
        }
    }
    explained
}

/// The values of one column that the other does not have.
fn only_in<'a>(one: &'a ColumnBaseline, other: &ColumnBaseline) -> Vec<(&'a str, u64)> {
    one.values
        .iter()
        .filter(|(value, _)| other.count_of(value) == 0)
        .map(|(value, count)| (value.as_str(), *count))
        .collect()
}

type Substitutions<'a> = BTreeMap<(String, String), (Vec<&'a str>, Vec<&'a str>)>;

/// Which words, put in the place of which others, turn vanished values into new ones: one for each vanished value, the one
/// that explains most of them.
fn substitutions<'a>(gone: &[(&'a str, u64)], new: &[(&'a str, u64)]) -> Substitutions<'a> {
    let mut found: Substitutions<'a> = BTreeMap::new();
    for (old, _) in gone {
        for (fresh, _) in new {
            let (from, to) = difference(old, fresh);
            if from.is_empty() || to.is_empty() {
                continue;
            }
            let entry = found.entry((from, to)).or_default();
            entry.0.push(old);
            entry.1.push(fresh);
        }
    }
    // Greatest first; each value is explained once.
    let mut ranked: Vec<_> = found.into_iter().collect();
    ranked.sort_by(|one, other| other.1.0.len().cmp(&one.1.0.len()).then_with(|| one.0.cmp(&other.0)));
    let mut chosen: Substitutions<'a> = BTreeMap::new();
    let mut used: Vec<&str> = Vec::new();
    for (words, (olds, news)) in ranked {
        let free = olds.iter().chain(&news).all(|value| !used.contains(value));
        // One value for one other is believed only where there is no choice.
        let believable = olds.len() > 1 || gone.len() == 1 && new.len() == 1;
        if free && believable {
            used.extend(olds.iter().chain(&news));
            chosen.insert(words, (olds, news));
        }
    }
    chosen
}

/// The words in which two values differ, without what they have in common at both ends.
fn difference(old: &str, fresh: &str) -> (String, String) {
    let (old, fresh): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), fresh.split(' ').collect());
    let shorter = old.len().min(fresh.len());
    let head = old.iter().zip(&fresh).take_while(|(one, other)| one == other).count();
    let tail =
        old.iter().rev().zip(fresh.iter().rev()).take(shorter - head).take_while(|(one, other)| one == other).count();
    (old[head..old.len() - tail].join(" "), fresh[head..fresh.len() - tail].join(" "))
}

fn is_confirmed(comparison: &Comparison<'_>, pair: &TablePair<'_>, column: &str, from: &str, to: &str) -> bool {
    comparison.renames().iter().any(|rename| {
        rename.what == Renamed::Value
            && rename.source == pair.now.source
            && rename.table == pair.now.table
            && rename.value_of.as_deref() == Some(column)
            && rename.from == from
            && rename.to == to
    })
}
