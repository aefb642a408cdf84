//! Which mappings did a person make, that an integration changed since?

use std::collections::BTreeMap;

use super::Scene;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{LISTED, conflict, side, with_money};
use crate::chart::history::{self, LongHistory};
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;

/// Words in the name or address of who is no human being.
const MACHINES: &[&str] = &[
    "integration",
    "api",
    "sync",
    "automat",
    "workflow",
    "bot",
    "system",
    "connector",
    "import",
    "migration",
    "etl",
    "zapier",
    "workato",
    "tray",
    "fivetran",
    "segment",
    "admin user",
];

/// Ways of a change that only a human being takes.
const BY_HAND: &[&str] = &["crm_ui", "crm_ui_bulk_action", "mobile", "mobile_ios", "mobile_android", "user", "manual"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    Human,
    Machine,
    Unknown,
}

struct Change {
    at: String,
    value: String,
    author: String,
    key: String,
}

/// Finds them in the histories of fields, where sources keep them: the last change is a machine's, and the last human one before it
/// set another value.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for table in source.tables.iter().filter(|table| table.role == Role::Account) {
            let mappings: Vec<&ColumnEntry> = table.columns.iter().filter(|column| is_mapping(column)).collect();
            if mappings.is_empty() {
                continue;
            }
            for history in history::long(source, table).into_iter().filter(|history| history.author.is_some()) {
                found.extend(in_history(scene, source, table, &mappings, history)?);
            }
        }
    }
    found.truncate(LISTED);
    Ok(found)
}

/// Whether a column ties its record to another one: an id of another system, a parent, an owner.
fn is_mapping(column: &ColumnEntry) -> bool {
    let concept = column.concept.as_deref().unwrap_or_default();
    column.refers_to.is_some() || ["account.external_id", "account.parent_id", "account.owner_id"].contains(&concept)
}

fn in_history(
    scene: &Scene<'_>,
    source: &SourceEntry,
    table: &TableEntry,
    mappings: &[&ColumnEntry],
    history: LongHistory<'_>,
) -> Result<Vec<Conflict>> {
    let Some(author) = history.author else { return Ok(Vec::new()) };
    let dialect = scene.warehouse.dialect();
    let text = |column| rows::text(dialect, column, "t");
    let names = scene.warehouse.query(
        &format!("SELECT DISTINCT {} FROM {} AS t", text(history.field), dialect.table(&history.table.name)),
        &[],
    )?;
    let mut wanted: BTreeMap<String, &ColumnEntry> = BTreeMap::new();
    for row in 0..names.len() {
        let Some(name) = names.text(row, 0) else { continue };
        if let Some(column) = mappings.iter().find(|column| history::means(name, &column.name)) {
            wanted.insert(name.to_owned(), column);
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let listed: Vec<String> = wanted.keys().map(|name| dialect.literal(name)).collect();
    let sql = format!(
        "SELECT {record}, {field}, {at}, {value}, {author}, {key} FROM {from} AS t WHERE {field} IN ({listed})",
        record = text(history.record),
        field = text(history.field),
        at = text(history.at),
        value = text(history.value),
        author = text(author),
        key = rows::key(dialect, history.table, "t"),
        from = dialect.table(&history.table.name),
        listed = listed.join(", "),
    );
    let answer = scene.warehouse.query(&sql, &[])?;
    let mut changes: BTreeMap<(String, String), Vec<Change>> = BTreeMap::new();
    for row in 0..answer.len() {
        let cell = |column: usize| answer.text(row, column).unwrap_or_default().to_owned();
        let change = Change { at: cell(2), value: cell(3), author: cell(4), key: cell(5) };
        changes.entry((cell(0), cell(1))).or_default().push(change);
    }
    let users = users(scene, source)?;
    let sheet = scene.sheet_of(source.id.as_str(), &table.name.table);
    let mut found = Vec::new();
    for ((record, field), mut list) in changes {
        list.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.key.cmp(&other.key)));
        let Some(last) = list.last() else { continue };
        if author_of(&last.author, &users) != Author::Machine {
            continue;
        }
        let human = list.iter().rev().find(|change| author_of(&change.author, &users) == Author::Human);
        let (Some(human), Some(column)) = (human.filter(|human| human.value != last.value), wanted.get(&field)) else {
            continue;
        };
        if human.value.is_empty() {
            continue;
        }
        let detail = format!(
            "{} of the account {record} of {} was set to {:?} by a person on {} and changed by {} on {}",
            column.name,
            source.id,
            human.value,
            human.at.get(..10).unwrap_or(&human.at),
            users.get(&last.author).unwrap_or(&last.author),
            last.at.get(..10).unwrap_or(&last.at)
        );
        let now = side(source, table, &record, &column.name, &last.value);
        let before = side(source, history.table, &human.key, &history.value.name, &human.value);
        let concept = column.concept.clone().unwrap_or_else(|| "account.external_id".to_owned());
        let made = conflict("manual_mapping_overwritten", &concept, Some(now), Some(before), detail);
        let money = sheet.and_then(|sheet| sheet.find(&record).and_then(|row| sheet.money(scene.map, row)));
        found.push(with_money(made, money));
    }
    Ok(found)
}

/// The names of the source's own users, by key.
fn users(scene: &Scene<'_>, source: &SourceEntry) -> Result<BTreeMap<String, String>> {
    let dialect = scene.warehouse.dialect();
    let mut found = BTreeMap::new();
    for table in source.tables.iter().filter(|table| table.role == Role::Owner && table.rows > 0) {
        let Some(name) = table.column_of("owner.name").or_else(|| table.column_of("owner.email")) else { continue };
        let sql = format!(
            "SELECT {}, {} FROM {} AS t",
            rows::key(dialect, table, "t"),
            rows::text(dialect, name, "t"),
            dialect.table(&table.name)
        );
        let answer = scene.warehouse.query(&sql, &[])?;
        for row in 0..answer.len() {
            if let (Some(key), Some(name)) = (answer.text(row, 0), answer.text(row, 1)) {
                found.insert(key.to_owned(), name.to_owned());
            }
        }
    }
    Ok(found)
}

/// Who made a change: by the way it came, or by the name of the user it is booked on.
fn author_of(author: &str, users: &BTreeMap<String, String>) -> Author {
    let lower = author.to_lowercase();
    if BY_HAND.contains(&lower.as_str()) {
        return Author::Human;
    }
    let is_machine = |text: &str| MACHINES.iter().any(|word| text.contains(word));
    match users.get(author) {
        Some(name) if is_machine(&name.to_lowercase()) => Author::Machine,
        Some(_) => Author::Human,
        None if is_machine(&lower) => Author::Machine,
        None => Author::Unknown,
    }
}
