//! How are questions about pages, pairs, entities, decisions and cells answered?

use rustc_hash::FxHashMap;

use super::lane::{Shelf, identity};
use crate::error::{Error, Result};
use crate::ident::PairKey;
use crate::progress::CancelToken;
use crate::review::{Action, Effective, Outcome as Standing, Stratum};
use crate::snapshot::{PairRow, SnapshotReader};
use crate::tui::backend::Backend;
use crate::tui::effect::Question;
use crate::tui::event::{Answer, KnownVerdict, LogRow, Opened, PairDetail};
use crate::tui::fuzzy::Pattern;
use crate::tui::memory::Memory;
use crate::tui::paged::PAGE;
use crate::tui::state::matrix::Matrix;
use crate::tui::words::has_reason;

/// Pairs looked at after a verdict, to see which of them it answers.
const TOUCHING: usize = 500;

/// Entries of the log looked at for one page of a search.
const LOG_SCAN: usize = 20_000;

/// What the snapshot answers in a millisecond.
pub(super) fn quick(shelf: &mut Shelf, question: Question) -> Option<Answer> {
    Some(match question {
        Question::Open { reviewer } => Answer::Opened(open(shelf, &reviewer).map(Box::new).map_err(Into::into)),
        Question::NewerRun => {
            let newest = SnapshotReader::open(shelf.path()).and_then(|reader| identity(&reader)).ok()?;
            return (newest != shelf.run()).then_some(Answer::NewerRun);
        }
        Question::Pairs { generation, page, first, positions } => {
            let rows = shelf.reader().and_then(|reader| match positions {
                None => {
                    let left = reader.queue_length().saturating_sub(first);
                    reader.pairs_from(first, left.min(PAGE as u32))
                }
                Some(positions) => reader.pairs_at(&positions),
            });
            Answer::Pairs { generation, page, rows: rows.map_err(Into::into) }
        }
        Question::Pair(position) => {
            let detail = shelf.reader().and_then(|reader| detail(reader, position));
            Answer::Pair { position, detail: detail.map(|detail| detail.map(Box::new)).map_err(Into::into) }
        }
        Question::Locate(key) => {
            let found = shelf.reader().and_then(|reader| reader.find_pairs(std::slice::from_ref(&key)));
            Answer::Located(found.map(|rows| rows.into_iter().next().map(Box::new)).map_err(Into::into))
        }
        Question::LocateId(id) => {
            let found = shelf.reader().and_then(|reader| reader.find_pair_id(&id));
            Answer::Located(found.map(|row| row.map(Box::new)).map_err(Into::into))
        }
        Question::Touching(left, right) => {
            let rows = shelf.reader().and_then(|reader| {
                let mut positions = reader.queue_of_entities(&[left, right])?;
                positions.truncate(TOUCHING);
                reader.pairs_at(&positions)
            });
            Answer::Touching(rows.map_err(Into::into))
        }
        Question::Resume(id) => {
            let found = shelf.reader().and_then(|reader| reader.find_pair_id(&id));
            Answer::Resumed(found.map(|row| row.map(Box::new)).map_err(Into::into))
        }
        Question::Conflicts { kind, page, first, limit } => {
            let rows = shelf.reader().and_then(|reader| reader.conflicts_from(first, limit));
            Answer::Conflicts { kind, page, rows: rows.map_err(Into::into) }
        }
        Question::Entities { generation, page, first, positions } => {
            let rows = shelf.reader().and_then(|reader| match positions {
                None => reader.entities_from(first, PAGE as u32),
                Some(positions) => reader.entities_at(&positions),
            });
            Answer::Entities { generation, page, rows: rows.map_err(Into::into) }
        }
        Question::LocateEntity(entity) => {
            let found = shelf.reader().and_then(|reader| reader.entity(&entity));
            Answer::EntityLocated(found.map_err(Into::into))
        }
        Question::Cells(entity) => {
            let cells = shelf.reader().and_then(|reader| reader.cells(&entity)).map_err(Into::into);
            Answer::Cells { entity, cells }
        }
        _ => return None,
    })
}

