//! Do sales and billing mean the same money, in the same currency?

use super::{Evidence, Held};
use crate::chart::conflict::Conflict;
use crate::ident::Surface;
use crate::model::cell::Amount;
use crate::model::graph_index::EntityNumber;
use crate::model::lineage::Source;
use crate::model::parse::InvoiceState;

/// Differences up to one hundredth are rounding.
const TOLERANCE: i128 = 100;

/// `currency_mismatch` and `amount_disagreement`. Amounts in different currencies are not compared: no exchange rate is invented.
pub(super) fn detect(evidence: &mut Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let currencies = evidence.held(account, "currency");
    let billing_currency = Evidence::on(&currencies, Surface::Billing);
    let sales_currency = Evidence::on(&currencies, Surface::Crm);
    let word = |held: &Held<'_>| held.cell.source.value(evidence.rows()).text();
    let differ = match (&sales_currency, &billing_currency) {
        (Some(sales), Some(billing)) => word(sales) != word(billing),
        _ => false,
    };
    if let (true, Some(sales), Some(billing)) = (differ, &sales_currency, &billing_currency) {
        let (side_a, side_b) = (evidence.side(sales), evidence.side(billing));
        let detail =
            format!("{} is kept in {} by sales and billed in {}", evidence.name(account), side_a.value, side_b.value);
        found.push(evidence.about(
            "currency_mismatch",
            account,
            "accounts.currency",
            detail,
            [Some(side_a), Some(side_b)],
        ));
    }
    if let Some(conflict) = mixed_billing(evidence, account).filter(|_| !differ) {
        found.push(conflict);
    }
    if !differ {
        found.extend(arr(evidence, account));
    }
    found
}

fn arr(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Option<Conflict> {
    let held = evidence.held(account, "arr");
    let sales = Evidence::on(&held, Surface::Crm)?;
    let billing = held.iter().find(|held| matches!(held.cell.source, Source::Aggregate { .. }))?.clone();
    let said = sales.cell.source.value(evidence.rows()).as_amount()?;
    let billed = billing.cell.source.value(evidence.rows()).as_amount()?;
    // Where billing has nothing live, the status is what sales and billing disagree about.
    let is_settled = held.iter().filter(|held| held.surface == Surface::Crm).any(|held| {
        let other = held.cell.source.value(evidence.rows()).as_amount();
        other.is_some_and(|other| is_close(other, billed))
    });
    if is_settled || billed == Amount::ZERO {
        return None;
    }
    let distance = said.distance(billed);
    let (side_a, side_b) = (evidence.side(&sales), evidence.side(&billing));
    let detail = format!(
        "{}: {} says {} a year, billing adds up to {}",
        evidence.name(account),
        side_a.record.source,
        short(said),
        short(billed)
    );
    let mut conflict =
        evidence.about("amount_disagreement", account, "accounts.arr", detail, [Some(side_a), Some(side_b)]);
    conflict.money_at_stake = Some(distance.as_f64());
    Some(conflict)
}

/// Whether two amounts differ by rounding alone.
fn is_close(one: Amount, other: Amount) -> bool {
    let largest = one.0.abs().max(other.0.abs());
    one.distance(other).0 <= Amount::SCALE.max(largest / TOLERANCE)
}

pub(super) fn short(amount: Amount) -> String {
    let text = amount.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Live subscriptions, or open invoices, in another currency than the account's: they are not in its totals.
fn mixed_billing(evidence: &mut Evidence<'_, '_, '_>, account: EntityNumber) -> Option<Conflict> {
    let currency = evidence.facts[account as usize].currency.clone()?;
    let groups = evidence.by_account;
    let subscriptions =
        groups.subscriptions[account as usize].iter().map(|place| &evidence.subscriptions[*place as usize]);
    let mine = subscriptions
        .clone()
        .filter(|fact| fact.recurring().is_some())
        .find_map(|fact| fact.monthly.currency.as_ref().filter(|(_, code)| *code == currency))?;
    let other = subscriptions
        .filter(|fact| fact.recurring().is_some())
        .find_map(|fact| fact.monthly.currency.as_ref().filter(|(_, code)| *code != currency))
        .or_else(|| {
            groups.invoices[account as usize]
                .iter()
                .map(|place| &evidence.invoices[*place as usize])
                .filter(|fact| fact.state == InvoiceState::Open)
                .find_map(|fact| fact.currency.as_ref().filter(|(_, code)| *code != currency))
        })?;
    let (side_a, side_b) = (evidence.side_of(mine.0), evidence.side_of(other.0));
    let detail = format!(
        "{} is billed in {} and {}; what is in {} is not in its totals",
        evidence.name(account),
        mine.1,
        other.1,
        other.1
    );
    Some(evidence.about("currency_mismatch", account, "accounts.currency", detail, [Some(side_a), Some(side_b)]))
}

/// `timing`: two dates that mean the same day, a few days apart. Reported low, so that nobody chases it.
pub(super) fn timing(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Option<Conflict> {
    let held = evidence.held(account, "renewal_date");
    let sales = Evidence::on(&held, Surface::Crm)?;
    let billing = Evidence::on(&held, Surface::Billing)?;
    let day =
        |held: &Held<'_>| held.cell.source.value(evidence.rows()).as_moment().map(crate::model::cell::Moment::day);
    let apart = (day(&sales)?.0 - day(&billing)?.0).abs();
    if !(1..14).contains(&apart) {
        return None;
    }
    let (side_a, side_b) = (evidence.side(&sales), evidence.side(&billing));
    let detail = format!("{}: the renewal dates of sales and billing are {apart} days apart", evidence.name(account));
    Some(evidence.about("timing", account, "accounts.renewal_date", detail, [Some(side_a), Some(side_b)]))
}
