//! How does an accepted lesson reach `fourfold.toml`?

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, value};

use super::{Change, MinedRule};
use crate::drift::remember::{push, table_in};
use crate::error::{Error, Result};

/// Edits the text of a `fourfold.toml`; comments and order stay.
///
/// # Errors
/// `Config` when the text is no TOML, or when a key that is needed holds something else.
pub fn write(text: &str, change: &Change) -> Result<String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|cause: toml_edit::TomlError| Error::config("fourfold.toml cannot be read").because(cause))?;
    match change {
        Change::Rule(rule) => {
            let resolve = table_in(document.as_table_mut(), "resolve")?;
            let rules = resolve.entry("rules").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
            push(rules, mined(rule))?;
        }
        Change::Segment { segment } => {
            let drift = table_in(document.as_table_mut(), "drift")?;
            let segments = drift.entry("segments").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
            let mut entry = Table::new();
            entry.insert("source", value(segment.source.as_str()));
            entry.insert("table", value(segment.table.as_str()));
            if let Some(only) = &segment.only {
                let mut inline = InlineTable::new();
                inline.insert("column", only.column.as_str().into());
                inline.insert("value", only.value.as_str().into());
                entry.insert("only", value(inline));
            }
            entry.insert("least_matched", value(segment.least_matched));
            entry.insert("reason", value(segment.reason.as_str()));
            push(segments, entry)?;
        }
        Change::Concept { source, table, column, concept } => {
            let sources = table_in(document.as_table_mut(), "sources")?;
            let Some(source) = sources.get_mut(source).and_then(Item::as_table_like_mut) else {
                return Err(Error::config(format!("fourfold.toml has no [sources.{source}]")));
            };
            let tables = table_in(source, "tables")?;
            let concepts = table_in(table_in(tables, table)?, "concepts")?;
            concepts.insert(column, value(concept.as_str()));
        }
        Change::Source { name, schema, surface, system } => {
            let sources = table_in(document.as_table_mut(), "sources")?;
            if sources.contains_key(name) {
                return Err(Error::config(format!("fourfold.toml has a [sources.{name}] already")));
            }
            let mut entry = Table::new();
            entry.insert("surface", value(surface.as_str()));
            if let Some(schema) = schema {
                entry.insert("schema", value(schema.as_str()));
            }
            if let Some(system) = system {
                entry.insert("system", value(system.as_str()));
            }
            sources.insert(name, Item::Table(entry));
        }
    }
    Ok(document.to_string())
}

fn mined(rule: &MinedRule) -> Table {
    let list = |fields: &[String]| fields.iter().map(String::as_str).collect::<Array>();
    let mut entry = Table::new();
    entry.insert("name", value(rule.name.as_str()));
    entry.insert("kind", value(rule.kind.as_str()));
    entry.insert("same", value(list(&rule.same)));
    if !rule.differ.is_empty() {
        entry.insert("differ", value(list(&rule.differ)));
    }
    entry.insert("verdict", value(rule.verdict.as_str()));
    let mut examples = ArrayOfTables::new();
    for (left, right) in &rule.examples {
        let mut example = Table::new();
        example.insert("left", value(left.as_str()));
        example.insert("right", value(right.as_str()));
        example.insert("verdict", value(rule.verdict.as_str()));
        example.insert("why", value("a person decided so"));
        examples.push(example);
    }
    if !rule.examples.is_empty() {
        entry.insert("examples", Item::ArrayOfTables(examples));
    }
    entry
}
