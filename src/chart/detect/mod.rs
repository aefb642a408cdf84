//! Which conflicts show before anything is resolved? One file a kind.

mod cross_id;
mod currency_mismatch;
mod dangling_tombstone;
mod duplicate_record;
mod internal_or_test;
mod key_format_split;
mod manual_mapping_overwritten;
mod metadata_key_drift;
mod migration_scar_field;
pub(super) mod normal;
mod orphan;
mod shared_domain;
mod sheet;
mod silent_null;
mod sync_race;
mod ticket_organisation;
mod type_mismatched_join;

use rustc_hash::{FxHashMap, FxHashSet};

use self::sheet::{Row, Sheet};
use super::conflict::Conflict;
use super::foreign_key::ForeignKey;
use super::source_map::SourceMap;
use crate::config::Config;
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::warehouse::Warehouse;

/// What the detectors look at.
pub struct Scene<'chart> {
    /// The engine.
    pub warehouse: &'chart dyn Warehouse,
    /// The sources.
    pub map: &'chart SourceMap,
    /// What points to what.
    pub foreign_keys: &'chart [ForeignKey],
    /// The records of accounts and people.
    pub sheets: Vec<Sheet>,
    /// The team's own registrable domains.
    pub own_domains: FxHashSet<String>,
    /// Domains that a table of its own gives to accounts, by source and account key.
    pub more_domains: FxHashMap<(usize, String), Vec<String>>,
}

impl Scene<'_> {
    /// The registrable domains of an account, from whatever column holds one.
    pub fn domains_of(&self, sheet: &Sheet, row: &Row) -> Vec<String> {
        let mut found: Vec<String> = ["domain", "website", "email"]
            .iter()
            .flat_map(|property| sheet.with(property))
            .filter_map(|at| row.cell(*at))
            .flat_map(normal::domains)
            .chain(self.more_domains.get(&(sheet.source, row.pk.clone())).cloned().unwrap_or_default())
            .filter(|domain| !normal::is_free_mail(domain))
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// The sheet of a table.
    pub fn sheet_of(&self, source: &str, table: &str) -> Option<&Sheet> {
        self.sheets
            .iter()
            .find(|sheet| sheet.source(self.map).id.as_str() == source && sheet.table(self.map).name.table == table)
    }
}

/// Finds one kind of conflict.
type Detector<'scene> = Box<dyn Fn() -> Result<Vec<Conflict>> + 'scene>;

/// Runs every detector; notes in the map which systems the ids of a column turned out to point to.
///
/// # Errors
/// As [`Warehouse::query`]; `Cancelled`.
pub fn run(
    warehouse: &dyn Warehouse,
    map: &mut SourceMap,
    foreign_keys: &[ForeignKey],
    config: &Config,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<Conflict>> {
    let sheets = sheet::read(warehouse, map, config, cancel)?;
    cross_id::attach(map, &sheets);
    let own_domains = config.own_domains.iter().flat_map(|domain| normal::domains(domain)).collect();
    let more_domains = sheet::domains(warehouse, map, cancel)?;
    let scene = Scene { warehouse, map, foreign_keys, sheets, own_domains, more_domains };
    let links = cross_id::follow(&scene);
    let steps: Vec<Detector<'_>> = vec![
        Box::new(|| Ok(duplicate_record::find(&scene))),
        Box::new(|| Ok(shared_domain::find(&scene))),
        Box::new(|| Ok(internal_or_test::find(&scene))),
        Box::new(|| key_format_split::find(&scene)),
        Box::new(|| type_mismatched_join::find(&scene)),
        Box::new(|| dangling_tombstone::find(&scene, &links)),
        Box::new(|| Ok(cross_id::stale(&scene, &links))),
        Box::new(|| Ok(cross_id::one_to_many(&scene, &links))),
        Box::new(|| orphan::find(&scene)),
        Box::new(|| ticket_organisation::find(&scene)),
        Box::new(|| manual_mapping_overwritten::find(&scene)),
        Box::new(|| Ok(metadata_key_drift::find(&scene))),
        Box::new(|| Ok(migration_scar_field::find(&scene))),
        Box::new(|| silent_null::find(&scene)),
        Box::new(|| currency_mismatch::find(&scene)),
        Box::new(|| Ok(sync_race::find(&scene))),
    ];
    let mut found = Vec::new();
    for (done, step) in steps.iter().enumerate() {
        cancel.check()?;
        progress.advance(done as u64, steps.len() as u64);
        found.extend(step()?);
    }
    progress.advance(steps.len() as u64, steps.len() as u64);
    Ok(found)
}
