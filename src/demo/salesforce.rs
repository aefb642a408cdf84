//! How does a company stand in the CRM?

use crate::error::Result;

use super::calendar::{DAY, day, stamp};
use super::company::{Company, Stage};
use super::dice::Dice;
use super::drift::{LEADS_DELETED, percentile};
use super::families::Member;
use super::holdings::{Claims, Plant};
use super::naming::street;
use super::person::{Guise, Person};
use super::rows::{Account, Contact, Lead, Opportunity, Owner};
use super::truth::{BOTH, Planted, SECOND, Seen};
use super::vendor::{CURRENCIES, PLANS};
use super::world::World;

const SOURCES: &[&str] = &["Web", "Web", "Referral", "Event", "Outbound", "Partner", "Trial"];

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
    people(world, dice, member, seen)?;
    opportunities(world, dice, member)
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

fn people(world: &mut World, dice: &mut Dice, member: &Member, seen: Seen) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let listed = if company.stage == Stage::Prospect { 960 } else { 840 };
    for person in &company.people {
        let mut known = None;
        if holdings.crm.is_some() && dice.chance(listed) {
            let guise = person.in_crm(dice);
            let row = contact(world, dice, member, &guise, person.title);
            known = Some(row.id.clone());
            let row = Contact { mobile_phone: person.mobile(dice, 350), ..row };
            add_contact(world, &row, seen, &person.id, &company.id)?;
            if dice.chance(45) {
                let guise = person.in_crm(dice);
                let again = contact(world, dice, member, &guise, person.title);
                add_contact(world, &again, seen, &person.id, &company.id)?;
            }
        }
        if dice.chance(130) && seen == BOTH {
            lead(world, dice, member, person, known)?;
        }
    }
    if holdings.crm.is_none() {
        return Ok(());
    }
    if !company.domains.is_empty() && dice.chance(60) {
        let guise = Guise {
            given: "Accounts".into(),
            family: "Payable".into(),
            email: format!("{}@{}", dice.pick(&["ap", "accounts", "billing"]), company.domain()),
        };
        let row = contact(world, dice, member, &guise, "");
        add_contact(world, &row, seen, "", &company.id)?;
    }
    if let Some(agency) = company.agency.and_then(|at| world.agencies.get(at)).cloned() {
        let (id, given, family, email) = dice.among(&agency.people);
        let guise = Guise { given: (*given).to_owned(), family: (*family).to_owned(), email: email.clone() };
        let row = contact(world, dice, member, &guise, "Agency Account Manager");
        add_contact(world, &row, seen, id, &company.id)?;
    }
    // Somebody is typed in once more in the second week.
    if seen == BOTH
        && dice.chance(20)
        && let Some(person) = company.people.last()
    {
        let guise = person.in_crm(dice);
        let mut row = contact(world, dice, member, &guise, person.title);
        let when = world.calendar.first() + dice.between(DAY, 6 * DAY);
        (row.created_date, row.last_modified_date) = (stamp(when), stamp(when));
        row._fivetran_synced = stamp(when + 600);
        add_contact(world, &row, SECOND, &person.id, &company.id)?;
    }
    Ok(())
}

fn add_contact(world: &mut World, row: &Contact, seen: Seen, person: &str, company: &str) -> Result<()> {
    if seen == BOTH {
        world.out.contact.first(row)?;
    }
    world.out.contact.second(row.clone())?;
    world.truth.person(seen, "salesforce", "contact", &row.id, person)?;
    world.truth.relation(seen, ["salesforce", "contact", &row.id, "user_of_account", company])
}

/// A contact row; some hang on an account that was merged away or purged.
fn contact(world: &mut World, dice: &mut Dice, member: &Member, guise: &Guise, title: &'static str) -> Contact {
    let Member { company, holdings, .. } = member;
    let crm = holdings.crm.as_deref().unwrap_or_default();
    let old = holdings.merged.as_deref().or(holdings.purged.as_deref()).filter(|_| dice.chance(350));
    let account = old.or(holdings.twin.as_deref().filter(|_| dice.chance(300))).unwrap_or(crm);
    let created = company.created.max(world.calendar.ago(dice, 5, 900));
    let here = dice.chance(500);
    Contact {
        id: world.keys.salesforce("003"),
        account_id: account.to_owned(),
        first_name: guise.given.clone(),
        last_name: guise.family.clone(),
        name: guise.name(),
        email: guise.email.clone(),
        phone: if dice.chance(300) { company.place.phone(dice) } else { String::new() },
        title,
        mailing_city: if here { company.place.city.to_owned() } else { String::new() },
        mailing_country: if here { company.place.country_name(dice).to_owned() } else { String::new() },
        owner_id: world.vendor.staff[company.owner].user.clone(),
        lead_source: dice.pick(SOURCES),
        created_date: stamp(created),
        last_modified_date: stamp(created),
        _fivetran_active: true,
        _fivetran_synced: world.calendar.synced(dice, created, world.calendar.second()),
        ..Contact::default()
    }
}

