//! What was invoiced to each account, and what is still owed?

use crate::catalog::Role;
use crate::error::Result;
use crate::model::cell::{Amount, Cell, DAY_MICROS, Moment};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::parse::InvoiceState;
use crate::model::reader::Reader;
use crate::model::row_table::{self, RowColumn, RowTable};
use crate::model::source_rows::CellRef;
use crate::model::table::{ModelColumn, ModelTable};
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// What other rooms need to know of an invoice.
#[derive(Debug, Clone)]
pub struct InvoiceFact {
    /// Its source table.
    pub table: u16,
    /// Its source row.
    pub row: u32,
    /// The account.
    pub account: Option<EntityNumber>,
    /// Where it stands.
    pub state: InvoiceState,
    /// What it amounts to.
    pub amount: Option<(CellRef, Amount)>,
    /// What is still owed, and the cell that says so.
    pub due: Option<(CellRef, Amount)>,
    /// When it has to be paid.
    pub due_at: Option<Moment>,
    /// The cell that says when.
    pub due_cell: Option<CellRef>,
    /// When it was paid.
    pub paid_at: Option<(CellRef, Moment)>,
    /// When it was issued.
    pub issued_at: Option<(CellRef, Moment)>,
    /// ISO 4217 code.
    pub currency: Option<(CellRef, String)>,
}

impl InvoiceFact {
    /// Whether it should have been paid by then.
    #[must_use]
    pub fn is_overdue(&self, as_of: Moment) -> bool {
        self.state == InvoiceState::Open
            && self.due_at.is_some_and(|due_at| due_at < as_of)
            && self.due.is_some_and(|(_, due)| due > Amount::ZERO)
    }
}

const COLUMNS: [RowColumn; 14] = [
    RowColumn::new("number", &[("invoice.number", Transform::Text)], "The number on the invoice."),
    RowColumn::new(
        "status",
        &[("invoice.status", Transform::InvoiceState), ("invoice.paid", Transform::PaidState)],
        "paid, open, draft, void or uncollectible.",
    ),
    RowColumn::new("source_status", &[("invoice.status", Transform::Text)], "The status in the source's own word."),
    RowColumn::new("amount", &[("invoice.amount", Transform::Money)], "The total, in `currency`."),
    RowColumn::new("amount_paid", &[("invoice.amount_paid", Transform::Money)], "What was paid, in `currency`."),
    RowColumn::new("amount_due", &[("invoice.amount_due", Transform::Money)], "What is still owed, in `currency`."),
    RowColumn::new("currency", &[("invoice.currency", Transform::Currency)], "ISO 4217 code."),
    RowColumn::new(
        "issued_at",
        &[("invoice.issued_at", Transform::Timestamp), ("invoice.created_at", Transform::Timestamp)],
        "When it was issued, UTC.",
    ),
    RowColumn::new("due_at", &[("invoice.due_at", Transform::Timestamp)], "When it has to be paid, UTC."),
    RowColumn::new("paid_at", &[("invoice.paid_at", Transform::Timestamp)], "When it was paid, UTC."),
    RowColumn::new("period_start", &[("invoice.period_start", Transform::Timestamp)], "Begin of what it covers, UTC."),
    RowColumn::new("period_end", &[("invoice.period_end", Transform::Timestamp)], "End of what it covers, UTC."),
    RowColumn::new(
        "subscription_key",
        &[("invoice.subscription_id", Transform::Text)],
        "The subscription's key in the same source.",
    ),
    RowColumn::new("created_at", &[("invoice.created_at", Transform::Timestamp)], "When the source made it, UTC."),
];

/// Source columns of the table, for lineage.
pub const ROW_COLUMNS: &[RowColumn] = &COLUMNS;

const OWN: [ModelColumn; 4] = [
    ModelColumn::own(
        "is_open",
        ColumnType::Boolean,
        "fourfold:open = status is open, or unknown and not paid",
        "Whether it waits for payment.",
    ),
    ModelColumn::own(
        "amount_open",
        ColumnType::Decimal,
        "fourfold:the lesser of amount_due and amount - amount_paid",
        "What is still owed, in `currency`, whether the source counts payments off `amount_due` or not.",
    ),
    ModelColumn::own(
        "is_overdue",
        ColumnType::Boolean,
        "fourfold:overdue = open, something is owed, due_at before the run",
        "Whether it should have been paid by the time of the run.",
    ),
    ModelColumn::own(
        "days_overdue",
        ColumnType::Integer,
        "fourfold:whole days from due_at to the run, where overdue",
        "How many whole days ago it should have been paid; empty when it is not overdue.",
    ),
];

