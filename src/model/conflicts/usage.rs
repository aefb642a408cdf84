//! Does the product agree: is somebody busy in it whom others call gone, or are more people in it than were paid for?

use super::{Evidence, Held};
use crate::chart::conflict::{Conflict, Side};
use crate::ident::Surface;
use crate::model::build::usage::AccountUsage;
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::{CellRef, WHOLE_ROW};

/// Days of use within 28 that nobody has by accident.
const BUSY: i64 = 5;

/// `status_disagreement` and `seats_mismatch`, with the product's events as one side.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let Some(usage) = evidence.usage.accounts.get(&account) else { return Vec::new() };
    let mut found = Vec::new();
    found.extend(gone_and_busy(evidence, account, usage));
    found.extend(too_many(evidence, account, usage));
    found
}

/// The side of the events, as a whole.
fn events(evidence: &Evidence<'_, '_, '_>, usage: &AccountUsage, value: String) -> Side {
    let mut side = evidence.side_of(CellRef { table: usage.table, row: 0, column: WHOLE_ROW });
    // The events stay in the warehouse: what is meant is all of them.
    side.record.pk = String::new();
    side.value = value;
    side
}

/// Everybody who states a status calls the account gone, and it is in daily use.
fn gone_and_busy(evidence: &Evidence<'_, '_, '_>, account: EntityNumber, usage: &AccountUsage) -> Option<Conflict> {
    if usage.active_days_28d < BUSY {
        return None;
    }
    let held = evidence.held(account, "status");
    let word = |held: &Held<'_>| held.cell.source.value(evidence.rows()).text();
    let stated: Vec<&Held<'_>> =
        held.iter().filter(|held| matches!(held.surface, Surface::Billing | Surface::Crm)).collect();
    if stated.is_empty() || !stated.iter().all(|held| word(held).as_deref() == Some("churned")) {
        return None;
    }
    let said = stated.iter().find(|held| held.surface == Surface::Billing).or(stated.first())?;
    let side_a = evidence.side(said);
    let days = usage.active_days_28d;
    let detail = format!(
        "{} is {:?} in {} and was in the product on {days} of the last 28 days",
        evidence.name(account),
        side_a.value,
        side_a.record.source
    );
    let side_b = events(evidence, usage, format!("{days} active days in 28"));
    Some(evidence.about("status_disagreement", account, "accounts.status", detail, [Some(side_a), Some(side_b)]))
}

/// More people were active than seats were bought.
fn too_many(evidence: &Evidence<'_, '_, '_>, account: EntityNumber, usage: &AccountUsage) -> Option<Conflict> {
    let held = evidence.held(account, "seats_bought");
    let billing = Evidence::on(&held, Surface::Billing)?;
    let bought = billing.cell.source.value(evidence.rows()).as_integer()?;
    let active = usage.active_users_28d;
    if bought <= 0 || active <= bought {
        return None;
    }
    let side_a = evidence.side(&billing);
    let detail = format!(
        "{}: {bought} seats are bought in {}, and {active} people were active in 28 days",
        evidence.name(account),
        side_a.record.source
    );
    let side_b = events(evidence, usage, format!("{active} active people in 28 days"));
    let field = "accounts.seats_used";
    Some(evidence.about("seats_mismatch", account, field, detail, [Some(side_a), Some(side_b)]))
}
