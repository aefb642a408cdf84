//! Which tickets stand under another organisation than the one of who asked, or under none?

use super::Scene;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{LISTED, beyond_listed, conflict, side};
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;

/// Finds them in sources that keep tickets and people with their account.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for tickets in source.tables.iter().filter(|table| table.role == Role::Ticket && table.rows > 0) {
            let Some(account) = tickets.column_of("ticket.account_id") else { continue };
            let Some(requester) = tickets.column_of("ticket.person_id") else { continue };
            let people = source.tables.iter().find(|table| {
                table.role == Role::Person
                    && table.rows > 0
                    && table.primary_key.len() == 1
                    && table.column_of("person.account_id").is_some()
            });
            let Some(people) = people else { continue };
            let Some(of_person) = people.column_of("person.account_id") else { continue };
            found.extend(differing(scene, source, (tickets, account, requester), (people, of_person))?);
            found.extend(homeless(scene, source, (tickets, account, requester), (people, of_person))?);
        }
    }
    Ok(found)
}

type Tickets<'map> = (&'map TableEntry, &'map ColumnEntry, &'map ColumnEntry);
type People<'map> = (&'map TableEntry, &'map ColumnEntry);

fn joined(scene: &Scene<'_>, (tickets, account, requester): Tickets<'_>, (people, of_person): People<'_>) -> String {
    let dialect = scene.warehouse.dialect();
    format!(
        "FROM (SELECT {pk} AS pk, {account} AS account, {requester} AS requester FROM {tickets} AS t WHERE NOT {dead}) AS ticket \
         LEFT JOIN (SELECT {person} AS id, {of_person} AS account FROM {people} AS p WHERE NOT {gone}) AS person \
         ON ticket.requester = person.id",
        pk = rows::key(dialect, tickets, "t"),
        account = rows::text(dialect, account, "t"),
        requester = rows::text(dialect, requester, "t"),
        dead = rows::dead(dialect, tickets, "t"),
        tickets = rows::newest(dialect, tickets),
        person = rows::key(dialect, people, "p"),
        of_person = rows::text(dialect, of_person, "p"),
        people = rows::newest(dialect, people),
        gone = rows::dead(dialect, people, "p"),
    )
}

fn differing(
    scene: &Scene<'_>,
    source: &SourceEntry,
    tickets: Tickets<'_>,
    people: People<'_>,
) -> Result<Vec<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let join = format!(
        "{} WHERE ticket.pk IS NOT NULL AND ticket.account IS NOT NULL AND person.account IS NOT NULL AND ticket.account <> person.account",
        joined(scene, tickets, people)
    );
    let all = scene.warehouse.query(&format!("SELECT count(*) {join}"), &[])?.integer(0, 0).unwrap_or(0);
    if all == 0 {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT ticket.pk, ticket.account, person.id, person.account {join} ORDER BY {} LIMIT {LISTED}",
        dialect.ordered("ticket.pk")
    );
    let answer = scene.warehouse.query(&sql, &[])?;
    let mut found = Vec::new();
    for row in 0..answer.len() {
        let cell = |column: usize| answer.text(row, column).unwrap_or("");
        let (pk, own, person, theirs) = (cell(0), cell(1), cell(2), cell(3));
        let detail =
            format!("the ticket {pk} of {} stands under {own}, its requester {person} under {theirs}", source.id);
        let side_a = side(source, tickets.0, pk, &tickets.1.name, own);
        let side_b = side(source, people.0, person, &people.1.name, theirs);
        found.push(conflict("orphan", "ticket.account_id", Some(side_a), Some(side_b), detail));
    }
    let more = u64::try_from(all).unwrap_or(0).saturating_sub(answer.len() as u64);
    if more > 0
        && let Some(first) = found.first()
    {
        found.push(beyond_listed(first, more));
    }
    Ok(found)
}

/// Tickets under no organisation, whose requester has none either: one finding for all of them, because single ones are
/// everyday life.
fn homeless(
    scene: &Scene<'_>,
    source: &SourceEntry,
    tickets: Tickets<'_>,
    people: People<'_>,
) -> Result<Option<Conflict>> {
    let sql = format!(
        "SELECT count(*) {} WHERE ticket.account IS NULL AND person.account IS NULL",
        joined(scene, tickets, people)
    );
    let count = scene.warehouse.query(&sql, &[])?.integer(0, 0).unwrap_or(0);
    if count == 0 {
        return Ok(None);
    }
    let detail = format!(
        "{count} of {} tickets of {} stand under no organisation, and neither do their requesters",
        tickets.0.rows, source.id
    );
    let side_a = side(source, tickets.0, "", &tickets.1.name, "");
    Ok(Some(conflict("orphan", "ticket.account_id", Some(side_a), None, detail)))
}
