//! What did a person state about a table, and what does a loader's log hold?

use super::conflict::{Conflict, Side};
use super::finding::conflict;
use super::source_map::{Origin, TableEntry};
use crate::catalog::names::compact;
use crate::catalog::{LoaderLog, Role, concept::PROPERTIES};
use crate::config::TableSettings;
use crate::error::{Error, Result};
use crate::ident::RecordKey;

/// Applies what `fourfold.toml` says: it rules over catalog and inference. A column that is not there is a finding.
///
/// # Errors
/// `Config` for an unknown role or concept, with what was meant.
pub fn apply(source: &str, entry: &mut TableEntry, stated: &TableSettings) -> Result<Vec<Conflict>> {
    let mut findings = Vec::new();
    let place = format!("[sources.{source}.tables.{}]", entry.name.table);
    let missing = |column: &str| {
        let side_a = Side {
            record: RecordKey::new(source, entry.name.table.clone(), ""),
            column: column.to_owned(),
            value: column.to_owned(),
        };
        let detail = format!("fourfold.toml speaks of the column {column}, which {} does not have", entry.name);
        conflict("missing_table", "column", Some(side_a), None, detail)
    };
    if let Some(keys) = &stated.primary_key {
        for column in keys.iter().filter(|column| !has(entry, column)) {
            findings.push(missing(column));
        }
    }
    for column in stated.concepts.keys().filter(|column| !has(entry, column)) {
        findings.push(missing(column));
    }
    if let Some(word) = &stated.role {
        let role = role_of(word).ok_or_else(|| unknown_role(&place, word))?;
        if role != entry.role {
            for column in &mut entry.columns {
                column.concept = None;
                column.origin = None;
                column.confidence = 0.0;
            }
        }
        entry.role = role;
        entry.origin = Origin::Operator;
        entry.confidence = 1.0;
    }
    if let Some(keys) = &stated.primary_key {
        let known: Vec<String> = keys.iter().filter(|column| has(entry, column)).cloned().collect();
        if known.len() == keys.len() {
            entry.primary_key = known;
        }
    }
    for (name, concept) in &stated.concepts {
        let Some(column) = entry.columns.iter_mut().find(|column| &column.name == name) else { continue };
        if concept.is_empty() {
            column.concept = None;
            column.refers_to = None;
        } else {
            check_concept(&place, concept)?;
            column.concept = Some(concept.clone());
        }
        column.origin = Some(Origin::Operator);
        column.confidence = 1.0;
    }
    Ok(findings)
}

fn has(entry: &TableEntry, column: &str) -> bool {
    entry.columns.iter().any(|own| own.name == column)
}

pub(super) fn role_of(word: &str) -> Option<Role> {
    let all = PROPERTIES.iter().map(|(role, _)| *role).chain([Role::Other]);
    all.into_iter().find(|role| role.as_str() == word)
}

pub(super) fn unknown_role(place: &str, word: &str) -> Error {
    let roles: Vec<&str> = PROPERTIES.iter().map(|(role, _)| role.as_str()).chain(["other"]).collect();
    Error::config(format!("fourfold.toml: {place} role = {word:?} is not a role"))
        .hint(format!("roles are: {}", roles.join(", ")))
}

pub(super) fn check_concept(place: &str, concept: &str) -> Result<()> {
    let (word, property) = concept.split_once('.').unwrap_or((concept, ""));
    let Some(role) = role_of(word) else {
        return Err(unknown_role(place, word).hint("a concept is written role.property, such as account.domain"));
    };
    if role.properties().contains(&property) {
        return Ok(());
    }
    let near = role
        .properties()
        .iter()
        .max_by_key(|known| (similarity(known, property) * 1000.0) as i64)
        .map(|known| format!("did you mean {word}.{known}?"));
    let mut error = Error::config(format!("fourfold.toml: {place} {concept:?} is not a concept"));
    if let Some(near) = near {
        error = error.hint(near);
    }
    Err(error.hint(format!("properties of {word}: {}", role.properties().join(", "))))
}

fn similarity(one: &str, other: &str) -> f64 {
    rapidfuzz::distance::levenshtein::normalized_similarity(one.chars(), other.chars())
}

/// Makes a table the log of its loader.
pub fn sync_log(entry: &mut TableEntry, log: &LoaderLog) {
    entry.role = Role::SyncLog;
    entry.system_table = Some(log.name.clone());
    entry.origin = Origin::CatalogName;
    entry.confidence = 0.95;
    if log.concepts.is_empty() {
        entry.role = Role::Other;
    }
    for column in &mut entry.columns {
        let known = log.concepts.iter().find(|(name, _)| compact(name) == compact(&column.name));
        column.concept = known.map(|(_, concept)| concept.clone());
        column.origin = column.concept.as_ref().map(|_| Origin::CatalogName);
        column.confidence = if column.concept.is_some() { 0.95 } else { 0.0 };
    }
}
