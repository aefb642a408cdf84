//! Is an account billed once, and itself?

use super::Evidence;
use crate::chart::conflict::Conflict;
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::{CellRef, WHOLE_ROW};

/// `one_to_many_billing` and `parent_child_billing`.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let mut found = Vec::new();
    let billed = billing_records(evidence, account);
    if let [first, second, ..] = billed[..] {
        let detail = format!("{} is {} customers in billing", evidence.name(account), billed.len());
        let sides = [Some(evidence.side_of(first)), Some(evidence.side_of(second))];
        let mut conflict = evidence.about("one_to_many_billing", account, "accounts.billing_records", detail, sides);
        // Also when a customer more comes in, it is the same conflict.
        conflict.id = format!(
            "c{}",
            crate::ident::short_hash(&format!(
                "one_to_many_billing\u{1f}{}",
                conflict.entity.as_ref().map_or("", |id| id.as_str())
            ))
        );
        found.push(conflict);
    }
    if let Some(payer) = evidence.index.payers[account as usize] {
        let own = evidence.members[account as usize].first().map(|member| CellRef {
            table: member.table,
            row: member.row,
            column: WHOLE_ROW,
        });
        let paying = billing_records(evidence, payer).first().copied();
        let detail = format!("{} pays for {}", evidence.name(payer), evidence.name(account));
        let sides = [own.map(|cell| evidence.side_of(cell)), paying.map(|cell| evidence.side_of(cell))];
        found.push(evidence.about("parent_child_billing", account, "accounts.bill_to", detail, sides));
    }
    found
}

/// The living billing records of an account; a customer copied into another instance under its old key is one.
fn billing_records(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<CellRef> {
    let rows = evidence.rows();
    let mut keys = std::collections::BTreeSet::new();
    evidence.members[account as usize]
        .iter()
        .filter(|member| !member.dead && rows.table(member.table).source.surface == Surface::Billing)
        .filter(|member| keys.insert(rows.table(member.table).key(member.row)))
        .map(|member| {
            let column =
                rows.table(member.table).cell(member.row, "account.name").map_or(WHOLE_ROW, |(column, _)| column);
            CellRef { table: member.table, row: member.row, column }
        })
        .collect()
}
