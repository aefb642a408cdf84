//! How much does support hear from an account?

use super::account_billing::table_beside;
use super::accounts::AccountInput;
use super::tickets::TicketFact;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Cell, DAY_MICROS, Moment};
use crate::model::members::Member;
use crate::model::parse::TicketState;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::table::ModelColumn;
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// The columns that [`asked`] writes, in their order.
pub const COLUMNS: [ModelColumn; 12] = [
    ModelColumn::cells("tickets_open", ColumnType::Integer, "Tickets on which somebody waits."),
    ModelColumn::cells("tickets_open_urgent", ColumnType::Integer, "Open tickets of urgent priority."),
    ModelColumn::cells("tickets_open_high", ColumnType::Integer, "Open tickets of high priority."),
    ModelColumn::cells("tickets_open_normal", ColumnType::Integer, "Open tickets of normal or medium priority."),
    ModelColumn::cells("tickets_open_low", ColumnType::Integer, "Open tickets of low priority."),
    ModelColumn::cells("tickets_90d", ColumnType::Integer, "Tickets made in the last 90 days."),
    ModelColumn::cells("tickets_solved_90d", ColumnType::Integer, "Tickets solved in the last 90 days."),
    ModelColumn::cells(
        "hours_to_solve_90d",
        ColumnType::Float,
        "The mean hours from made to solved of tickets solved in the last 90 days.",
    ),
    ModelColumn::cells("oldest_open_ticket_at", ColumnType::Timestamp, "When the oldest open ticket was made, UTC."),
    ModelColumn::cells("last_ticket_at", ColumnType::Timestamp, "When the last ticket was made, UTC."),
    ModelColumn::cells("csat", ColumnType::Float, "The share of rated tickets with a good rating, 0 to 1."),
    ModelColumn::cells("csat_ratings", ColumnType::Integer, "How many tickets were rated."),
];

/// Counts of tickets, how long they take, and how satisfied people were. An account that support does not know has none of them, which
/// is not the same as zero.
pub fn asked(sheet: &mut Sheet<'_, '_>, input: &AccountInput<'_, '_, '_>, places: &[u32], members: &[Member]) {
    let facts: Vec<&TicketFact> = places.iter().map(|place| &input.tickets[*place as usize]).collect();
    let beside = || table_beside(input.reader.rows, members, Role::Ticket, Surface::Support);
    let Some(table) = facts.first().map(|fact| fact.table).or_else(beside) else {
        for _ in COLUMNS {
            sheet.own(Cell::Null);
        }
        return;
    };
    let mut count = |field: &'static str, rule: &str, keep: &dyn Fn(&TicketFact) -> Option<CellRef>| {
        let counts: Vec<CellRef> = facts.iter().filter_map(|fact| keep(fact)).collect();
        let column = counts.first().map_or(WHOLE_ROW, |cell| cell.column);
        let value = Cell::Integer(counts.len() as i64);
        sheet.aggregate(field, rule, value, table, column, Parts { counts, ..Parts::default() });
    };
    let whole = |fact: &TicketFact| CellRef { table: fact.table, row: fact.row, column: WHOLE_ROW };
    let is_open = |fact: &TicketFact| fact.state == TicketState::Open;
    let with_priority = |fact: &TicketFact, words: &[&str]| {
        fact.priority
            .as_ref()
            .filter(|(_, word)| is_open(fact) && words.contains(&word.as_str()))
            .map(|(cell, _)| *cell)
    };
    let as_of = input.reader.as_of;
    let since = as_of.0 - 90 * DAY_MICROS;
    let is_recent = |moment: Moment| moment.0 > since && moment <= as_of;
    count("tickets_open", "count(tickets where open)", &|fact| {
        is_open(fact).then(|| fact.state_cell.unwrap_or_else(|| whole(fact)))
    });
    count("tickets_open_urgent", "count(tickets where open and urgent)", &|fact| with_priority(fact, &["urgent"]));
    count("tickets_open_high", "count(tickets where open and high)", &|fact| with_priority(fact, &["high"]));
    count("tickets_open_normal", "count(tickets where open and normal)", &|fact| {
        with_priority(fact, &["normal", "medium"])
    });
    count("tickets_open_low", "count(tickets where open and low)", &|fact| with_priority(fact, &["low"]));
    count("tickets_90d", "count(tickets where created_at within 90 days)", &|fact| {
        fact.created.filter(|(_, moment)| is_recent(*moment)).map(|(cell, _)| cell)
    });
    count("tickets_solved_90d", "count(tickets where solved_at within 90 days)", &|fact| {
        fact.solved.filter(|(_, moment)| is_recent(*moment)).map(|(cell, _)| cell)
    });
    mean_time(sheet, &facts, is_recent, table);
    let created =
        |facts: &mut dyn Iterator<Item = &TicketFact>| facts.filter_map(|fact| fact.created).collect::<Vec<_>>();
    let oldest = created(&mut facts.iter().copied().filter(|fact| is_open(fact)))
        .into_iter()
        .min_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    let last = created(&mut facts.iter().copied())
        .into_iter()
        .max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    for (field, found) in [("oldest_open_ticket_at", oldest), ("last_ticket_at", last)] {
        match found {
            Some((cell, _)) => sheet.plain(field, cell, Transform::Timestamp),
            None => sheet.own(Cell::Null),
        }
    }
    satisfaction(sheet, &facts, table);
}

