//! What stands around the invented company's accounts.

use fourfold::ident::{EntityKind, RecordKey};
use fourfold::snapshot::{Member, Neighbour, Neighbours, PlayOutput, Stratum, Surroundings};

use super::company::{PEOPLE, domain, entity};

/// What stands around the accounts of that many pairs.
pub fn surroundings(accounts: usize) -> Surroundings {
    (0..accounts).map(around).fold(Surroundings::default(), together)
}

/// What stands around the two accounts of a pair.
fn around(index: usize) -> Surroundings {
    let sides = [entity(2 * index), entity(2 * index + 1)];
    let member = |side: usize, source: &str, table: &str, pk: String| Member {
        entity: sides[side].clone(),
        record: RecordKey::new(source, table, pk),
        rule: "match".into(),
    };
    let hanging = |side: usize, relation: &str, items: Vec<Neighbour>| Neighbours {
        entity: sides[side].clone(),
        relation: relation.into(),
        total: items.len() as u64,
        items,
    };
    let item = |id: &str| Neighbour { id: id.into(), ..Neighbour::default() };
    let who = |number: usize| Neighbour {
        label: PEOPLE[number % PEOPLE.len()].into(),
        ..item(&format!("per_{number:016x}"))
    };
    let invoice =
        |number: usize, day: &str| Neighbour { day: Some(day.into()), ..item(&format!("in_{index}_{number}")) };
    let ticket = |number: usize, by: usize| Neighbour {
        behind: Some(format!("per_{by:016x}")),
        ..item(&format!("ticket {index} {number}"))
    };
    Surroundings {
        members: vec![
            member(0, "salesforce", "account", format!("0015g00000{index:08}AAC")),
            member(0, "zendesk", "organization", format!("{}", 9_000 + index)),
            member(1, "stripe_eu", "customer", format!("cus_{index:014}")),
        ],
        neighbours: vec![
            hanging(0, "domain", vec![item(&domain(index))]),
            hanging(1, "domain", vec![item(&domain(index))]),
            hanging(0, "user_of_account", vec![who(index), who(index + 1), who(index + 2)]),
            hanging(1, "user_of_account", vec![who(index + 1)]),
            hanging(0, "ticket_of_account", vec![ticket(1, index), ticket(2, index + 1)]),
            hanging(1, "invoice_of_account", vec![invoice(1, "2025-11-01"), invoice(2, "2026-01-01")]),
        ],
        edges: Vec::new(),
        plays: vec![PlayOutput {
            entity: sides[0].clone(),
            play: "health".into(),
            output: "score".into(),
            value: format!("{}", 60 + index % 30),
        }],
    }
}

fn together(mut all: Surroundings, more: Surroundings) -> Surroundings {
    all.members.extend(more.members);
    all.neighbours.extend(more.neighbours);
    all.edges.extend(more.edges);
    all.plays.extend(more.plays);
    all
}

/// The strata of the draw.
pub fn strata(accounts: usize) -> Vec<Stratum> {
    let stratum = |kind, matched, band, population, drawn| Stratum { kind, matched, band, population, drawn };
    vec![
        stratum(EntityKind::Account, false, 0, 400, 12),
        stratum(EntityKind::Account, false, 1, accounts as u64, accounts as u64 / 4),
        stratum(EntityKind::Account, true, 0, 90, 12),
        stratum(EntityKind::Account, true, 1, 800, 12),
        stratum(EntityKind::Person, false, 1, accounts as u64 / 3, 3),
    ]
}
