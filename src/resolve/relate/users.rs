//! Which account does a person's record belong to?

use super::owners::DomainOwners;
use super::{Found, by_key, relation};
use crate::resolve::entities::Resolved;
use crate::resolve::evidence::units::Units;
use crate::resolve::extract::Extract;
use crate::resolve::extract::attach::ELSEWHERE;
use crate::resolve::extract::record::Field;
use crate::resolve::extract::words::mails_of;
use crate::resolve::graph::Relation;
use crate::resolve::hierarchy::paid::Mentions;

/// The accounts of each person's record, best rule first within a record; empty where nothing leads to one.
#[derive(Debug, Default)]
pub struct UserAccounts {
    /// By record of the people.
    pub of: Vec<Vec<Found>>,
}

/// The accounts that a record itself names: by its keys, by memberships, by foreign ids.
#[must_use]
pub fn named(accounts: &Resolved<'_>, people: &Extract<'_>, ids: &Mentions) -> UserAccounts {
    let of = people
        .records
        .iter()
        .map(|record| {
            let source = &people.tables[record.table as usize].source.id;
            let mut found: Vec<Found> = Vec::new();
            let mut add = |one: Option<Found>| {
                if let Some(one) = one.filter(|one| !found.iter().any(|known| known.0 == one.0)) {
                    found.push(one);
                }
            };
            for cell in record.cells.iter().filter(|cell| cell.field == Field::AccountId) {
                let by_source = by_key(accounts, source, &cell.value);
                let by_source = by_source.map(|(entity, rule)| {
                    (entity, if cell.column == ELSEWHERE && rule == "foreign_key" { "membership" } else { rule })
                });
                // Some systems keep another system's id where they mean the account.
                add(by_source.or_else(|| ids.by_id(&cell.value).map(|entity| (entity, "cross_id"))));
            }
            for id in record.values(Field::ConvertedAccountId) {
                add(by_key(accounts, source, id));
            }
            if found.is_empty() {
                for id in record.values(Field::Identifier) {
                    if let Some(entity) = ids.by_id(id) {
                        found.push((entity, "cross_id"));
                        break;
                    }
                }
            }
            found
        })
        .collect();
    UserAccounts { of }
}

/// Adds what only follows: the one account on which a person's other records agree, then the domain of the mailbox.
pub fn follow(user_accounts: &mut UserAccounts, people: &Resolved<'_>, owners: &DomainOwners) {
    let mut agreed: Vec<Option<Option<u32>>> = vec![None; people.ids.len()];
    for (record, found) in user_accounts.of.iter().enumerate() {
        let slot = &mut agreed[people.entity(record as u32) as usize];
        for (account, _) in found {
            *slot = match *slot {
                None => Some(Some(*account)),
                Some(Some(known)) if known == *account => Some(Some(known)),
                Some(_) => Some(None),
            };
        }
    }
    for (record, found) in user_accounts.of.iter_mut().enumerate() {
        if !found.is_empty() {
            continue;
        }
        if let Some(Some(account)) = agreed[people.entity(record as u32) as usize] {
            found.push((account, "membership"));
            continue;
        }
        found.extend(by_mail(&people.extract, record as u32, owners).map(|account| (account, "email_domain")));
    }
}

/// The account that all mailboxes of a record lead to.
fn by_mail(people: &Extract<'_>, record: u32, owners: &DomainOwners) -> Option<u32> {
    let record = &people.records[record as usize];
    let sites = record.values(Field::Website).map(str::to_owned);
    let mut found: Vec<u32> =
        mails_of(record).map(|mail| mail.domain).chain(sites).filter_map(|address| owners.find(&address)).collect();
    found.sort_unstable();
    found.dedup();
    if let [one] = found.as_slice() { Some(*one) } else { None }
}

/// The relations of people's records to accounts.
pub fn relations(
    user_accounts: &UserAccounts,
    accounts: &Resolved<'_>,
    people: &Resolved<'_>,
    out: &mut Vec<Relation>,
) {
    for (record, found) in user_accounts.of.iter().enumerate() {
        for (account, rule) in found {
            let key = people.extract.key(record as u32);
            out.push(relation(key, "user_of_account", &accounts.ids[*account as usize], rule));
        }
    }
}

/// The account of each unit of people as matching may use it: the one its records name, else the one of its mailboxes,
/// else the only one called as the company they name; None where they name several.
#[must_use]
pub fn account_of_units(
    user_accounts: &UserAccounts,
    people: &Extract<'_>,
    units: &Units,
    owners: &DomainOwners,
    ids: &Mentions,
) -> Vec<Option<u32>> {
    units
        .members
        .iter()
        .map(|members| {
            let mut named: Vec<u32> = members
                .iter()
                .flat_map(|record| user_accounts.of[*record as usize].iter().map(|found| found.0))
                .collect();
            if named.is_empty() {
                named.extend(members.iter().filter_map(|record| by_mail(people, *record, owners)));
            }
            if named.is_empty() {
                let companies =
                    members.iter().flat_map(|record| people.records[*record as usize].values(Field::CompanyName));
                named.extend(companies.filter_map(|name| ids.by_name(name)));
            }
            named.sort_unstable();
            named.dedup();
            if let [one] = named.as_slice() { Some(*one) } else { None }
        })
        .collect()
}
