//! Where do surfaces disagree about one account, with both values, both rows, and the money that hangs on it?
//!
//! One detector a file. Each reads what survivorship has already laid side by side, so that a conflict and the losing values in
//! lineage never tell two stories.

mod amounts;
mod attribution;
mod billing;
mod domains;
mod identity;
mod opportunities;
mod owners;
mod plans;
mod residual;
mod status;
mod support;
mod unreadable;
mod usage;

use std::collections::BTreeSet;

use super::build::accounts::{AccountFact, ByAccount};
use super::build::invoices::InvoiceFact;
use super::build::subscriptions::SubscriptionFact;
use super::build::tickets::TicketFact;
use super::build::usage::Usage;
use super::graph_index::{EntityNumber, GraphIndex};
use super::lineage::{CellLineage, Lineage, Owner, Source};
use super::members::Member;
use super::reader::Reader;
use super::source_rows::{CellRef, SourceRows};
use crate::chart::conflict::{Conflict, Severity, Side};
use crate::chart::kinds;
use crate::config::Config;
use crate::error::Result;
use crate::ident::{RecordKey, Surface, short_hash};
use crate::progress::CancelToken;

/// Everything detectors look at.
pub struct Evidence<'a, 'rows, 'map> {
    /// Reads source cells.
    pub reader: &'a mut Reader<'rows, 'map>,
    /// The entity graph.
    pub index: &'a GraphIndex<'a>,
    /// Values side by side, sorted.
    pub lineage: &'a Lineage,
    /// The records of each account.
    pub members: &'a [Vec<Member>],
    /// The records of each person.
    pub person_members: &'a [Vec<Member>],
    /// The account of each person.
    pub homes: &'a [Option<EntityNumber>],
    /// What belongs to each account.
    pub by_account: &'a ByAccount,
    /// All subscriptions.
    pub subscriptions: &'a [SubscriptionFact],
    /// All invoices.
    pub invoices: &'a [InvoiceFact],
    /// All tickets.
    pub tickets: &'a [TicketFact],
    /// Name, revenue and currency of each account.
    pub facts: &'a [AccountFact],
    /// Use of the product.
    pub usage: &'a Usage,
    /// What the team stated.
    pub config: &'a Config,
}

/// A value of an account as one surface has it.
#[derive(Debug, Clone)]
pub struct Held<'a> {
    /// The surface.
    pub surface: Surface,
    /// The lineage of the value.
    pub cell: &'a CellLineage,
    /// The row and column it stands in, or the first row of an aggregate.
    pub origin: CellRef,
}

impl<'a, 'rows, 'map> Evidence<'a, 'rows, 'map> {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &'rows SourceRows<'map> {
        self.reader.rows
    }

