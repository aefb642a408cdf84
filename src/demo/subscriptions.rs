//! What is billed, in which periods, and was it paid?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::company::{Company, Contract};
use super::dice::Dice;
use super::holdings::Bill;
use super::output::STRIPE;
use super::rows::{Invoice, InvoiceLine, Subscription, SubscriptionItem};
use super::truth::{BOTH, Planted, SECOND, Seen};
use super::vendor::{CURRENCIES, PLANS};
use super::world::World;

/// Who pays for a subscription.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payer<'a> {
    /// The company of the customer record.
    pub(super) company: &'a Company,
    /// The customer record.
    pub(super) bill: &'a Bill,
    /// The newest invoice is overdue.
    pub(super) late: bool,
}

/// The status of a subscription at a moment.
fn status(contract: &Contract, late: bool, now: i64) -> &'static str {
    match contract.ended {
        Some(end) if end <= now => "canceled",
        _ if late => "past_due",
        _ => "active",
    }
}

/// Writes one subscription with its item and invoices.
pub(super) fn subscription(
    world: &mut World,
    dice: &mut Dice,
    payer: &Payer,
    contracts: &[Contract; 2],
    metadata: &str,
) -> Result<()> {
    let Payer { company, bill, late } = *payer;
    let created = contracts[0].start;
    let calendar = world.calendar;
    let cuts = [calendar.first(), calendar.second()];
    let id = format!("sub_1{}", dice.alphanumeric(23));
    let item = format!("si_{}", dice.alphanumeric(14));
    let trial = dice.chance(300);
    let ends = contracts[0].ended.is_none() && dice.chance(35);
    let synced = calendar.synced(dice, created, calendar.first());
    let source = STRIPE[bill.region];
    let price = world.vendor.catalogues[bill.region]
        .price(contracts[0].plan, contracts[0].currency, contracts[0].yearly)
        .to_owned();
    for (week, contract) in contracts.iter().enumerate() {
        let (begin, end) = contract.running(cuts[week]);
        let ended = contract.ended.filter(|end| *end <= cuts[week]).map_or_else(String::new, stamp);
        let moved = week == 1 && contracts[0] != contracts[1];
        let synced = if moved { stamp(calendar.first() + 5 * DAY) } else { synced.clone() };
        let row = Subscription {
            id: id.clone(),
            customer_id: bill.customer.clone(),
            status: status(contract, late, cuts[week]),
            created: stamp(created),
            start_date: stamp(contract.start),
            current_period_start: stamp(begin),
            current_period_end: stamp(end),
            cancel_at: if ends { stamp(end) } else { String::new() },
            cancel_at_period_end: ends,
            canceled_at: ended.clone(),
            ended_at: ended,
            trial_start: if trial { stamp(contract.start - 14 * DAY) } else { String::new() },
            trial_end: if trial { stamp(contract.start) } else { String::new() },
            quantity: contract.seats,
            billing: if contract.yearly { "send_invoice" } else { "charge_automatically" },
            livemode: true,
            metadata: metadata.to_owned(),
            _fivetran_synced: synced.clone(),
        };
        let part = SubscriptionItem {
            id: item.clone(),
            subscription_id: id.clone(),
            plan_id: price.clone(),
            quantity: contract.seats,
            created: stamp(created),
            metadata: "{}",
            _fivetran_synced: synced,
        };
        let tables = &mut world.out.stripe[bill.region];
        if week == 0 {
            tables.subscription.first(&row)?;
            tables.item.first(&part)?;
        } else {
            tables.subscription.second(row)?;
            tables.item.second(part)?;
        }
    }
    world.truth.relation(BOTH, [source, "subscription", &id, "subscription_of_account", &company.id])?;
    invoices(world, dice, payer, contracts, [&id, &item, &price])
}

