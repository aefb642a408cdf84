//! What does free JSON on a record say about who it is?
//!
//! Teams write other systems' ids, company names and domains into metadata under whatever key they like, so a key is
//! judged by its bare letters and a value by its shape.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::read::{LONGEST_JSON, is_false};
use super::record::{Cell, Field};

/// Column positions from here on are keys of metadata, see [`KeyNames`].
pub const FIRST_KEY: u16 = 0x8000;

/// More distinct keys than this are not kept apart: they are data, not keys.
const MOST_KEYS: usize = 4096;

/// Words in keys under which the team's own people stand.
const OWN_PEOPLE: &[&str] = &["owner", "csm", "rep", "manager", "sales", "agent", "createdby", "updatedby", "assignee"];

/// The keys met in metadata, by number.
#[derive(Debug, Default)]
pub struct KeyNames {
    numbers: FxHashMap<String, u16>,
    names: Vec<String>,
}

impl KeyNames {
    fn number(&mut self, name: String) -> Option<u16> {
        if let Some(number) = self.numbers.get(&name) {
            return Some(*number);
        }
        if self.names.len() >= MOST_KEYS {
            return None;
        }
        let number = FIRST_KEY + u16::try_from(self.names.len()).ok()?;
        self.numbers.insert(name.clone(), number);
        self.names.push(name);
        Some(number)
    }

    /// The bare letters and digits of the key behind a column position; None for real columns.
    #[must_use]
    pub fn name(&self, column: u16) -> Option<&str> {
        let index = column.checked_sub(FIRST_KEY)?;
        self.names.get(usize::from(index)).map(String::as_str)
    }
}

/// Adds what a JSON text says to the cells of a record: e-mails, domains, names, and anything that may be an id.
pub fn cells(json: &str, keys: &mut KeyNames, cells: &mut Vec<Cell>) {
    if json.len() > LONGEST_JSON || !json.starts_with(['{', '[', '"']) {
        return;
    }
    let Ok(mut value) = serde_json::from_str::<Value>(json) else { return };
    // Some loaders land JSON as a JSON text.
    if let Value::String(inner) = &value {
        match serde_json::from_str(inner) {
            Ok(opened) => value = opened,
            Err(_) => return,
        }
    }
    walk(&value, "", 0, keys, cells);
}

fn walk(value: &Value, key: &str, depth: usize, keys: &mut KeyNames, cells: &mut Vec<Cell>) {
    match value {
        Value::Object(entries) if depth < 6 => {
            // Lists of `{"key": k, "value": v}` are another way to write an object.
            if let (Some(Value::String(name)), Some(inner)) =
                (entries.get("key").or_else(|| entries.get("name")), entries.get("value"))
            {
                walk(inner, &bare(name), depth + 1, keys, cells);
                return;
            }
            for (name, inner) in entries {
                walk(inner, &format!("{key}{}", bare(name)), depth + 1, keys, cells);
            }
        }
        Value::Array(items) if depth < 6 => {
            for item in items.iter().take(64) {
                walk(item, key, depth + 1, keys, cells);
            }
        }
        Value::String(text) => leaf(text.trim(), key, keys, cells),
        Value::Number(number) => leaf(&number.to_string(), key, keys, cells),
        _ => {}
    }
}

fn leaf(text: &str, key: &str, keys: &mut KeyNames, cells: &mut Vec<Cell>) {
    if key.is_empty() || text.is_empty() || text.len() > 256 || is_false(text) {
        return;
    }
    let Some(column) = keys.number(key.to_owned()) else { return };
    let field = if text.contains('@') && !text.contains(' ') {
        // Teams also note which of their own people looks after a customer.
        if OWN_PEOPLE.iter().any(|word| key.contains(word)) {
            return;
        }
        Field::Email
    } else if ["domain", "website", "web", "url", "homepage"].iter().any(|word| key.ends_with(word)) {
        Field::Website
    } else if is_company_name_key(key) && text.chars().any(char::is_alphabetic) {
        Field::Name
    } else if text.contains(char::is_whitespace) {
        return;
    } else {
        Field::Identifier
    };
    cells.push(Cell { field, column, value: text.into() });
}

/// Keys under which teams write the company's name. Keys that end in `id` never are.
fn is_company_name_key(key: &str) -> bool {
    [
        "company",
        "companyname",
        "account",
        "accountname",
        "customer",
        "customername",
        "organization",
        "organisation",
        "organizationname",
        "organisationname",
        "orgname",
        "legalname",
        "businessname",
    ]
    .contains(&key)
}

/// The letters and digits of a key in lower case: `Contact-First_Name` is `contactfirstname`.
fn bare(key: &str) -> String {
    key.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
