//! What did each account and person ask support?

use crate::catalog::Role;
use crate::error::Result;
use crate::model::cell::{Cell, Moment};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::parse::TicketState;
use crate::model::reader::Reader;
use crate::model::row_table::{self, RowColumn, RowTable};
use crate::model::source_rows::CellRef;
use crate::model::table::{ModelColumn, ModelTable};
use crate::model::transform::Transform;
use crate::warehouse::ColumnType;

/// What other rooms need to know of a ticket.
#[derive(Debug, Clone)]
pub struct TicketFact {
    /// Its source table.
    pub table: u16,
    /// Its source row.
    pub row: u32,
    /// The account.
    pub account: Option<EntityNumber>,
    /// The requester.
    pub person: Option<EntityNumber>,
    /// Where it stands.
    pub state: TicketState,
    /// The cell with its status.
    pub state_cell: Option<CellRef>,
    /// The cell with its priority, and the priority in lower case.
    pub priority: Option<(CellRef, String)>,
    /// When it was made.
    pub created: Option<(CellRef, Moment)>,
    /// When it was solved.
    pub solved: Option<(CellRef, Moment)>,
    /// Whether the requester was satisfied, where they said so.
    pub satisfied: Option<(CellRef, bool)>,
}

const COLUMNS: [RowColumn; 9] = [
    RowColumn::new("status", &[("ticket.status", Transform::TicketState)], "open, closed or gone."),
    RowColumn::new("source_status", &[("ticket.status", Transform::Text)], "The status in the source's own word."),
    RowColumn::new("priority", &[("ticket.priority", Transform::Lower)], "The priority in lower case."),
    RowColumn::new("subject", &[("ticket.subject", Transform::Text)], "The subject; may hold personal data."),
    RowColumn::new("satisfaction", &[("ticket.satisfaction", Transform::Lower)], "What the requester said of it."),
    RowColumn::new("created_at", &[("ticket.created_at", Transform::Timestamp)], "When it was made, UTC."),
    RowColumn::new("updated_at", &[("ticket.updated_at", Transform::Timestamp)], "When it last changed, UTC."),
    RowColumn::new("solved_at", &[("ticket.solved_at", Transform::Timestamp)], "When it was solved, UTC."),
    RowColumn::new(
        "assignee_key",
        &[("ticket.assignee_id", Transform::Text)],
        "The key in the same source of the colleague who works on it.",
    ),
];

/// Microseconds of one hour.
const HOUR_MICROS: f64 = 3_600_000_000.0;

/// Source columns of the table, for lineage.
pub const ROW_COLUMNS: &[RowColumn] = &COLUMNS;

const OWN: [ModelColumn; 3] = [
    ModelColumn::own(
        "is_open",
        ColumnType::Boolean,
        "fourfold:open = status is open, or unknown and not solved",
        "Whether somebody still waits.",
    ),
    ModelColumn::own(
        "is_satisfied",
        ColumnType::Boolean,
        "fourfold:verdict(satisfaction)",
        "Whether the requester was satisfied; empty when nobody rated.",
    ),
    ModelColumn::own(
        "hours_to_solve",
        ColumnType::Float,
        "fourfold:hours from created_at to solved_at",
        "How many hours passed from made to solved; empty when it is not solved.",
    ),
];

/// The columns of the table.
#[must_use]
pub fn columns() -> Vec<ModelColumn> {
    row_table::shape("ticket_id", &COLUMNS, &OWN)
}

/// Builds the table and what accounts need of it. Tickets deleted or merged away take no part.
///
/// # Errors
/// `Internal` when rows do not fit their columns.
pub fn build(reader: &mut Reader<'_, '_>, index: &GraphIndex<'_>) -> Result<(ModelTable, Vec<TicketFact>)> {
    let mut table = RowTable::new("tickets", "One row a support case.", "ticket_id", &COLUMNS, &OWN);
    let mut facts = Vec::new();
    for place in table.order(reader.rows, Role::Ticket) {
        let accounts = index.related_rows("ticket_of_account", reader.rows.table(place));
        let people = index.related_rows("ticket_of_person", reader.rows.table(place));
        for &row in reader.rows.table(place).kept() {
            let rows = reader.rows.table(place);
            if rows.is_dead(row) || rows.text(row, "ticket.merged_into").is_some() {
                continue;
            }
            let fact = fact(reader, place, row, accounts.of(row), people.of(row));
            if fact.state == TicketState::Gone || !table.claim(reader.rows, place, row) {
                continue;
            }
            let account = fact.account.map(|number| &index.accounts[number as usize].id);
            let person = fact.person.map(|number| &index.people[number as usize].id);
            let hours = fact.solved.zip(fact.created).filter(|(solved, created)| solved.1 >= created.1);
            let hours = hours.map(|(solved, created)| (solved.1.0 - created.1.0) as f64 / HOUR_MICROS);
            let own = [
                Cell::Boolean(fact.state == TicketState::Open),
                fact.satisfied.map_or(Cell::Null, |(_, good)| Cell::Boolean(good)),
                hours.map_or(Cell::Null, Cell::Float),
            ];
            table.push(reader, place, row, account, person, &own)?;
            facts.push(fact);
        }
    }
    Ok((table.finish()?, facts))
}

fn fact(
    reader: &mut Reader<'_, '_>,
    table: u16,
    row: u32,
    account: Option<EntityNumber>,
    person: Option<EntityNumber>,
) -> TicketFact {
    let stated = reader.cell(table, row, "ticket.status", Transform::TicketState);
    let word = stated.as_ref().and_then(|(_, word)| crate::model::parse::ticket_state(word.as_str()?));
    let solved = reader.moment(table, row, "ticket.solved_at");
    let state = word.unwrap_or(if solved.is_some() { TicketState::Closed } else { TicketState::Open });
    let satisfied =
        reader.words(table, row, "ticket.satisfaction").and_then(|(cell, word)| Some((cell, verdict(word)?)));
    TicketFact {
        table,
        row,
        account,
        person,
        state,
        state_cell: stated.map(|(cell, _)| cell).or(solved.map(|(cell, _)| cell)),
        priority: reader.words(table, row, "ticket.priority").map(|(cell, word)| (cell, word.to_lowercase())),
        created: reader.moment(table, row, "ticket.created_at"),
        solved,
        satisfied,
    }
}

/// Whether a rating is a good one; None where nobody rated. Numbers up to five are stars, four of which are good.
fn verdict(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "good" | "goodwithcomment" | "good_with_comment" | "satisfied" | "positive" | "happy" | "great" | "amazing" => {
            Some(true)
        }
        "bad" | "badwithcomment" | "bad_with_comment" | "dissatisfied" | "unsatisfied" | "negative" | "sad"
        | "terrible" => Some(false),
        number => {
            let stars: f64 = number.parse().ok()?;
            if (1.0..=5.0).contains(&stars) { Some(stars >= 4.0) } else { None }
        }
    }
}
