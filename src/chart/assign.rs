//! What is each table of a source, from catalog, inference and operator together?

use super::infer::Seen;
use super::infer::column::{bare, property_of};
use super::infer::reference::refers_to;
use super::infer::table::{Guess, guess};
use super::profile::TableProfile;
use super::source_map::{ColumnEntry, Origin, TableEntry};
use crate::catalog::dictionary::Dictionary;
use crate::catalog::names::words;
use crate::catalog::{Catalog, Loader, Role, System, TableMatch};
use crate::warehouse::TableShape;

/// What is known of a source while its tables are assigned.
pub struct Context<'chart> {
    /// The catalog.
    pub catalog: &'static Catalog,
    /// The dictionary.
    pub dictionary: &'static Dictionary,
    /// The system, where it was recognised.
    pub system: Option<&'static System>,
    /// The loader, where it was recognised.
    pub loader: Option<&'static Loader>,
    /// Words in table names that speak of the source.
    pub noise: &'chart [String],
}

impl Context<'_> {
    /// The entry of a table with its values.
    pub fn entry(&self, shape: &TableShape, profile: TableProfile, matched: Option<&TableMatch>) -> TableEntry {
        let mut entry = TableEntry {
            name: shape.name.clone(),
            role: Role::Other,
            system_table: None,
            origin: Origin::Inferred,
            confidence: 0.0,
            primary_key: Vec::new(),
            version_column: None,
            synced_column: None,
            sync_id_column: None,
            deleted_columns: Vec::new(),
            active_columns: Vec::new(),
            rows: profile.rows,
            newest_sync: None,
            columns: Vec::with_capacity(shape.columns.len()),
        };
        let mut profiles = profile.columns.into_iter();
        for column in &shape.columns {
            entry.columns.push(ColumnEntry {
                name: column.name.clone(),
                kind: column.kind,
                concept: None,
                origin: None,
                confidence: 0.0,
                refers_to: None,
                units_per_currency_unit: None,
                profile: profiles.next().unwrap_or_default(),
            });
        }
        self.loader_columns(&mut entry);
        match matched {
            Some(matched) => self.known(&mut entry, matched),
            None => self.unknown(&mut entry),
        }
        self.references(&mut entry);
        entry
    }

    /// The columns that the loader added.
    fn loader_columns(&self, entry: &mut TableEntry) {
        let Some(loader) = self.loader else { return };
        let named = |names: &[String]| -> Vec<String> {
            let has = |name: &String| entry.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
            names.iter().filter_map(has).map(|column| column.name.clone()).collect()
        };
        let (deleted, active) = (named(&loader.deleted_columns), named(&loader.active_columns));
        let deleted_at = named(&loader.deleted_at_columns);
        let synced = named(&loader.synced_columns).into_iter().next();
        let sync_id = named(&loader.sync_id_columns).into_iter().next();
        let newest = synced.as_ref().and_then(|synced| {
            entry.columns.iter().find(|column| &column.name == synced).and_then(|column| column.profile.max.clone())
        });
        entry.deleted_columns = deleted.into_iter().chain(deleted_at).collect();
        entry.active_columns = active;
        entry.synced_column = synced;
        entry.sync_id_column = sync_id;
        entry.newest_sync = newest;
    }

    /// A table of the catalog: its columns, and the team's own beside them.
    fn known(&self, entry: &mut TableEntry, matched: &TableMatch) {
        let known = matched.known;
        let origin = if matched.by_name { Origin::CatalogName } else { Origin::CatalogContent };
        entry.role = known.role;
        entry.system_table = Some(known.name.clone());
        entry.origin = origin;
        entry.confidence = matched.confidence;
        for (position, column) in entry.columns.iter_mut().enumerate() {
            let Some(name) = matched.columns.get(&position) else { continue };
            if let Some(concept) = known.concepts.get(name) {
                column.concept = Some(concept.clone());
                column.origin = Some(origin);
                column.confidence = matched.confidence;
            }
            column.units_per_currency_unit = known.units.get(name).copied();
            column.refers_to = known.refers_to.get(name).cloned();
        }
        let actual = |name: &String| -> Option<String> {
            let by_fit = entry
                .columns
                .iter()
                .enumerate()
                .find(|(position, _)| matched.columns.get(position) == Some(name))
                .map(|(_, column)| column.name.clone());
            by_fit.or_else(|| {
                entry
                    .columns
                    .iter()
                    .find(|column| column.name.eq_ignore_ascii_case(name))
                    .map(|column| column.name.clone())
            })
        };
        let key: Vec<String> = known.primary_key.iter().filter_map(actual).collect();
        let version = known.version_column.as_ref().and_then(actual);
        let deleted: Vec<String> = known.deleted_columns.iter().filter_map(actual).collect();
        let active: Vec<String> = known.active_columns.iter().filter_map(actual).collect();
        if key.len() == known.primary_key.len() {
            entry.primary_key = key;
        }
        entry.version_column = version;
        for name in deleted {
            add(&mut entry.deleted_columns, name);
        }
        for name in active {
            add(&mut entry.active_columns, name);
        }
        if known.role != Role::Other {
            self.own_columns(entry, matched);
        }
    }

    /// Columns that the catalog does not know in a table that it does: the team's own.
    fn own_columns(&self, entry: &mut TableEntry, matched: &TableMatch) {
        const MANY: &[&str] = &["email", "domain", "phone", "external_id"];
        let (prefixes, suffixes) = self.affixes();
        let taken: Vec<String> = entry.columns.iter().filter_map(|column| column.concept.clone()).collect();
        let role = entry.role;
        for (position, column) in entry.columns.iter_mut().enumerate() {
            if matched.columns.contains_key(&position) || self.catalog.is_loader_column(&column.name) {
                continue;
            }
            let seen = Seen { name: &column.name, kind: column.kind, profile: &column.profile };
            let Some((property, confidence)) = property_of(self.dictionary, role, seen, &prefixes, &suffixes) else {
                continue;
            };
            let concept = format!("{role}.{property}");
            if property == "id" || (taken.contains(&concept) && !MANY.contains(&property)) {
                continue;
            }
            column.concept = Some(concept);
            column.origin = Some(Origin::Inferred);
            column.confidence = confidence * 0.95;
        }
        best_only(entry, MANY);
    }

    fn affixes(&self) -> (Vec<String>, Vec<String>) {
        self.system.map_or_else(Default::default, |system| {
            (
                system.custom_prefixes.clone(),
                system.custom_suffixes.iter().map(|suffix| suffix.to_lowercase()).collect(),
            )
        })
    }

    /// A table that the catalog does not know.
    fn unknown(&self, entry: &mut TableEntry) {
        let seen: Vec<Seen<'_>> = entry
            .columns
            .iter()
            .filter(|column| !self.catalog.is_loader_column(&column.name))
            .map(|column| Seen { name: &column.name, kind: column.kind, profile: &column.profile })
            .collect();
        let key = super::key::likely(self.dictionary, entry);
        let Some(Guess { role, confidence, properties }) =
            guess(self.dictionary, &entry.name.table, self.noise, &seen, key.is_some())
        else {
            return;
        };
        // In a known system an unknown table is most often one that nobody needs.
        if self.system.is_some() && confidence < 0.75 {
            return;
        }
        let names: Vec<String> = seen.iter().map(|seen| seen.name.to_owned()).collect();
        entry.role = role;
        entry.confidence = confidence;
        entry.primary_key = key.into_iter().collect();
        for (name, property) in names.iter().zip(properties) {
            let Some((property, confidence)) = property else { continue };
            let is_key = entry.primary_key.contains(name);
            if let Some(column) = entry.columns.iter_mut().find(|column| &column.name == name)
                && !is_key
            {
                column.concept = Some(format!("{role}.{property}"));
                column.origin = Some(Origin::Inferred);
                column.confidence = confidence;
            }
        }
        if role.properties().contains(&"id")
            && let Some(column) = entry.columns.iter_mut().find(|column| entry.primary_key.contains(&column.name))
        {
            column.concept = Some(format!("{role}.id"));
            column.origin = Some(Origin::Inferred);
            column.confidence = 0.85;
        }
    }

    /// Columns that hold ids of other systems.
    fn references(&self, entry: &mut TableEntry) {
        if !matches!(entry.role, Role::Account | Role::Person | Role::Subscription) {
            return;
        }
        let (prefixes, suffixes) = self.affixes();
        let own = self.system.map(|system| system.system.as_str());
        let role = entry.role;
        let external = format!("{role}.external_id");
        for column in &mut entry.columns {
            let free = column.concept.is_none() || column.concept.as_deref() == Some(external.as_str());
            if !free || column.refers_to.is_some() || entry.primary_key.contains(&column.name) {
                continue;
            }
            let seen = Seen { name: &column.name, kind: column.kind, profile: &column.profile };
            let bare = bare(&column.name, &prefixes, &suffixes);
            let Some(system) = refers_to(self.catalog, own, seen, &bare) else { continue };
            column.refers_to = Some(system);
            if column.concept.is_none() {
                column.concept = Some(external.clone());
                column.origin = Some(Origin::Inferred);
                column.confidence = 0.8;
            }
        }
    }
}

/// Of several inferred columns with one concept the surest stays, the first of equals.
fn best_only(entry: &mut TableEntry, many: &[&str]) {
    let claims: Vec<(usize, String, f64)> = entry
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.origin == Some(Origin::Inferred))
        .filter_map(|(at, column)| column.concept.clone().map(|concept| (at, concept, column.confidence)))
        .collect();
    for (at, concept, confidence) in &claims {
        let property = concept.split_once('.').map_or("", |(_, property)| property);
        let beaten = claims
            .iter()
            .any(|(other, claim, more)| claim == concept && more.total_cmp(confidence).then(at.cmp(other)).is_gt());
        if beaten && !many.contains(&property) {
            let column = &mut entry.columns[*at];
            column.concept = None;
            column.origin = None;
            column.confidence = 0.0;
        }
    }
}

fn add(list: &mut Vec<String>, name: String) {
    if !list.contains(&name) {
        list.push(name);
    }
}

/// Words in table names that speak of the source.
pub fn noise_of(names: &[&str]) -> Vec<String> {
    names.iter().flat_map(|name| words(name)).map(|word| crate::catalog::names::singular(&word)).collect()
}
