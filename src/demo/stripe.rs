//! How does a company stand in billing?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::company::{Company, Contract};
use super::dice::Dice;
use super::families::Member;
use super::holdings::{Bill, Plant};
use super::naming::street;
use super::output::STRIPE;
use super::rows::{Customer, Invoice, InvoiceLine, Price, Product, Subscription, SubscriptionItem};
use super::truth::{BOTH, Planted, SECOND, Seen};
use super::vendor::{CURRENCIES, PLANS, unit_amount};
use super::world::World;

/// The key under which somebody's script once stored the Salesforce id in the metadata.
const METADATA_KEYS: &[&str] =
    &["salesforce_id", "salesforce_id", "salesforceId", "SalesforceAccountId", "sf-account-id"];

/// Writes the products and prices of both Stripe accounts.
pub(super) fn catalogue(world: &mut World, dice: &mut Dice) -> Result<()> {
    let calendar = world.calendar;
    let created = calendar.today - 1600 * DAY;
    for region in 0..STRIPE.len() {
        let catalogue = &world.vendor.catalogues[region];
        for (plan, name) in PLANS.iter().enumerate() {
            world.out.stripe[region].product.both(&Product {
                id: catalogue.products[plan].clone(),
                name: (*name).to_owned(),
                active: true,
                r#type: "service",
                unit_label: "seat",
                livemode: true,
                created: stamp(created),
                updated: stamp(created),
                _fivetran_synced: calendar.synced(dice, created, calendar.first()),
                ..Product::default()
            })?;
            for (currency, code) in CURRENCIES.iter().enumerate() {
                for yearly in [false, true] {
                    let interval = if yearly { "year" } else { "month" };
                    world.out.stripe[region].price.both(&Price {
                        id: catalogue.price(plan, currency, yearly).to_owned(),
                        product_id: catalogue.products[plan].clone(),
                        nickname: format!("{name} ({interval}, {})", code.to_uppercase()),
                        currency: code,
                        unit_amount: unit_amount(plan, currency, yearly),
                        recurring_interval: interval,
                        recurring_interval_count: 1,
                        r#type: "recurring",
                        billing_scheme: "per_unit",
                        active: true,
                        livemode: true,
                        created: stamp(created),
                        _fivetran_synced: calendar.synced(dice, created, calendar.first()),
                        ..Price::default()
                    })?;
                }
            }
        }
    }
    Ok(())
}

/// Writes customers, subscriptions and invoices of one company, with those that it pays for its children.
pub(super) fn company(world: &mut World, dice: &mut Dice, family: &[Member], at: usize) -> Result<()> {
    let Member { company, holdings, .. } = &family[at];
    let late = dice.chance(50);
    let mut first: Option<Customer> = None;
    for (number, bill) in holdings.bills.iter().enumerate() {
        match &first {
            Some(row) if bill.contracts.is_none() => copy(world, &company.id, bill, row)?,
            _ => first = Some(customer(world, dice, &family[at], bill, number, late)?),
        }
        if let Some(contracts) = &bill.contracts {
            let created = contracts[0].start;
            subscription(world, dice, company, bill, contracts, late, "{}".to_owned(), created)?;
        }
    }
    let Some(bill) = holdings.bills.first() else { return Ok(()) };
    for child in family.iter().filter(|other| other.parent == Some(at) && other.company.parent_pays) {
        let Some(contracts) = &child.company.contracts else { continue };
        let metadata = serde_json::json!({ "bought_for": child.company.name.core }).to_string();
        subscription(world, dice, company, bill, contracts, false, metadata, contracts[0].start)?;
        let planted = Planted {
            kind: "parent_child_billing",
            account: &child.company.id,
            field: "bill_to",
            one: &child.company.id,
            other: &company.id,
        };
        world.truth.conflict(&planted)?;
        world.truth.edge(&child.company.id, &company.id, "bills_for")?;
    }
    Ok(())
}

/// The copy of a customer in the other Stripe account: the same id and data, no subscription.
fn copy(world: &mut World, account: &str, bill: &Bill, row: &Customer) -> Result<()> {
    let row = Customer { currency: "", delinquent: false, ..row.clone() };
    world.out.stripe[bill.region].customer.both(&row)?;
    world.truth.account(BOTH, STRIPE[bill.region], "customer", &row.id, account)
}