    /// All values of a field of an account, the surviving one first; values of deleted records are left out.
    #[must_use]
    pub fn held(&self, account: EntityNumber, field: &str) -> Vec<Held<'a>> {
        let owner = Owner::Account(account);
        let cells = &self.lineage.cells;
        let start = cells.partition_point(|cell| (cell.owner, cell.field) < (owner, field));
        let dead: BTreeSet<(u16, u32)> = self.members[account as usize]
            .iter()
            .filter(|member| member.dead)
            .map(|member| (member.table, member.row))
            .collect();
        cells[start..]
            .iter()
            .take_while(|cell| cell.owner == owner && cell.field == field)
            .filter_map(|cell| {
                let origin = match &cell.source {
                    Source::Cell(origin, _) => *origin,
                    Source::Aggregate { table, row, column, .. } => {
                        CellRef { table: *table, row: (*row)?, column: *column }
                    }
                };
                Some(Held { surface: self.rows().table(origin.table).source.surface, cell, origin })
            })
            .filter(|held| !dead.contains(&(held.origin.table, held.origin.row)))
            .collect()
    }

    /// The best value that a surface holds.
    #[must_use]
    pub fn on(held: &[Held<'a>], surface: Surface) -> Option<Held<'a>> {
        held.iter().find(|held| held.surface == surface).cloned()
    }

    /// One side of a conflict: a value with its row.
    #[must_use]
    pub fn side(&self, held: &Held<'_>) -> Side {
        let value = match &held.cell.source {
            Source::Cell(origin, _) => self.rows().raw(*origin).unwrap_or_default().trim().to_owned(),
            Source::Aggregate { value, .. } => value.text().unwrap_or_default(),
        };
        Side { value, ..self.side_of(held.origin) }
    }

    /// One side of a conflict: a source cell.
    #[must_use]
    pub fn side_of(&self, origin: CellRef) -> Side {
        let rows = self.rows().table(origin.table);
        let value = if super::lineage::is_whole_row(origin.column) { None } else { self.rows().raw(origin) };
        Side {
            record: rows.record(origin.row),
            column: rows.column_name(origin.column).to_owned(),
            value: value.unwrap_or_default().trim().to_owned(),
        }
    }

    /// A conflict about a field of an account, with its revenue at stake.
    #[must_use]
    pub fn about(
        &self,
        kind: &str,
        account: EntityNumber,
        field: &str,
        detail: String,
        sides: [Option<Side>; 2],
    ) -> Conflict {
        let entity = self.index.accounts[account as usize].id.clone();
        let fact = &self.facts[account as usize];
        let [side_a, side_b] = sides;
        let surfaces = [&side_a, &side_b]
            .map(|side| side.as_ref().map_or(String::new(), |side| side.record.source.to_string()))
            .join("\u{1f}");
        Conflict {
            id: format!("c{}", short_hash(&format!("{kind}\u{1f}{entity}\u{1f}{field}\u{1f}{surfaces}"))),
            kind: kind.to_owned(),
            severity: severity(kind),
            entity: Some(entity),
            field: field.to_owned(),
            side_a,
            side_b,
            detail,
            money_at_stake: fact.arr.map(super::cell::Amount::as_f64),
            currency: fact.currency.clone(),
            status: "open".to_owned(),
        }
    }

    /// The name of an account, for people.
    #[must_use]
    pub fn name(&self, account: EntityNumber) -> &str {
        let label = &self.index.accounts[account as usize].label;
        self.facts[account as usize].name.as_deref().unwrap_or(label)
    }
}

/// A stable id of a conflict about records rather than an entity.
fn record_id(kind: &str, records: &[&RecordKey], field: &str) -> String {
    let mut text = format!("{kind}\u{1f}{field}");
    for record in records {
        text.push('\u{1f}');
        text.push_str(&record.to_string());
    }
    format!("c{}", short_hash(&text))
}

/// How much each kind matters.
#[must_use]
pub fn severity(kind: &str) -> Severity {
    kinds::by_id(kind).map_or(Severity::Medium, |kind| kind.severity)
}

/// Finds every disagreement, sorted by severity, money and id.
///
/// # Errors
/// `Cancelled`.
pub fn find(evidence: &mut Evidence<'_, '_, '_>, cancel: &CancelToken) -> Result<Vec<Conflict>> {
    let mut found = Vec::new();
    let won = opportunities::won(evidence);
    for account in 0..evidence.index.accounts.len() as EntityNumber {
        if account % 1024 == 0 {
            cancel.check()?;
        }
        found.extend(status::detect(evidence, account));
        found.extend(amounts::detect(evidence, account));
        found.extend(residual::detect(evidence, account));
        found.extend(plans::detect(evidence, account));
        found.extend(owners::detect(evidence, account));
        let differing = identity::detect(evidence, account);
        found.extend(domains::detect(evidence, account, &differing));
        found.extend(differing);
        found.extend(usage::detect(evidence, account));
        found.extend(billing::detect(evidence, account));
        found.extend(opportunities::detect(evidence, account, &won));
    }
    found.extend(attribution::detect(evidence));
    found.extend(support::detect(evidence));
    found.extend(unreadable::detect(evidence));
    found.sort_by(|one, other| {
        let money = |conflict: &Conflict| conflict.money_at_stake.unwrap_or(0.0).abs();
        one.severity
            .cmp(&other.severity)
            .then_with(|| money(other).total_cmp(&money(one)))
            .then_with(|| one.kind.cmp(&other.kind))
            .then_with(|| one.id.cmp(&other.id))
    });
    found.dedup_by(|one, other| one.id == other.id);
    Ok(found)
}
