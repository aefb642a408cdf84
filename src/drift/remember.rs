//! How does a confirmed rename keep the join whole?
//!
//! It is written to `fourfold.toml`: what the old name meant, the new name means; and the rename itself, so that the
//! history goes on. The file is edited, not written anew: comments and order stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, value};

use super::finding::Rename;
use crate::config::Renamed;
use crate::error::{Error, Result};

/// A rename with its place and who confirmed it.
#[derive(Debug, Clone)]
pub struct Confirmed<'a> {
    /// The source.
    pub source: &'a str,
    /// The table, by its present name.
    pub table: &'a str,
    /// The column, for a value.
    pub column: &'a str,
    /// What was proposed.
    pub rename: &'a Rename,
    /// Who confirmed it.
    pub who: &'a str,
    /// When, RFC 3339.
    pub when: &'a str,
}

/// Edits the text of a `fourfold.toml`; returns it with what was written, in words.
///
/// # Errors
/// `Config` when the text is no TOML, or when a key that is needed holds something else.
pub fn remember(text: &str, confirmed: &Confirmed<'_>) -> Result<(String, Vec<String>)> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|cause: toml_edit::TomlError| Error::config("fourfold.toml cannot be read").because(cause))?;
    let mut said = Vec::new();
    let rename = confirmed.rename;
    if rename.what != Renamed::Value {
        meaning(&mut document, confirmed, &mut said)?;
    }
    let place = format!("{}.{}", confirmed.source, confirmed.table);
    let drift = table_in(document.as_table_mut(), "drift")?;
    let renames = drift.entry("renames").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let mut entry = Table::new();
    let (what, column) = match rename.what {
        Renamed::Table => ("table", None),
        Renamed::Column => ("column", None),
        Renamed::Value => ("value", Some(confirmed.column)),
    };
    let fields = [
        ("source", Some(confirmed.source)),
        ("table", Some(confirmed.table)),
        ("value_of", column),
        ("what", Some(what)),
        ("from", Some(rename.from.as_str())),
        ("to", Some(rename.to.as_str())),
        ("who", Some(confirmed.who)),
        ("when", Some(confirmed.when)),
    ];
    for (key, text) in fields.into_iter().filter_map(|(key, text)| Some((key, text?))) {
        entry.insert(key, value(text));
    }
    push(renames, entry)?;
    said.push(format!("[[drift.renames]] {place}: the {what} {} is {} now", rename.from, rename.to));
    Ok((document.to_string(), said))
}

/// What the old name meant, under the new one.
fn meaning(document: &mut DocumentMut, confirmed: &Confirmed<'_>, said: &mut Vec<String>) -> Result<()> {
    let rename = confirmed.rename;
    if rename.concepts.is_empty() && rename.role.is_none() && rename.primary_key.is_empty() {
        return Ok(());
    }
    let sources = table_in(document.as_table_mut(), "sources")?;
    let Some(source) = sources.get_mut(confirmed.source).and_then(Item::as_table_like_mut) else {
        return Err(Error::config(format!("fourfold.toml has no [sources.{}]", confirmed.source))
            .hint("the finding is of a run with other sources; run again first"));
    };
    let tables = table_in(source, "tables")?;
    if rename.what == Renamed::Table
        && let Some(old) = tables.remove(&rename.from)
    {
        tables.insert(confirmed.table, old);
    }
    let table = table_in(tables, confirmed.table)?;
    let place = format!("[sources.{}.tables.{}]", confirmed.source, confirmed.table);
    if let Some(role) = &rename.role {
        table.insert("role", value(role.as_str()));
        said.push(format!("{place} role = {role:?}"));
    }
    if !rename.primary_key.is_empty() {
        let keys: Array = rename.primary_key.iter().map(String::as_str).collect();
        table.insert("primary_key", value(keys));
        said.push(format!("{place} primary_key = {:?}", rename.primary_key));
    }
    if rename.concepts.is_empty() {
        return Ok(());
    }
    let concepts = table_in(table, "concepts")?;
    for (old, new, concept) in &rename.concepts {
        if old != new {
            concepts.remove(old);
        }
        concepts.insert(new, value(concept.as_str()));
        said.push(format!("{place} {new} = {concept:?}"));
    }
    Ok(())
}

/// The table under a key, made when it is missing.
pub(super) fn table_in<'a>(parent: &'a mut dyn TableLike, key: &str) -> Result<&'a mut dyn TableLike> {
    if !parent.contains_key(key) {
        let mut table = Table::new();
        table.set_implicit(true);
        parent.insert(key, Item::Table(table));
    }
    parent
        .get_mut(key)
        .and_then(Item::as_table_like_mut)
        .ok_or_else(|| Error::config(format!("fourfold.toml: {key} is not a table")).hint("write it as a [section]"))
}

/// Adds an entry to an array of tables, in whichever of its two forms it is written.
pub(super) fn push(list: &mut Item, entry: Table) -> Result<()> {
    match list {
        Item::ArrayOfTables(tables) => tables.push(entry),
        Item::Value(toml_edit::Value::Array(array)) => array.push(entry.into_inline_table()),
        _ => return Err(Error::config("fourfold.toml: a list of tables is expected where another value stands")),
    }
    Ok(())
}
