//! What does each account subscribe to, and what is that a month?

use super::price::{Items, Monthly, price};
use crate::catalog::Role;
use crate::error::Result;
use crate::model::cell::{Amount, Cell, Moment};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::lineage::{Lineage, Owner};
use crate::model::parse::SubscriptionState;
use crate::model::reader::Reader;
use crate::model::row_table::{self, RowColumn, RowTable};
use crate::model::sheet::Sheet;
use crate::model::source_rows::CellRef;
use crate::model::table::{ModelColumn, ModelTable};
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// What other rooms need to know of a subscription.
#[derive(Debug, Clone)]
pub struct SubscriptionFact {
    /// Its source table.
    pub table: u16,
    /// Its source row.
    pub row: u32,
    /// The account that has it.
    pub account: Option<EntityNumber>,
    /// Where it stands.
    pub state: SubscriptionState,
    /// The cell that says so.
    pub state_cell: Option<CellRef>,
    /// The monthly amount with its cells.
    pub monthly: Monthly,
    /// The end of the current period.
    pub period_end: Option<(CellRef, Moment)>,
    /// When it began.
    pub started: Option<(CellRef, Moment)>,
    /// When it ended or will end.
    pub ended: Option<(CellRef, Moment)>,
    /// When it is going to end, by the date of its cancellation.
    pub cancels: Option<(CellRef, Moment)>,
}

impl SubscriptionFact {
    /// The cell that stands for the subscription in an account's totals: where its amount or quantity is written, else its key.
    #[must_use]
    pub fn cell(&self) -> CellRef {
        let own = |cell: &CellRef| cell.table == self.table && cell.row == self.row;
        let adds = self.monthly.adds.iter().map(|(cell, _)| *cell);
        let reads = self.monthly.reads.iter().map(|(cell, _)| *cell);
        adds.chain(reads).find(own).unwrap_or(CellRef {
            table: self.table,
            row: self.row,
            column: crate::model::source_rows::WHOLE_ROW,
        })
    }

    /// The monthly amount where it counts as recurring revenue.
    #[must_use]
    pub fn recurring(&self) -> Option<Amount> {
        if self.state == SubscriptionState::Live { self.monthly.amount } else { None }
    }

    /// The currency's code.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.monthly.currency.as_ref().map(|(_, code)| code.as_str())
    }
}

const COLUMNS: [RowColumn; 8] = [
    RowColumn::new("started_at", &[("subscription.started_at", Transform::Timestamp)], "When it began, UTC."),
    RowColumn::new("ended_at", &[("subscription.ended_at", Transform::Timestamp)], "When it ended, UTC."),
    RowColumn::new("cancel_at", &[("subscription.cancel_at", Transform::Timestamp)], "When it is going to end, UTC."),
    RowColumn::new("canceled_at", &[("subscription.canceled_at", Transform::Timestamp)], "When it was cancelled, UTC."),
    RowColumn::new(
        "period_start",
        &[("subscription.period_start", Transform::Timestamp)],
        "Begin of the current period, UTC.",
    ),
    RowColumn::new(
        "period_end",
        &[("subscription.period_end", Transform::Timestamp)],
        "End of the current period, UTC.",
    ),
    RowColumn::new("created_at", &[("subscription.created_at", Transform::Timestamp)], "When the source made it, UTC."),
    RowColumn::new(
        "source_status",
        &[("subscription.status", Transform::Text)],
        "The status in the source's own word.",
    ),
];

/// Source columns of the table, for lineage.
pub const ROW_COLUMNS: &[RowColumn] = &COLUMNS;

/// Columns whose cells each have their own origin.
const DERIVED: [ModelColumn; 7] = [
    ModelColumn::cells("status", ColumnType::Text, "active, trial, pending or ended on the day of the run."),
    ModelColumn::cells("plan", ColumnType::Text, "What was bought: the product's or price's name."),
    ModelColumn::cells("quantity", ColumnType::Integer, "How many units were bought, over all items."),
    ModelColumn::cells("mrr", ColumnType::Decimal, "The amount of one month, in `currency`, whatever the interval."),
    ModelColumn::cells("arr", ColumnType::Decimal, "The amount of one year, in `currency`, not rounded by the month."),
    ModelColumn::cells("currency", ColumnType::Text, "ISO 4217 code."),
    ModelColumn::cells("interval", ColumnType::Text, "The period that the price covers: month, year, 3 months."),
];

const OWN: [ModelColumn; 1] = [ModelColumn::own(
    "is_live",
    ColumnType::Boolean,
    "fourfold:counts_as_recurring = status is active",
    "Whether it counts as recurring revenue.",
)];

/// The columns of the table.
#[must_use]
pub fn columns() -> Vec<ModelColumn> {
    row_table::shape("subscription_id", &COLUMNS, &[&DERIVED[..], &OWN[..]].concat())
}

