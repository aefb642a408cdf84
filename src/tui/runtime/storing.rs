//! How do verdicts reach the disk? One after the other, each answered when it is there.

use rustc_hash::FxHashMap;

use super::lane::Shelf;
use crate::error::{Error, Result};
use crate::ident::PairKey;
use crate::review::NewDecision;
use crate::snapshot::{PairBody, PairRow};
use crate::tui::backend::{Backend, Change};
use crate::tui::effect::{Ticket, Write};
use crate::tui::event::{Answer, Changed, Stored};
use crate::tui::update::verdict::{compared_fields, plain_rule, stratum};

/// Pairs of a batch read at once.
const CHUNK: usize = 500;

/// Writes, and says what became of it.
pub(super) fn store(shelf: &mut Shelf, backend: &dyn Backend, ticket: Ticket, write: Write) -> Answer {
    Answer::Stored { ticket, outcome: perform(shelf, backend, write).map_err(Into::into) }
}

fn perform(shelf: &mut Shelf, backend: &dyn Backend, write: Write) -> Result<Stored> {
    match write {
        Write::Decide(decision) => backend.append(&decision).map(|_| Stored::Decided),
        Write::Skip { pair, reviewer, at } => backend.skip(&pair, &reviewer, at).map(|()| Stored::Skipped),
        Write::Reveal { records, fields, reviewer, at } => {
            for record in &records {
                for field in &fields {
                    backend.reveal_logged(record, field, &reviewer, at)?;
                }
            }
            Ok(Stored::Revealed)
        }
        Write::Undo { target, reviewer, at } => {
            let change = backend.undo(target.as_ref(), &reviewer, at)?;
            Ok(Stored::Undone(change.map(|change| changed(shelf, change))))
        }
        Write::Redo { reviewer, at } => {
            let change = backend.redo(&reviewer, at)?;
            Ok(Stored::Redone(change.map(|change| changed(shelf, change))))
        }
        Write::Accept { proposal, reviewer, at } => backend.accept(&proposal, &reviewer, at).map(Stored::Accepted),
        Write::Batch { positions, verdict, name, reviewer, at } => {
            let mut decisions = Vec::with_capacity(positions.len());
            let mut rows: Vec<PairRow> = Vec::with_capacity(positions.len());
            let reader = shelf.reader()?;
            for chunk in positions.chunks(CHUNK) {
                let mut bodies: FxHashMap<u32, PairBody> = reader.pair_bodies(chunk)?.into_iter().collect();
                let found = reader.pairs_at(chunk)?;
                if found.len() != chunk.len() {
                    return Err(Error::internal("a pair of the batch is not in the snapshot"));
                }
                for row in found {
                    let body = bodies.remove(&row.position).unwrap_or_default();
                    let mut decision = NewDecision::new(row.key.clone(), row.kind, verdict, reviewer.clone(), at);
                    decision.fields = compared_fields(&body);
                    decision.stratum = stratum(&row.reason);
                    decision.rule = plain_rule(&row.rule);
                    decisions.push(decision);
                    rows.push(row);
                }
            }
            backend.append_batch(&name, &decisions)?;
            Ok(Stored::Batch { rows, verdict })
        }
    }
}

/// The log has changed already: a snapshot that cannot be read must not turn that into a failure.
fn changed(shelf: &mut Shelf, change: Change) -> Changed {
    let keys: Vec<PairKey> = change.pairs.iter().map(|(pair, _)| pair.clone()).collect();
    let rows = shelf.reader().and_then(|reader| reader.find_pairs(&keys)).unwrap_or_default();
    Changed { change, rows }
}
