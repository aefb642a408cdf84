//! For which pairs do the team's own rules speak?
//!
//! A rule of `fourfold.toml` adds a bar to every pair on whose fields it holds; it proposes such pairs itself, so that it
//! is heard also where no other pass would put the two records side by side. Decisions stand above rules.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::config::{MatchRule, RuleField, RuleVerdict};
use crate::ident::EntityKind;
use crate::resolve::evidence::units::Units;
use crate::resolve::extract::Extract;
use crate::resolve::extract::record::{Field, Record};
use crate::resolve::extract::words::{canonical_id, mails_of, name_key};
use crate::resolve::normalise;

/// A value that more units hold than this is a hub: a rule proposes no pairs from it.
const MOST_HOLDERS: usize = 50;

/// What a rule says about two units.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The smaller unit.
    pub left: u32,
    /// The greater unit.
    pub right: u32,
    /// The rule's name.
    pub rule: String,
    /// Bits, below 0 for a rule that keeps apart.
    pub weight: f64,
}

/// Everything that the rules of one kind say, in the order of the rules and then of the units.
#[must_use]
pub fn find(rules: &[MatchRule], extract: &Extract<'_>, units: &Units) -> Vec<Stated> {
    let mut stated = Vec::new();
    for rule in rules.iter().filter(|rule| rule.kind == extract.kind) {
        let Some(first) = rule.same.first() else { continue };
        let mut values: FxHashMap<(RuleField, u32), BTreeSet<String>> = FxHashMap::default();
        let mut holders: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for unit in 0..units.len() as u32 {
            if extract.records[units.survivor(unit) as usize].aside.is_some() {
                continue;
            }
            for field in rule.same.iter().chain(&rule.differ) {
                values.entry((*field, unit)).or_insert_with(|| values_of(extract, units, unit, *field));
            }
            for value in &values[&(*first, unit)] {
                holders.entry(value.clone()).or_default().push(unit);
            }
        }
        let agree =
            |field: &RuleField, one: u32, other: u32| !values[&(*field, one)].is_disjoint(&values[&(*field, other)]);
        let differ = |field: &RuleField, one: u32, other: u32| {
            let sides = [&values[&(*field, one)], &values[&(*field, other)]];
            sides.iter().all(|side| !side.is_empty()) && sides[0].is_disjoint(sides[1])
        };
        let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
        for list in holders.values().filter(|list| list.len() > 1 && list.len() <= MOST_HOLDERS) {
            for (at, one) in list.iter().enumerate() {
                for other in &list[at + 1..] {
                    if rule.same.iter().all(|field| agree(field, *one, *other))
                        && rule.differ.iter().all(|field| differ(field, *one, *other))
                    {
                        pairs.insert((*one.min(other), *one.max(other)));
                    }
                }
            }
        }
        let weight = if rule.verdict == RuleVerdict::Same { rule.bits } else { -rule.bits };
        stated.extend(pairs.into_iter().map(|(left, right)| Stated { left, right, rule: rule.name.clone(), weight }));
    }
    stated
}

/// The normal values of a field over all records of a unit.
fn values_of(extract: &Extract<'_>, units: &Units, unit: u32, field: RuleField) -> BTreeSet<String> {
    units.members[unit as usize]
        .iter()
        .flat_map(|record| record_values(&extract.records[*record as usize], extract.kind, field))
        .filter(|value| !value.is_empty())
        .collect()
}

fn record_values(record: &Record, kind: EntityKind, field: RuleField) -> Vec<String> {
    let plain = |of: Field| record.values(of).map(|value| normalise::words(value).join(" ")).collect();
    match (field, kind) {
        (RuleField::Name, EntityKind::Account) => record.values(Field::Name).map(name_key).collect(),
        (RuleField::Name, EntityKind::Person) => {
            let mut words = record.person_name().map(|name| normalise::person_name(&name)).unwrap_or_default();
            words.sort_unstable();
            vec![words.join(" ")]
        }
        (RuleField::Domain, _) => record
            .values(Field::Website)
            .chain(record.values(Field::Domain))
            .filter_map(normalise::registrable_domain)
            .filter(|domain| !normalise::is_free_mail(domain))
            .collect(),
        (RuleField::Email, _) => mails_of(record).map(|mail| mail.canonical()).collect(),
        (RuleField::Phone, _) => record.values(Field::Phone).filter_map(normalise::phone::phone_key).collect(),
        (RuleField::Street, _) => plain(Field::Street),
        (RuleField::PostalCode, _) => {
            record.values(Field::PostalCode).map(|value| normalise::words(value).concat()).collect()
        }
        (RuleField::City, _) => plain(Field::City),
        (RuleField::Country, _) => record
            .values(Field::Country)
            .map(|value| {
                normalise::country_code(value).map_or_else(|| normalise::words(value).join(" "), str::to_owned)
            })
            .collect(),
        (RuleField::Id, _) => record.values(Field::Identifier).filter_map(canonical_id).collect(),
        (RuleField::Title, _) => plain(Field::Title),
        (RuleField::Industry, _) => plain(Field::Industry),
    }
}
