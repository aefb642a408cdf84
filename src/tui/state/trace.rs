//! What does the trace screen know?

use rustc_hash::FxHashSet;

use super::super::backend::TraceView;
use super::super::effect::Ticket;
use super::super::event::Failure;
use super::super::paged::Paged;
use crate::ident::EntityId;
use crate::snapshot::{CellRow, EntityRow};

/// Which part of the screen the keys move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TraceFocus {
    /// Accounts and people.
    #[default]
    Entities,
    /// The fields of one.
    Fields,
    /// Where a field comes from.
    Lineage,
}

/// A walk back to the rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Walk {
    /// Not asked for.
    #[default]
    None,
    /// Under way.
    Walking,
    /// Done.
    Done(Box<TraceView>),
    /// Not possible now.
    Failed(Failure),
}

/// The trace screen.
#[derive(Debug, Default)]
pub struct TraceState {
    /// Accounts and people there are.
    pub entity_count: u32,
    /// All of them, or what the filter leaves.
    pub list: Paged<EntityRow>,
    /// Which list it is.
    pub generation: u64,
    /// What was typed as a filter; empty for none.
    pub filter: String,
    /// The positions that match, best first; None while there is no filter or they are looked for.
    pub positions: Option<Vec<u32>>,
    /// The entity whose cells are shown, which need not be in the list.
    pub entity: Option<EntityRow>,
    /// Its cells.
    pub cells: Vec<CellRow>,
    /// Whose cells they are.
    pub cells_of: Option<EntityId>,
    /// Whose cells are being loaded.
    pub loading: Option<EntityId>,
    /// The field under the cursor.
    pub field: usize,
    /// The field to go to once the cells are there.
    pub wanted_field: Option<String>,
    /// Whether to walk from that field at once.
    pub wanted_walk: bool,
    /// Which part has the keys.
    pub focus: TraceFocus,
    /// The walk of the field under the cursor: entity, field, walk.
    pub walk: Option<(EntityId, String, Walk)>,
    /// The first line of the lineage shown.
    pub scroll: usize,
    /// Reveals on their way to disk.
    pub revealing: Vec<(Ticket, EntityId, String)>,
    /// Fields revealed in this sitting.
    pub revealed: FxHashSet<(EntityId, String)>,
}

impl TraceState {
    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<&CellRow> {
        self.cells.get(self.field)
    }

    /// The walk of the cell under the cursor.
    #[must_use]
    pub fn current_walk(&self) -> &Walk {
        match (&self.walk, self.cell()) {
            (Some((entity, field, walk)), Some(cell)) if *entity == cell.entity && *field == cell.field => walk,
            _ => &Walk::None,
        }
    }
}
