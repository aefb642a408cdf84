//! By which words are tables and columns of unknown systems read?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::Role;
use super::names::{compact, singular, words};
use crate::error::{Error, Result};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key_endings: Vec<String>,
    #[serde(rename = "role")]
    roles: Vec<RoleEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    role: Role,
    tables: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<String, Vec<String>>,
}

/// What is known of one role.
#[derive(Debug)]
pub struct RoleWords {
    /// The role.
    pub role: Role,
    /// Compact singular words for its tables.
    pub tables: Vec<String>,
    /// Compact words for its columns by property, in the order of trust.
    pub columns: Vec<(String, Vec<String>)>,
}

/// The whole dictionary.
#[derive(Debug)]
pub struct Dictionary {
    /// Roles in the order in which equals are preferred.
    pub roles: Vec<RoleWords>,
    /// What a column that names or points to a row ends with, compact.
    pub key_endings: Vec<String>,
    generic: FxHashSet<String>,
}

static DICTIONARY: LazyLock<std::result::Result<Dictionary, String>> = LazyLock::new(Dictionary::read);

/// The dictionary that is compiled in.
///
/// # Errors
/// `Internal` with the line when the file is wrong; a test keeps that from being shipped.
pub fn dictionary() -> Result<&'static Dictionary> {
    DICTIONARY.as_ref().map_err(|message| Error::internal(message.clone()))
}

impl Dictionary {
    fn read() -> std::result::Result<Self, String> {
        let file: File = toml::from_str(include_str!("../../assets/catalog/words.toml"))
            .map_err(|cause| format!("assets/catalog/words.toml: {cause}"))?;
        let mut roles = Vec::with_capacity(file.roles.len());
        let mut generic = FxHashSet::default();
        for entry in file.roles {
            let mut columns = Vec::new();
            for (property, synonyms) in entry.columns {
                if !entry.role.properties().contains(&property.as_str()) {
                    return Err(format!("assets/catalog/words.toml: {property} is not a property of {}", entry.role));
                }
                let synonyms: Vec<String> = synonyms.iter().map(|synonym| compact(synonym)).collect();
                generic.extend(synonyms.iter().cloned());
                columns.push((property, synonyms));
            }
            let tables: Vec<String> = entry
                .tables
                .iter()
                .map(|table| words(table).iter().map(|word| singular(word)).collect::<String>())
                .collect();
            for table in &tables {
                generic.extend(file.key_endings.iter().map(|ending| format!("{table}{}", compact(ending))));
            }
            roles.push(RoleWords { role: entry.role, tables, columns });
        }
        generic.extend(["id", "uuid", "key", "code", "type", "number"].map(str::to_owned));
        Ok(Self { roles, key_endings: file.key_endings.iter().map(|ending| compact(ending)).collect(), generic })
    }

    /// Column names, compact, that anybody would choose, so that they tell nothing about the system.
    #[must_use]
    pub fn generic(&self) -> &FxHashSet<String> {
        &self.generic
    }

    /// What is known of a role.
    #[must_use]
    pub fn of(&self, role: Role) -> Option<&RoleWords> {
        self.roles.iter().find(|words| words.role == role)
    }

    /// The word before a key ending, such as `customer` of `customer_id`; empty for a bare ending such as `id`.
    #[must_use]
    pub fn key_stem(&self, column: &str) -> Option<String> {
        let parts = words(column);
        let last = parts.last()?;
        if parts.len() > 1 && self.key_endings.contains(last) {
            let stem: String = parts[..parts.len() - 1].iter().map(|word| singular(word)).collect();
            return Some(stem);
        }
        let whole = compact(column);
        if self.key_endings.contains(&whole) {
            return Some(String::new());
        }
        // `customerid`, but not `paid`: what stands before must be a table's word.
        self.key_endings.iter().filter(|ending| ending.len() > 1).find_map(|ending| {
            let stem = whole.strip_suffix(ending.as_str())?;
            let stem = singular(stem);
            self.roles.iter().any(|role| role.tables.contains(&stem)).then_some(stem)
        })
    }
}
