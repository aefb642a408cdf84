//! How much does each account use the product, day by day?
//!
//! The warehouse counts events by user and day; here users become people and accounts. Counting people, not users, is why the last
//! step is not SQL: the graph knows that two users are one person.

use rustc_hash::{FxHashMap, FxHashSet};

use super::usage_sql::{EventColumns, read_day};
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::SourceId;
use crate::model::cell::{Cell, Day};
use crate::model::graph_index::{EntityNumber, GraphIndex, RowEntities};
use crate::model::source_rows::{SourceRows, TableRows};
use crate::model::table::{ModelColumn, ModelTable, ROW_ORIGIN, TableWriter};
use crate::progress::CancelToken;
use crate::warehouse::{ColumnType, Rows, Warehouse};

/// Use of the product by one account.
#[derive(Debug, Clone, Default)]
pub struct AccountUsage {
    /// The table of events; the first where there are several.
    pub table: u16,
    /// Events in the last seven days.
    pub events_7d: i64,
    /// Events in the last 28 days.
    pub events_28d: i64,
    /// Events in the 28 days before those.
    pub events_prior_28d: i64,
    /// Different people in the last 7 days.
    pub active_users_7d: i64,
    /// Different people in the last 28 days.
    pub active_users_28d: i64,
    /// Different people in the 28 days before those.
    pub active_users_prior_28d: i64,
    /// Different days in the last 28 with at least one event.
    pub active_days_28d: i64,
    /// The first day with an event.
    pub first_day: Option<Day>,
    /// The last day with an event.
    pub last_day: Option<Day>,
}

/// Use of the product by one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PersonUsage {
    /// Events in the last 28 days.
    pub events_28d: i64,
    /// The last 28 days with an event, one bit each.
    days: u32,
}

impl PersonUsage {
    /// Different days in the last 28 with at least one event.
    #[must_use]
    pub fn active_days_28d(self) -> i64 {
        i64::from(self.days.count_ones())
    }
}

/// Use of the product by everybody.
#[derive(Debug, Default)]
pub struct Usage {
    /// By account.
    pub accounts: FxHashMap<EntityNumber, AccountUsage>,
    /// The last day on which each person did something, with the table of events.
    pub people: FxHashMap<EntityNumber, (Day, u16)>,
    /// What each person did lately; nobody who did nothing.
    pub recent: FxHashMap<EntityNumber, PersonUsage>,
    /// Tables of events that were counted.
    pub tables: Vec<u16>,
    /// Events that belong to no known account, by table.
    pub homeless: Vec<(u16, u64)>,
    /// Events whose day could not be read, by table.
    pub timeless: Vec<(u16, u64)>,
}

/// Who stands behind a user's key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Actor {
    Person(EntityNumber),
    User(u32),
    Nobody,
}

struct Tally {
    account: EntityNumber,
    table: u16,
    day: Day,
    actor: Actor,
    events: i64,
}

/// The tables of events to count. Where a source has a table of all tracked events, its tables of single events would count them
/// twice.
#[must_use]
pub fn event_tables(rows: &SourceRows<'_>) -> Vec<u16> {
    let is_tracks = |table: &TableRows<'_>| table.table.system_table.as_deref() == Some("tracks");
    let with_tracks: FxHashSet<&SourceId> =
        rows.of_role(Role::Event).filter(|(_, table)| is_tracks(table)).map(|(_, table)| &table.source.id).collect();
    rows.of_role(Role::Event)
        .filter(|(_, table)| is_tracks(table) || !with_tracks.contains(&table.source.id))
        .filter(|(_, table)| EventColumns::of(table.table).is_some())
        .map(|(place, _)| place)
        .collect()
}

