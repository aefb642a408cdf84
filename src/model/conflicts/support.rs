//! Do a ticket's organisation and its requester belong to the same account, and does every invoice belong to one?

use std::collections::BTreeMap;

use super::{Evidence, record_id, severity};
use crate::catalog::Role;
use crate::chart::conflict::{Conflict, Side};
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::{CellRef, WHOLE_ROW};

/// `orphan`: tickets whose organisation is another account than their requester's, one a pair of those; tickets and invoices without
/// any account, one a source table.
pub(super) fn detect(evidence: &mut Evidence<'_, '_, '_>) -> Vec<Conflict> {
    let mut found = torn_tickets(evidence);
    found.extend(homeless(evidence));
    found
}

fn torn_tickets(evidence: &mut Evidence<'_, '_, '_>) -> Vec<Conflict> {
    let mut pairs: BTreeMap<(EntityNumber, EntityNumber), (u64, CellRef, CellRef)> = BTreeMap::new();
    for place in 0..evidence.tickets.len() {
        let fact = &evidence.tickets[place];
        let Some(requester) = fact.person.and_then(|person| evidence.homes[person as usize]) else { continue };
        let Some((cell, key)) = evidence.reader.words(fact.table, fact.row, "ticket.account_id") else { continue };
        let source = evidence.rows().table(fact.table).source.id.clone();
        let Some((table, row)) = evidence.rows().look_up(&source, Role::Account, key) else { continue };
        let organisation = evidence.index.account_rows_of(evidence.rows().table(table), row);
        let Some(organisation) = organisation.filter(|organisation| *organisation != requester) else { continue };
        let person = evidence
            .reader
            .words(fact.table, fact.row, "ticket.person_id")
            .map_or(CellRef { table: fact.table, row: fact.row, column: WHOLE_ROW }, |(cell, _)| cell);
        pairs.entry((requester, organisation)).or_insert((0, cell, person)).0 += 1;
    }
    pairs
        .into_iter()
        .map(|((requester, organisation), (count, cell, person))| {
            let detail = format!(
                "{count} tickets stand under {} and come from people of {}",
                evidence.name(organisation),
                evidence.name(requester)
            );
            let (side_a, side_b) = (evidence.side_of(cell), evidence.side_of(person));
            let field = "tickets.account_entity_id";
            let mut conflict = evidence.about("orphan", requester, field, detail, [Some(side_a), Some(side_b)]);
            let other = &evidence.index.accounts[organisation as usize].id;
            let mine = &evidence.index.accounts[requester as usize].id;
            conflict.id = format!("c{}", crate::ident::short_hash(&format!("orphan\u{1f}{mine}\u{1f}{other}")));
            conflict
        })
        .collect()
}

fn homeless(evidence: &Evidence<'_, '_, '_>) -> Vec<Conflict> {
    let mut tables: BTreeMap<(u16, &str), (u64, CellRef)> = BTreeMap::new();
    let mut count = |table: u16, row: u32, what: &'static str| {
        tables.entry((table, what)).or_insert((0, CellRef { table, row, column: WHOLE_ROW })).0 += 1;
    };
    // What names an account that is there and was left out on purpose is no orphan.
    let left_out = |table: u16, row: u32, concept: &str| {
        let rows = evidence.rows();
        let key = rows.table(table).text(row, concept);
        let found = key.and_then(|key| rows.look_up(&rows.table(table).source.id, Role::Account, key.trim()));
        found.is_some_and(|(table, row)| evidence.index.account_rows_of(rows.table(table), row).is_none())
    };
    for fact in evidence.tickets.iter().filter(|fact| fact.account.is_none()) {
        if !left_out(fact.table, fact.row, "ticket.account_id") {
            count(fact.table, fact.row, "tickets");
        }
    }
    for fact in evidence.invoices.iter().filter(|fact| fact.account.is_none()) {
        if !left_out(fact.table, fact.row, "invoice.account_id") {
            count(fact.table, fact.row, "invoices");
        }
    }
    for fact in evidence.subscriptions.iter().filter(|fact| fact.account.is_none()) {
        if !left_out(fact.table, fact.row, "subscription.account_id") {
            count(fact.table, fact.row, "subscriptions");
        }
    }
    tables
        .into_iter()
        .map(|((table, what), (count, first))| {
            let rows = evidence.rows().table(table);
            let side: Side = evidence.side_of(first);
            let name = format!("{}.{}", rows.source.id, rows.table.name.table);
            let whole = crate::ident::RecordKey::new(rows.source.id.as_str(), &rows.table.name.table, "");
            Conflict {
                id: record_id("orphan", &[&whole], what),
                kind: "orphan".to_owned(),
                severity: severity("orphan"),
                entity: None,
                field: format!("{what}.account_entity_id"),
                side_a: Some(side),
                side_b: None,
                detail: format!("{count} {what} of {name} belong to no account"),
                money_at_stake: None,
                currency: None,
                status: "open".to_owned(),
            }
        })
        .collect()
}
