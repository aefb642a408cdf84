//! Which columns are relics of an older system?

use super::Scene;
use crate::catalog::Role;
use crate::catalog::names::words;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side};
use crate::chart::source_map::ColumnEntry;
use crate::warehouse::ColumnType;

/// Dates that stand for no date.
const NO_DATES: &[&str] =
    &["0000-00-00", "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"];

/// Finds them by their names, and by dates that stand for nothing.
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for table in source.tables.iter().filter(|table| table.role != Role::Other) {
            for column in table.columns.iter().filter(|column| column.profile.nulls < table.rows) {
                let filled = table.rows - column.profile.nulls;
                let why = if let Some(word) = relic(&column.name) {
                    format!("bears {word:?} in its name and is filled on {filled} of {} rows", table.rows)
                } else if let Some(date) = no_date(column) {
                    format!("holds {date}, which stands for no date")
                } else {
                    continue;
                };
                let detail = format!("{} of {}.{} {why}", column.name, source.id, table.name.table);
                let value = column.profile.min.clone().unwrap_or_default();
                let side_a = side(source, table, "", &column.name, &value);
                let field = column.concept.clone().unwrap_or_else(|| format!("{}.{}", table.role, column.name));
                found.push(conflict("migration_scar_field", &field, Some(side_a), None, detail));
            }
        }
    }
    found
}

fn relic(name: &str) -> Option<&'static str> {
    let parts = words(name);
    let whole = ["migrated", "migration", "legacy", "deprecated", "obsolete", "backup", "bak"];
    whole
        .into_iter()
        .find(|word| parts.iter().any(|part| part == word))
        .or_else(|| (parts.len() > 1 && parts.first().is_some_and(|first| first == "old")).then_some("old"))
}

fn no_date(column: &ColumnEntry) -> Option<&'static str> {
    let dated = matches!(column.kind, ColumnType::Date | ColumnType::Timestamp)
        || column.profile.formats.first().is_some_and(|(format, _)| format == "date" || format == "timestamp");
    let min = column.profile.min.as_deref().filter(|_| dated)?;
    NO_DATES.iter().find(|date| min.starts_with(**date)).copied()
}
