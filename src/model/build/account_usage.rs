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
use crate::model::table::ModelColumn;
use crate::warehouse::ColumnType;

/// The columns that [`used`] writes, in their order.
pub const COLUMNS: [ModelColumn; 15] = [
    ModelColumn::cells("users", ColumnType::Integer, "Product users."),
    ModelColumn::cells("usage_events_7d", ColumnType::Integer, "Events in the seven days up to the run, days in UTC."),
    ModelColumn::cells("usage_events_28d", ColumnType::Integer, "Events in the 28 days up to the run."),
    ModelColumn::cells("usage_events_prior_28d", ColumnType::Integer, "Events in the 28 days before those."),
    ModelColumn::cells(
        "usage_trend",
        ColumnType::Float,
        "The last week against the mean week of the last four: 0 is steady, -1 silent.",
    ),
    ModelColumn::cells(
        "usage_change_28d",
        ColumnType::Float,
        "The last 28 days against the 28 days before: 0 is steady, -1 silent; empty when nothing happened before.",
    ),
    ModelColumn::cells("active_users_7d", ColumnType::Integer, "Different people with an event in seven days."),
    ModelColumn::cells("active_users_28d", ColumnType::Integer, "Different people with an event in 28 days."),
    ModelColumn::cells(
        "active_users_prior_28d",
        ColumnType::Integer,
        "Different people with an event in the 28 days before those.",
    ),
    ModelColumn::cells("active_days_28d", ColumnType::Integer, "Different days with an event in 28 days."),
    ModelColumn::cells(
        "seats_used",
        ColumnType::Integer,
        "Seats in use: people active in 28 days, or users where no events are kept.",
    ),
    ModelColumn::cells("seat_utilisation", ColumnType::Float, "Seats in use against seats bought: 1 is all of them."),
    ModelColumn::cells("first_active_on", ColumnType::Date, "The first day with an event."),
    ModelColumn::cells("last_active_on", ColumnType::Date, "The last day with an event."),
    ModelColumn::cells("days_silent", ColumnType::Integer, "Whole days from the last day with an event to the run."),
];

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
    seats_bought: Option<i64>,
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
        for _ in 0..9 {
            sheet.own(Cell::Null);
        }
        let used = seats_of_users(sheet, sources, number);
        utilisation(sheet, used, seats_bought);
        for _ in 0..3 {
            sheet.own(Cell::Null);
        }
        return;
    };
    let none = AccountUsage::default();
    let usage = counted.unwrap_or(&none);
    let mut write = |field: &'static str, rule: &str, value: Cell| {
        sheet.aggregate(field, rule, value, table, WHOLE_ROW, Parts::default());
    };
    let share = |part: i64, whole: i64| {
        if whole == 0 { Cell::Null } else { Cell::Float(part as f64 / whole as f64 - 1.0) }
    };
    write("usage_events_7d", "sum(account_usage_daily.events) over 7 days", Cell::Integer(usage.events_7d));
    write("usage_events_28d", "sum(account_usage_daily.events) over 28 days", Cell::Integer(usage.events_28d));
    write(
        "usage_events_prior_28d",
        "sum(account_usage_daily.events) over days 29 to 56",
        Cell::Integer(usage.events_prior_28d),
    );
    write("usage_trend", "usage_events_7d * 4 / usage_events_28d - 1", share(usage.events_7d * 4, usage.events_28d));
    write(
        "usage_change_28d",
        "usage_events_28d / usage_events_prior_28d - 1",
        share(usage.events_28d, usage.events_prior_28d),
    );
    write("active_users_7d", "count(distinct people with events) over 7 days", Cell::Integer(usage.active_users_7d));
    write("active_users_28d", "count(distinct people with events) over 28 days", Cell::Integer(usage.active_users_28d));
    write(
        "active_users_prior_28d",
        "count(distinct people with events) over days 29 to 56",
        Cell::Integer(usage.active_users_prior_28d),
    );
    write(
        "active_days_28d",
        "count(distinct account_usage_daily.day) over 28 days",
        Cell::Integer(usage.active_days_28d),
    );
    write("seats_used", "count(distinct people with events) over 28 days", Cell::Integer(usage.active_users_28d));
    utilisation(sheet, Some((table, usage.active_users_28d)), seats_bought);
    let mut write = |field: &'static str, rule: &str, value: Cell| {
        sheet.aggregate(field, rule, value, table, WHOLE_ROW, Parts::default());
    };
    let date = |day: Option<crate::model::cell::Day>| day.map_or(Cell::Null, Cell::Date);
    write("first_active_on", "min(account_usage_daily.day)", date(usage.first_day));
    write("last_active_on", "max(account_usage_daily.day)", date(usage.last_day));
    let today = input.reader.as_of.day();
    let silent = usage.last_day.map_or(Cell::Null, |last| Cell::Integer(i64::from(today.0 - last.0)));
    write("days_silent", "day of the run - last_active_on", silent);
}

/// Seats in use against seats bought, where both are known.
fn utilisation(sheet: &mut Sheet<'_, '_>, used: Option<(u16, i64)>, bought: Option<i64>) {
    match (used, bought) {
        (Some((table, used)), Some(bought)) if bought > 0 => {
            let value = Cell::Float(used as f64 / bought as f64);
            let rule = "seats_used / seats_bought";
            sheet.aggregate("seat_utilisation", rule, value, table, WHOLE_ROW, Parts::default());
        }
        _ => sheet.own(Cell::Null),
    }
}

fn seats_of_users(sheet: &mut Sheet<'_, '_>, sources: &UsageSources, number: EntityNumber) -> Option<(u16, i64)> {
    match sources.users.get(&number) {
        Some(users) => {
            let table = users.first().map_or(0, |cell| cell.table);
            let parts = Parts { counts: users.clone(), ..Parts::default() };
            let count = Cell::Integer(users.len() as i64);
            sheet.aggregate("seats_used", "count(users)", count, table, WHOLE_ROW, parts);
            Some((table, users.len() as i64))
        }
        None => {
            sheet.own(Cell::Null);
            None
        }
    }
}
