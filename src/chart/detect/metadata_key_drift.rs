//! Which keys of JSON metadata are written in several ways?

use std::collections::BTreeMap;

use super::Scene;
use super::cross_id::members;
use crate::catalog::names::{compact, words};
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side};

/// A key as it is written, with how often, and the first record with its value.
type Spelling<'key> = (&'key String, &'key (u64, String, String));

/// Finds them in the metadata of accounts and people: keys with the same letters, and short and long forms of one key
/// (`salesforce_id`, `SalesforceAccountId`).
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for sheet in &scene.sheets {
        for &column in sheet.with("metadata") {
            // Spelling -> count, first record, its value.
            let mut spellings: BTreeMap<String, (u64, String, String)> = BTreeMap::new();
            for row in sheet.rows.iter().filter(|row| !row.dead) {
                for (key, value) in row.cell(column).map(members).unwrap_or_default() {
                    let entry = spellings.entry(key).or_insert_with(|| (0, row.pk.clone(), value));
                    entry.0 += 1;
                }
            }
            let mut groups: BTreeMap<String, Vec<Spelling<'_>>> = BTreeMap::new();
            for (key, seen) in &spellings {
                groups.entry(stem(key)).or_default().push((key, seen));
            }
            let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
            let name = &sheet.column(scene.map, column).name;
            for group in groups.values_mut().filter(|group| group.len() > 1) {
                group.sort_by(|one, other| other.1.0.cmp(&one.1.0).then_with(|| one.0.cmp(other.0)));
                let list: Vec<String> = group.iter().map(|(key, seen)| format!("{key} ({})", seen.0)).collect();
                let detail = format!(
                    "{name} of {}.{} writes one key in {} ways: {}",
                    source.id,
                    table.name.table,
                    group.len(),
                    list.join(", ")
                );
                let shown =
                    |at: usize| side(source, table, &group[at].1.1, &format!("{name}.{}", group[at].0), &group[at].1.2);
                found.push(conflict(
                    "metadata_key_drift",
                    &format!("{}.metadata", sheet.role),
                    Some(shown(0)),
                    Some(shown(1)),
                    detail,
                ));
            }
        }
    }
    found
}

/// What two spellings of one key have in common: its letters, and for ids also without the word between system and `id`.
fn stem(key: &str) -> String {
    let parts = words(key);
    if parts.len() >= 3 && parts.last().is_some_and(|last| last == "id") {
        let middle = &parts[1..parts.len() - 1];
        if middle.iter().all(|word| ["account", "customer", "company", "org", "organization"].contains(&word.as_str()))
        {
            return format!("{}id", parts[0]);
        }
    }
    compact(key)
}
