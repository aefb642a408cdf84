//! What is a subscription worth a month, and out of which cells?
//!
//! In this order: the source's own monthly figure; the sum of its items (price times quantity); the price it names; its own amount.
//! Every amount is turned to one month by the period it covers: a year is twelve months, a week 12/52, a day 12/365.

use rustc_hash::FxHashMap;

use crate::catalog::Role;
use crate::ident::SourceId;
use crate::model::cell::{Amount, Cell, Moment};
use crate::model::parse::Period;
use crate::model::reader::Reader;
use crate::model::source_rows::{CellRef, SourceRows};

/// A monthly amount with the cells behind it.
#[derive(Debug, Clone, Default)]
pub struct Monthly {
    /// The amount of one month; None when no amount or no period could be found.
    pub amount: Option<Amount>,
    /// The amount of one year, not rounded by way of the month.
    pub yearly: Option<Amount>,
    /// The cells that add up to it, each with what it adds to a month.
    pub adds: Vec<(CellRef, Amount)>,
    /// What each of [`Monthly::adds`] adds to a year.
    yearly_adds: Vec<Amount>,
    /// Cells that went into a contribution: quantities, periods.
    pub reads: Vec<(CellRef, Cell)>,
    /// The currency.
    pub currency: Option<(CellRef, String)>,
    /// The period that the price covers.
    pub period: Option<(CellRef, Period)>,
    /// How many units were bought.
    pub quantity: Option<i64>,
    /// The cells that add up to the quantity.
    pub quantity_adds: Vec<(CellRef, i64)>,
    /// The name of what was bought: as the subscription says it, or as the price that weighs most is called.
    pub plan: Option<CellRef>,
    largest: Option<Amount>,
}

/// Items by the subscription they belong to.
#[derive(Default)]
pub struct Items<'rows> {
    by_subscription: FxHashMap<&'rows str, FxHashMap<&'rows str, Vec<(u16, u32)>>>,
}

impl<'rows> Items<'rows> {
    /// Indexes the living items.
    #[must_use]
    pub fn new(rows: &'rows SourceRows<'_>) -> Self {
        let mut items = Self::default();
        for (table, item_rows) in rows.of_role(Role::SubscriptionItem) {
            for &row in item_rows.kept() {
                if item_rows.is_dead(row) {
                    continue;
                }
                if let Some(subscription) = item_rows.text(row, "subscription_item.subscription_id") {
                    items
                        .by_subscription
                        .entry(item_rows.source.id.as_str())
                        .or_default()
                        .entry(subscription.trim())
                        .or_default()
                        .push((table, row));
                }
            }
        }
        items
    }

    fn of(&self, source: &str, key: &str) -> Vec<(u16, u32)> {
        self.by_subscription.get(source).and_then(|items| items.get(key)).cloned().unwrap_or_default()
    }
}

