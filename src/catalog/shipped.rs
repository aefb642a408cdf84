//! What does the catalog that is compiled in hold?

use std::sync::LazyLock;

use super::content::{Shape, Weights};
use super::dictionary::dictionary;
use super::file::LoaderFile;
use super::{Loader, Role, System};
use crate::error::{Error, Result};

/// The systems, in the order in which equals are preferred.
const FILES: &[(&str, &str)] = &[
    ("salesforce.toml", include_str!("../../assets/catalog/salesforce.toml")),
    ("hubspot.toml", include_str!("../../assets/catalog/hubspot.toml")),
    ("stripe.toml", include_str!("../../assets/catalog/stripe.toml")),
    ("zendesk.toml", include_str!("../../assets/catalog/zendesk.toml")),
    ("intercom.toml", include_str!("../../assets/catalog/intercom.toml")),
    ("zuora.toml", include_str!("../../assets/catalog/zuora.toml")),
    ("recurly.toml", include_str!("../../assets/catalog/recurly.toml")),
    ("pendo.toml", include_str!("../../assets/catalog/pendo.toml")),
    ("amplitude.toml", include_str!("../../assets/catalog/amplitude.toml")),
    ("mixpanel.toml", include_str!("../../assets/catalog/mixpanel.toml")),
    ("segment.toml", include_str!("../../assets/catalog/segment.toml")),
    ("rudderstack.toml", include_str!("../../assets/catalog/rudderstack.toml")),
];

const LOADERS: &str = include_str!("../../assets/catalog/loaders.toml");

/// Everything known beforehand.
#[derive(Debug)]
pub struct Catalog {
    /// The systems.
    pub systems: Vec<System>,
    /// The loaders.
    pub loaders: Vec<Loader>,
    pub(super) weights: Weights,
    /// The tables of each system, made ready for comparing.
    pub(super) shapes: Vec<Vec<Shape>>,
}

static SHIPPED: LazyLock<std::result::Result<Catalog, String>> = LazyLock::new(Catalog::read);

/// The catalog that is compiled in.
///
/// # Errors
/// `Internal` with file and line when a file of it is wrong; a test keeps that from being shipped.
pub fn shipped() -> Result<&'static Catalog> {
    SHIPPED.as_ref().map_err(|message| Error::internal(message.clone()))
}

impl Catalog {
    fn read() -> std::result::Result<Self, String> {
        let mut systems = Vec::with_capacity(FILES.len());
        for (name, text) in FILES {
            let system: System = toml::from_str(text).map_err(|cause| format!("assets/catalog/{name}: {cause}"))?;
            check(&system).map_err(|message| format!("assets/catalog/{name}: {message}"))?;
            systems.push(system);
        }
        let file: LoaderFile =
            toml::from_str(LOADERS).map_err(|cause| format!("assets/catalog/loaders.toml: {cause}"))?;
        for log in file.loaders.iter().flat_map(|loader| &loader.logs) {
            for concept in log.concepts.values() {
                check_concept(Role::SyncLog, concept)
                    .map_err(|message| format!("assets/catalog/loaders.toml: {}: {message}", log.name))?;
            }
        }
        let generic = dictionary().map_err(|error| error.message)?.generic().clone();
        let weights = Weights::of(&systems, &file.loaders, generic);
        let shapes = systems
            .iter()
            .map(|system| system.tables.iter().map(|table| Shape::of(table, system, &weights)).collect())
            .collect();
        Ok(Self { systems, loaders: file.loaders, weights, shapes })
    }

    /// A system by its word.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.system == name)
    }

    /// A loader by its word.
    #[must_use]
    pub fn loader(&self, name: &str) -> Option<&Loader> {
        self.loaders.iter().find(|loader| loader.name == name)
    }

    /// Whether a column was added by a loader and says nothing about the system.
    #[must_use]
    pub fn is_loader_column(&self, column: &str) -> bool {
        let lower = column.to_lowercase();
        self.loaders.iter().any(|loader| loader.column_prefixes.iter().any(|prefix| lower.starts_with(prefix)))
    }
}

/// A file is read by people too: what it says must hold together.
fn check(system: &System) -> std::result::Result<(), String> {
    for table in &system.tables {
        let place = &table.name;
        for (column, concept) in &table.concepts {
            check_concept(table.role, concept).map_err(|message| format!("{place}.{column}: {message}"))?;
            if table.other_columns.contains(column) {
                return Err(format!("{place}.{column} stands both under concepts and under other_columns"));
            }
        }
        // Loader columns may be named without being listed.
        let known = |column: &String| column.starts_with('_') || table.columns().any(|name| name == column);
        let named = table.primary_key.iter().chain(&table.version_column).chain(&table.requires);
        let named = named.chain(&table.deleted_columns).chain(&table.active_columns);
        if let Some(column) = named.chain(table.units.keys()).chain(table.refers_to.keys()).find(|name| !known(name)) {
            return Err(format!("{place}: {column} is named but not listed among the columns"));
        }
        if let Some(other) = &table.stands_behind
            && !system.tables.iter().any(|table| &table.name == other)
        {
            return Err(format!("{place} stands behind {other}, which is not listed"));
        }
    }
    Ok(())
}

fn check_concept(role: Role, concept: &str) -> std::result::Result<(), String> {
    let known = concept
        .split_once('.')
        .is_some_and(|(word, property)| word == role.as_str() && role.properties().contains(&property));
    if known { Ok(()) } else { Err(format!("{concept} is not a concept of the role {role}")) }
}
