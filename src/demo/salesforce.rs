//! How does a company stand in the CRM?

use crate::error::Result;

use super::calendar::{DAY, day, stamp};
use super::company::Company;
use super::contacts;
use super::deals;
use super::dice::Dice;
use super::families::Member;
use super::holdings::{Claims, Plant};
use super::naming::street;
use super::rows::{Account, Owner};
use super::truth::{BOTH, Planted, SECOND, Seen};
use super::vendor::{CURRENCIES, PLANS};
use super::world::World;

/// Where sales heard of somebody first.
pub(super) const SOURCES: &[&str] = &["Web", "Web", "Referral", "Event", "Outbound", "Partner", "Trial"];

/// Cents as the decimal number a CRM shows.
pub(super) fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The Salesforce id of the owner; `usize::MAX` stands for somebody other than `usual`.
fn owner(world: &World, claimed: usize, usual: usize) -> String {
    let at = if claimed == usize::MAX { (usual + 1) % world.vendor.owners } else { claimed };
    world.vendor.staff[at].user.clone()
}

/// Writes the vendor's own users.
pub(super) fn owners(world: &mut World, dice: &mut Dice) -> Result<()> {
    for colleague in &world.vendor.staff {
        let person = &colleague.person;
        let created = world.calendar.ago(dice, 400, 1500);
        world.out.owner.both(&Owner {
            id: colleague.user.clone(),
            name: format!("{} {}", person.given, person.family),
            first_name: person.given.to_owned(),
            last_name: person.family.to_owned(),
            email: person.email.clone(),
            username: person.email.replace('@', ".sf@"),
            is_active: dice.chance(930),
            title: "Account Executive",
            department: "Sales",
            user_type: "Standard",
            created_date: stamp(created),
            _fivetran_deleted: false,
            _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
        })?;
    }
    Ok(())
}

/// Writes accounts, contacts, leads and opportunities of one company.
pub(super) fn company(world: &mut World, dice: &mut Dice, family: &[Member], at: usize) -> Result<()> {
    let member = &family[at];
    let seen: Seen = if member.company.fresh { SECOND } else { BOTH };
    accounts(world, dice, family, at, seen)?;
    contacts::people(world, dice, member, seen)?;
    deals::opportunities(world, dice, member)
}

fn accounts(world: &mut World, dice: &mut Dice, family: &[Member], at: usize, seen: Seen) -> Result<()> {
    let Member { company, holdings, .. } = &family[at];
    let Some(id) = &holdings.crm else { return Ok(()) };
    let parent = family[at].parent.and_then(|parent| family[parent].holdings.crm.clone()).unwrap_or_default();
    let mut main = account(world, dice, company, &holdings.claims[0], id);
    main.parent_id = parent;
    main.description.clone_from(&family[at].note);
    main.account_number = format!("{:08}", holdings.account_number);
    if holdings.plant == Plant::Name
        && let Some(former) = &company.name.former
    {
        main.name.clone_from(former);
    }
    if let Some(bill) = holdings.bills.first().filter(|_| dice.chance(550)) {
        main.stripe_customer_id_c.clone_from(&bill.customer);
        if dice.chance(40) {
            main.stripe_customer_id_c = format!("cus_{}", dice.alphanumeric(14));
            let (one, other) = (&main.stripe_customer_id_c, &bill.customer);
            let field = "salesforce.account.stripe_customer_id_c";
            world.truth.conflict(&Planted { kind: "stale_cross_id", account: &company.id, field, one, other })?;
        }
    }
    let later = update(world, dice, &main, company, &holdings.claims[1]);
    if seen == BOTH {
        world.out.account.first(&main)?;
    }
    world.out.account.second(later)?;
    world.truth.account(seen, "salesforce", "account", id, &company.id)?;

    if let Some(twin) = &holdings.twin {
        let mut row = account(world, dice, company, &holdings.claims[0], twin);
        // A duplicate is typed in by hand: the trade's short name, another site, no figures.
        (row.arr_c, row.plan_c, row.seats_c) = (None, "", None);
        row.renewal_date_c.clear();
        let mut later = row.clone();
        if holdings.twin_merges {
            tombstone(&mut later, id, stamp(world.calendar.today + 2 * DAY));
        }
        world.out.account.first(&row)?;
        world.out.account.second(later)?;
        world.truth.account(BOTH, "salesforce", "account", twin, &company.id)?;
        let planted = Planted {
            kind: "duplicate_record",
            account: &company.id,
            field: "salesforce.account",
            one: id,
            other: twin,
        };
        world.truth.conflict(&planted)?;
    }
    if let Some(merged) = &holdings.merged {
        let mut row = account(world, dice, company, &holdings.claims[0], merged);
        let when = world.calendar.ago(dice, 20, 300);
        tombstone(&mut row, id, stamp(when));
        world.out.account.both(&row)?;
        world.truth.account(BOTH, "salesforce", "account", merged, &company.id)?;
    }
    Ok(())
}

