//! Which tables were synced so much earlier than the others that they may tell of another day?

use jiff::civil::DateTime;

use super::Scene;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side};
use crate::chart::source_map::{SourceEntry, TableEntry};

/// Tables that were synced within this many hours of each other tell of one state.
const GRACE_HOURS: f64 = 24.0;

/// Finds sources behind the newest source, and tables behind their own source.
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut newest: Vec<(&SourceEntry, &TableEntry, f64)> = Vec::new();
    let mut found = Vec::new();
    for source in &scene.map.sources {
        let tables: Vec<(&TableEntry, f64)> = source
            .tables
            .iter()
            .filter(|table| !matches!(table.role, Role::Other | Role::SyncLog))
            .filter_map(|table| table.newest_sync.as_deref().and_then(hours).map(|at| (table, at)))
            .collect();
        let Some(&(first, at)) =
            tables.iter().max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.name.cmp(&one.0.name)))
        else {
            continue;
        };
        newest.push((source, first, at));
        for (table, behind) in tables.iter().filter(|(_, other)| at - other > GRACE_HOURS) {
            found.push(describe((source, table), (source, first), at - behind));
        }
    }
    if let Some(&(ahead, table, at)) =
        newest.iter().max_by(|one, other| one.2.total_cmp(&other.2).then(other.0.id.cmp(&one.0.id)))
    {
        for (source, first, behind) in newest.iter().filter(|(_, _, other)| at - other > GRACE_HOURS) {
            found.push(describe((source, first), (ahead, table), at - behind));
        }
    }
    found
}

fn describe(behind: (&SourceEntry, &TableEntry), ahead: (&SourceEntry, &TableEntry), hours: f64) -> Conflict {
    let shown = |(source, table): (&SourceEntry, &TableEntry)| {
        side(
            source,
            table,
            "",
            table.synced_column.as_deref().unwrap_or(""),
            table.newest_sync.as_deref().unwrap_or(""),
        )
    };
    let detail = format!(
        "{}.{} was last synced {hours:.0} hours before {}.{}",
        behind.0.id, behind.1.name.table, ahead.0.id, ahead.1.name.table
    );
    conflict("sync_race", "sync", Some(shown(behind)), Some(shown(ahead)), detail)
}

/// Hours since 1970 of a moment as loaders write it: a timestamp, or seconds since 1970.
fn hours(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds > 1e9 && seconds < 1e11).then_some(seconds / 3600.0);
    }
    let plain = text.trim_end_matches('Z').split('+').next()?.trim().replace(' ', "T");
    let moment: DateTime = plain.parse().ok()?;
    let stamp = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(stamp.as_second() as f64 / 3600.0)
}