/// Builds the table and what accounts need of it. Deleted and test-mode subscriptions take no part.
///
/// # Errors
/// `Internal` when rows do not fit their columns.
pub fn build(
    reader: &mut Reader<'_, '_>,
    index: &GraphIndex<'_>,
    lineage: &mut Lineage,
) -> Result<(ModelTable, Vec<SubscriptionFact>)> {
    let documentation = "One row a subscription; amounts as one month in their own currency.";
    let mut table =
        RowTable::new("subscriptions", documentation, "subscription_id", &COLUMNS, &[&DERIVED[..], &OWN[..]].concat());
    let mut facts = Vec::new();
    let items = Items::new(reader.rows);
    for place in table.order(reader.rows, Role::Subscription) {
        let related = index.related_rows("subscription_of_account", reader.rows.table(place));
        for &row in reader.rows.table(place).kept() {
            if reader.rows.table(place).is_dead(row)
                || is_test(reader, place, row)
                || !table.claim(reader.rows, place, row)
            {
                continue;
            }
            let fact = fact(reader, &items, place, row, related.of(row));
            let owner = Owner::Subscription(facts.len() as u32);
            let derived = record(reader, lineage, owner, &fact);
            let account = fact.account.map(|number| &index.accounts[number as usize].id);
            table.push(reader, place, row, account, None, &derived)?;
            facts.push(fact);
        }
    }
    Ok((table.finish()?, facts))
}

fn is_test(reader: &mut Reader<'_, '_>, table: u16, row: u32) -> bool {
    reader.truth(table, row, "subscription.live_mode").is_some_and(|(_, live)| !live)
}

fn fact(
    reader: &mut Reader<'_, '_>,
    items: &Items<'_>,
    table: u16,
    row: u32,
    account: Option<EntityNumber>,
) -> SubscriptionFact {
    let monthly = price(reader, items, table, row);
    let started = reader.moment(table, row, "subscription.started_at");
    let ended = reader.moment(table, row, "subscription.ended_at");
    let period_end = reader.moment(table, row, "subscription.period_end");
    let stated = reader.cell(table, row, "subscription.status", Transform::SubscriptionState);
    let word = stated.as_ref().and_then(|(_, word)| word.as_str()).and_then(crate::model::parse::subscription_state);
    let is_over = ended.is_some_and(|(_, moment)| moment <= reader.as_of);
    let is_to_come = started.is_some_and(|(_, moment)| moment > reader.as_of);
    let will_end = ended.is_some_and(|(_, moment)| moment > reader.as_of);
    let state = match word {
        _ if is_over => SubscriptionState::Ended,
        Some(SubscriptionState::Ended) if will_end => SubscriptionState::Live,
        Some(word) => word,
        None if is_to_come => SubscriptionState::Pending,
        None => SubscriptionState::Live,
    };
    let decided_by_end = is_over || (word == Some(SubscriptionState::Ended) && will_end);
    let state_cell = if decided_by_end && word != Some(state) {
        ended.map(|(cell, _)| cell)
    } else {
        stated.map(|(cell, _)| cell).or(ended.or(started).map(|(cell, _)| cell))
    };
    let cancels = reader.moment(table, row, "subscription.cancel_at");
    SubscriptionFact { table, row, account, state, state_cell, monthly, period_end, started, ended, cancels }
}

/// Keeps the origins of the derived cells and returns the cells.
fn record(reader: &Reader<'_, '_>, lineage: &mut Lineage, owner: Owner, fact: &SubscriptionFact) -> Vec<Cell> {
    let mut sheet = Sheet::new(reader.rows, lineage, owner);
    let monthly = &fact.monthly;
    let state = Cell::words(fact.state.as_str());
    let by_state: Vec<(CellRef, Cell)> = fact.state_cell.map(|cell| (cell, Cell::Null)).into_iter().collect();
    sheet.derived(
        "status",
        Transform::SubscriptionState,
        "subscription_state(status, started_at, ended_at)",
        state,
        &by_state,
    );
    match monthly.plan {
        Some(cell) => sheet.plain("plan", cell, Transform::Text),
        None => sheet.own(Cell::Null),
    }
    let quantities: Vec<(CellRef, Cell)> =
        monthly.quantity_adds.iter().map(|(cell, quantity)| (*cell, Cell::Integer(*quantity))).collect();
    sheet.sum(
        "quantity",
        "sum(quantity of items)",
        monthly.quantity.map_or(Cell::Null, Cell::Integer),
        quantities,
        &[],
    );
    let adds: Vec<(CellRef, Cell)> = monthly.adds.iter().map(|(cell, amount)| (*cell, Cell::Amount(*amount))).collect();
    let mrr = monthly.amount.map_or(Cell::Null, Cell::Amount);
    sheet.sum("mrr", "sum(price * quantity / months of interval)", mrr, adds, &monthly.reads);
    let adds = monthly.yearly_adds().map(|(cell, amount)| (cell, Cell::Amount(amount))).collect();
    let arr = monthly.yearly.map_or(Cell::Null, Cell::Amount);
    sheet.sum("arr", "sum(price * quantity / years of interval)", arr, adds, &monthly.reads);
    match &monthly.currency {
        Some((cell, _)) => sheet.plain("currency", *cell, Transform::Currency),
        None => sheet.own(Cell::Null),
    }
    let words = monthly.period.map_or(Cell::Null, |(_, period)| Cell::Text(period.words()));
    let reads: Vec<(CellRef, Cell)> = monthly.period.map(|(cell, _)| (cell, Cell::Null)).into_iter().collect();
    sheet.derived("interval", Transform::Lower, "period(interval, interval_count)", words, &reads);
    sheet.own(Cell::Boolean(fact.state == SubscriptionState::Live));
    sheet.cells
}
