//! Whom does sales know at a company, as contacts and as leads?

use crate::error::Result;

use super::calendar::{DAY, day, stamp};
use super::company::Stage;
use super::dice::Dice;
use super::drift::percentile;
use super::families::Member;
use super::person::{Guise, Person};
use super::rows::{Contact, Lead};
use super::salesforce::SOURCES;
use super::truth::{BOTH, SECOND, Seen};
use super::world::World;

/// Writes the contacts and leads of one company.
pub(super) fn people(world: &mut World, dice: &mut Dice, member: &Member, seen: Seen) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let listed = if company.stage == Stage::Prospect { 960 } else { 840 };
    for person in &company.people {
        let mut known = None;
        if holdings.crm.is_some() && dice.chance(listed) {
            let guise = person.in_crm(dice);
            let row = contact(world, dice, member, &guise, person.title);
            let master = row.id.clone();
            known = Some(row.id.clone());
            let row = Contact { mobile_phone: person.mobile(dice, 350), ..row };
            add_contact(world, &row, seen, &person.id, &company.id)?;
            if dice.chance(45) {
                let guise = person.in_crm(dice);
                let mut again = contact(world, dice, member, &guise, person.title);
                if dice.chance(300) {
                    again.is_deleted = true;
                    again.master_record_id = master;
                }
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
    let kept = percentile(&row.id) >= world.week.strength.leads_deleted();
    world.out.lead.first(&row)?;
    if kept {
        world.out.lead.second(row.clone())?;
    }
    world.truth.person([true, kept], "salesforce", "lead", &row.id, &person.id)
}
