//! Which SQL reads a value that is one source cell?

use super::{Subject, source};
use crate::model::trace::TracedCell;
use crate::model::transform::Transform;

pub(super) fn query(subject: &Subject<'_>, winner: &TracedCell) -> Option<String> {
    let (pk, column) = (winner.pk.as_deref()?, winner.column.as_deref()?);
    let entry = subject.entry(&winner.source, &winner.table)?;
    let rows = source::rows(subject.dialect, entry, &[pk])?;
    let value = winner.value.as_deref()?;
    // Without the text that the run read, what the source says now is the best there is; when it changed, the SQL shows the change.
    let raw = winner.now.as_deref().unwrap_or(value);
    let transform = Transform::named(&winner.transform)?;
    let expression = if winner.changed == Some(true) {
        changed(subject, entry, column, transform, raw)
    } else {
        source::reading(subject.dialect, entry, column, transform, raw, value)
    };
    // Where two rows share a key, the one that landed last counts.
    let newest = entry.synced_column.as_ref().map_or(String::new(), |synced| {
        format!("\nORDER BY {} DESC NULLS LAST\nLIMIT 1", subject.dialect.quote(synced))
    });
    Some(format!("SELECT {expression} AS {}\n{rows}{newest}", subject.dialect.quote(&subject.trace.field)))
}

/// The source says something else now: the SQL reads that.
fn changed(
    subject: &Subject<'_>,
    entry: &crate::chart::source_map::TableEntry,
    column: &str,
    transform: Transform,
    raw: &str,
) -> String {
    let units = entry.columns.iter().find(|known| known.name == column).and_then(|known| known.units_per_currency_unit);
    let now = match transform.read_units(raw, units.unwrap_or(1)) {
        crate::model::transform::Reading::Value(value) => value.text(),
        _ => None,
    };
    match now {
        Some(now) => source::reading(subject.dialect, entry, column, transform, raw, &now),
        None => subject.dialect.text(&subject.dialect.quote(column)),
    }
}