/// Counts, and builds `account_usage_daily`.
///
/// # Errors
/// `Warehouse` when events cannot be counted; `Cancelled`.
pub fn build(
    warehouse: &dyn Warehouse,
    rows: &SourceRows<'_>,
    index: &GraphIndex<'_>,
    today: Day,
    cancel: &CancelToken,
) -> Result<(ModelTable, Usage)> {
    let mut usage = Usage { tables: event_tables(rows), ..Usage::default() };
    let mut tallies = Vec::new();
    for place in usage.tables.clone() {
        count(warehouse, rows, index, (place, today), cancel, &mut tallies, &mut usage)?;
    }
    tallies.sort_by(|one, other| {
        (one.account, one.table, one.day, one.actor).cmp(&(other.account, other.table, other.day, other.actor))
    });
    let table = daily(rows, index, &tallies)?;
    summarise(&tallies, today, &mut usage);
    Ok((table, usage))
}

/// The users of one source, by their keys.
struct Users<'rows> {
    people: Vec<(&'rows TableRows<'rows>, RowEntities, RowEntities)>,
    accounts: Vec<(&'rows TableRows<'rows>, RowEntities)>,
}

impl<'rows> Users<'rows> {
    fn of(rows: &'rows SourceRows<'rows>, index: &GraphIndex<'_>, source: &SourceId) -> Self {
        let tables = |role: Role| rows.of_role(role).map(|(_, table)| table).filter(|table| &table.source.id == source);
        Self {
            people: tables(Role::Person)
                .map(|table| (table, index.person_rows(table), index.related_rows("user_of_account", table)))
                .collect(),
            accounts: tables(Role::Account).map(|table| (table, index.account_rows(table))).collect(),
        }
    }

    fn person(&self, key: &str) -> (Option<Actor>, Option<EntityNumber>) {
        for (table, people, accounts) in &self.people {
            if let Some(row) = table.find(key) {
                return (people.of(row).map(Actor::Person), accounts.of(row));
            }
        }
        (None, None)
    }

    fn account(&self, key: &str) -> Option<EntityNumber> {
        self.accounts.iter().find_map(|(table, accounts)| accounts.of(table.find(key)?))
    }
}

fn count(
    warehouse: &dyn Warehouse,
    rows: &SourceRows<'_>,
    index: &GraphIndex<'_>,
    (place, today): (u16, Day),
    cancel: &CancelToken,
    tallies: &mut Vec<Tally>,
    usage: &mut Usage,
) -> Result<()> {
    let table = rows.table(place);
    let Some(columns) = EventColumns::of(table.table) else { return Ok(()) };
    let users = Users::of(rows, index, &table.source.id);
    let mut unknown: FxHashMap<String, u32> = FxHashMap::default();
    let (mut homeless, mut timeless) = (0_u64, 0_u64);
    let sql = columns.rollup(warehouse.dialect(), table.table);
    warehouse.stream(&sql, &[], &mut |batch| {
        cancel.check()?;
        let batch = Rows::new(vec![batch]);
        for row in 0..batch.len() {
            let events = batch.integer(row, 3).unwrap_or(0);
            let (mut actor, mut account) = (Actor::Nobody, None);
            if let Some(key) = batch.text(row, 0).map(str::trim).filter(|key| !key.is_empty()) {
                let (person, home) = users.person(key);
                account = home;
                actor = person.unwrap_or_else(|| {
                    let next = unknown.len() as u32;
                    Actor::User(*unknown.entry(key.to_owned()).or_insert(next))
                });
            }
            let stated = batch.text(row, 1).and_then(|key| users.account(key.trim()));
            let Some(day) = batch.text(row, 2).and_then(read_day) else {
                timeless += events as u64;
                continue;
            };
            if let Actor::Person(person) = actor {
                let last = usage.people.entry(person).or_insert((day, place));
                *last = (last.0.max(day), last.1.min(place));
                if day <= today && day.0 > today.0.saturating_sub(28) {
                    let recent = usage.recent.entry(person).or_default();
                    recent.events_28d += events;
                    recent.days |= 1 << (today.0 - day.0);
                }
            }
            match stated.or(account) {
                Some(account) => tallies.push(Tally { account, table: place, day, actor, events }),
                None => homeless += events as u64,
            }
        }
        Ok(())
    })?;
    renumber(tallies, place, unknown);
    if homeless > 0 {
        usage.homeless.push((place, homeless));
    }
    if timeless > 0 {
        usage.timeless.push((place, timeless));
    }
    Ok(())
}

