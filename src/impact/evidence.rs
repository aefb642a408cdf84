//! What do the neighbours say: shared domains, contacts, invoices, tickets, hierarchy, other ids?
//!
//! A neighbour that stands on both sides speaks for one entity; one that could stand on both and does not says little.
//! Names of people are kept apart from the words, so that a screen can mask them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use crate::ident::EntityKind;
use crate::resolve::graph::PairStatus;
use crate::snapshot::{Evidence, Neighbour, PairRow};

/// Names shown in one line.
const NAMED: usize = 4;

/// Everything the neighbours say of a pair. `others` are the pairs that stand between the same entities.
#[must_use]
pub fn evidence(pair: &PairRow, left: &Facts, right: &Facts, others: &[PairRow]) -> Vec<Evidence> {
    let mut found = Vec::new();
    let inside = pair.left_entity == pair.right_entity;
    if !inside {
        if pair.kind == EntityKind::Account {
            found.extend(domains(left, right));
            found.extend(contacts(left, right));
            found.extend(invoices(left, right));
            found.extend(tickets(left, right));
            found.extend(hierarchy(left, right));
        } else {
            found.extend(employers(left, right));
        }
    }
    found.extend(between(pair, others, inside));
    found
}

fn line(kind: &str, text: String, speaks_for: Option<bool>) -> Evidence {
    Evidence { kind: kind.to_owned(), text, speaks_for, personal: Vec::new() }
}

fn ids<'a>(facts: &'a Facts, relation: &'a str) -> BTreeMap<&'a str, &'a Neighbour> {
    facts.hanging(relation).flat_map(|row| &row.items).map(|item| (item.id.as_str(), item)).collect()
}

fn total(facts: &Facts, relation: &str) -> u64 {
    facts.hanging(relation).map(|row| row.total).sum()
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.into_iter().collect();
    let mut text = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED {
        text.push_str(&format!(" and {} more", all.len() - NAMED));
    }
    text
}

fn domains(left: &Facts, right: &Facts) -> Vec<Evidence> {
    let own = [ids(left, "domain"), ids(right, "domain")];
    let people = [ids(left, "domain_of_people"), ids(right, "domain_of_people")];
    let shared: Vec<&str> = own[0].keys().filter(|domain| own[1].contains_key(*domain)).copied().collect();
    if !shared.is_empty() {
        return vec![line("domain", format!("both use {}", listed(shared)), Some(true))];
    }
    let mut found = Vec::new();
    for (side, other, words) in [(0, 1, "the left write from"), (1, 0, "the right write from")] {
        let crossing: Vec<&str> =
            people[side].keys().filter(|domain| own[other].contains_key(*domain)).copied().collect();
        if !crossing.is_empty() {
            let whose = if other == 1 { "right" } else { "left" };
            let text = format!("people of {words} {}, a domain of the {whose}", listed(crossing));
            found.push(line("domain", text, Some(true)));
        }
    }
    let both: Vec<&str> = people[0].keys().filter(|domain| people[1].contains_key(*domain)).copied().collect();
    if found.is_empty() && !both.is_empty() {
        found.push(line("domain", format!("people of both write from {}", listed(both)), Some(true)));
    }
    if found.is_empty() && !own[0].is_empty() && !own[1].is_empty() {
        let text =
            format!("{} on the left, {} on the right", listed(own[0].keys().copied()), listed(own[1].keys().copied()));
        found.push(line("domain", text, Some(false)));
    }
    found
}

fn contacts(left: &Facts, right: &Facts) -> Option<Evidence> {
    let (one, other) = (ids(left, "user_of_account"), ids(right, "user_of_account"));
    let shared: Vec<&Neighbour> = one.iter().filter(|(id, _)| other.contains_key(*id)).map(|(_, item)| *item).collect();
    let (lefts, rights) = (total(left, "user_of_account"), total(right, "user_of_account"));
    if !shared.is_empty() {
        let count = shared.len();
        let text =
            if count == 1 { "one person belongs to both".to_owned() } else { format!("{count} people belong to both") };
        let names = shared.iter().map(|item| item.label.clone()).filter(|label| !label.is_empty()).take(NAMED);
        return Some(Evidence { personal: names.collect(), ..line("contact", text, Some(true)) });
    }
    (lefts + rights > 0)
        .then(|| line("contact", format!("{lefts} people on the left, {rights} on the right, none on both"), None))
}

