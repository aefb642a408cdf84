//! What was invoiced to an account, and what does it owe?

use super::account_billing::table_beside;
use super::accounts::AccountInput;
use super::invoices::InvoiceFact;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Amount, Cell, DAY_MICROS};
use crate::model::members::Member;
use crate::model::parse::InvoiceState;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::table::ModelColumn;
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// The columns that [`owed`] writes, in their order.
pub const COLUMNS: [ModelColumn; 6] = [
    ModelColumn::cells("open_invoices", ColumnType::Integer, "Invoices that wait for payment."),
    ModelColumn::cells("overdue_amount", ColumnType::Decimal, "What is owed and late, in `currency`."),
    ModelColumn::cells("overdue_invoices", ColumnType::Integer, "Invoices that should have been paid."),
    ModelColumn::cells(
        "overdue_since",
        ColumnType::Date,
        "The day in UTC on which the oldest overdue invoice had to be paid.",
    ),
    ModelColumn::cells(
        "invoiced_12m",
        ColumnType::Decimal,
        "What was invoiced in the 365 days up to the run, in `currency`, without drafts and voided invoices.",
    ),
    ModelColumn::cells("last_paid_at", ColumnType::Timestamp, "When an invoice was last paid, UTC."),
];

/// Writes the columns, amounts in the account's currency alone. An account that billing does not know has none of them, which is not
/// the same as zero. Returns what is overdue.
pub fn owed(
    sheet: &mut Sheet<'_, '_>,
    input: &AccountInput<'_, '_, '_>,
    places: &[u32],
    members: &[Member],
    currency: Option<&str>,
) -> Option<Amount> {
    let facts: Vec<&InvoiceFact> = places.iter().map(|place| &input.invoices[*place as usize]).collect();
    let beside = || table_beside(input.reader.rows, members, Role::Invoice, Surface::Billing);
    let Some(table) = facts.first().map(|fact| fact.table).or_else(beside) else {
        for _ in COLUMNS {
            sheet.own(Cell::Null);
        }
        return None;
    };
    let as_of = input.reader.as_of;
    let in_currency = |fact: &InvoiceFact| {
        let own = fact.currency.as_ref().map(|(_, code)| code.as_str());
        own.is_none() || currency.is_none() || own == currency
    };
    let whole = |fact: &InvoiceFact| CellRef { table: fact.table, row: fact.row, column: WHOLE_ROW };
    let count = |sheet: &mut Sheet<'_, '_>, field: &'static str, rule: &str, counts: Vec<CellRef>| {
        let value = Cell::Integer(counts.len() as i64);
        sheet.aggregate(field, rule, value, table, WHOLE_ROW, Parts { counts, ..Parts::default() });
    };
    let open = facts.iter().filter(|fact| fact.state == InvoiceState::Open).map(|fact| whole(fact)).collect();
    count(sheet, "open_invoices", "count(invoices where open)", open);
    let late: Vec<&&InvoiceFact> = facts.iter().filter(|fact| fact.is_overdue(as_of)).collect();
    let due = late.iter().filter(|fact| in_currency(fact)).filter_map(|fact| fact.due).collect();
    let overdue = total(sheet, "overdue_amount", "sum(invoices.amount_due where overdue)", due, table);
    let late_rows = late.iter().map(|fact| whole(fact)).collect();
    count(sheet, "overdue_invoices", "count(invoices where overdue)", late_rows);
    let oldest = late
        .iter()
        .filter_map(|fact| fact.due_cell.zip(fact.due_at))
        .min_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    match oldest {
        Some((cell, _)) => sheet.plain("overdue_since", cell, Transform::Date),
        None => sheet.own(Cell::Null),
    }
    let since = as_of.0 - 365 * DAY_MICROS;
    let recent = facts
        .iter()
        .filter(|fact| !matches!(fact.state, InvoiceState::Draft | InvoiceState::Void))
        .filter(|fact| fact.issued_at.is_some_and(|(_, moment)| moment.0 > since && moment <= as_of))
        .filter(|fact| in_currency(fact))
        .filter_map(|fact| fact.amount)
        .collect();
    total(sheet, "invoiced_12m", "sum(invoices.amount where issued within 365 days)", recent, table);
    let paid = facts
        .iter()
        .filter(|fact| fact.state == InvoiceState::Paid)
        .filter_map(|fact| fact.paid_at)
        .max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    match paid {
        Some((cell, _)) => sheet.plain("last_paid_at", cell, Transform::Timestamp),
        None => sheet.own(Cell::Null),
    }
    Some(overdue)
}

/// Adds amounts up.
fn total(
    sheet: &mut Sheet<'_, '_>,
    field: &'static str,
    rule: &str,
    amounts: Vec<(CellRef, Amount)>,
    table: u16,
) -> Amount {
    let sum = amounts.iter().fold(Amount::ZERO, |sum, (_, amount)| sum.plus(*amount));
    let column = amounts.first().map_or(WHOLE_ROW, |(cell, _)| cell.column);
    let adds = amounts.into_iter().map(|(cell, amount)| (cell, Cell::Amount(amount))).collect();
    sheet.aggregate(field, rule, Cell::Amount(sum), table, column, Parts { adds, ..Parts::default() });
    sum
}
