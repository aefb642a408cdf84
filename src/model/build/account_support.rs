//! How much does support hear from an account?

use super::account_billing::table_beside;
use super::accounts::AccountInput;
use super::tickets::TicketFact;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Cell, DAY_MICROS};
use crate::model::members::Member;
use crate::model::parse::TicketState;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::transform::Transform;

/// Counts of tickets, when the last came, and how satisfied people were. An account that support does not know has none of them,
/// which is not the same as zero.
pub fn asked(sheet: &mut Sheet<'_, '_>, input: &AccountInput<'_, '_, '_>, places: &[u32], members: &[Member]) {
    let facts: Vec<&TicketFact> = places.iter().map(|place| &input.tickets[*place as usize]).collect();
    let beside = || table_beside(input.reader.rows, members, Role::Ticket, Surface::Support);
    let Some(table) = facts.first().map(|fact| fact.table).or_else(beside) else {
        for _ in 0..6 {
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
    let with_priority = |fact: &TicketFact, word: &str| {
        fact.priority.as_ref().filter(|(_, priority)| is_open(fact) && priority == word).map(|(cell, _)| *cell)
    };
    count("tickets_open", "count(tickets where open)", &|fact| {
        is_open(fact).then(|| fact.state_cell.unwrap_or_else(|| whole(fact)))
    });
    count("tickets_open_urgent", "count(tickets where open and urgent)", &|fact| with_priority(fact, "urgent"));
    count("tickets_open_high", "count(tickets where open and high)", &|fact| with_priority(fact, "high"));
    let since = input.reader.as_of.0 - 90 * DAY_MICROS;
    let as_of = input.reader.as_of;
    count("tickets_90d", "count(tickets where created_at within 90 days)", &|fact| {
        fact.created.filter(|(_, moment)| moment.0 > since && *moment <= as_of).map(|(cell, _)| cell)
    });
    let last =
        facts.iter().filter_map(|fact| fact.created).max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    match last {
        Some((cell, _)) => sheet.plain("last_ticket_at", cell, Transform::Timestamp),
        None => sheet.own(Cell::Null),
    }
    let rated: Vec<(CellRef, Cell)> = facts
        .iter()
        .filter_map(|fact| fact.satisfied)
        .map(|(cell, good)| (cell, Cell::Integer(i64::from(good))))
        .collect();
    let good = rated.iter().filter_map(|(_, good)| good.as_integer()).sum::<i64>();
    let share = if rated.is_empty() { Cell::Null } else { Cell::Float(good as f64 / rated.len() as f64) };
    let column = rated.first().map_or(WHOLE_ROW, |(cell, _)| cell.column);
    sheet.aggregate("csat", "good / rated", share, table, column, Parts { reads: rated, ..Parts::default() });
}
