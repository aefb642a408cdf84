//! How much is the product used, as fields of an account?

use rustc_hash::FxHashMap;

use super::accounts::AccountInput;
use super::usage::AccountUsage;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::Cell;
use crate::model::graph_index::EntityNumber;
use crate::model::members::Member;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};

/// The product users of each account.
pub struct UsageSources {
    users: FxHashMap<EntityNumber, Vec<CellRef>>,
}

impl UsageSources {
    /// Sorts the living users of product sources to their accounts.
    #[must_use]
    pub fn new(input: &AccountInput<'_, '_, '_>) -> Self {
        let mut users: FxHashMap<EntityNumber, Vec<CellRef>> = FxHashMap::default();
        for (table, rows) in input.reader.rows.of_role(Role::Person) {
            if rows.source.surface != Surface::Product {
                continue;
            }
            let accounts = input.index.related_rows("user_of_account", rows);
            for &row in rows.kept() {
                if let (Some(account), false) = (accounts.of(row), rows.is_dead(row)) {
                    users.entry(account).or_default().push(CellRef { table, row, column: WHOLE_ROW });
                }
            }
        }
        Self { users }
    }
}

/// Counts of users and events. An account that the product does not know has none of them, which is not the same as zero.
pub fn used(
    sheet: &mut Sheet<'_, '_>,
    input: &AccountInput<'_, '_, '_>,
    sources: &UsageSources,
    number: EntityNumber,
    members: &[Member],
) {
    let rows = input.reader.rows;
    let users = sources.users.get(&number).cloned().unwrap_or_default();
    let own =
        members.iter().map(|member| member.table).find(|table| rows.table(*table).source.surface == Surface::Product);
    let known_in = users.first().map(|cell| cell.table).or(own);
    let counted = input.usage.accounts.get(&number);
    let events = counted.map(|usage| usage.table).or_else(|| {
        let source = &rows.table(known_in?).source.id;
        input.usage.tables.iter().copied().find(|table| &rows.table(*table).source.id == source)
    });
    let user_count = users.len() as i64;
    match users.first().map(|cell| cell.table) {
        Some(table) => {
            let parts = Parts { counts: users, ..Parts::default() };
            sheet.aggregate("users", "count(users)", Cell::Integer(user_count), table, WHOLE_ROW, parts);
        }
        None => sheet.own(Cell::Null),
    }
    let Some(table) = events else {
        for _ in 0..6 {
            sheet.own(Cell::Null);
        }
        seats_of_users(sheet, sources, number);
        sheet.own(Cell::Null);
        return;
    };
    let none = AccountUsage::default();
    let usage = counted.unwrap_or(&none);
    let mut write = |field: &'static str, rule: &str, value: Cell| {
        sheet.aggregate(field, rule, value, table, WHOLE_ROW, Parts::default());
    };
    write("usage_events_7d", "sum(account_usage_daily.events) over 7 days", Cell::Integer(usage.events_7d));
    write("usage_events_28d", "sum(account_usage_daily.events) over 28 days", Cell::Integer(usage.events_28d));
    let trend = if usage.events_28d == 0 {
        Cell::Null
    } else {
        Cell::Float(usage.events_7d as f64 * 4.0 / usage.events_28d as f64 - 1.0)
    };
    write("usage_trend", "usage_events_7d * 4 / usage_events_28d - 1", trend);
    write("active_users_7d", "count(distinct people with events) over 7 days", Cell::Integer(usage.active_users_7d));
    write("active_users_28d", "count(distinct people with events) over 28 days", Cell::Integer(usage.active_users_28d));
    write(
        "active_days_28d",
        "count(distinct account_usage_daily.day) over 28 days",
        Cell::Integer(usage.active_days_28d),
    );
    write("seats_used", "count(distinct people with events) over 28 days", Cell::Integer(usage.active_users_28d));
    write("last_active_on", "max(account_usage_daily.day)", usage.last_day.map_or(Cell::Null, Cell::Date));
}

fn seats_of_users(sheet: &mut Sheet<'_, '_>, sources: &UsageSources, number: EntityNumber) {
    match sources.users.get(&number) {
        Some(users) => {
            let table = users.first().map_or(0, |cell| cell.table);
            let parts = Parts { counts: users.clone(), ..Parts::default() };
            let count = Cell::Integer(users.len() as i64);
            sheet.aggregate("seats_used", "count(users)", count, table, WHOLE_ROW, parts);
        }
        None => sheet.own(Cell::Null),
    }
}
