//! How is a question about a group of conflicts worded, and which answers are there to choose from?

use std::collections::BTreeMap;

use super::Effect;
use crate::chart::conflict::{Conflict, Severity, Side};

/// The answer that leaves every case to a person.
pub(super) const EACH: &str = "decide each";
/// The answer that accepts a difference for a while.
pub(super) const FOR_A_WHILE: &str = "accept for 90 days";

/// The question, the answers to choose from, and what an answer changes; None for kinds that are repaired and not answered.
pub(super) fn wording(
    kind: &str,
    field: &str,
    here: &str,
    there: &str,
    group: &[&Conflict],
) -> Option<(String, Vec<String>, Effect)> {
    let source = |table: &str| table.split('.').next().unwrap_or(table).to_owned();
    let (left, right) = (source(here), source(there));
    let count = group.len();
    let records = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    let accounts = if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") };
    let first = group.first()?;
    let wording = match kind {
        "status_disagreement"
        | "amount_disagreement"
        | "revenue_residual"
        | "plan_mismatch"
        | "seats_mismatch"
        | "owner_mismatch"
        | "country_mismatch"
        | "name_mismatch"
        | "domain_mismatch" => (
            disagreement(&accounts, field, &left, &right, group),
            vec![left.clone(), right.clone(), EACH.to_owned(), FOR_A_WHILE.to_owned()],
            Effect::Survivorship,
        ),
        "currency_mismatch" => (
            format!("{count} customers of {left} are invoiced in another currency than their own. Is that meant?"),
            options(&["yes, accept", "no, decide each"]),
            Effect::Acceptance,
        ),
        "timing" => (
            format!(
                "{count} dates of {left} and {right} lie a few days apart with equal amounts. Are they the same event?"
            ),
            options(&["yes, accept", "no, decide each"]),
            Effect::Acceptance,
        ),
        "won_not_billed" => (
            format!("{accounts} of {left} were won and have no subscription. Is that meant?"),
            options(&[EACH, "billing is behind, accept for 90 days", "they are billed elsewhere, accept"]),
            Effect::Acceptance,
        ),
        "billed_not_won" => (
            format!("{accounts} pay in {right} and have no won deal. Is that meant?"),
            options(&[EACH, "they buy without a deal, accept", FOR_A_WHILE]),
            Effect::Acceptance,
        ),
        "parent_child_billing" => (
            format!("{accounts} are paid for by another account. Should the payer keep what it pays?"),
            options(&["yes, accept", EACH]),
            Effect::Acceptance,
        ),
        "internal_or_test" => (
            format!(
                "{records} of {here} look internal or like tests, such as {:?}. Leave them out?",
                value(first.side_a.as_ref())
            ),
            options(&["leave them out", "keep them", EACH]),
            Effect::Exclusion,
        ),
        "shared_domain" => (
            format!(
                "{count} domains or mailboxes of {here} stand on several companies, such as {}. Never join companies by them?",
                value(first.side_a.as_ref())
            ),
            options(&["never join by them", EACH]),
            Effect::Exclusion,
        ),
        "one_to_many_billing" if field.starts_with("accounts.") => (
            format!("{accounts} are several customers of {left}. Is each one account?"),
            options(&["yes, accept", EACH]),
            Effect::Acceptance,
        ),
        "one_to_many_billing" => (
            format!(
                "{count} further customers of {here} name an account that another one names too. Roll them up to the account?"
            ),
            options(&["roll them up", "keep them apart", EACH]),
            Effect::Mapping,
        ),
        "stale_cross_id" => (
            format!(
                "{count} ids that {here} keeps of another system lead to nothing or to a deleted record. Stop using them as keys?"
            ),
            options(&["stop using them", EACH]),
            Effect::Exclusion,
        ),
        _ => return of_tables(kind, first),
    };
    Some(wording)
}

fn options(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn value(side: Option<&Side>) -> String {
    side.map_or("", |side| side.value.as_str()).to_owned()
}

/// Questions about a table or a column as a whole.
fn of_tables(kind: &str, first: &Conflict) -> Option<(String, Vec<String>, Effect)> {
    let wording = match kind {
        "duplicate_table" => (
            first.detail.clone() + ". Is that right?",
            vec![
                format!("read {}", value(first.side_b.as_ref())),
                format!("read {}", value(first.side_a.as_ref())),
                "read both".to_owned(),
            ],
            Effect::Source,
        ),
        "silent_null" if first.severity != Severity::Low => (
            format!("{}. Is it still in use?", first.detail),
            options(&["it should be filled: repair", "no longer in use"]),
            Effect::Acceptance,
        ),
        "migration_scar_field" => (
            format!("{}. Does it still mean anything?", first.detail),
            options(&["no, ignore it", "yes, an id of the old system", "yes, something else"]),
            Effect::Mapping,
        ),
        "no_primary_key" => (
            format!("{}. Which columns name a row?", first.detail),
            options(&["leave it as it is", "leave the table out", "name the columns"]),
            Effect::Mapping,
        ),
        _ => return None,
    };
    Some(wording)
}

/// `412 accounts are "Customer" in salesforce and "canceled" in stripe`, where so many say the same.
fn disagreement(accounts: &str, field: &str, left: &str, right: &str, group: &[&Conflict]) -> String {
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for conflict in group {
        if let (Some(one), Some(other)) = (&conflict.side_a, &conflict.side_b) {
            *pairs.entry((&one.value, &other.value)).or_default() += 1;
        }
    }
    let often = pairs.iter().max_by_key(|(pair, count)| (**count, std::cmp::Reverse(**pair)));
    let shown = match often {
        Some(((one, other), count)) if *count > 1 => {
            format!(" ({count} times {one:?} against {other:?})")
        }
        Some(((one, other), _)) if group.len() == 1 => format!(" ({one:?} against {other:?})"),
        _ => String::new(),
    };
    let differ = if group.len() == 1 { "differs" } else { "differ" };
    let said = field.strip_prefix("accounts.").unwrap_or(field).replace('_', " ");
    format!("{accounts} {differ} in {said} between {left} and {right}{shown}. Which one is right?")
}
