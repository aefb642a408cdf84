//! How is it answered what stands around a pair, and what was done in the sitting that goes on?

use super::lane::Shelf;
use crate::error::Result;
use crate::ident::EntityId;
use crate::impact::blast::{Held, blast};
use crate::impact::{Blast, Facts, Tally, evidence};
use crate::progress::CancelToken;
use crate::review::{Action, Filter, Verdict};
use crate::snapshot::{PairRow, SnapshotReader};
use crate::tui::backend::Backend;
use crate::tui::effect::{AroundQuestion, Question};
use crate::tui::event::{Answer, Around, PairDetail, Past, Prior, SideNow};
use crate::tui::state::implied::Implied;

/// Pairs between the same two entities that are looked at.
const BETWEEN: u32 = 200;

/// Entries of the log shown for one pair.
const ENTRIES: usize = 4;

/// A pause longer than this ends a sitting.
const PAUSE_SECONDS: i64 = 30 * 60;

/// Entries of the log looked at for the sitting that goes on.
const LOOKED_AT: usize = 5_000;

/// Verdicts of an earlier start whose effect is worked out anew.
const WORKED_OUT: usize = 400;

/// Answers questions about pairs' surroundings, sittings and weights.
pub(super) fn answer(
    shelf: &mut Shelf,
    backend: &dyn Backend,
    question: Question,
    cancel: &CancelToken,
) -> Option<Answer> {
    match question {
        Question::Around(question) => {
            let position = question.position;
            let around = shelf.reader().and_then(|reader| around(reader, backend, *question));
            Some(Answer::Around { position, around: around.map(|around| around.map(Box::new)).map_err(Into::into) })
        }
        Question::Sitting { reviewer, now } => {
            let past = sitting(shelf, backend, &reviewer, now);
            Some(Answer::Sitting(past.map_err(Into::into)))
        }
        Question::Group { .. } => super::search::answer(shelf, question, cancel),
        Question::Propose => {
            let proposals = backend.effective().and_then(|effective| {
                let reader = shelf.reader()?;
                crate::impact::proposal::propose(reader, &effective, cancel)
            });
            Some(Answer::Proposed(proposals.map_err(Into::into)))
        }
        _ => None,
    }
}

fn around(reader: &SnapshotReader, backend: &dyn Backend, question: AroundQuestion) -> Result<Option<Around>> {
    let Some(row) = reader.pairs_at(&[question.position])?.into_iter().next() else { return Ok(None) };
    let looked = Looked::at(reader, &row, &question.left, &question.right)?;
    let (evidence, blast) = (looked.evidence(&row), looked.blast(reader, &row, &question.held)?);
    let mut prior = prior(backend, &row, true)?;
    for other in reader.pairs_at(&question.prior)? {
        prior.extend(self::prior(backend, &other, false)?.into_iter().filter(|prior| !prior.undone).take(1));
    }
    prior.sort_by(|one, other| other.own.cmp(&one.own).then(other.at.cmp(&one.at)));
    let sides = [side(&looked.left), side(&looked.right)];
    Ok(Some(Around { question, evidence, blast, sides, prior }))
}

/// What was read of both sides.
struct Looked {
    left: Facts,
    right: Facts,
    between: Vec<PairRow>,
}

impl Looked {
    fn at(reader: &SnapshotReader, row: &PairRow, left: &[EntityId], right: &[EntityId]) -> Result<Self> {
        let inside = row.left_entity == row.right_entity;
        let facts = Facts::read(reader, left)?;
        let right = if inside { facts.clone() } else { Facts::read(reader, right)? };
        let between = reader.pairs_between(&row.left_entity, &row.right_entity, BETWEEN)?;
        Ok(Self { left: facts, right, between })
    }

    fn evidence(&self, row: &PairRow) -> Vec<crate::snapshot::Evidence> {
        evidence::evidence(row, &self.left, &self.right, &self.between)
    }

    fn blast(&self, reader: &SnapshotReader, row: &PairRow, held: &Held) -> Result<Blast> {
        Ok(blast(row, &self.left, &self.right, &self.between, held, &reader.surfaces()?))
    }
}

