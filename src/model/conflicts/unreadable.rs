//! Which values could not be read as what their column means?

use super::{Evidence, record_id, severity};
use crate::chart::conflict::Conflict;
use crate::ident::RecordKey;

/// `unreadable_value`: one a column, with the first such cell; the model has no value there.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>) -> Vec<Conflict> {
    evidence
        .reader
        .unreadable()
        .into_iter()
        .map(|unreadable| {
            let rows = evidence.rows().table(unreadable.first.table);
            let side = evidence.side_of(unreadable.first);
            let whole = RecordKey::new(rows.source.id.as_str(), &rows.table.name.table, "");
            let field = format!("{}.{}.{}", rows.source.id, rows.table.name.table, side.column);
            Conflict {
                id: record_id("unreadable_value", &[&whole], &format!("{field}\u{1f}{}", unreadable.transform.name())),
                kind: "unreadable_value".to_owned(),
                severity: severity("unreadable_value"),
                entity: None,
                detail: format!(
                    "{} values of {field} cannot be read as {}",
                    unreadable.count,
                    unreadable.transform.name()
                ),
                field,
                side_a: Some(side),
                side_b: None,
                money_at_stake: None,
                currency: None,
                status: "open".to_owned(),
            }
        })
        .collect()
}
