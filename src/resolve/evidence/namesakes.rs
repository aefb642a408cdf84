//! Which people of one account bear the same name?
//!
//! A name alone is borne by many, but hardly ever twice in one company. Accounts are no column to compare people by:
//! colleagues agree on account and mail domain without being one person, and a model that learns without labels would
//! take them for matches. So the account only proposes pairs whose names already agree.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::units::Units;
use super::{Hint, HintClass, Hints};
use crate::resolve::extract::Extract;
use crate::resolve::extract::words::mails_of;
use crate::resolve::normalise;
use crate::resolve::normalise::person::are_nicknames;

/// People of one account who share a family name; beyond it the name tells nothing there.
const MOST_OF_A_NAME: usize = 40;

/// Pairs of people of one account whose names are the same, or the same but for a short form or an initial.
/// `account` is the account of each unit, `names` the names of each unit as compared.
#[must_use]
pub fn hints(extract: &Extract<'_>, units: &Units, account: &[Option<u32>]) -> Hints {
    // By account and family name: units with the words of their name.
    let mut groups: BTreeMap<(u32, String), Vec<(u32, Vec<String>)>> = BTreeMap::new();
    for unit in 0..units.len() as u32 {
        let Some(account) = account[unit as usize] else { continue };
        for words in names(extract, units, unit) {
            // Order of names differs between systems, so the name stands under its first and its last word.
            let (first, last) = (words.first().cloned(), words.last().cloned());
            for word in [first, last].into_iter().flatten() {
                groups.entry((account, word)).or_default().push((unit, words.clone()));
            }
        }
    }
    let mut found: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for people in groups.values().filter(|people| people.len() > 1 && people.len() <= MOST_OF_A_NAME) {
        for (at, (one, left)) in people.iter().enumerate() {
            for (other, right) in &people[at + 1..] {
                if one == other {
                    continue;
                }
                if let Some(class) = likeness(left, right) {
                    let slot = found.entry((*one.min(other), *one.max(other))).or_insert(class);
                    *slot = class.min(*slot);
                }
            }
        }
    }
    let class = |detail: &str, doubtful| HintClass {
        name: "same account",
        detail: detail.to_owned(),
        doubtful,
        declared: false,
        given: Some("name"),
    };
    let mut hints: Vec<Hint> = found.into_iter().map(|((left, right), class)| Hint { left, right, class }).collect();
    hints.sort_unstable();
    Hints { classes: vec![class("same name in one account", false), class("like names in one account", true)], hints }
}

/// The words of each name of a unit that has at least two.
fn names(extract: &Extract<'_>, units: &Units, unit: u32) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for record in &units.members[unit as usize] {
        let record = &extract.records[*record as usize];
        let mut words = record.person_name().map(|name| normalise::person_name(&name)).unwrap_or_default();
        if words.len() < 2 {
            // `jo.doe@` is as good as a name where there is none.
            words = mails_of(record)
                .map(|mail| mail.base.split(['.', '_', '-']).map(str::to_owned).collect::<Vec<String>>())
                .find(|words| words.len() == 2 && words.iter().all(|word| word.chars().all(char::is_alphabetic)))
                .unwrap_or_default();
        }
        if words.len() >= 2 && !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

/// 0 for the same words, 1 for names that differ by a short form, an initial or a middle name; None for others.
fn likeness(left: &[String], right: &[String]) -> Option<u32> {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    if sorted(left) == sorted(right) {
        return Some(0);
    }
    let ends = |words: &[String]| Some((words.first()?.clone(), words.last()?.clone()));
    let ((given, family), (other_given, other_family)) = (ends(left)?, ends(right)?);
    let alike = |one: &str, other: &str| {
        one == other
            || are_nicknames(one, other)
            || (one.len().min(other.len()) >= 3 && (one.contains(other) || other.contains(one)))
            || ((one.len() == 1 || other.len() == 1) && one.chars().next() == other.chars().next())
    };
    let straight = family == other_family && family.len() > 1 && alike(&given, &other_given);
    let crossed = family == other_given && family.len() > 1 && alike(&given, &other_family);
    (straight || crossed).then_some(1)
}