/// A pair in full together with what its neighbours say.
pub(crate) fn with_evidence(reader: &SnapshotReader, position: u32) -> Result<Option<PairDetail>> {
    let Some(mut detail) = super::answering::detail(reader, position)? else { return Ok(None) };
    let row = &detail.row;
    let looked =
        Looked::at(reader, row, std::slice::from_ref(&row.left_entity), std::slice::from_ref(&row.right_entity))?;
    let found = looked.evidence(row);
    detail.body.evidence.extend(found);
    Ok(Some(detail))
}

fn side(facts: &Facts) -> SideNow {
    let first = facts.rows.first();
    let mut sources: Vec<String> = facts.rows.iter().flat_map(|row| row.sources.iter().cloned()).collect();
    sources.sort();
    sources.dedup();
    let owner = ["owner", "owner_email"].iter().find_map(|field| facts.value(field));
    SideNow {
        label: first.map(|row| row.label.clone()).unwrap_or_default(),
        entities: facts.entities,
        records: facts.records(),
        sources,
        revenue: facts.revenue().into_iter().collect(),
        status: first.map(|row| row.status.clone()).unwrap_or_default(),
        owner: owner.map(|(value, _)| value.to_owned()),
        conflicts: facts.conflicts.len() as u64,
    }
}

/// What the log says of a pair, the newest first.
fn prior(backend: &dyn Backend, row: &PairRow, own: bool) -> Result<Vec<Prior>> {
    let filter = Filter { pair: Some(row.key.clone()), decisions_only: true, limit: ENTRIES, ..Filter::default() };
    let entries = backend.log_page(&filter)?;
    Ok(entries
        .into_iter()
        .filter_map(|entry| {
            let decision = entry.decision()?;
            Some(Prior {
                row: row.clone(),
                verdict: decision.verdict,
                note: decision.note.clone(),
                reviewer: entry.reviewer.clone(),
                at: entry.at,
                own,
                undone: entry.undone,
            })
        })
        .collect())
}

/// What the reviewer did since the last pause, the oldest first; nothing when the pause goes on.
fn sitting(shelf: &mut Shelf, backend: &dyn Backend, reviewer: &str, now: jiff::Timestamp) -> Result<Vec<Past>> {
    let filter = Filter { reviewer: Some(reviewer.to_owned()), limit: LOOKED_AT, ..Filter::default() };
    let mut latest = now;
    let mut found: Vec<(crate::ident::PairKey, Option<Verdict>, jiff::Timestamp, String)> = Vec::new();
    for entry in backend.log_page(&filter)? {
        if entry.imported {
            continue;
        }
        if latest.as_second() - entry.at.as_second() > PAUSE_SECONDS {
            break;
        }
        latest = entry.at;
        match entry.what {
            Action::Decide(decision) if !entry.undone => {
                let batch = decision.batch.map(|batch| batch.0).unwrap_or_default();
                found.extend(decision.pair.map(|pair| (pair, Some(decision.verdict), entry.at, batch)));
            }
            Action::Skip { pair } => found.extend(pair.map(|pair| (pair, None, entry.at, String::new()))),
            _ => {}
        }
    }
    found.reverse();
    let reader = shelf.reader()?;
    let surfaces = reader.surfaces()?;
    let mut implied = Implied::default();
    let mut past = Vec::with_capacity(found.len());
    for (place, (pair, verdict, at, batch)) in found.into_iter().enumerate() {
        let Some(row) = reader.find_pairs(std::slice::from_ref(&pair))?.into_iter().next() else { continue };
        let mut change = Tally::default();
        if let Some(verdict) = verdict {
            if place < WORKED_OUT {
                let (left, right) = (implied.group(&row.left_entity), implied.group(&row.right_entity));
                let looked = Looked::at(reader, &row, &left, &right)?;
                let held = implied.held(&row.left_entity);
                let blast = blast(&row, &looked.left, &looked.right, &looked.between, &held, &surfaces);
                change = effect_of(&blast, verdict).map_or_else(Tally::default, Tally::of);
            }
            implied.learn_pair((&row.left_entity, &row.right_entity), (&row.key.left, &row.key.right), verdict);
        }
        past.push(Past { position: row.position, verdict, at, batch, change });
    }
    Ok(past)
}

/// What a verdict changes; nothing when it leaves the pair open.
fn effect_of(blast: &Blast, verdict: Verdict) -> Option<&crate::impact::Effect> {
    match verdict {
        Verdict::Unsure => None,
        Verdict::Same => Some(&blast.same),
        _ => Some(&blast.apart),
    }
}
