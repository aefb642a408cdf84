//! How does a company stand at the support desk?

use crate::error::Result;

use super::calendar::{DAY, stamp};
use super::company::Stage;
use super::dice::Dice;
use super::families::Member;
use super::rows::{DomainName, Organization, SupportUser, Team, Ticket};
use super::truth::{BOTH, Planted, SECOND};
use super::words::SUBJECTS;
use super::world::World;

/// Somebody who writes to the desk: the user, the person (empty for shared mailboxes), whether the mail is the agency's.
struct Requester {
    user: String,
    person: String,
    outside: bool,
}

/// Writes the desk's teams and agents.
pub(super) fn desk(world: &mut World, dice: &mut Dice) -> Result<()> {
    let calendar = world.calendar;
    let created = calendar.today - 1500 * DAY;
    for name in ["Support", "Billing questions", "Technical"] {
        let id = world.keys.zendesk();
        world.teams.push(id.clone());
        world.out.team.both(&Team {
            id,
            name,
            created_at: stamp(created),
            updated_at: stamp(created),
            _fivetran_synced: calendar.synced(dice, created, calendar.first()),
            ..Team::default()
        })?;
    }
    for colleague in &world.vendor.staff {
        let Some(id) = &colleague.agent else { continue };
        let person = &colleague.person;
        let name = format!("{} {}", person.given, person.family);
        let row = SupportUser { role: "agent", ..user(world, dice, id, &name, &person.email) };
        world.out.support_user.both(&row)?;
        world.truth.person(BOTH, "zendesk", "user", id, &person.id)?;
    }
    Ok(())
}

/// A requester's row.
fn user(world: &World, dice: &mut Dice, id: &str, name: &str, email: &str) -> SupportUser {
    let calendar = world.calendar;
    let created = calendar.ago(dice, 30, 900);
    SupportUser {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        role: "end-user",
        active: true,
        verified: dice.chance(700),
        locale: "en-US",
        time_zone: "Eastern Time (US & Canada)",
        created_at: stamp(created),
        updated_at: stamp(created),
        last_login_at: if dice.chance(400) { stamp(calendar.ago(dice, 1, 25)) } else { String::new() },
        _fivetran_synced: calendar.synced(dice, created, calendar.first()),
        ..SupportUser::default()
    }
}

/// Writes organisations, users and tickets of one company.
pub(super) fn company(world: &mut World, dice: &mut Dice, family: &[Member], at: usize) -> Result<()> {
    let member = &family[at];
    let Member { company, holdings, .. } = member;
    if let Some(id) = &holdings.organization {
        organization(world, dice, member, id)?;
    }
    if let Some(id) = &holdings.organization_twin {
        organization(world, dice, member, id)?;
        let planted = Planted {
            kind: "duplicate_record",
            account: &company.id,
            field: "zendesk.organization",
            one: holdings.organization.as_deref().unwrap_or_default(),
            other: id,
        };
        world.truth.conflict(&planted)?;
    }
    // Some customers write without anybody having made an organisation for them.
    let unfiled = company.stage == Stage::Customer && !company.domains.is_empty() && dice.chance(250);
    if holdings.organization.is_none() && !unfiled {
        return Ok(());
    }
    let requesters = requesters(world, dice, member)?;
    tickets(world, dice, family, at, &requesters)
}

fn organization(world: &mut World, dice: &mut Dice, member: &Member, id: &str) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let site = !company.domains.is_empty() && (company.carries_domain() || dice.chance(800));
    let stray = world.stray.clone().filter(|_| site && !company.exact());
    let cross = holdings.cross_id(dice, if site { 500 } else { 750 }, stray.as_deref());
    if let Some(kind) = cross.fault {
        let field = "zendesk.organization.external_id";
        let other = holdings.crm.as_deref().unwrap_or_default();
        world.truth.conflict(&Planted { kind, account: &company.id, field, one: &cross.id, other })?;
    }
    let calendar = world.calendar;
    let created = calendar.ago(dice, 25, 900);
    let synced = calendar.synced(dice, created, calendar.first());
    let row = Organization {
        id: id.to_owned(),
        name: company.support_name(dice, site),
        external_id: cross.id,
        details: if dice.chance(400) || !site {
            format!("{}, {}", company.place.city, company.place.country.names[0])
        } else {
            String::new()
        },
        notes: if company.domains.is_empty() { format!("writes from {}", company.mailbox) } else { String::new() },
        group_id: world.teams[0].clone(),
        created_at: stamp(created),
        updated_at: stamp(created),
        url: format!("https://larkspurmetrics.zendesk.com/api/v2/organizations/{id}.json"),
        _fivetran_synced: synced.clone(),
        ..Organization::default()
    };
    world.out.organization.both(&row)?;
    world.truth.account(BOTH, "zendesk", "organization", id, &company.id)?;
    if site {
        for (index, domain) in company.domains.iter().enumerate() {
            world.out.domain_name.both(&DomainName {
                organization_id: id.to_owned(),
                index: index as i64,
                domain_name: domain.clone(),
                _fivetran_synced: synced.clone(),
            })?;
        }
    }
    Ok(())
}

