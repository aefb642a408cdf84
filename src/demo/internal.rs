//! Which records are nobody's customer: the vendor itself, its tests and its demos?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::dice::Dice;
use super::output::STRIPE;
use super::product::add_user;
use super::rows::{Account, Customer, DomainName, Group, Member, Organization, Ticket};
use super::truth::{BOTH, INTERNAL, Planted};
use super::usage::{Visitor, events};
use super::vendor::{DOMAIN, NAME};
use super::world::World;

/// Names that people give to records they mean to delete.
const TESTS: &[&str] = &[
    "Test Co",
    "TEST - do not use",
    "Test Account",
    "zz_import_check",
    "Demo GmbH",
    "QA Sandbox",
    "asdf",
    "Dummy Ltd",
];

/// Writes the internal records: the vendor's own, and some tests for every 150 accounts.
pub(super) fn write(world: &mut World, dice: &mut Dice, accounts: usize) -> Result<()> {
    account(world, dice, NAME, DOMAIN)?;
    let own = organization(world, dice, NAME)?;
    world.out.domain_name.both(&DomainName {
        organization_id: own.clone(),
        index: 0,
        domain_name: DOMAIN.to_owned(),
        _fivetran_synced: stamp(world.calendar.first() - 3600),
    })?;
    tickets(world, dice, &own)?;
    let home = group(world, dice, "Larkspur HQ")?;
    let mut visitors = Vec::new();
    for at in 0..world.vendor.staff.len() {
        let colleague = &world.vendor.staff[at];
        let Some(id) = colleague.member.clone() else { continue };
        let person = &colleague.person;
        let (true_person, name) = (person.id.clone(), format!("{} {}", person.given, person.family));
        let row = member(world, dice, id, &name, person.email.clone(), &home);
        visitors.push(add_user(world, dice, &row, BOTH, [&true_person, INTERNAL])?);
    }
    let volume = world.events * 3;
    events(world, dice, &home, &visitors, 0, volume)?;
    for number in 0..2 + accounts / 150 {
        tests(world, dice, number)?;
    }
    Ok(())
}

/// One round of tests through all systems.
fn tests(world: &mut World, dice: &mut Dice, number: usize) -> Result<()> {
    let name = TESTS[number % TESTS.len()];
    let name = if number < TESTS.len() { name.to_owned() } else { format!("{name} {number}") };
    let site = dice.pick(&["example.com", ""]);
    account(world, dice, &name, site)?;
    let region = number % STRIPE.len();
    let id = format!("cus_{}", dice.alphanumeric(14));
    let created = world.calendar.ago(dice, 30, 600);
    world.out.stripe[region].customer.both(&Customer {
        id: id.clone(),
        created: stamp(created),
        email: format!("qa+test{number}@{DOMAIN}"),
        name: format!("{name} (test)"),
        currency: "usd",
        livemode: dice.chance(500),
        metadata: "{}".into(),
        _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
        ..Customer::default()
    })?;
    world.truth.account(BOTH, STRIPE[region], "customer", &id, INTERNAL)?;
    if number.is_multiple_of(3) {
        organization(world, dice, &format!("{name} - internal"))?;
    }
    let workspace = format!("{} {number}", dice.pick(&["QA workspace", "Larkspur Staging", "e2e-test"]));
    let workspace = group(world, dice, &workspace)?;
    let user_id = dice.uuid();
    let user = member(world, dice, user_id, "Test User", format!("qa+test{number}@{DOMAIN}"), &workspace);
    let visitor: Visitor = add_user(world, dice, &user, BOTH, ["", INTERNAL])?;
    let volume = world.events / 3;
    events(world, dice, &workspace, &[visitor], 0, volume)?;
    let planted = Planted { kind: "internal_or_test", account: INTERNAL, field: "name", one: &name, other: DOMAIN };
    world.truth.conflict(&planted)
}

fn account(world: &mut World, dice: &mut Dice, name: &str, site: &str) -> Result<()> {
    let id = world.keys.salesforce("001");
    let created = world.calendar.ago(dice, 40, 900);
    let owner = dice.below(world.vendor.owners);
    world.out.account.both(&Account {
        id: id.clone(),
        name: name.to_owned(),
        r#type: "Prospect",
        website: site.to_owned(),
        owner_id: world.vendor.staff[owner].user.clone(),
        currency_iso_code: "USD".into(),
        created_date: stamp(created),
        last_modified_date: stamp(created),
        _fivetran_active: true,
        _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
        ..Account::default()
    })?;
    world.truth.account(BOTH, "salesforce", "account", &id, INTERNAL)
}

fn organization(world: &mut World, dice: &mut Dice, name: &str) -> Result<String> {
    let id = world.keys.zendesk();
    let created = world.calendar.ago(dice, 40, 900);
    world.out.organization.both(&Organization {
        id: id.clone(),
        name: name.to_owned(),
        created_at: stamp(created),
        updated_at: stamp(created),
        url: format!("https://larkspurmetrics.zendesk.com/api/v2/organizations/{id}.json"),
        _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
        ..Organization::default()
    })?;
    world.truth.account(BOTH, "zendesk", "organization", &id, INTERNAL)?;
    Ok(id)
}

fn group(world: &mut World, dice: &mut Dice, name: &str) -> Result<String> {
    let id = format!("org_{}", dice.hexadecimal(20));
    let received = world.calendar.ago(dice, 1, 20);
    world.out.group.both(&Group {
        id: id.clone(),
        name: name.to_owned(),
        domain: DOMAIN.to_owned(),
        plan: "internal".into(),
        created_at: stamp(received - 400 * DAY),
        received_at: stamp(received),
        uuid_ts: stamp(received + 40),
        ..Group::default()
    })?;
    world.truth.account(BOTH, "product", "groups", &id, INTERNAL)?;
    Ok(id)
}

fn member(world: &World, dice: &mut Dice, id: String, name: &str, email: String, group: &str) -> Member {
    let received = world.calendar.ago(dice, 1, 30);
    Member {
        id,
        email,
        name: name.to_owned(),
        group_id: group.to_owned(),
        role: "admin",
        created_at: stamp(received - 200 * DAY),
        received_at: stamp(received),
        uuid_ts: stamp(received + 40),
    }
}

/// The desk's tickets to itself.
fn tickets(world: &mut World, dice: &mut Dice, organization: &str) -> Result<()> {
    for _ in 0..3 {
        let id = world.keys.zendesk();
        let agent = world.vendor.agent(dice).to_owned();
        let created = world.calendar.ago(dice, 8, 100);
        world.out.ticket.both(&Ticket {
            id: id.clone(),
            subject: "Test ticket, please ignore".into(),
            organization_id: organization.to_owned(),
            requester_id: agent.clone(),
            submitter_id: agent.clone(),
            assignee_id: agent,
            group_id: world.teams[0].clone(),
            status: "closed",
            priority: "low",
            r#type: "task",
            via_channel: "web",
            satisfaction_rating_score: "unoffered",
            is_public: true,
            created_at: stamp(created),
            updated_at: stamp(created),
            _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
            ..Ticket::default()
        })?;
        world.truth.relation(BOTH, ["zendesk", "ticket", &id, "ticket_of_account", INTERNAL])?;
    }
    Ok(())
}