/// Prices a subscription.
pub fn price(reader: &mut Reader<'_, '_>, items: &Items<'_>, table: u16, row: u32) -> Monthly {
    let rows = reader.rows.table(table);
    let source = rows.source.id.clone();
    let key = rows.key(row).to_owned();
    let mut monthly = Monthly::default();
    if let Some((origin, text)) =
        reader.cell(table, row, "subscription.currency", crate::model::transform::Transform::Currency)
    {
        monthly.currency = text.text().map(|code| (origin, code));
    }
    if let Some((origin, _)) = reader.words(table, row, "subscription.plan") {
        monthly.plan = Some(origin);
    }
    monthly.period = own_period(reader, table, row);
    let own_quantity = reader.integer(table, row, "subscription.quantity");
    let found = items.of(source.as_str(), &key);
    for &(item_table, item_row) in &found {
        add_item(reader, &mut monthly, &source, item_table, item_row, own_quantity, found.len());
    }
    if let (true, Some((origin, quantity))) = (monthly.quantity_adds.is_empty(), own_quantity) {
        monthly.quantity = Some(quantity);
        monthly.quantity_adds.push((origin, quantity));
    }
    if let Some((origin, amount)) = reader.amount(table, row, "subscription.mrr") {
        monthly.amount = Some(amount);
        monthly.yearly = amount.scaled(12, 1);
        monthly.adds = vec![(origin, amount)];
        monthly.yearly_adds = monthly.yearly.into_iter().collect();
        monthly.reads.clear();
        return monthly;
    }
    if monthly.adds.is_empty()
        && let Some((origin, price_key)) = reader.words(table, row, "subscription.price_id")
    {
        let quantity = own_quantity.map_or(1, |(_, quantity)| quantity);
        if let Some(priced) = named_price(reader, &mut monthly, &source, price_key, quantity) {
            monthly.reads.push((origin, Cell::words(price_key)));
            monthly.reads.extend(own_quantity.map(|(origin, quantity)| (origin, Cell::Integer(quantity))));
            monthly.add(priced);
        }
    }
    if monthly.adds.is_empty() {
        add_own_amount(reader, &mut monthly, table, row, own_quantity);
    }
    if !monthly.adds.is_empty() {
        monthly.amount = Some(monthly.adds.iter().fold(Amount::ZERO, |sum, (_, amount)| sum.plus(*amount)));
        monthly.yearly = Some(monthly.yearly_adds.iter().fold(Amount::ZERO, |sum, amount| sum.plus(*amount)));
    }
    monthly
}

/// What a cell adds to a month and to a year.
#[derive(Clone, Copy)]
struct Priced {
    cell: CellRef,
    month: Amount,
    year: Amount,
}

impl Priced {
    /// The total of a period.
    fn of(cell: CellRef, total: Amount, period: Period) -> Option<Self> {
        Some(Self { cell, month: period.monthly(total)?, year: period.yearly(total)? })
    }
}

impl Monthly {
    /// The cells that add up to a year, each with what it adds.
    pub fn yearly_adds(&self) -> impl Iterator<Item = (CellRef, Amount)> + '_ {
        self.adds.iter().map(|(cell, _)| *cell).zip(self.yearly_adds.iter().copied())
    }

    fn add(&mut self, priced: Priced) {
        self.adds.push((priced.cell, priced.month));
        self.yearly_adds.push(priced.year);
    }
}

fn add_item(
    reader: &mut Reader<'_, '_>,
    monthly: &mut Monthly,
    source: &SourceId,
    table: u16,
    row: u32,
    own_quantity: Option<(CellRef, i64)>,
    siblings: usize,
) {
    let item_quantity = reader.integer(table, row, "subscription_item.quantity");
    if let Some((origin, quantity)) = item_quantity {
        monthly.quantity = Some(monthly.quantity.unwrap_or(0).saturating_add(quantity));
        monthly.quantity_adds.push((origin, quantity));
    }
    let quantity = item_quantity.or(own_quantity.filter(|_| siblings == 1));
    if let Some((origin, amount)) = reader.amount(table, row, "subscription_item.mrr") {
        monthly.add(Priced { cell: origin, month: amount, year: amount.scaled(12, 1).unwrap_or(amount) });
        return;
    }
    let key = reader.words(table, row, "subscription_item.price_id");
    let own = reader.amount(table, row, "subscription_item.amount");
    let priced = match (own, key) {
        (Some((origin, amount)), _) => {
            let total = amount.scaled(i128::from(quantity.map_or(1, |(_, quantity)| quantity)), 1);
            monthly.period.zip(total).and_then(|((_, period), total)| Priced::of(origin, total, period))
        }
        (None, Some((_, key))) => {
            named_price(reader, monthly, source, key, quantity.map_or(1, |(_, quantity)| quantity))
        }
        (None, None) => None,
    };
    if let Some(priced) = priced {
        monthly.add(priced);
        monthly.reads.extend(quantity.map(|(origin, quantity)| (origin, Cell::Integer(quantity))));
        monthly.reads.extend(key.map(|(origin, key)| (origin, Cell::words(key))));
    }
}

