//! Does the model state the monthly revenue that the live subscriptions add up to?
//!
//! What it states beyond them, or short of them, is what an ARR bridge from subscription to subscription cannot explain: the
//! residual. Where billing has the first word on revenue the two are the same by construction; they part where the team gives it to
//! another source.

use super::Evidence;
use crate::chart::conflict::Conflict;
use crate::model::build::subscriptions::SubscriptionFact;
use crate::model::cell::Amount;
use crate::model::graph_index::EntityNumber;
use crate::model::lineage::Source;
use crate::model::parse::SubscriptionState;

/// Differences below one hundredth are rounding.
const ROUNDING: i128 = Amount::SCALE / 100;

/// `revenue_residual`.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Option<Conflict> {
    let held = evidence.held(account, "mrr");
    let stated = held.first().filter(|held| held.cell.rank == 0 && matches!(held.cell.source, Source::Cell(..)))?;
    let amount = stated.cell.source.value(evidence.rows()).as_amount()?;
    let currency = evidence.facts[account as usize].currency.clone()?;
    let lines = evidence.by_account.subscriptions[account as usize]
        .iter()
        .map(|place| &evidence.subscriptions[*place as usize])
        .filter(|fact| matches!(fact.state, SubscriptionState::Live | SubscriptionState::Ended))
        .filter(|fact| fact.currency() == Some(currency.as_str()));
    // Without a subscription there is no bridge; that the account is not billed is another conflict.
    let first = lines.clone().max_by_key(|fact| (fact.recurring(), std::cmp::Reverse((fact.table, fact.row))))?;
    let mut explained = Amount::ZERO;
    for line in lines.filter_map(SubscriptionFact::recurring) {
        explained = Amount(explained.0.checked_add(line.0)?);
    }
    let residual = amount.distance(explained);
    if residual.0 < ROUNDING {
        return None;
    }
    let (side_a, mut side_b) = (evidence.side(stated), evidence.side_of(first.cell()));
    side_b.value = explained.to_string();
    let detail = format!(
        "{}: {} states {} {currency} a month, live subscriptions add up to {}: the ARR bridge cannot explain {}",
        evidence.name(account),
        side_a.record.source,
        super::amounts::short(amount),
        super::amounts::short(explained),
        super::amounts::short(residual)
    );
    let mut conflict =
        evidence.about("revenue_residual", account, "accounts.mrr", detail, [Some(side_a), Some(side_b)]);
    conflict.money_at_stake = Some(12.0 * residual.as_f64());
    Some(conflict)
}