fn lead(world: &mut World, dice: &mut Dice, member: &Member, person: &Person, contact: Option<String>) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let guise = person.in_crm(dice);
    let created = company.created - dice.between(0, 60) * DAY;
    let converted = contact.is_some();
    let site = !company.domains.is_empty();
    let row = Lead {
        id: world.keys.salesforce("00Q"),
        first_name: guise.given.clone(),
        last_name: guise.family.clone(),
        name: guise.name(),
        company: company.crm_name(dice, site),
        email: guise.email,
        phone: person.mobile(dice, 400),
        website: if dice.chance(400) { company.website(dice) } else { String::new() },
        title: person.title,
        city: company.place.city.to_owned(),
        country: company.place.country_name(dice).to_owned(),
        industry: company.industry.to_owned(),
        number_of_employees: company.employees.to_string(),
        lead_source: dice.pick(SOURCES),
        status: if converted { "Qualified" } else { dice.pick(&["Open", "Working", "Nurturing", "Unqualified"]) },
        is_converted: converted,
        converted_account_id: holdings.crm.clone().filter(|_| converted).unwrap_or_default(),
        converted_date: if converted { day(created + 9 * DAY) } else { String::new() },
        converted_contact_id: contact.unwrap_or_default(),
        owner_id: world.vendor.staff[company.owner].user.clone(),
        created_date: stamp(created),
        last_modified_date: stamp(created + 10 * DAY),
        _fivetran_active: true,
        _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
        ..Lead::default()
    };
    let kept = percentile(&row.id) >= LEADS_DELETED;
    world.out.lead.first(&row)?;
    if kept {
        world.out.lead.second(row.clone())?;
    }
    world.truth.person([true, kept], "salesforce", "lead", &row.id, &person.id)
}

fn opportunities(world: &mut World, dice: &mut Dice, member: &Member) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let Some(crm) = holdings.crm.as_deref().filter(|_| !company.fresh) else { return Ok(()) };
    // Name, stage, closing day, cents.
    let mut deals: Vec<(String, &'static str, i64, i64)> = Vec::new();
    let now = world.calendar.today;
    let core = &company.name.core;
    if let Some([contract, _]) = &company.contracts {
        if holdings.plant != Plant::BilledNotWon {
            deals.push((format!("{core} - New business"), "Closed Won", contract.start, contract.arr()));
            if let Some(end) = contract.ended {
                deals.push((format!("{core} - Renewal"), "Closed Lost", end, contract.arr()));
            } else if contract.start < now - 365 * DAY {
                deals.push((format!("{core} - Renewal"), "Closed Won", contract.start + 365 * DAY, contract.arr()));
            }
        }
        if contract.ended.is_none() && dice.chance(200) {
            deals.push((
                format!("{core} - Expansion"),
                "Negotiation",
                now + dice.between(10, 90) * DAY,
                contract.arr() / 4,
            ));
        }
    } else if company.stage == Stage::Prospect && dice.chance(550) {
        let stage = dice.pick(&["Discovery", "Proposal", "Negotiation", "Closed Lost", "Closed Lost"]);
        let close =
            if stage == "Closed Lost" { world.calendar.ago(dice, 10, 200) } else { now + dice.between(5, 120) * DAY };
        deals.push((format!("{core} - New business"), stage, close, dice.between(20, 900) * 10_000));
    }
    let currency = company.contracts.as_ref().map_or(0, |weeks| weeks[0].currency);
    for (name, stage, close, cents) in deals {
        let old = holdings.merged.as_deref().or(holdings.purged.as_deref()).filter(|_| dice.chance(300));
        let created = company.created.min(close - 10 * DAY);
        let row = Opportunity {
            id: world.keys.salesforce("006"),
            account_id: old.unwrap_or(crm).to_owned(),
            r#type: if name.ends_with("New business") { "New Business" } else { "Existing Business" },
            name,
            amount: money(cents),
            currency_iso_code: CURRENCIES[currency].to_uppercase(),
            close_date: day(close),
            created_date: stamp(created),
            stage_name: stage,
            is_closed: stage.starts_with("Closed"),
            is_won: stage == "Closed Won",
            probability: match stage {
                "Closed Won" => 100,
                "Closed Lost" => 0,
                "Negotiation" => 70,
                "Proposal" => 45,
                _ => 20,
            },
            forecast_category: if stage.starts_with("Closed") { "Closed" } else { "Pipeline" },
            lead_source: dice.pick(SOURCES),
            owner_id: world.vendor.staff[company.owner].user.clone(),
            last_modified_date: stamp(created.max(close.min(now - DAY))),
            _fivetran_active: true,
            _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
            ..Opportunity::default()
        };
        world.out.opportunity.both(&row)?;
    }
    Ok(())
}
