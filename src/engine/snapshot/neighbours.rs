//! What hangs on the entities that pairs are about: people, invoices, tickets, domains, records?

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::published::Published;
use crate::error::Result;
use crate::ident::{EntityId, RecordKey};
use crate::resolve::normalise::{is_disposable, is_free_mail, registrable_domain};
use crate::snapshot::{Edge, Member, Neighbour, Neighbours, PlayOutput, QueuedPair, Surroundings};

/// Neighbours kept of each relation; who has more is a hub, of which the count says enough.
const KEPT: usize = 60;

/// The relations of other records to accounts and people.
const RELATIONS: [&str; 6] = [
    "user_of_account",
    "subscription_of_account",
    "invoice_of_account",
    "ticket_of_account",
    "opportunity_of_account",
    "ticket_of_person",
];

/// How many rows hang on each entity.
pub(super) fn fan_out(published: &Published<'_>) -> Result<FxHashMap<String, u64>> {
    let rows = published.counts("relations", "entity_id")?;
    Ok((0..rows.len())
        .filter_map(|row| Some((rows.text(row, 0)?.to_owned(), rows.float(row, 1).unwrap_or(0.0) as u64)))
        .collect())
}

/// Reads what stands around the entities of the pairs that are asked.
pub(super) fn read(published: &Published<'_>, pairs: &[QueuedPair]) -> Result<Surroundings> {
    let wanted: FxHashSet<&str> = pairs
        .iter()
        .filter(|pair| !pair.reason.is_empty())
        .flat_map(|pair| [pair.left_entity.as_str(), pair.right_entity.as_str()])
        .collect();
    let links = published.select("links", &["source", "table", "pk", "entity_id", "rule", "kind"], &[], "")?;
    let mut members = Vec::new();
    let mut people: FxHashMap<RecordKey, String> = FxHashMap::default();
    for row in 0..links.len() {
        let cell = |column: usize| links.text(row, column).unwrap_or_default();
        let record = RecordKey::new(cell(0), cell(1), cell(2));
        if cell(5) == "person" {
            people.insert(record.clone(), cell(3).to_owned());
        }
        if wanted.contains(cell(3)) {
            members.push(Member { entity: EntityId::new(cell(3)), record, rule: cell(4).to_owned() });
        }
    }
    members.sort_by(|one, other| (&one.entity, &one.record).cmp(&(&other.entity, &other.record)));
    let neighbours = neighbours(published, &wanted, &people, pairs)?;
    Ok(Surroundings { members, neighbours, edges: edges(published, &wanted)?, plays: plays(published, &wanted)? })
}

/// A neighbour in the making, by what it is sorted by.
type Hanging = BTreeMap<(String, &'static str), BTreeMap<String, Neighbour>>;

fn neighbours(
    published: &Published<'_>,
    wanted: &FxHashSet<&str>,
    people: &FxHashMap<RecordKey, String>,
    pairs: &[QueuedPair],
) -> Result<Vec<Neighbours>> {
    let rows = published.select("relations", &["entity_id", "relation", "source", "table", "pk"], &[], "")?;
    let mut hanging: Hanging = BTreeMap::new();
    let mut behind: FxHashMap<RecordKey, String> = FxHashMap::default();
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).unwrap_or_default();
        if cell(1) == "ticket_of_person" {
            behind.insert(RecordKey::new(cell(2), cell(3), cell(4)), cell(0).to_owned());
        }
    }
    let mut named: FxHashSet<String> = FxHashSet::default();
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).unwrap_or_default();
        let Some(relation) = RELATIONS.iter().find(|known| **known == cell(1)) else { continue };
        let record = RecordKey::new(cell(2), cell(3), cell(4));
        // A person is one neighbour, however many of their records say so.
        let person = people.get(&record).filter(|_| *relation == "user_of_account");
        if let Some(person) = person.filter(|person| wanted.contains(person.as_str())) {
            let account = Neighbour { id: cell(0).to_owned(), ..Neighbour::default() };
            hanging.entry((person.clone(), "account_of_user")).or_default().insert(account.id.clone(), account);
            named.insert(cell(0).to_owned());
        }
        if !wanted.contains(cell(0)) {
            continue;
        }
        let id = person.cloned().unwrap_or_else(|| record.to_string());
        let behind = behind.get(&record).filter(|_| *relation == "ticket_of_account").cloned();
        named.extend(person.cloned());
        let neighbour = Neighbour { id: id.clone(), behind, ..Neighbour::default() };
        hanging.entry((cell(0).to_owned(), relation)).or_default().insert(id, neighbour);
    }
    domains(published, wanted, pairs, &mut hanging)?;
    let labels = labels(published, &named)?;
    let days = days(published, wanted)?;
    Ok(hanging
        .into_iter()
        .map(|((entity, relation), items)| {
            let total = items.len() as u64;
            let items = items.into_values().take(KEPT).map(|mut item| {
                item.label = labels.get(&item.id).cloned().unwrap_or_default();
                item.day = days.get(&item.id).cloned();
                item
            });
            Neighbours { entity: EntityId::new(entity), relation: relation.to_owned(), total, items: items.collect() }
        })
        .collect())
}