/// The monthly amount of `quantity` units of a price; keeps its currency, period and name.
fn named_price(
    reader: &mut Reader<'_, '_>,
    monthly: &mut Monthly,
    source: &SourceId,
    key: &str,
    quantity: i64,
) -> Option<Priced> {
    let (table, row) = reader.rows.look_up(source, Role::Price, key)?;
    let plan = plan_name(reader, source, table, row);
    let currency = reader.cell(table, row, "price.currency", crate::model::transform::Transform::Currency);
    let interval = reader.words(table, row, "price.interval");
    let count = reader.integer(table, row, "price.interval_count");
    let period = interval.and_then(|(origin, words)| {
        Period::read(words, count.map_or(1, |(_, count)| count)).map(|period| (origin, period))
    });
    let (origin, unit) = reader.amount(table, row, "price.amount")?;
    let (_, covers) = period.or(monthly.period)?;
    let priced = Priced::of(origin, unit.scaled(i128::from(quantity), 1)?, covers)?;
    if monthly.largest.is_none_or(|largest| priced.month > largest) {
        monthly.largest = Some(priced.month);
        if monthly.plan.is_none_or(|cell| reader.rows.table(cell.table).table.role != Role::Subscription) {
            monthly.plan = plan.or(monthly.plan);
        }
        monthly.period = period.or(monthly.period);
    }
    if monthly.currency.is_none() {
        monthly.currency = currency.and_then(|(origin, code)| Some((origin, code.text()?)));
    }
    monthly.reads.extend(period.map(|(origin, period)| (origin, Cell::Text(period.words()))));
    monthly.reads.extend(count.map(|(origin, count)| (origin, Cell::Integer(count))));
    Some(priced)
}

/// What a price sells: the product's name, else the price's own.
fn plan_name(reader: &mut Reader<'_, '_>, source: &SourceId, table: u16, row: u32) -> Option<CellRef> {
    let product = reader
        .words(table, row, "price.product_id")
        .and_then(|(_, product)| reader.rows.look_up(source, Role::Product, product))
        .and_then(|(table, row)| reader.words(table, row, "product.name"));
    product.or_else(|| reader.words(table, row, "price.name")).map(|(origin, _)| origin)
}

/// The subscription's own amount: of one unit where the column is named so, else of the whole.
fn add_own_amount(
    reader: &mut Reader<'_, '_>,
    monthly: &mut Monthly,
    table: u16,
    row: u32,
    quantity: Option<(CellRef, i64)>,
) {
    let Some((origin, amount)) = reader.amount(table, row, "subscription.amount") else { return };
    let Some((_, period)) = monthly.period else { return };
    let by_unit = reader.rows.table(table).column_name(origin.column).to_lowercase().contains("unit");
    let units = if by_unit { quantity.map_or(1, |(_, quantity)| quantity) } else { 1 };
    let total = amount.scaled(i128::from(units), 1);
    let Some(priced) = total.and_then(|total| Priced::of(origin, total, period)) else { return };
    monthly.add(priced);
    monthly.reads.extend(monthly.period.map(|(origin, period)| (origin, Cell::Text(period.words()))));
    if by_unit {
        monthly.reads.extend(quantity.map(|(origin, quantity)| (origin, Cell::Integer(quantity))));
    }
}

/// The period a subscription states, or the days between the ends of its current period.
fn own_period(reader: &mut Reader<'_, '_>, table: u16, row: u32) -> Option<(CellRef, Period)> {
    if let Some((origin, words)) = reader.words(table, row, "subscription.interval")
        && let Some(period) = Period::read(words, 1)
    {
        return Some((origin, period));
    }
    let (_, start): (CellRef, Moment) = reader.moment(table, row, "subscription.period_start")?;
    let (origin, end) = reader.moment(table, row, "subscription.period_end")?;
    Period::from_days(i64::from(end.day().0) - i64::from(start.day().0)).map(|period| (origin, period))
}
