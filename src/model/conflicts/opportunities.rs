//! Was everything that was won also billed, and everything billed also won?

use rustc_hash::FxHashMap;

use super::Evidence;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::model::cell::Amount;
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::transform::Transform;

/// The won opportunities of each account; None when no source keeps opportunities.
pub(super) type Won = Option<FxHashMap<EntityNumber, Vec<Opportunity>>>;

/// A won opportunity.
#[derive(Debug, Clone)]
pub(super) struct Opportunity {
    cell: CellRef,
    amount: Option<Amount>,
    currency: Option<String>,
}

/// Gathers what was won.
pub(super) fn won(evidence: &mut Evidence<'_, '_, '_>) -> Won {
    let places: Vec<u16> = evidence.rows().of_role(Role::Opportunity).map(|(place, _)| place).collect();
    if places.is_empty() {
        return None;
    }
    let mut found: FxHashMap<EntityNumber, Vec<Opportunity>> = FxHashMap::default();
    for place in places {
        let rows = evidence.rows().table(place);
        let related = evidence.index.related_rows("opportunity_of_account", rows);
        for &row in rows.kept() {
            let Some(account) = related.of(row).filter(|_| !rows.is_dead(row)) else { continue };
            let stated = evidence.reader.truth(place, row, "opportunity.is_won");
            let stage = evidence.reader.words(place, row, "opportunity.stage");
            let named =
                stage.filter(|(_, stage)| stage.to_lowercase().replace([' ', '_', '-'], "").contains("closedwon"));
            let cell = match (stated, named, stage) {
                (Some((_, true)), _, Some((cell, _))) | (None, Some((cell, _)), _) => cell,
                (Some((cell, true)), _, None) => cell,
                _ => continue,
            };
            let amount = evidence.reader.amount(place, row, "opportunity.amount").map(|(_, amount)| amount);
            let currency = evidence
                .reader
                .cell(place, row, "opportunity.currency", Transform::Currency)
                .and_then(|(_, code)| code.text());
            found.entry(account).or_default().push(Opportunity { cell, amount, currency });
        }
    }
    Some(found)
}

/// `won_not_billed` and `billed_not_won`. An account for which another one pays is billed.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber, won: &Won) -> Vec<Conflict> {
    let Some(won) = won else { return Vec::new() };
    let billed = &evidence.by_account.subscriptions[account as usize];
    let invoiced = &evidence.by_account.invoices[account as usize];
    let paid_for = evidence.index.payers[account as usize].is_some();
    let live =
        billed.iter().map(|place| &evidence.subscriptions[*place as usize]).find(|fact| fact.recurring().is_some());
    match (won.get(&account), live) {
        (Some(opportunities), None) if billed.is_empty() && invoiced.is_empty() && !paid_for => {
            let Some(first) = opportunities.iter().max_by_key(|opportunity| opportunity.amount) else {
                return Vec::new();
            };
            let detail = format!("{} was won and has no subscription", evidence.name(account));
            let sides = [Some(evidence.side_of(first.cell)), None];
            let mut conflict = evidence.about("won_not_billed", account, "accounts.subscriptions", detail, sides);
            conflict.money_at_stake = first.amount.map(Amount::as_f64).or(conflict.money_at_stake);
            conflict.currency = first.currency.clone().or(conflict.currency);
            vec![conflict]
        }
        (None, Some(fact)) => {
            let detail = format!("{} is billed and was never won", evidence.name(account));
            let cell = fact.state_cell.filter(|cell| cell.table == fact.table).unwrap_or(CellRef {
                table: fact.table,
                row: fact.row,
                column: WHOLE_ROW,
            });
            let sides = [None, Some(evidence.side_of(cell))];
            vec![evidence.about("billed_not_won", account, "accounts.opportunities", detail, sides)]
        }
        _ => Vec::new(),
    }
}