fn open(shelf: &mut Shelf, reviewer: &str) -> Result<Opened> {
    let memory = Memory::read(&Memory::beside(shelf.path()), reviewer);
    let reader = shelf.open_newest()?;
    let first_pairs = reader.pairs_from(0, reader.queue_length().min(PAGE as u32))?;
    let first_pair = match first_pairs.first() {
        Some(row) => detail(reader, row.position)?.map(Box::new),
        None => None,
    };
    Ok(Opened {
        run: reader.run()?,
        matrix: Matrix::of(&reader.map()?),
        kinds: reader.kinds()?,
        conflicts: reader.conflict_counts()?,
        facing: reader.surface_counts()?,
        trends: reader.conflict_trends()?,
        queue_length: reader.queue_length(),
        first_pair,
        first_pairs,
        entity_count: reader.entity_count()?,
        first_entities: reader.entities_from(0, PAGE as u32)?,
        strata: reader.strata()?,
        groups: reader.groups()?,
        memory,
    })
}

/// Everything about a pair.
pub(crate) fn detail(reader: &SnapshotReader, position: u32) -> Result<Option<PairDetail>> {
    let Some(row) = reader.pairs_at(&[position])?.into_iter().next() else { return Ok(None) };
    let body = reader.pair_body(position)?.unwrap_or_default();
    let left = reader.entity(&row.left_entity)?.map(|(_, entity)| entity);
    let right = reader.entity(&row.right_entity)?.map(|(_, entity)| entity);
    let mut conflicts = reader.conflicts_of(&row.left_entity)?;
    if row.right_entity != row.left_entity {
        conflicts.extend(reader.conflicts_of(&row.right_entity)?);
    }
    Ok(Some(PairDetail { row, body, left, right, conflicts }))
}

/// What the review log answers.
pub(super) fn log(shelf: &mut Shelf, backend: &dyn Backend, question: Question) -> Option<Answer> {
    match question {
        Question::Decisions => {
            let known = backend.effective().and_then(|effective| known(shelf, &effective));
            Some(Answer::Decisions(known.map_err(Into::into)))
        }
        Question::Drift => Some(Answer::Drift(backend.drift().map(Box::new).map_err(Into::into))),
        Question::LogPage { generation, filter, typed } => {
            let after = filter.before.is_some();
            let rows = log_page(shelf, backend, *filter, &typed).map_err(Into::into);
            Some(Answer::LogPage { generation, after, rows })
        }
        Question::Desk(question) => {
            super::desk::answer(shelf, backend, question, &CancelToken::new()).map(Answer::Desk)
        }
        _ => None,
    }
}

/// The verdicts that stand, on pairs of the snapshot.
fn known(shelf: &mut Shelf, effective: &Effective) -> Result<Vec<KnownVerdict>> {
    let reader = shelf.reader()?;
    let mut known = Vec::new();
    let standings: Vec<_> = effective.standings().collect();
    for chunk in standings.chunks(500) {
        let keyed: Vec<(PairKey, _)> =
            chunk.iter().filter_map(|standing| standing.pair().map(|pair| (pair, standing))).collect();
        let keys: Vec<PairKey> = keyed.iter().map(|(pair, _)| pair.clone()).collect();
        let rows = reader.find_pairs(&keys)?;
        let mut by_key: FxHashMap<PairKey, PairRow> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        for (pair, standing) in keyed {
            let Some(row) = by_key.remove(&pair) else { continue };
            let Some(last) = standing.opinions().last() else { continue };
            let (verdict, disputed) = match standing.outcome() {
                Standing::Agreed(verdict) => (verdict, false),
                Standing::Unsure => (last.verdict, false),
                Standing::Disagreed => (last.verdict, true),
            };
            let stale = is_stale(reader, &row, last.seq)?;
            let drawn = standing.opinions().any(|opinion| opinion.stratum == Stratum::Audit);
            known.push(KnownVerdict { row, verdict, reviewer: last.reviewer.to_owned(), disputed, stale, drawn });
        }
    }
    Ok(known)
}

/// Whether what was said last of a pair rests on facts that have changed since: the run says so, and nobody has answered
/// anew.
pub(crate) fn is_reopened(reader: &SnapshotReader, row: &PairRow, effective: &Effective) -> Result<bool> {
    let last = effective.of(&row.key).and_then(|standing| standing.opinions().last());
    last.map_or(Ok(false), |last| is_stale(reader, row, last.seq))
}