/// The months in which somebody was invoiced.
fn months(facts: &Facts) -> BTreeSet<String> {
    let items = facts.hanging("invoice_of_account").flat_map(|row| &row.items);
    items.filter_map(|item| item.day.as_deref()?.get(..7).map(str::to_owned)).collect()
}

fn invoices(left: &Facts, right: &Facts) -> Option<Evidence> {
    let counts = [left, right].map(|side| total(side, "invoice_of_account"));
    let times = [months(left), months(right)];
    let span = |side: usize| match (times[side].first(), times[side].last()) {
        (Some(first), Some(last)) if first != last => format!(" ({first} to {last})"),
        (Some(only), _) => format!(" ({only})"),
        _ => String::new(),
    };
    let subscriptions = [left, right].map(|side| total(side, "subscription_of_account"));
    match counts {
        [0, 0] if subscriptions == [0, 0] => None,
        [0, 0] => {
            let text = format!("{} subscriptions on the left, {} on the right", subscriptions[0], subscriptions[1]);
            Some(line("invoice", text, None))
        }
        [0, count] => Some(line("invoice", format!("{count} on the right{}, none on the left", span(1)), None)),
        [count, 0] => Some(line("invoice", format!("{count} on the left{}, none on the right", span(0)), None)),
        [one, other] => {
            let same = times[0].intersection(&times[1]).count();
            let text = format!("{one} on the left{}, {other} on the right{}", span(0), span(1));
            Some(match (same, follows(&times[0], &times[1])) {
                (0, true) => line("invoice", format!("{text}: one begins where the other ends"), Some(true)),
                (0, false) => line("invoice", text, None),
                _ => line("invoice", format!("{text}: both invoiced in {same} same months"), None),
            })
        }
    }
}

/// Whether one side's invoices begin within three months of the other's last.
fn follows(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let number = |month: &String| -> Option<i32> {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()?)
    };
    let gap = |early: &BTreeSet<String>, late: &BTreeSet<String>| {
        let (end, start) = (early.last().and_then(number), late.first().and_then(number));
        end.zip(start).is_some_and(|(end, start)| (1..=3).contains(&(start - end)))
    };
    gap(one, other) || gap(other, one)
}

fn tickets(left: &Facts, right: &Facts) -> Vec<Evidence> {
    let mut found = Vec::new();
    for (side, other, whose, by) in [(left, right, "left", "right"), (right, left, "right", "left")] {
        let people = ids(other, "user_of_account");
        let tickets = side.hanging("ticket_of_account").flat_map(|row| &row.items);
        let crossing = tickets.filter(|item| item.behind.as_deref().is_some_and(|person| people.contains_key(person)));
        let count = crossing.count();
        if count > 0 {
            let text = format!("{count} tickets of the {whose} were opened by people of the {by}");
            found.push(line("ticket", text, Some(true)));
        }
    }
    let counts = [left, right].map(|side| total(side, "ticket_of_account"));
    if found.is_empty() && counts != [0, 0] {
        found.push(line("ticket", format!("{} on the left, {} on the right", counts[0], counts[1]), None));
    }
    found
}