/// Marks a row as merged into `master`.
fn tombstone(row: &mut Account, master: &str, when: String) {
    row.is_deleted = true;
    master.clone_into(&mut row.master_record_id);
    row.parent_id.clear();
    (row.arr_c, row.plan_c, row.seats_c) = (None, "", None);
    row.last_modified_date.clone_from(&when);
    row._fivetran_synced = when;
}

/// One account row as typed by somebody in sales.
fn account(world: &World, dice: &mut Dice, company: &Company, claims: &Claims, id: &str) -> Account {
    let calendar = world.calendar;
    let site = !company.domains.is_empty() && (company.carries_domain() || dice.chance(920));
    let place = &company.place;
    let full = !site || dice.chance(820);
    let contract = claims.plan.filter(|_| company.contracts.is_some());
    let modified = if company.fresh { company.created } else { calendar.ago(dice, 1, 200).max(company.created) };
    let aliases = company.domains.iter().skip(1).cloned().collect::<Vec<_>>().join(";");
    let number = |permille: usize, dice: &mut Dice, value: i64| dice.chance(permille).then_some(value);
    Account {
        id: id.to_owned(),
        name: company.crm_name(dice, site),
        r#type: claims.kind,
        billing_street: if full { street(dice, &place.street) } else { String::new() },
        billing_city: if full || dice.chance(500) { place.city.to_owned() } else { String::new() },
        billing_state: if full { place.state.to_owned() } else { String::new() },
        billing_postal_code: if full { place.postal.clone() } else { String::new() },
        billing_country: place.country_name(dice).to_owned(),
        billing_country_code: place.country.code.to_owned(),
        phone: if !site || dice.chance(680) { place.phone(dice) } else { String::new() },
        website: if site { company.website(dice) } else { String::new() },
        industry: if dice.chance(850) { company.industry.to_owned() } else { String::new() },
        number_of_employees: number(800, dice, company.employees),
        annual_revenue: number(450, dice, company.employees * 140_000),
        account_source: dice.pick(SOURCES),
        owner_id: owner(world, claims.owner, company.owner),
        currency_iso_code: CURRENCIES[claims.currency].to_uppercase(),
        created_date: stamp(company.created),
        last_modified_date: stamp(modified),
        last_activity_date: day(modified - dice.between(0, 9) * DAY),
        arr_c: contract.map(|_| money(claims.arr)),
        plan_c: contract.map_or("", |plan| PLANS[plan]),
        seats_c: contract.map(|_| claims.seats),
        renewal_date_c: contract.map_or_else(String::new, |_| day(claims.renewal)),
        domain_aliases_c: if dice.chance(500) { aliases } else { String::new() },
        legacy_crm_id_c: if company.created < calendar.today - 700 * DAY {
            format!("SUG-{:06}", dice.below(1_000_000))
        } else {
            String::new()
        },
        _fivetran_active: true,
        _fivetran_synced: calendar.synced(
            dice,
            modified,
            if company.fresh { calendar.second() } else { calendar.first() },
        ),
        ..Account::default()
    }
}

/// The same account a week later.
fn update(world: &World, dice: &mut Dice, row: &Account, company: &Company, claims: &Claims) -> Account {
    let mut later = Account { r#type: claims.kind, owner_id: owner(world, claims.owner, company.owner), ..row.clone() };
    if company.contracts.is_some() {
        later.seats_c = Some(claims.seats);
        later.arr_c = Some(money(claims.arr));
    }
    if dice.chance(15) {
        later.phone = company.place.phone(dice);
    }
    let touched = later.r#type != row.r#type
        || later.owner_id != row.owner_id
        || later.arr_c != row.arr_c
        || later.phone != row.phone
        || dice.chance(60);
    if touched {
        let when = world.calendar.first() + dice.between(0, 6 * DAY);
        later.last_modified_date = stamp(when);
        later._fivetran_synced = stamp(when + dice.between(60, 1500));
    }
    later
}
