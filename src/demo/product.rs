//! How does a company stand in the product?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::company::Stage;
use super::dice::Dice;
use super::families;
use super::holdings::Plant;
use super::rows::{Group, Identify, Member};
use super::truth::{BOTH, Planted, SECOND, Seen};
use super::usage::{Visitor, events};
use super::vendor::PLANS;
use super::world::World;

/// Writes workspaces, users and events of one company.
pub(super) fn company(world: &mut World, dice: &mut Dice, member: &families::Member) -> Result<()> {
    let (company, holdings) = (&member.company, &member.holdings);
    let Some(id) = &holdings.group else { return Ok(()) };
    group(world, dice, member, id, false)?;
    if let Some(twin) = &holdings.group_twin {
        group(world, dice, member, twin, true)?;
        let planted =
            Planted { kind: "duplicate_record", account: &company.id, field: "product.groups", one: id, other: twin };
        world.truth.conflict(&planted)?;
    }
    let mut visitors = Vec::new();
    for (at, person) in company.people.iter().enumerate() {
        if at > 0 && !dice.chance(620) {
            continue;
        }
        // Now and then somebody signs up in the second week.
        let seen = if at > 0 && dice.chance(25) { SECOND } else { BOTH };
        for _ in 0..=usize::from(dice.chance(40)) {
            let guise = person.in_product(dice);
            let own = company.domains.iter().any(|domain| guise.email.to_lowercase().ends_with(domain.as_str()));
            let row = user(world, dice, member, &guise.name(), &guise.email, own);
            visitors.push(add_user(world, dice, &row, seen, [&person.id, &company.id])?);
        }
    }
    if !company.domains.is_empty() && dice.chance(130) {
        let mailbox = dice.pick(&["admin", "analytics", "team", "data", "reporting"]);
        let row = user(world, dice, member, "", &format!("{mailbox}@{}", company.domain()), true);
        visitors.push(add_user(world, dice, &row, BOTH, ["", &company.id])?);
    }
    let share = match company.stage {
        Stage::Customer if holdings.plant == Plant::Status => 40,
        Stage::Customer => [100, 160, 60, 15][dice.weighted(&[50, 20, 20, 10])],
        Stage::Prospect => 25,
        Stage::Partner => 30,
        Stage::Former => 0,
    };
    events(world, dice, id, &visitors, company.place.country.hours, world.events * share / 100)
}

fn group(world: &mut World, dice: &mut Dice, member: &families::Member, id: &str, sandbox: bool) -> Result<()> {
    let (company, holdings) = (&member.company, &member.holdings);
    let site = !company.domains.is_empty()
        && (company.carries_domain() || holdings.plant == Plant::Domain || dice.chance(820));
    let stray = world.stray.clone().filter(|_| site && !company.exact());
    let cross = holdings.cross_id(dice, if site { 350 } else { 700 }, stray.as_deref());
    if let Some(kind) = cross.fault {
        let field = "product.groups.salesforce_account_id";
        let other = holdings.crm.as_deref().unwrap_or_default();
        world.truth.conflict(&Planted { kind, account: &company.id, field, one: &cross.id, other })?;
    }
    let name = company.workspace_name(dice, site);
    let domain = match company.domains.last() {
        Some(domain) if holdings.plant == Plant::Domain => domain.clone(),
        _ if site => company.domain().to_owned(),
        _ => String::new(),
    };
    let created = company.contracts.as_ref().map_or(company.created, |weeks| weeks[0].start - 14 * DAY);
    let received = world.calendar.ago(dice, 1, 20);
    let plan = |week: usize| {
        let (plan, _) = holdings.claims[week].granted;
        if sandbox {
            "sandbox".to_owned()
        } else {
            plan.map_or_else(|| "trial".to_owned(), |plan| PLANS[plan].to_lowercase())
        }
    };
    let row = Group {
        id: id.to_owned(),
        name: if sandbox {
            format!("{name} {}", dice.pick(&["(sandbox)", "Staging", "- old workspace"]))
        } else {
            name
        },
        domain,
        plan: plan(0),
        seats: (!sandbox).then_some(holdings.claims[0].granted.1).filter(|seats| *seats > 0),
        salesforce_account_id: cross.id,
        account_number: (holdings.crm.is_some() && dice.chance(250)).then_some(holdings.account_number as i64),
        country: if !site || dice.chance(450) { company.place.country.code.to_owned() } else { String::new() },
        created_at: stamp(created),
        received_at: stamp(received),
        uuid_ts: stamp(received + 40),
    };
    let mut later = row.clone();
    later.plan = plan(1);
    if !sandbox {
        later.seats = Some(holdings.claims[1].granted.1).filter(|seats| *seats > 0);
    }
    if dice.chance(300) || later.seats != row.seats {
        let received = world.calendar.first() + dice.between(0, 6 * DAY);
        later.received_at = stamp(received);
        later.uuid_ts = stamp(received + 40);
    }
    world.out.group.first(&row)?;
    world.out.group.second(later)?;
    world.truth.account(BOTH, "product", "groups", id, &company.id)
}

/// A product user; those whose address does not say where they belong always carry their workspace.
fn user(world: &World, dice: &mut Dice, member: &families::Member, name: &str, email: &str, own: bool) -> Member {
    let sure = own && !member.company.exact();
    let received = world.calendar.ago(dice, 1, 30);
    Member {
        id: dice.uuid(),
        email: email.to_owned(),
        name: name.to_owned(),
        group_id: member.holdings.group.clone().filter(|_| !sure || dice.chance(860)).unwrap_or_default(),
        role: dice.pick(&["admin", "editor", "editor", "viewer", "viewer"]),
        created_at: stamp(world.calendar.ago(dice, 60, 700)),
        received_at: stamp(received),
        uuid_ts: stamp(received + 40),
    }
}

/// Writes a user with the call that made it, for the true person and account it belongs to.
pub(super) fn add_user(
    world: &mut World,
    dice: &mut Dice,
    row: &Member,
    seen: Seen,
    [person, account]: [&str; 2],
) -> Result<Visitor> {
    let anonymous = dice.uuid();
    let moment = if seen == BOTH { world.calendar.ago(dice, 1, 50) } else { world.calendar.ago(dice, -5, -1) };
    let call = Identify {
        id: format!("ajs-{}", dice.hexadecimal(32)),
        user_id: row.id.clone(),
        anonymous_id: anonymous.clone(),
        email: row.email.clone(),
        name: row.name.clone(),
        original_timestamp: stamp(moment),
        sent_at: stamp(moment + 1),
        received_at: stamp(moment + 2),
        timestamp: stamp(moment),
        uuid_ts: stamp(moment + 45),
    };
    let mut row = row.clone();
    if seen == BOTH {
        world.out.member.first(&row)?;
        world.out.identify.first(&call)?;
    } else {
        row.created_at = stamp(moment);
        row.received_at = stamp(moment + 2);
        row.uuid_ts = stamp(moment + 45);
    }
    world.truth.person(seen, "product", "users", &row.id, person)?;
    world.truth.relation(seen, ["product", "users", &row.id, "user_of_account", account])?;
    let visitor = Visitor { user: row.id.clone(), anonymous, seen };
    world.out.member.second(row)?;
    world.out.identify.second(call)?;
    Ok(visitor)
}