/// The people and shared mailboxes of a company that write to the desk.
fn requesters(world: &mut World, dice: &mut Dice, member: &Member) -> Result<Vec<Requester>> {
    let Member { company, holdings, .. } = member;
    let organization = || holdings.organization.clone().unwrap_or_default();
    let mut out = Vec::new();
    // Name, e-mail, person, phone, outside.
    let mut known = Vec::new();
    for (at, person) in company.people.iter().enumerate() {
        if at == 0 || dice.chance(420) {
            for _ in 0..=usize::from(dice.chance(50)) {
                let guise = person.in_support(dice);
                known.push((guise.name(), guise.email.clone(), person.id.clone(), person.mobile(dice, 120), false));
            }
        }
    }
    if !company.domains.is_empty() && dice.chance(160) {
        let (mailbox, name) =
            dice.pick(&[("support", "Support"), ("it", "IT Helpdesk"), ("info", "Info"), ("office", "Office")]);
        known.push((name.to_owned(), format!("{mailbox}@{}", company.domain()), String::new(), String::new(), false));
    }
    if company.domains.is_empty() {
        known.push((company.name.core.clone(), company.mailbox.clone(), String::new(), String::new(), false));
    }
    if let Some(agency) = company.agency.and_then(|at| world.agencies.get(at)).filter(|_| dice.chance(400)) {
        let (id, given, family, email) = dice.among(&agency.people);
        known.push((format!("{given} {family}"), email.clone(), id.clone(), String::new(), true));
    }
    for (name, email, person, phone, outside) in known {
        let id = world.keys.zendesk();
        let sure = !company.domains.is_empty() && !company.exact() && email.to_lowercase().ends_with(company.domain());
        let mut row = user(world, dice, &id, &name, &email);
        row.phone = phone;
        if !sure || outside || dice.chance(780) {
            row.organization_id = organization();
        }
        world.out.support_user.both(&row)?;
        world.truth.person(BOTH, "zendesk", "user", &id, &person)?;
        if !outside {
            world.truth.relation(BOTH, ["zendesk", "user", &id, "user_of_account", &company.id])?;
        }
        out.push(Requester { user: id, person, outside });
    }
    Ok(out)
}

fn tickets(world: &mut World, dice: &mut Dice, family: &[Member], at: usize, requesters: &[Requester]) -> Result<()> {
    let Member { company, holdings, .. } = &family[at];
    let calendar = world.calendar;
    let busy = match company.stage {
        Stage::Customer => dice.between(1, 9),
        _ => dice.between(0, 3),
    };
    for number in 0..=busy {
        // The last place is for a ticket of the second week.
        let second = number == busy;
        if second && !(company.stage == Stage::Customer && dice.chance(350)) {
            continue;
        }
        let age = if second { -dice.between(0, 6) } else { dice.between(1, 170) };
        let created = calendar.today - age * DAY + dice.between(7 * 3600, 20 * 3600);
        let seen = if created > calendar.first() { SECOND } else { BOTH };
        let requester = dice.among(requesters);
        let parent = family[at].parent.and_then(|parent| family[parent].holdings.organization.clone());
        let mut organization = holdings.organization.clone().unwrap_or_default();
        if !requester.outside && dice.chance(340) {
            organization.clear();
        } else if let Some(parent) = parent.filter(|_| dice.chance(120)) {
            organization = parent;
        }
        let id = world.keys.zendesk();
        if requester.outside
            || (holdings.organization.is_some()
                && organization != holdings.organization.clone().unwrap_or_default()
                && !organization.is_empty())
        {
            let (field, other) = ("zendesk.ticket.organization_id", &requester.user);
            world.truth.conflict(&Planted {
                kind: "orphan",
                account: &company.id,
                field,
                one: &organization,
                other,
            })?;
        }
        let settled = age > 6;
        let status = if settled {
            dice.pick(&["solved", "closed", "closed", "closed"])
        } else {
            dice.pick(&["new", "open", "pending", "solved"])
        };
        let kind = dice.pick(&["question", "problem", "incident", "task"]);
        let row = Ticket {
            id: id.clone(),
            subject: dice.pick(&SUBJECTS).to_owned(),
            organization_id: organization,
            requester_id: requester.user.clone(),
            submitter_id: requester.user.clone(),
            assignee_id: world.vendor.agent(dice).to_owned(),
            group_id: dice.among(&world.teams).clone(),
            status,
            priority: ["low", "normal", "high", "urgent", ""][dice.weighted(&[15, 50, 18, 5, 12])],
            r#type: kind,
            due_at: if kind == "task" { stamp(created + 14 * DAY) } else { String::new() },
            via_channel: dice.pick(&["email", "email", "web", "chat"]),
            satisfaction_rating_score: if settled {
                ["unoffered", "offered", "good", "bad"][dice.weighted(&[40, 30, 23, 7])]
            } else {
                "unoffered"
            },
            is_public: true,
            created_at: stamp(created),
            updated_at: stamp(created + dice.between(1, 60) * 3600),
            _fivetran_synced: calendar.synced(
                dice,
                created,
                if seen == BOTH { calendar.first() } else { calendar.second() },
            ),
            ..Ticket::default()
        };
        if seen == BOTH {
            world.out.ticket.first(&row)?;
        }
        let mut later = row;
        if !settled && seen == BOTH && dice.chance(600) {
            later.status = "solved";
            later.updated_at = stamp(calendar.first() + dice.between(0, 6 * DAY));
            later._fivetran_synced = stamp(calendar.first() + 6 * DAY + 1800);
        }
        world.out.ticket.second(later)?;
        world.truth.relation(seen, ["zendesk", "ticket", &id, "ticket_of_account", &company.id])?;
        world.truth.relation(seen, ["zendesk", "ticket", &id, "ticket_of_person", &requester.person])?;
    }
    Ok(())
}
