//! How is one row of the model written so that no cell goes without its origin?

use super::cell::Cell;
use super::lineage::{CellLineage, Lineage, Owner, Part, Source};
use super::source_rows::{CellRef, SourceRows};
use super::survivorship::{Candidate, Rule};
use super::transform::Transform;

/// One row under way, with the origins of its cells.
pub struct Sheet<'a, 'map> {
    rows: &'a SourceRows<'map>,
    lineage: &'a mut Lineage,
    owner: Owner,
    /// The cells so far.
    pub cells: Vec<Cell>,
}

/// The rows of an aggregate.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Cells whose contributions add up to the value.
    pub adds: Vec<(CellRef, Cell)>,
    /// Rows that count one each.
    pub counts: Vec<CellRef>,
    /// Cells that were read on the way.
    pub reads: Vec<(CellRef, Cell)>,
}

impl Parts {
    /// The first row of a table among the parts.
    fn first_in(&self, table: u16) -> Option<u32> {
        let adds = self.adds.iter().map(|(cell, _)| cell);
        let reads = self.reads.iter().map(|(cell, _)| cell);
        adds.chain(&self.counts).chain(reads).find(|cell| cell.table == table).map(|cell| cell.row)
    }
}

impl<'a, 'map> Sheet<'a, 'map> {
    /// An empty row.
    #[must_use]
    pub fn new(rows: &'a SourceRows<'map>, lineage: &'a mut Lineage, owner: Owner) -> Self {
        Self { rows, lineage, owner, cells: Vec::with_capacity(64) }
    }

    /// A cell that fourfold makes itself, by a rule that its column names.
    pub fn own(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    /// A cell that is one source cell.
    pub fn plain(&mut self, field: &'static str, cell: CellRef, transform: Transform) {
        let source = Source::Cell(cell, transform);
        self.cells.push(source.value(self.rows));
        self.keep(field, source, transform.name(), 0);
    }

    /// A cell that follows from others: plain where reading the first of them gives the value already.
    pub fn derived(
        &mut self,
        field: &'static str,
        transform: Transform,
        rule: &str,
        value: Cell,
        reads: &[(CellRef, Cell)],
    ) {
        if let Some((cell, _)) = reads.first().filter(|_| !value.is_null()) {
            let plain = Source::Cell(*cell, transform);
            if plain.value(self.rows) == value {
                self.cells.push(value);
                self.keep(field, plain, transform.name(), 0);
                return;
            }
        }
        self.sum(field, rule, value, Vec::new(), reads);
    }

    /// A cell that adds up others; its origin is the first of them.
    pub fn sum(
        &mut self,
        field: &'static str,
        rule: &str,
        value: Cell,
        adds: Vec<(CellRef, Cell)>,
        reads: &[(CellRef, Cell)],
    ) {
        match adds.first().or(reads.first()).map(|(cell, _)| *cell) {
            Some(first) => {
                let parts = Parts { adds, counts: Vec::new(), reads: reads.to_vec() };
                self.aggregate(field, rule, value, first.table, first.column, parts);
            }
            None => self.cells.push(Cell::Null),
        }
    }

    /// A cell made of the rows of a table, also when there are none.
    pub fn aggregate(&mut self, field: &'static str, rule: &str, value: Cell, table: u16, column: u16, parts: Parts) {
        if !value.is_null() {
            let row = parts.first_in(table);
            self.parts(field, parts);
            self.keep(field, Source::Aggregate { value: value.clone(), table, row, column }, rule, 0);
        }
        self.cells.push(value);
    }

    fn parts(&mut self, field: &'static str, parts: Parts) {
        if self.lineage.is_off() {
            return;
        }
        let adds = parts.adds.into_iter().map(|(origin, value)| ("adds", origin, value));
        let counts = parts.counts.into_iter().map(|origin| ("counts", origin, Cell::Integer(1)));
        let reads = parts.reads.into_iter().map(|(origin, value)| ("reads", origin, value));
        for (part, origin, contribution) in adds.chain(counts).chain(reads) {
            self.lineage.parts.push(Part { owner: self.owner, field, origin, part, contribution });
        }
    }

    fn keep(&mut self, field: &'static str, source: Source, rule: &str, rank: u16) {
        if self.lineage.is_off() {
            return;
        }
        let rule = self.lineage.rule(rule);
        self.lineage.cells.push(CellLineage { owner: self.owner, field, source, rule, rank });
    }

    /// The cell that survives under `rule`; the others are kept beside it. Returns the value.
    pub fn settle(&mut self, field: &'static str, rule: &Rule, mut candidates: Vec<(Candidate, Parts)>) -> Cell {
        let mut plain: Vec<Candidate> = candidates.iter().map(|(candidate, _)| candidate.clone()).collect();
        let allowed = rule.order(self.rows, &mut plain);
        let mut value = Cell::Null;
        for (place, candidate) in plain.into_iter().enumerate() {
            let rank = if allowed == 0 { place + 1 } else { place };
            let reason = rule.reason(&candidate);
            if rank == 0 {
                value = candidate.value.clone();
                let winner = candidates
                    .iter()
                    .position(|(other, _)| other.source == candidate.source && other.order == candidate.order);
                let mut parts = winner.map(|winner| candidates.swap_remove(winner).1).unwrap_or_default();
                parts.reads.extend(candidate.via.map(|via| (via, Cell::Null)));
                self.parts(field, parts);
            }
            self.keep(field, candidate.source, &reason, rank.min(usize::from(u16::MAX)) as u16);
        }
        self.cells.push(value.clone());
        value
    }
}