/// Numbers unknown users by their keys, so that the order in which the engine returned them does not show.
fn renumber(tallies: &mut [Tally], place: u16, unknown: FxHashMap<String, u32>) {
    let mut keys: Vec<(String, u32)> = unknown.into_iter().collect();
    keys.sort();
    let mut numbers = vec![0_u32; keys.len()];
    for (number, (_, old)) in keys.iter().enumerate() {
        numbers[*old as usize] = number as u32;
    }
    for tally in tallies.iter_mut().filter(|tally| tally.table == place) {
        if let Actor::User(old) = tally.actor {
            tally.actor = Actor::User(numbers[old as usize]);
        }
    }
}

const DAILY: [ModelColumn; 4] = [
    ModelColumn::own("account_entity_id", ColumnType::Text, "fourfold:relation (table relations)", "The account."),
    ModelColumn::row("day", ColumnType::Date, "The day in UTC."),
    ModelColumn::row("events", ColumnType::Integer, "How many events its users made that day."),
    ModelColumn::row("active_users", ColumnType::Integer, "How many different people made them."),
];

/// The columns of `account_usage_daily`.
#[must_use]
pub fn daily_columns() -> Vec<ModelColumn> {
    [&DAILY[..], &ROW_ORIGIN[..]].concat()
}

fn daily(rows: &SourceRows<'_>, index: &GraphIndex<'_>, tallies: &[Tally]) -> Result<ModelTable> {
    let mut writer = TableWriter::new(
        "account_usage_daily",
        "One row an account, day and table of events; the events themselves stay in the source.",
        daily_columns(),
    );
    for group in
        tallies.chunk_by(|one, other| (one.account, one.table, one.day) == (other.account, other.table, other.day))
    {
        let Some(first) = group.first() else { continue };
        let table = rows.table(first.table);
        let actors = distinct_actors(group.iter());
        let synced = table.table.newest_sync.as_deref();
        writer.push(&[
            Cell::words(index.accounts[first.account as usize].id.as_str()),
            Cell::Date(first.day),
            Cell::Integer(group.iter().map(|tally| tally.events).sum()),
            Cell::Integer(actors),
            Cell::words(table.source.id.as_str()),
            Cell::words(&table.table.name.table),
            Cell::Null,
            synced.map_or(Cell::Null, Cell::words),
            Cell::Null,
        ])?;
    }
    writer.finish()
}

fn distinct_actors<'tally>(tallies: impl Iterator<Item = &'tally Tally>) -> i64 {
    let actors: FxHashSet<(Option<u16>, Actor)> = tallies
        .filter(|tally| tally.actor != Actor::Nobody)
        .map(|tally| (matches!(tally.actor, Actor::User(_)).then_some(tally.table), tally.actor))
        .collect();
    actors.len() as i64
}

fn summarise(tallies: &[Tally], today: Day, usage: &mut Usage) {
    for group in tallies.chunk_by(|one, other| one.account == other.account) {
        let Some(first) = group.first() else { continue };
        let within = |days: i32| {
            group.iter().filter(move |tally| tally.day <= today && tally.day.0 > today.0.saturating_sub(days))
        };
        let before = || {
            let (last, first) = (today.0.saturating_sub(28), today.0.saturating_sub(56));
            group.iter().filter(move |tally| tally.day.0 <= last && tally.day.0 > first)
        };
        let days: FxHashSet<Day> = within(28).map(|tally| tally.day).collect();
        usage.accounts.insert(
            first.account,
            AccountUsage {
                table: first.table,
                events_7d: within(7).map(|tally| tally.events).sum(),
                events_28d: within(28).map(|tally| tally.events).sum(),
                events_prior_28d: before().map(|tally| tally.events).sum(),
                active_users_7d: distinct_actors(within(7)),
                active_users_28d: distinct_actors(within(28)),
                active_users_prior_28d: distinct_actors(before()),
                active_days_28d: days.len() as i64,
                first_day: group.iter().map(|tally| tally.day).filter(|day| *day <= today).min(),
                last_day: group.iter().map(|tally| tally.day).filter(|day| *day <= today).max(),
            },
        );
    }
}