fn customer(
    world: &mut World,
    dice: &mut Dice,
    member: &Member,
    bill: &Bill,
    number: usize,
    late: bool,
) -> Result<Customer> {
    let Member { company, holdings, .. } = member;
    let calendar = world.calendar;
    let agency = company.agency.and_then(|at| world.agencies.get(at)).cloned();
    let email = address(dice, company, agency.as_ref().map(|agency| agency.domain.as_str()));
    let own = company.domains.iter().any(|domain| email.ends_with(domain.as_str()));
    let name = company.billing_name(dice, own);
    let name = match number {
        1 => format!("{name} ({})", dice.pick(&["Team 2", "R&D", "Marketing", "Annex"])),
        _ => name,
    };
    let full = !own || company.pinned || dice.chance(700);
    let place = &holdings.billing_place;
    let cross =
        holdings.cross_id(dice, if own { 500 } else { 700 }, world.stray.as_deref().filter(|_| !company.pinned && own));
    let source = STRIPE[bill.region];
    if let Some(kind) = cross.fault {
        let field = format!("{source}.customer.metadata");
        let other = holdings.crm.as_deref().unwrap_or_default();
        world.truth.conflict(&Planted { kind, account: &company.id, field: &field, one: &cross.id, other })?;
    }
    let mut metadata = serde_json::Map::new();
    if !cross.id.is_empty() {
        metadata.insert(dice.pick(METADATA_KEYS).to_owned(), cross.id.into());
    }
    if holdings.plant == Plant::Owner || dice.chance(250) {
        metadata.insert("account_owner".into(), world.vendor.staff[holdings.success].person.email.clone().into());
    }
    if dice.chance(60) {
        metadata.insert("MigratedFrom".into(), "chargify".into());
    }
    let created = bill.contracts.as_ref().map_or(company.created, |weeks| weeks[0].start) - DAY;
    let created = created.min(calendar.today - 60 * DAY);
    let row = Customer {
        id: bill.customer.clone(),
        created: stamp(created),
        description: if dice.chance(250) { company.name.brand.clone() } else { String::new() },
        phone: if !own || dice.chance(350) { place.phone(dice) } else { String::new() },
        address_line_1: if full { street(dice, &place.street) } else { String::new() },
        address_city: if full { place.city.to_owned() } else { String::new() },
        address_state: if full { place.state.to_owned() } else { String::new() },
        address_postal_code: if full { place.postal.clone() } else { String::new() },
        address_country: place.country.code.to_owned(),
        currency: bill.contracts.as_ref().map_or("", |weeks| CURRENCIES[weeks[0].currency]),
        delinquent: late && bill.contracts.is_some(),
        livemode: true,
        metadata: serde_json::Value::Object(metadata).to_string(),
        _fivetran_synced: calendar.synced(dice, created, calendar.first()),
        email,
        name,
        ..Customer::default()
    };
    let mut later = row.clone();
    if dice.chance(12) {
        later.phone = place.phone(dice);
        later._fivetran_synced = stamp(calendar.first() + dice.between(0, 6 * DAY));
    }
    world.out.stripe[bill.region].customer.first(&row)?;
    world.out.stripe[bill.region].customer.second(later)?;
    world.truth.account(BOTH, source, "customer", &row.id, &company.id)?;
    Ok(row)
}

/// Where the invoices go.
fn address(dice: &mut Dice, company: &Company, agency: Option<&str>) -> String {
    if let Some(domain) = agency {
        return format!("ap@{domain}");
    }
    if company.domains.is_empty() {
        return company.mailbox.clone();
    }
    let sure = company.carries_domain();
    match dice.weighted(&[38, 50, if sure { 0 } else { 7 }, if sure { 0 } else { 5 }]) {
        0 => format!("{}@{}", dice.pick(&["billing", "accounts", "finance", "invoices", "ap"]), company.domain()),
        1 => dice.among(&company.people).email.clone(),
        2 => dice.among(&company.people).private_address().to_owned(),
        _ => String::new(),
    }
}

/// The status of a subscription at a moment.
fn status(contract: &Contract, late: bool, now: i64) -> &'static str {
    match contract.ended {
        Some(end) if end <= now => "canceled",
        _ if late => "past_due",
        _ => "active",
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one subscription, of which three come from its payer")]
fn subscription(
    world: &mut World,
    dice: &mut Dice,
    company: &Company,
    bill: &Bill,
    contracts: &[Contract; 2],
    late: bool,
    metadata: String,
    created: i64,
) -> Result<()> {
    let calendar = world.calendar;
    let cuts = [calendar.first(), calendar.second()];
    let id = format!("sub_1{}", dice.alphanumeric(23));
    let item = format!("si_{}", dice.alphanumeric(14));
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
            quantity: contract.seats,
            billing: if contract.yearly { "send_invoice" } else { "charge_automatically" },
            livemode: true,
            metadata: metadata.clone(),
            _fivetran_synced: synced.clone(),
            ..Subscription::default()
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
    invoices(world, dice, company, bill, contracts, late, &[&id, &item, &price])
}

fn invoices(
    world: &mut World,
    dice: &mut Dice,
    company: &Company,
    bill: &Bill,
    contracts: &[Contract; 2],
    late: bool,
    [subscription, item, price]: &[&str; 3],
) -> Result<()> {
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
            subscription_id: (*subscription).to_owned(),
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
            subscription_id: (*subscription).to_owned(),
            subscription_item_id: (*item).to_owned(),
            price_id: (*price).to_owned(),
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