fn hierarchy(left: &Facts, right: &Facts) -> Vec<Evidence> {
    let of = |facts: &Facts| facts.rows.iter().map(|row| row.id.clone()).collect::<BTreeSet<_>>();
    let (lefts, rights) = (of(left), of(right));
    let mut found = Vec::new();
    for edge in &left.edges {
        let words = match edge.relation.as_str() {
            "bills_for" => "is paid for by",
            "successor_of" => "succeeds",
            _ => "stands below",
        };
        let side = if lefts.contains(&edge.child) && rights.contains(&edge.parent) {
            ("left", "right")
        } else if rights.contains(&edge.child) && lefts.contains(&edge.parent) {
            ("right", "left")
        } else {
            continue;
        };
        let text = format!("the {} {words} the {} ({})", side.0, side.1, edge.basis);
        found.push(line("hierarchy", text, Some(false)));
    }
    if found.is_empty() {
        let parents = |facts: &Facts, own: &BTreeSet<_>| -> BTreeSet<_> {
            facts.edges.iter().filter(|edge| own.contains(&edge.child)).map(|edge| edge.parent.clone()).collect()
        };
        let (one, other) = (parents(left, &lefts), parents(right, &rights));
        if one.intersection(&other).next().is_some() {
            found.push(line("hierarchy", "both stand below the same account: siblings or one".to_owned(), None));
        } else if !one.is_empty() && !other.is_empty() {
            found.push(line("hierarchy", "they stand below different accounts".to_owned(), Some(false)));
        }
    }
    found
}

fn employers(left: &Facts, right: &Facts) -> Option<Evidence> {
    let (one, other) = (ids(left, "account_of_user"), ids(right, "account_of_user"));
    let name = |item: &Neighbour| if item.label.is_empty() { item.id.clone() } else { item.label.clone() };
    let shared: Vec<String> =
        one.iter().filter(|(id, _)| other.contains_key(*id)).map(|(_, item)| name(item)).collect();
    if !shared.is_empty() {
        let text = format!("both belong to {}", listed(shared.iter().map(String::as_str)));
        return Some(line("account", text, Some(true)));
    }
    let names = |side: &BTreeMap<&str, &Neighbour>| {
        let names: Vec<String> = side.values().map(|item| name(item)).collect();
        listed(names.iter().map(String::as_str))
    };
    match (one.is_empty(), other.is_empty()) {
        (false, false) => {
            let text = format!("the left belongs to {}, the right to {}", names(&one), names(&other));
            Some(line("account", text, Some(false)))
        }
        (true, true) => None,
        (false, true) => Some(line("account", format!("the left belongs to {}", names(&one)), None)),
        (true, false) => Some(line("account", format!("the right belongs to {}", names(&other)), None)),
    }
}

/// What other pairs between the same entities say; inside one entity, what else holds it together.
fn between(pair: &PairRow, others: &[PairRow], inside: bool) -> Vec<Evidence> {
    let mut found = Vec::new();
    let others: Vec<&PairRow> = others.iter().filter(|other| other.key != pair.key).collect();
    if inside {
        let ties = others.iter().filter(|other| matches!(other.status, PairStatus::Matched | PairStatus::Accepted));
        let count = ties.count();
        let text = if pair.reason.split('+').any(|reason| reason == "bridge") {
            format!("one of {} ties inside the entity, and the only one between its two groups", count + 1)
        } else {
            format!("{count} other ties hold the entity together")
        };
        found.push(line("entity", text, None));
        return found;
    }
    for other in others.iter().filter(|other| other.rule == "cross_id") {
        let text = format!("{} and {} name each other by id", other.key.left, other.key.right);
        found.push(line("cross id", text, Some(true)));
    }
    let rest: Vec<&&PairRow> = others.iter().filter(|other| other.rule != "cross_id").collect();
    if let Some(best) = rest.first() {
        let refused = rest.iter().filter(|other| other.status == PairStatus::Refused).count();
        let mut text = format!(
            "{} more between the same two, the strongest {:+.1} bits ({})",
            if rest.len() == 1 { "one pair".to_owned() } else { format!("{} pairs", rest.len()) },
            best.weight,
            best.rule
        );
        if refused > 0 {
            text.push_str(&format!("; {refused} decided different"));
        }
        let speaks_for = if refused > 0 { Some(false) } else { None };
        found.push(line("pairs", text, speaks_for));
    }
    found
}
