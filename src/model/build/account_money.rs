//! What is an account's money in the currency that the team reports in?
//!
//! Amounts are never added across currencies. Beside them stand the same amounts at the rate that `fourfold.toml` states, with the rate
//! and its day, so that a reader can tell what moved: the account or the exchange.

use crate::config::Config;
use crate::model::cell::{Amount, Cell};
use crate::model::parse;
use crate::model::sheet::Sheet;
use crate::model::table::ModelColumn;
use crate::warehouse::ColumnType;

/// The columns that [`converted`] writes, in their order.
pub const COLUMNS: [ModelColumn; 6] = [
    ModelColumn::own(
        "arr_reporting",
        ColumnType::Decimal,
        "fourfold:arr * fx_rate",
        "`arr` in `reporting_currency`; empty where no rate is stated.",
    ),
    ModelColumn::own(
        "mrr_reporting",
        ColumnType::Decimal,
        "fourfold:mrr * fx_rate",
        "`mrr` in `reporting_currency`; empty where no rate is stated.",
    ),
    ModelColumn::own(
        "overdue_reporting",
        ColumnType::Decimal,
        "fourfold:overdue_amount * fx_rate",
        "`overdue_amount` in `reporting_currency`; empty where no rate is stated.",
    ),
    ModelColumn::own(
        "reporting_currency",
        ColumnType::Text,
        "fourfold:[money] reporting_currency (fourfold.toml)",
        "The currency that the team reports in, ISO 4217.",
    ),
    ModelColumn::own(
        "fx_rate",
        ColumnType::Float,
        "fourfold:[money.rates] (fourfold.toml)",
        "How many units of `reporting_currency` one unit of `currency` is.",
    ),
    ModelColumn::own(
        "fx_date",
        ColumnType::Date,
        "fourfold:[money.rates] (fourfold.toml)",
        "The day of the rate; empty where both currencies are the same.",
    ),
];

/// Writes the columns for `arr`, `mrr` and `overdue_amount`.
pub fn converted(sheet: &mut Sheet<'_, '_>, config: &Config, currency: Option<&str>, amounts: [Option<Amount>; 3]) {
    let rate = currency.and_then(|currency| config.money.rate(currency));
    for amount in amounts {
        let value = amount.zip(rate.as_ref()).and_then(|(amount, rate)| {
            let exact = parse::money(&rate.rate)?;
            amount.scaled(exact.0, Amount::SCALE)
        });
        sheet.own(value.map_or(Cell::Null, Cell::Amount));
    }
    sheet.own(config.money.reporting_currency.as_deref().map_or(Cell::Null, Cell::words));
    sheet.own(rate.as_ref().and_then(|rate| rate.rate.parse().ok()).map_or(Cell::Null, Cell::Float));
    sheet.own(rate.as_ref().and_then(|rate| parse::day(rate.date.as_deref()?)).map_or(Cell::Null, Cell::Date));
}
