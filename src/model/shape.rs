//! Which tables and columns does the joined model have, before any run?

use super::build::{accounts, invoices, people, subscriptions, tickets, usage};
use super::table::ModelColumn;

/// The tables of the joined model with their columns, in the order in which they are published.
#[must_use]
pub fn tables() -> Vec<(&'static str, Vec<ModelColumn>)> {
    vec![
        ("accounts", accounts::columns()),
        ("people", people::columns()),
        ("subscriptions", subscriptions::columns()),
        ("invoices", invoices::columns()),
        ("tickets", tickets::columns()),
        ("account_usage_daily", usage::daily_columns()),
    ]
}