/// The domains that records and people of an account use.
fn domains(
    published: &Published<'_>,
    wanted: &FxHashSet<&str>,
    pairs: &[QueuedPair],
    hanging: &mut Hanging,
) -> Result<()> {
    let mut add = |entity: &str, relation: &'static str, text: &str| {
        for domain in found_domains(text) {
            let neighbour = Neighbour { id: domain.clone(), ..Neighbour::default() };
            hanging.entry((entity.to_owned(), relation)).or_default().insert(domain, neighbour);
        }
    };
    for pair in pairs.iter().filter(|pair| !pair.reason.is_empty()) {
        for field in pair.pair.fields.iter().filter(|field| ["domain", "email"].contains(&field.field.as_str())) {
            add(pair.left_entity.as_str(), "domain", &field.left);
            add(pair.right_entity.as_str(), "domain", &field.right);
        }
    }
    let people =
        published.select("people", &["account_entity_id", "email"], &[], "WHERE account_entity_id IS NOT NULL")?;
    for row in 0..people.len() {
        if let (Some(account), Some(email)) = (people.text(row, 0), people.text(row, 1))
            && wanted.contains(account)
        {
            add(account, "domain_of_people", email);
        }
    }
    Ok(())
}

/// Registrable domains in a text, without those that anybody may use.
fn found_domains(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split([',', ' ', ';'])
        .filter_map(|part| registrable_domain(part.rsplit('@').next().unwrap_or(part)))
        .filter(|domain| !is_free_mail(domain) && !is_disposable(domain))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The names of people and accounts.
fn labels(published: &Published<'_>, named: &FxHashSet<String>) -> Result<FxHashMap<String, String>> {
    let rows = published.select("entities", &["entity_id", "label"], &[], "")?;
    Ok((0..rows.len())
        .filter_map(|row| Some((rows.text(row, 0)?, rows.text(row, 1)?)))
        .filter(|(entity, _)| named.contains(*entity))
        .map(|(entity, label)| (entity.to_owned(), label.to_owned()))
        .collect())
}

/// When the invoices and tickets of accounts were made, by the record's key in words.
fn days(published: &Published<'_>, wanted: &FxHashSet<&str>) -> Result<FxHashMap<String, String>> {
    let mut days = FxHashMap::default();
    for table in ["invoices", "tickets"] {
        let rows =
            published.select(table, &["account_entity_id", "_source", "_table", "_pk", "created_at"], &[], "")?;
        for row in 0..rows.len() {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default();
            if wanted.contains(cell(0)) && cell(4).len() >= 10 {
                let day = cell(4).chars().take(10).collect();
                days.insert(RecordKey::new(cell(1), cell(2), cell(3)).to_string(), day);
            }
        }
    }
    Ok(days)
}

fn edges(published: &Published<'_>, wanted: &FxHashSet<&str>) -> Result<Vec<Edge>> {
    let rows = published.select("hierarchy", &["child_entity_id", "parent_entity_id", "relation", "basis"], &[], "")?;
    let mut edges: Vec<Edge> = (0..rows.len())
        .map(|row| {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
            Edge { child: EntityId::new(cell(0)), parent: EntityId::new(cell(1)), relation: cell(2), basis: cell(3) }
        })
        .filter(|edge| wanted.contains(edge.child.as_str()) || wanted.contains(edge.parent.as_str()))
        .collect();
    edges.sort_by(|one, other| {
        (&one.child, &one.parent, &one.relation).cmp(&(&other.child, &other.parent, &other.relation))
    });
    Ok(edges)
}

/// What plays said, where the last run published it.
fn plays(published: &Published<'_>, wanted: &FxHashSet<&str>) -> Result<Vec<PlayOutput>> {
    if !published.has("play_outputs")? {
        return Ok(Vec::new());
    }
    let rows = published.select("play_outputs", &["entity_id", "play", "output", "value"], &[], "")?;
    let mut plays: Vec<PlayOutput> = (0..rows.len())
        .filter(|row| rows.text(*row, 0).is_some_and(|entity| wanted.contains(entity)))
        .map(|row| {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
            PlayOutput { entity: EntityId::new(cell(0)), play: cell(1), output: cell(2), value: cell(3) }
        })
        .collect();
    plays.sort_by(|one, other| (&one.entity, &one.play, &one.output).cmp(&(&other.entity, &other.play, &other.output)));
    Ok(plays)
}
