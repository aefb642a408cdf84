//! Whose are tickets, and who asked?

use rustc_hash::FxHashMap;

use super::billing::associations;
use super::documents::read_documents;
use super::owners::DomainOwners;
use super::users::UserAccounts;
use super::{Unlinked, by_key, relation};
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::{RecordKey, SourceId};
use crate::progress::CancelToken;
use crate::resolve::ResolveInput;
use crate::resolve::entities::Resolved;
use crate::resolve::extract::attach::each_pair;
use crate::resolve::extract::words::{canonical_id, mails_of};
use crate::resolve::graph::Relation;
use crate::resolve::normalise;

/// What tickets are looked up in.
pub struct Known<'a, 'map> {
    /// Accounts.
    pub accounts: &'a Resolved<'map>,
    /// People.
    pub people: &'a Resolved<'map>,
    /// The accounts of people's records.
    pub user_accounts: &'a UserAccounts,
    /// The accounts of domains.
    pub owners: &'a DomainOwners,
}

/// The relations of tickets: to the account they name, else to the one of whoever asked, else to the one of the
/// mailbox's domain; and to the person who asked.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn relations(
    input: &ResolveInput<'_>,
    known: &Known<'_, '_>,
    cancel: &CancelToken,
    out: &mut Vec<Relation>,
) -> Result<Vec<Unlinked>> {
    let accounts_of = associations(
        input,
        known.accounts,
        Role::AccountTicket,
        ("account_ticket.account_id", "account_ticket.ticket_id"),
        cancel,
    )?;
    let requesters = requesters(input, cancel)?;
    let mails = mailboxes(known.people);
    let mut unlinked = Vec::new();
    for (source, table) in input.map.tables_of(Role::Ticket) {
        let name = format!("{}.{}", source.id, table.name.table);
        let mut to_account = Unlinked { table: name.clone(), relation: "ticket_of_account", rows: 0, of: 0 };
        let mut to_person = Unlinked { table: name, relation: "ticket_of_person", rows: 0, of: 0 };
        let concepts = ["ticket.account_id", "ticket.person_id", "ticket.email"];
        read_documents(input, table, &concepts, cancel, &mut |pk, values| {
            to_account.of += 1;
            to_person.of += 1;
            let id = canonical_id(pk).map(|id| (source.id.clone(), id));
            let requester = values[1].or_else(|| requesters.get(id.as_ref()?).map(String::as_str));
            let person = requester.and_then(|person| known.people.extract.directory.find(&source.id, person));
            let mail = values[2].and_then(normalise::email);
            let key = RecordKey::new(source.id.as_str(), table.name.table.as_str(), pk);

            let asked = person
                .map(|record| {
                    let redirected = known.people.is_redirected(record);
                    (known.people.entity(record), if redirected { "tombstone" } else { "foreign_key" })
                })
                .or_else(|| Some((mails.get(&mail.as_ref()?.canonical()).copied().flatten()?, "requester")));
            match asked {
                Some((entity, rule)) => {
                    out.push(relation(key.clone(), "ticket_of_person", &known.people.ids[entity as usize], rule));
                }
                None => to_person.rows += 1,
            }

            let account = values[0]
                .and_then(|account| by_key(known.accounts, &source.id, account))
                .or_else(|| accounts_of.get(id.as_ref()?).copied())
                .or_else(|| match known.user_accounts.of.get(person? as usize)?.as_slice() {
                    [(account, _)] => Some((*account, "requester")),
                    _ => None,
                })
                .or_else(|| Some((known.owners.find(&mail.as_ref()?.domain)?, "email_domain")));
            match account {
                Some((entity, rule)) => {
                    out.push(relation(key, "ticket_of_account", &known.accounts.ids[entity as usize], rule));
                }
                None => to_account.rows += 1,
            }
        })?;
        unlinked.extend([to_account, to_person]);
    }
    Ok(unlinked)
}

/// Who asked, by ticket, from association tables.
fn requesters(input: &ResolveInput<'_>, cancel: &CancelToken) -> Result<FxHashMap<(SourceId, String), String>> {
    let mut found = FxHashMap::default();
    let concepts = ("person_ticket.person_id", "person_ticket.ticket_id");
    each_pair(input, Role::PersonTicket, concepts, cancel, &mut |source, _, person, ticket| {
        if let Some(id) = canonical_id(ticket) {
            found.entry((source.id.clone(), id)).or_insert_with(|| person.to_owned());
        }
    })?;
    Ok(found)
}

/// The person of each mailbox that belongs to exactly one.
fn mailboxes(people: &Resolved<'_>) -> FxHashMap<String, Option<u32>> {
    let mut found: FxHashMap<String, Option<u32>> = FxHashMap::default();
    for (position, record) in people.extract.records.iter().enumerate() {
        let entity = people.entity(position as u32);
        for mail in mails_of(record) {
            found
                .entry(mail.canonical())
                .and_modify(|known| {
                    if *known != Some(entity) {
                        *known = None;
                    }
                })
                .or_insert(Some(entity));
        }
    }
    found
}
