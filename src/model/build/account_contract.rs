//! Since when is an account a customer, and when does that end?

use super::account_billing::{Billing, table_beside};
use super::accounts::AccountInput;
use super::subscriptions::SubscriptionFact;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Cell, Moment};
use crate::model::members::Member;
use crate::model::parse::SubscriptionState;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::table::ModelColumn;
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// The columns that [`contracted`] writes, in their order.
pub const COLUMNS: [ModelColumn; 4] = [
    ModelColumn::cells("subscriptions_live", ColumnType::Integer, "Subscriptions that count as recurring revenue."),
    ModelColumn::cells("customer_since", ColumnType::Date, "The day in UTC on which its first subscription began."),
    ModelColumn::cells(
        "cancels_on",
        ColumnType::Date,
        "The first day in UTC on which a live subscription is going to end for good.",
    ),
    ModelColumn::cells(
        "churned_on",
        ColumnType::Date,
        "The day in UTC on which the last subscription ended, where none is live any more.",
    ),
];

/// Writes the columns. An account that billing does not know has none of them, which is not the same as zero.
pub fn contracted(
    sheet: &mut Sheet<'_, '_>,
    input: &AccountInput<'_, '_, '_>,
    billing: &Billing<'_>,
    members: &[Member],
) {
    let beside = || table_beside(input.reader.rows, members, Role::Subscription, Surface::Billing);
    let Some(table) = billing.all.first().map(|fact| fact.table).or_else(beside) else {
        for _ in COLUMNS {
            sheet.own(Cell::Null);
        }
        return;
    };
    let live: Vec<CellRef> = billing
        .live()
        .map(|fact| fact.state_cell.unwrap_or(CellRef { table: fact.table, row: fact.row, column: WHOLE_ROW }))
        .collect();
    let column = live.first().map_or(WHOLE_ROW, |cell| cell.column);
    let count = Cell::Integer(live.len() as i64);
    let is_live = !live.is_empty();
    let parts = Parts { counts: live, ..Parts::default() };
    sheet.aggregate("subscriptions_live", "count(subscriptions where live)", count, table, column, parts);
    let day = |sheet: &mut Sheet<'_, '_>, field: &'static str, found: Option<(CellRef, Moment)>| match found {
        Some((cell, _)) => sheet.plain(field, cell, Transform::Date),
        None => sheet.own(Cell::Null),
    };
    let begun = billing.all.iter().filter(|fact| fact.state != SubscriptionState::Pending);
    day(sheet, "customer_since", first(begun.filter_map(|fact| fact.started)));
    day(sheet, "cancels_on", first(billing.live().filter_map(|fact| cancels(fact, input.reader.as_of))));
    let ended = billing.all.iter().filter(|fact| fact.state == SubscriptionState::Ended);
    let last = ended.filter_map(|fact| fact.ended).max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    day(sheet, "churned_on", last.filter(|_| !is_live));
}

/// The end that is stated for a live subscription and has not come yet.
fn cancels(fact: &SubscriptionFact, as_of: Moment) -> Option<(CellRef, Moment)> {
    first([fact.cancels, fact.ended].into_iter().flatten().filter(|(_, moment)| *moment > as_of))
}

fn first(found: impl Iterator<Item = (CellRef, Moment)>) -> Option<(CellRef, Moment)> {
    found.min_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)))
}
