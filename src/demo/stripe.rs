//! Which customers does billing have?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::company::Company;
use super::dice::Dice;
use super::families::Member;
use super::holdings::{Bill, Plant};
use super::naming::street;
use super::output::STRIPE;
use super::rows::{Customer, Price, Product};
use super::subscriptions::{Payer, subscription};
use super::truth::{BOTH, Planted};
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
            subscription(world, dice, &Payer { company, bill, late }, contracts, "{}")?;
        }
    }
    let Some(bill) = holdings.bills.first() else { return Ok(()) };
    for child in family.iter().filter(|other| other.parent == Some(at) && other.company.parent_pays) {
        let Some(contracts) = &child.company.contracts else { continue };
        let metadata = serde_json::json!({ "bought_for": child.company.name.core }).to_string();
        subscription(world, dice, &Payer { company, bill, late: false }, contracts, &metadata)?;
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
    let full = !own || company.exact() || dice.chance(700);
    let place = &holdings.billing_place;
    let cross = holdings.cross_id(
        dice,
        if own { 500 } else { 700 },
        world.stray.as_deref().filter(|_| !company.exact() && own),
    );
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
