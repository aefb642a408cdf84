//! What is sales working on with an account?

use super::account_billing::table_beside;
use super::accounts::AccountInput;
use super::opportunities::{OpportunityFact, OpportunityState};
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Amount, Cell};
use crate::model::graph_index::EntityNumber;
use crate::model::members::Member;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::table::ModelColumn;
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// The columns that [`sold`] writes, in their order.
pub const COLUMNS: [ModelColumn; 4] = [
    ModelColumn::cells("open_opportunities", ColumnType::Integer, "Opportunities that sales is working on."),
    ModelColumn::cells("pipeline_amount", ColumnType::Decimal, "What open opportunities amount to, in `currency`."),
    ModelColumn::cells(
        "next_close_on",
        ColumnType::Date,
        "The first day in UTC on which an open opportunity is expected to close, also a day gone by.",
    ),
    ModelColumn::cells("last_won_on", ColumnType::Date, "The day in UTC on which an opportunity was last won."),
];

/// Writes the columns. An account that no CRM knows has none of them, which is not the same as zero.
pub fn sold(
    sheet: &mut Sheet<'_, '_>,
    input: &AccountInput<'_, '_, '_>,
    number: EntityNumber,
    members: &[Member],
    currency: Option<&str>,
) {
    let facts = &input.opportunities[number as usize];
    let beside = || table_beside(input.reader.rows, members, Role::Opportunity, Surface::Crm);
    let Some(table) = facts.first().map(|fact| fact.table).or_else(beside) else {
        for _ in COLUMNS {
            sheet.own(Cell::Null);
        }
        return;
    };
    let of = |state: OpportunityState| facts.iter().filter(move |fact| fact.state == state);
    let counts: Vec<CellRef> = of(OpportunityState::Open).map(|fact| fact.state_cell).collect();
    let column = counts.first().map_or(WHOLE_ROW, |cell| cell.column);
    let count = Cell::Integer(counts.len() as i64);
    let parts = Parts { counts, ..Parts::default() };
    sheet.aggregate("open_opportunities", "count(opportunities where open)", count, table, column, parts);
    let in_currency =
        |fact: &&OpportunityFact| fact.currency.is_none() || currency.is_none() || fact.currency.as_deref() == currency;
    let adds: Vec<(CellRef, Cell)> = of(OpportunityState::Open)
        .filter(in_currency)
        .filter_map(|fact| fact.amount)
        .map(|(cell, amount)| (cell, Cell::Amount(amount)))
        .collect();
    let sum = adds.iter().filter_map(|(_, amount)| amount.as_amount()).fold(Amount::ZERO, Amount::plus);
    let column = adds.first().map_or(WHOLE_ROW, |(cell, _)| cell.column);
    let parts = Parts { adds, ..Parts::default() };
    sheet.aggregate("pipeline_amount", "sum(opportunities.amount where open)", Cell::Amount(sum), table, column, parts);
    let next = of(OpportunityState::Open)
        .filter_map(|fact| fact.closes)
        .min_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    let last = of(OpportunityState::Won)
        .filter_map(|fact| fact.closes)
        .max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    for (field, found) in [("next_close_on", next), ("last_won_on", last)] {
        match found {
            Some((cell, _)) => sheet.plain(field, cell, Transform::Date),
            None => sheet.own(Cell::Null),
        }
    }
}