/// Whether the verdict of a row of the log rests on facts that have changed since.
fn is_stale(reader: &SnapshotReader, row: &PairRow, seq: i64) -> Result<bool> {
    if !has_reason(row, "reopened") {
        return Ok(false);
    }
    let reopened = reader.pair_body(row.position)?.and_then(|body| body.reopened);
    Ok(reopened.is_some_and(|note| seq <= note.seq))
}

/// A page of the log, with the pairs in words.
fn log_page(
    shelf: &mut Shelf,
    backend: &dyn Backend,
    mut filter: crate::review::Filter,
    typed: &str,
) -> Result<(Vec<LogRow>, Option<i64>)> {
    let pattern = Pattern::new(typed);
    let wanted = filter.limit;
    let mut found = Vec::new();
    let mut seen = 0;
    loop {
        let entries = backend.log_page(&filter)?;
        let full = entries.len() == filter.limit;
        seen += entries.len();
        filter.before = entries.last().map(|entry| entry.seq);
        let keys: Vec<PairKey> = entries.iter().filter_map(|entry| pair_of(&entry.what)).collect();
        let rows = match shelf.reader() {
            Ok(reader) => reader.find_pairs(&keys)?,
            Err(_) => Vec::new(),
        };
        let labels: FxHashMap<PairKey, (String, String)> =
            rows.into_iter().map(|row| (row.key, (row.left_label, row.right_label))).collect();
        for entry in entries {
            let labels = pair_of(&entry.what).and_then(|pair| labels.get(&pair).cloned());
            let row = LogRow { entry, labels };
            if pattern.is_empty() || pattern.score(&haystack(&row)).is_some() {
                found.push(row);
            }
        }
        if !full {
            return Ok((found, None));
        }
        if pattern.is_empty() || found.len() >= wanted || seen >= LOG_SCAN {
            return Ok((found, filter.before));
        }
    }
}

fn pair_of(action: &Action) -> Option<PairKey> {
    match action {
        Action::Decide(decision) => decision.pair.clone(),
        Action::Skip { pair } => pair.clone(),
        _ => None,
    }
}

/// What a search on the log screen looks at.
fn haystack(row: &LogRow) -> String {
    let (left, right) = row.labels.clone().unwrap_or_default();
    let keys = pair_of(&row.entry.what).map_or(String::new(), |pair| format!("{} {}", pair.left, pair.right));
    let decision = row.entry.decision();
    let verdict = decision.map_or(row.entry.what.as_str(), |decision| decision.verdict.as_str());
    let rule = decision.and_then(|decision| decision.rule.as_deref()).unwrap_or_default();
    let note = decision.and_then(|decision| decision.note.as_deref()).unwrap_or_default();
    format!("{left} {right} {keys} {} {verdict} {rule} {note}", row.entry.reviewer)
}

/// A cell walked back to its rows, rows behind a finding, or a preview of rules. One that was overtaken says nothing.
pub(super) fn trace(
    shelf: &mut Shelf,
    backend: &dyn Backend,
    question: Question,
    cancel: &CancelToken,
) -> Option<Answer> {
    let (entity, field, offset) = match question {
        Question::Trace { entity, field, offset } => (entity, field, offset),
        Question::Desk(question) => return super::desk::answer(shelf, backend, question, cancel).map(Answer::Desk),
        Question::DriftRows(finding) => {
            let rows = backend.drift_rows(&finding, cancel).map_err(|error: Error| error.into());
            return (!cancel.is_cancelled()).then_some(Answer::DriftRows { finding: finding.id.clone(), rows });
        }
        _ => return None,
    };
    let view = backend.trace(&entity, &field, offset, cancel).map(Box::new).map_err(|error: Error| error.into());
    (!cancel.is_cancelled()).then_some(Answer::Traced { entity, field, view })
}

/// A question of the plays screen. One that was overtaken by another says nothing.
pub(super) fn plays(backend: &dyn Backend, question: Question, cancel: &CancelToken) -> Option<Answer> {
    let Question::Plays(question) = question else { return None };
    let outcome = backend.plays(&question, cancel).map_err(Into::into);
    (!cancel.is_cancelled()).then_some(Answer::Plays { question, outcome })
}