/// Writes the invoices of a subscription: the last six months or the last three years of it.
fn invoices(
    world: &mut World,
    dice: &mut Dice,
    payer: &Payer,
    contracts: &[Contract; 2],
    [subscription, item, price]: [&str; 3],
) -> Result<()> {
    let Payer { company, bill, late } = *payer;
    let calendar = world.calendar;
    let contract = &contracts[0];
    let last = contracts[1].ended.unwrap_or(calendar.second()).min(calendar.second());
    let count = (last - contract.start) / contract.period() + 1;
    let source = STRIPE[bill.region];
    let prefix = dice.hexadecimal(8).to_uppercase();
    for number in (count - if contract.yearly { 3 } else { 6 }).max(0)..count {
        let begin = contract.start + number * contract.period();
        let end = begin + contract.period();
        let seen: Seen = if begin > calendar.first() { SECOND } else { BOTH };
        let subtotal = contract.period_amount();
        let tax = if bill.region == 1 { subtotal / 5 } else { 0 };
        let total = subtotal + tax;
        let newest = number == count - 1;
        let open = newest && (late || (contract.yearly && begin > calendar.today - 20 * DAY));
        let invoice = |open: bool, synced: String| Invoice {
            id: format!("in_1{}{number:02}", &subscription[5..26]),
            customer_id: bill.customer.clone(),
            subscription_id: subscription.to_owned(),
            number: format!("{prefix}-{:04}", number + 1),
            currency: CURRENCIES[contract.currency],
            status: if open { "open" } else { "paid" },
            paid: !open,
            amount_due: total,
            amount_paid: if open { 0 } else { total },
            amount_remaining: if open { total } else { 0 },
            subtotal,
            tax,
            total,
            attempt_count: if open && late { 3 } else { 1 },
            billing_reason: if number == 0 { "subscription_create" } else { "subscription_cycle" },
            period_start: stamp(begin),
            period_end: stamp(end),
            due_date: stamp(begin + 30 * DAY),
            created: stamp(begin),
            livemode: true,
            metadata: "{}",
            _fivetran_synced: synced,
            ..Invoice::default()
        };
        let synced = calendar.synced(dice, begin, if seen == BOTH { calendar.first() } else { calendar.second() });
        let row = invoice(open, synced.clone());
        let line = InvoiceLine {
            id: format!("il_{}", dice.alphanumeric(20)),
            invoice_id: row.id.clone(),
            subscription_id: subscription.to_owned(),
            subscription_item_id: item.to_owned(),
            price_id: price.to_owned(),
            amount: subtotal,
            currency: CURRENCIES[contract.currency],
            description: format!("{} × {} seat", contract.seats, PLANS[contract.plan]),
            quantity: contract.seats,
            r#type: "subscription",
            period_start: stamp(begin),
            period_end: stamp(end),
            livemode: true,
            _fivetran_synced: synced,
            ..InvoiceLine::default()
        };
        world.truth.relation(seen, [source, "invoice", &row.id, "invoice_of_account", &company.id])?;
        let tables = &mut world.out.stripe[bill.region];
        if seen == BOTH {
            tables.invoice.first(&row)?;
            tables.line.first(&line)?;
        }
        let settled = open && !late && seen == BOTH && dice.chance(400);
        let later = if settled { invoice(false, stamp(calendar.first() + 3 * DAY)) } else { row };
        tables.invoice.second(later)?;
        tables.line.second(line)?;
    }
    Ok(())
}

/// Writes invoices of customers that were deleted before the connector first ran: their ids lead nowhere.
pub(super) fn left_behind(world: &mut World, dice: &mut Dice, accounts: usize) -> Result<()> {
    let calendar = world.calendar;
    for number in 0..2 + accounts / 150 {
        let region = number % STRIPE.len();
        let created = calendar.ago(dice, 1100, 1400);
        let amount = dice.between(20, 900) * 100;
        let customer = format!("cus_{}", dice.alphanumeric(14));
        let field = format!("{}.invoice.customer_id", STRIPE[region]);
        let planted = Planted { kind: "pre_migration_delete", account: "", field: &field, one: &customer, other: "" };
        world.truth.conflict(&planted)?;
        world.out.stripe[region].invoice.both(&Invoice {
            id: format!("in_1{}", dice.alphanumeric(23)),
            customer_id: customer,
            number: format!("OLD-{number:04}"),
            currency: CURRENCIES[region],
            status: "paid",
            paid: true,
            amount_due: amount,
            amount_paid: amount,
            subtotal: amount,
            total: amount,
            attempt_count: 1,
            billing_reason: "manual",
            created: stamp(created),
            livemode: true,
            metadata: "{}",
            _fivetran_synced: calendar.synced(dice, created, calendar.first()),
            ..Invoice::default()
        })?;
    }
    Ok(())
}