/// Whole minutes from made to solved, so that their mean does not depend on the order in which they are added.
fn mean_time(sheet: &mut Sheet<'_, '_>, facts: &[&TicketFact], is_recent: impl Fn(Moment) -> bool, table: u16) {
    const MINUTE_MICROS: i64 = 60_000_000;
    let reads: Vec<(CellRef, Cell)> = facts
        .iter()
        .filter_map(|fact| fact.solved.zip(fact.created))
        .filter(|((_, solved), (_, created))| is_recent(*solved) && solved >= created)
        .map(|((cell, solved), (_, created))| (cell, Cell::Integer((solved.0 - created.0) / MINUTE_MICROS)))
        .collect();
    let minutes: i64 = reads.iter().filter_map(|(_, minutes)| minutes.as_integer()).sum();
    let mean = if reads.is_empty() { Cell::Null } else { Cell::Float(minutes as f64 / reads.len() as f64 / 60.0) };
    let column = reads.first().map_or(WHOLE_ROW, |(cell, _)| cell.column);
    let parts = Parts { reads, ..Parts::default() };
    sheet.aggregate(
        "hours_to_solve_90d",
        "mean(minutes from created_at to solved_at) / 60",
        mean,
        table,
        column,
        parts,
    );
}

fn satisfaction(sheet: &mut Sheet<'_, '_>, facts: &[&TicketFact], table: u16) {
    let rated: Vec<(CellRef, Cell)> = facts
        .iter()
        .filter_map(|fact| fact.satisfied)
        .map(|(cell, good)| (cell, Cell::Integer(i64::from(good))))
        .collect();
    let good = rated.iter().filter_map(|(_, good)| good.as_integer()).sum::<i64>();
    let share = if rated.is_empty() { Cell::Null } else { Cell::Float(good as f64 / rated.len() as f64) };
    let column = rated.first().map_or(WHOLE_ROW, |(cell, _)| cell.column);
    let counts: Vec<CellRef> = rated.iter().map(|(cell, _)| *cell).collect();
    sheet.aggregate("csat", "good / rated", share, table, column, Parts { reads: rated, ..Parts::default() });
    let count = Cell::Integer(counts.len() as i64);
    let parts = Parts { counts, ..Parts::default() };
    sheet.aggregate("csat_ratings", "count(tickets where rated)", count, table, column, parts);
}
