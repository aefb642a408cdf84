//! Does an id that one system keeps of another still point to the same customer?

use rustc_hash::FxHashMap;

use super::{Evidence, record_id, severity};
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::model::graph_index::{EntityNumber, RowEntities};
use crate::model::source_rows::CellRef;

/// `wrong_attribution`: an explicit id of another system leads to a record that resolution put on another account.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>) -> Vec<Conflict> {
    let rows = evidence.rows();
    let accounts: FxHashMap<u16, RowEntities> =
        rows.of_role(Role::Account).map(|(place, table)| (place, evidence.index.account_rows(table))).collect();
    let account_of = |place: u16, row: u32| -> Option<EntityNumber> { accounts.get(&place)?.of(row) };
    let mut found = Vec::new();
    for (place, table) in rows.of_role(Role::Account) {
        for (column, entry) in table.columns.iter().enumerate() {
            let Some(system) = entry.refers_to.as_deref() else { continue };
            let targets: Vec<u16> = rows
                .of_role(Role::Account)
                .filter(|(_, target)| target.source.id != table.source.id)
                .filter(|(_, target)| {
                    target.source.system.as_deref() == Some(system) || target.source.id.as_str() == system
                })
                .map(|(target, _)| target)
                .collect();
            for &row in table.kept() {
                let cell = CellRef { table: place, row, column: column as u16 };
                let (Some(id), Some(mine), false) = (rows.raw(cell), account_of(place, row), table.is_dead(row)) else {
                    continue;
                };
                let target = targets.iter().find_map(|target| Some((*target, rows.table(*target).find(id.trim())?)));
                let Some((target, target_row)) = target else { continue };
                let Some(theirs) = account_of(target, target_row).filter(|theirs| *theirs != mine) else { continue };
                let side_a = evidence.side_of(cell);
                let side_b = evidence.side_of(CellRef {
                    table: target,
                    row: target_row,
                    column: crate::model::source_rows::WHOLE_ROW,
                });
                let detail = format!(
                    "{} points to {}, which belongs to {}",
                    side_a.record,
                    side_b.record,
                    evidence.name(theirs)
                );
                let id = record_id("wrong_attribution", &[&side_a.record, &side_b.record], &side_a.column);
                let mut conflict = evidence.about(
                    "wrong_attribution",
                    mine,
                    "accounts.entity_id",
                    detail,
                    [Some(side_a), Some(side_b)],
                );
                conflict.id = id;
                conflict.severity = severity("wrong_attribution");
                found.push(conflict);
            }
        }
    }
    found
}
