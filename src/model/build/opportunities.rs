//! What is sales working on, and what did it win?

use crate::catalog::Role;
use crate::model::cell::{Amount, Moment};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::reader::Reader;
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::transform::Transform;

/// An opportunity of an account.
#[derive(Debug, Clone)]
pub struct OpportunityFact {
    /// Its source table.
    pub table: u16,
    /// The cell that says how it stands; the whole row where none does.
    pub state_cell: CellRef,
    /// How it stands.
    pub state: OpportunityState,
    /// What it amounts to.
    pub amount: Option<(CellRef, Amount)>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// When it was closed, or is expected to be.
    pub closes: Option<(CellRef, Moment)>,
}

/// How an opportunity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpportunityState {
    /// Still worked on.
    Open,
    /// Won.
    Won,
    /// Lost, or given up.
    Lost,
}

/// The living opportunities of each account.
#[must_use]
pub fn by_account(reader: &mut Reader<'_, '_>, index: &GraphIndex<'_>) -> Vec<Vec<OpportunityFact>> {
    let mut found = vec![Vec::new(); index.accounts.len()];
    let places: Vec<u16> = reader.rows.of_role(Role::Opportunity).map(|(place, _)| place).collect();
    for table in places {
        let rows = reader.rows.table(table);
        let related = index.related_rows("opportunity_of_account", rows);
        for &row in rows.kept() {
            let account: Option<EntityNumber> = related.of(row).filter(|_| !rows.is_dead(row));
            if let Some(account) = account {
                found[account as usize].push(fact(reader, table, row));
            }
        }
    }
    found
}

fn fact(reader: &mut Reader<'_, '_>, table: u16, row: u32) -> OpportunityFact {
    let won = reader.truth(table, row, "opportunity.is_won");
    let closed = reader.truth(table, row, "opportunity.is_closed");
    let stage = reader.words(table, row, "opportunity.stage");
    let spelt = stage.map(|(_, words)| words.to_lowercase().replace([' ', '_', '-'], "")).unwrap_or_default();
    let state = match (won, closed) {
        (Some((_, true)), _) => OpportunityState::Won,
        (_, Some((_, true))) if spelt.contains("closedwon") => OpportunityState::Won,
        (_, Some((_, true))) => OpportunityState::Lost,
        (_, Some((_, false))) => OpportunityState::Open,
        (_, None) if spelt.contains("closedwon") => OpportunityState::Won,
        (_, None) if spelt.contains("closedlost") || spelt == "lost" => OpportunityState::Lost,
        (_, None) => OpportunityState::Open,
    };
    let whole = CellRef { table, row, column: WHOLE_ROW };
    let state_cell =
        stage.map(|(cell, _)| cell).or(closed.map(|(cell, _)| cell)).or(won.map(|(cell, _)| cell)).unwrap_or(whole);
    OpportunityFact {
        table,
        state_cell,
        state,
        amount: reader.amount(table, row, "opportunity.amount"),
        currency: reader
            .cell(table, row, "opportunity.currency", Transform::Currency)
            .and_then(|(_, code)| code.text()),
        closes: reader.moment(table, row, "opportunity.closed_at"),
    }
}
