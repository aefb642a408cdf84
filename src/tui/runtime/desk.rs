//! How are questions about rules, conflicts and reviewers answered, and how are rules written?

use rustc_hash::FxHashMap;

use super::lane::Shelf;
use crate::engine::desk::Desk;
use crate::error::{Error, ErrorKind, Result};
use crate::ident::PairKey;
use crate::progress::{CancelToken, Silent};
use crate::review::agreement::agreement;
use crate::snapshot::roll_up::{between, row_of};
use crate::tui::backend::Backend;
use crate::tui::desk::{DeskAnswer, DeskQuestion, DeskStored, DeskWrite, Disputed, MapCell, Reviewers};

fn desk(backend: &dyn Backend) -> Result<&Desk> {
    backend.desk().ok_or_else(|| {
        Error::new(ErrorKind::Config, "there is no fourfold.toml to read rules from")
            .hint("open the UI in a workspace: `fourfold -C DIR`")
    })
}

/// Answers; None when the question was overtaken.
pub(super) fn answer(
    shelf: &mut Shelf,
    backend: &dyn Backend,
    question: DeskQuestion,
    cancel: &CancelToken,
) -> Option<DeskAnswer> {
    Some(match question {
        DeskQuestion::Interview => {
            DeskAnswer::Interview(desk(backend).and_then(Desk::asked).map(Box::new).map_err(Into::into))
        }
        DeskQuestion::Look { generation, reply } => {
            let look = desk(backend).and_then(|desk| desk.look_at(&reply));
            DeskAnswer::Look { generation, look: look.map(Box::new).map_err(Into::into) }
        }
        DeskQuestion::Preview { generation, reply } => {
            let preview = desk(backend).and_then(|desk| desk.preview(&reply, &|_| {}, &Silent, cancel));
            if cancel.is_cancelled() {
                return None;
            }
            DeskAnswer::Preview { generation, preview: preview.map(Box::new).map_err(Into::into) }
        }
        DeskQuestion::Standing => {
            DeskAnswer::Standing(desk(backend).and_then(Desk::standing).map(Box::new).map_err(Into::into))
        }
        DeskQuestion::Cell { generation, cell } => {
            DeskAnswer::Cell { generation, positions: in_cell(shelf, &cell, cancel).map_err(Into::into) }
        }
        DeskQuestion::CellPage { generation, page, positions } => {
            let rows = shelf.reader().and_then(|reader| reader.conflicts_at(&positions));
            DeskAnswer::CellPage { generation, page, rows: rows.map_err(Into::into) }
        }
        DeskQuestion::Reviewers => DeskAnswer::Reviewers(reviewers(shelf, backend).map(Box::new).map_err(Into::into)),
    })
}

/// The positions of the conflicts of a cell.
fn in_cell(shelf: &mut Shelf, cell: &MapCell, cancel: &CancelToken) -> Result<Vec<u32>> {
    let reader = shelf.reader()?;
    let map = reader.map()?;
    let surface_of =
        |source: &str| map.sources.iter().find(|entry| entry.id.as_str() == source).map(|entry| entry.surface);
    reader.scan_conflicts(cancel, |conflict, _| match cell {
        MapCell::Source { concept, source } => {
            let stands = |side: &crate::chart::conflict::Side| side.record.source.as_str() == source;
            let sides = [&conflict.side_a, &conflict.side_b];
            row_of(&conflict.field) == *concept && sides.into_iter().flatten().any(stands)
        }
        MapCell::Surfaces { field, one, other } => {
            row_of(&conflict.field) == *field && between(&surface_of, conflict) == Some((*one, *other))
        }
    })
}

fn reviewers(shelf: &mut Shelf, backend: &dyn Backend) -> Result<Reviewers> {
    let effective = backend.effective()?;
    let mut disputed: Vec<Disputed> = effective
        .disagreements()
        .filter_map(|standing| {
            let opinions = standing.opinions().map(|opinion| (opinion.reviewer.to_owned(), opinion.verdict)).collect();
            Some(Disputed { pair: standing.pair()?, labels: None, opinions })
        })
        .collect();
    let keys: Vec<PairKey> = disputed.iter().map(|row| row.pair.clone()).collect();
    let mut labels: FxHashMap<PairKey, (String, String)> = FxHashMap::default();
    if let Ok(reader) = shelf.reader() {
        for chunk in keys.chunks(500) {
            let rows = reader.find_pairs(chunk)?;
            labels.extend(rows.into_iter().map(|row| (row.key, (row.left_label, row.right_label))));
        }
    }
    for row in &mut disputed {
        row.labels = labels.remove(&row.pair);
    }
    Ok(Reviewers { agreement: agreement(&effective), disputed })
}

/// Writes rules.
pub(super) fn store(backend: &dyn Backend, write: DeskWrite) -> Result<DeskStored> {
    let desk = desk(backend)?;
    match write {
        DeskWrite::Answer(reply) => desk.answer(&reply).map(DeskStored::Answered),
        DeskWrite::Withdraw(question) => desk.withdraw(&question).map(DeskStored::Withdrawn),
        DeskWrite::Mark { id, mark, who, why } => desk.mark(&[id], &mark, &who, &why).map(DeskStored::Marked),
    }
}