/// The columns of the table.
#[must_use]
pub fn columns() -> Vec<ModelColumn> {
    row_table::shape("invoice_id", &COLUMNS, &OWN)
}

/// Builds the table and what accounts need of it. Deleted and test-mode invoices take no part.
///
/// # Errors
/// `Internal` when rows do not fit their columns.
pub fn build(reader: &mut Reader<'_, '_>, index: &GraphIndex<'_>) -> Result<(ModelTable, Vec<InvoiceFact>)> {
    let mut table =
        RowTable::new("invoices", "One row an invoice, amounts in its own currency.", "invoice_id", &COLUMNS, &OWN);
    let mut facts = Vec::new();
    for place in table.order(reader.rows, Role::Invoice) {
        let related = index.related_rows("invoice_of_account", reader.rows.table(place));
        for &row in reader.rows.table(place).kept() {
            let test = reader.truth(place, row, "invoice.live_mode").is_some_and(|(_, live)| !live);
            if test || reader.rows.table(place).is_dead(row) || !table.claim(reader.rows, place, row) {
                continue;
            }
            let fact = fact(reader, place, row, related.of(row));
            let account = fact.account.map(|number| &index.accounts[number as usize].id);
            let is_overdue = fact.is_overdue(reader.as_of);
            let late = fact.due_at.filter(|_| is_overdue).map(|due| (reader.as_of.0 - due.0) / DAY_MICROS);
            let own = [
                Cell::Boolean(fact.state == InvoiceState::Open),
                fact.due.map_or(Cell::Null, |(_, due)| Cell::Amount(due)),
                Cell::Boolean(is_overdue),
                late.map_or(Cell::Null, Cell::Integer),
            ];
            table.push(reader, place, row, account, None, &own)?;
            facts.push(fact);
        }
    }
    Ok((table.finish()?, facts))
}

fn fact(reader: &mut Reader<'_, '_>, table: u16, row: u32, account: Option<EntityNumber>) -> InvoiceFact {
    let amount = reader.amount(table, row, "invoice.amount");
    let paid_amount = reader.amount(table, row, "invoice.amount_paid");
    // Some systems keep what is due as billed, others as it stands after payments: what is owed is never more than either.
    let left = amount.map(|(cell, amount)| (cell, Amount(amount.0 - paid_amount.map_or(0, |(_, paid)| paid.0))));
    let due = match (reader.amount(table, row, "invoice.amount_due"), left) {
        (Some((cell, due)), Some((_, left))) => Some((cell, due.min(left))),
        (due, left) => due.or(left),
    };
    let word = reader.cell(table, row, "invoice.status", Transform::InvoiceState);
    let word = word.and_then(|(_, word)| crate::model::parse::invoice_state(word.as_str()?));
    let paid = reader.truth(table, row, "invoice.paid").map(|(_, paid)| paid);
    let paid_at = reader.moment(table, row, "invoice.paid_at");
    let state = word.unwrap_or(match (paid, paid_at, due) {
        (Some(true), _, _) | (None, Some(_), _) => InvoiceState::Paid,
        (None, None, Some((_, due))) if due <= Amount::ZERO => InvoiceState::Paid,
        _ => InvoiceState::Open,
    });
    let issued_at =
        reader.moment(table, row, "invoice.issued_at").or_else(|| reader.moment(table, row, "invoice.created_at"));
    let due_at = reader.moment(table, row, "invoice.due_at");
    InvoiceFact {
        table,
        row,
        account,
        state,
        amount,
        due,
        due_at: due_at.map(|(_, moment)| moment),
        due_cell: due_at.map(|(cell, _)| cell),
        paid_at,
        issued_at,
        currency: reader
            .cell(table, row, "invoice.currency", Transform::Currency)
            .and_then(|(cell, code)| Some((cell, code.text()?))),
    }
}
