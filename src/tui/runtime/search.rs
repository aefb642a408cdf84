//! How is a queue of a million pairs searched while the person types?

use rustc_hash::FxHashMap;

use super::lane::Shelf;
use crate::error::Result;
use crate::ident::EntityId;
use crate::progress::CancelToken;
use crate::snapshot::SnapshotReader;
use crate::tui::effect::{GroupOf, Question};
use crate::tui::event::{Answer, GroupFound};
use crate::tui::filter::PairFilter;
use crate::tui::fuzzy::Pattern;

/// Pairs of a group shown before it is decided.
const SAMPLE: usize = 40;

/// Pairs of a group looked at to say what a batch would join.
const JOINS: usize = 50_000;

/// Entities found at most; nobody pages through more.
const ENTITIES: usize = 10_000;

/// Answers a search.
pub(super) fn answer(shelf: &mut Shelf, question: Question, cancel: &CancelToken) -> Option<Answer> {
    let answer = match question {
        Question::SearchPairs { generation, typed } => {
            let positions = shelf.reader().and_then(|reader| pairs(reader, &typed, cancel));
            Answer::PairsFound { generation, positions: positions.map_err(Into::into) }
        }
        Question::SearchEntities { generation, typed } => {
            let positions = entities(shelf, &typed, cancel);
            Answer::EntitiesFound { generation, positions: positions.map_err(Into::into) }
        }
        Question::Group { which, group } => {
            let found = shelf.reader().and_then(|reader| self::group(reader, &group, cancel));
            Answer::Group { which, group: found.map(Box::new).map_err(Into::into) }
        }
        _ => return None,
    };
    (!cancel.is_cancelled()).then_some(answer)
}

/// The positions of the pairs that a filter takes.
fn pairs(reader: &SnapshotReader, typed: &str, cancel: &CancelToken) -> Result<Vec<u32>> {
    let filter = PairFilter::parse(typed);
    // An index answers what is about nothing else.
    if let Some(cluster) = filter.only_cluster() {
        return reader.queue_of_cluster(cluster);
    }
    reader.scan_queue(cancel, |pair| filter.takes(pair))
}

fn entities(shelf: &mut Shelf, typed: &str, cancel: &CancelToken) -> Result<Vec<u32>> {
    let pattern = Pattern::new(typed);
    let mut found = shelf.reader()?.scan_entities(cancel, |label, id| {
        pattern.score(label).or_else(|| (id.eq_ignore_ascii_case(typed.trim())).then_some(i64::MAX))
    })?;
    // The best first; among equals the order of the list, which is by revenue.
    found.sort_by_key(|(position, score)| (std::cmp::Reverse(*score), *position));
    found.truncate(ENTITIES);
    Ok(found.into_iter().map(|(position, _)| position).collect())
}

/// The pairs of a group, with a sample of them and what they would join.
fn group(reader: &SnapshotReader, group: &GroupOf, cancel: &CancelToken) -> Result<GroupFound> {
    let positions = match group {
        GroupOf::Rule(rule) => reader.queue_of_rule(rule)?,
        GroupOf::Cluster(cluster) => reader.queue_of_cluster(*cluster)?,
        GroupOf::Entities(entities) => reader.queue_of_entities(entities)?,
        GroupOf::Sources(sources) => pairs(reader, &format!("between:{sources}"), cancel)?,
        GroupOf::Filter(typed) => pairs(reader, typed, cancel)?,
    };
    let mut found = GroupFound { positions, ..GroupFound::default() };
    // Spread over the whole group, so that the sample shows its weak end too.
    let step = (found.positions.len() / SAMPLE).max(1);
    let spread: Vec<u32> = found.positions.iter().copied().step_by(step).take(SAMPLE).collect();
    found.sample = reader.pairs_at(&spread)?;
    joins(reader, &mut found, cancel)?;
    Ok(found)
}

fn joins(reader: &SnapshotReader, found: &mut GroupFound, cancel: &CancelToken) -> Result<()> {
    let mut numbers: FxHashMap<EntityId, u32> = FxHashMap::default();
    let looked: Vec<u32> = found.positions.iter().copied().take(JOINS).collect();
    for chunk in looked.chunks(1_000) {
        cancel.check()?;
        for row in reader.pairs_at(chunk)? {
            let mut number = |entity: &EntityId| {
                let next = numbers.len() as u32;
                *numbers.entry(entity.clone()).or_insert(next)
            };
            let (left, right) = (number(&row.left_entity), number(&row.right_entity));
            found.joins.push((row.position, left, right));
            let (low, high) = found.weights.unwrap_or((row.weight, row.weight));
            found.weights = Some((low.min(row.weight), high.max(row.weight)));
        }
    }
    let entities: Vec<EntityId> = numbers.into_keys().collect();
    found.money = reader.revenue_of(&entities)?;
    Ok(())
}
