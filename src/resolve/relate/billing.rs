//! Whose are invoices, subscriptions and opportunities?

use rustc_hash::FxHashMap;

use super::documents::read_documents;
use super::owners::DomainOwners;
use super::{Found, Unlinked, by_key, relation};
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::{RecordKey, SourceId};
use crate::progress::CancelToken;
use crate::resolve::ResolveInput;
use crate::resolve::entities::Resolved;
use crate::resolve::extract::attach::each_pair;
use crate::resolve::extract::words::canonical_id;
use crate::resolve::graph::Relation;

/// Accounts by the key of a document, from association tables or from other documents.
pub(crate) type ByDocument = FxHashMap<(SourceId, String), Found>;

/// The relations of all billing documents and opportunities to accounts.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn relations(
    input: &ResolveInput<'_>,
    accounts: &Resolved<'_>,
    owners: &DomainOwners,
    cancel: &CancelToken,
    out: &mut Vec<Relation>,
) -> Result<Vec<Unlinked>> {
    let mut unlinked = Vec::new();
    let mut subscriptions = ByDocument::default();
    let nothing = ByDocument::default();
    let mut all = Reader { input, accounts, owners, cancel, out, unlinked: &mut unlinked };
    all.read(
        Role::Subscription,
        &["subscription.account_id", "", ""],
        "subscription_of_account",
        (&nothing, &nothing),
        Some(&mut subscriptions),
    )?;
    all.read(
        Role::Invoice,
        &["invoice.account_id", "invoice.subscription_id", "invoice.email"],
        "invoice_of_account",
        (&nothing, &subscriptions),
        None,
    )?;
    let deals = associations(
        input,
        accounts,
        Role::AccountOpportunity,
        ("account_opportunity.account_id", "account_opportunity.opportunity_id"),
        cancel,
    )?;
    all.read(
        Role::Opportunity,
        &["opportunity.account_id", "", ""],
        "opportunity_of_account",
        (&deals, &nothing),
        None,
    )?;
    Ok(unlinked)
}

/// The account of each document in an association table. Of several accounts the first by key counts: documents have
/// one owner.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub(crate) fn associations(
    input: &ResolveInput<'_>,
    accounts: &Resolved<'_>,
    role: Role,
    concepts: (&str, &str),
    cancel: &CancelToken,
) -> Result<ByDocument> {
    let mut found = ByDocument::default();
    each_pair(input, role, concepts, cancel, &mut |source, _, account, document| {
        if let (Some((entity, rule)), Some(id)) = (by_key(accounts, &source.id, account), canonical_id(document)) {
            let rule = if rule == "foreign_key" { "membership" } else { rule };
            found.entry((source.id.clone(), id)).or_insert((entity, rule));
        }
    })?;
    Ok(found)
}

struct Reader<'a, 'map> {
    input: &'a ResolveInput<'map>,
    accounts: &'a Resolved<'map>,
    owners: &'a DomainOwners,
    cancel: &'a CancelToken,
    out: &'a mut Vec<Relation>,
    unlinked: &'a mut Vec<Unlinked>,
}

impl Reader<'_, '_> {
    /// Reads every table of a role: the account's key, else the association, else the other document, else the domain.
    fn read(
        &mut self,
        role: Role,
        concepts: &[&str; 3],
        name: &'static str,
        (associated, through): (&ByDocument, &ByDocument),
        mut notes: Option<&mut ByDocument>,
    ) -> Result<()> {
        for (source, table) in self.input.map.tables_of(role) {
            let mut count =
                Unlinked { table: format!("{}.{}", source.id, table.name.table), relation: name, rows: 0, of: 0 };
            let look = |documents: &ByDocument, id: &str| {
                if documents.is_empty() {
                    return None;
                }
                documents.get(&(source.id.clone(), canonical_id(id)?)).copied()
            };
            let (accounts, owners) = (self.accounts, self.owners);
            let out = &mut *self.out;
            read_documents(self.input, table, concepts, self.cancel, &mut |pk, values| {
                count.of += 1;
                let found = values[0]
                    .and_then(|id| by_key(accounts, &source.id, id))
                    .or_else(|| look(associated, pk))
                    .or_else(|| values[1].and_then(|id| look(through, id)))
                    .or_else(|| values[2].and_then(|mail| owners.find(mail)).map(|entity| (entity, "email_domain")));
                let Some((entity, rule)) = found else {
                    count.rows += 1;
                    return;
                };
                if let (Some(notes), Some(id)) = (notes.as_deref_mut(), canonical_id(pk)) {
                    notes.entry((source.id.clone(), id)).or_insert((entity, rule));
                }
                let key = RecordKey::new(source.id.as_str(), table.name.table.as_str(), pk);
                out.push(relation(key, name, &accounts.ids[entity as usize], rule));
            })?;
            self.unlinked.push(count);
        }
        Ok(())
    }
}
