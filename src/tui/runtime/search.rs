//! How is a queue of a million pairs searched while the person types?

use super::lane::Shelf;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::snapshot::{PairRow, PairScan};
use crate::tui::effect::Question;
use crate::tui::event::Answer;
use crate::tui::fuzzy::Pattern;

/// Pairs of a group shown before it is decided.
const SAMPLE: usize = 40;

/// Entities found at most; nobody pages through more.
const ENTITIES: usize = 10_000;

/// Answers a search.
pub(super) fn answer(shelf: &mut Shelf, question: Question, cancel: &CancelToken) -> Option<Answer> {
    let answer = match question {
        Question::SearchPairs { generation, typed } => {
            let wanted = Wanted::parse(&typed);
            let positions = shelf.reader().and_then(|reader| reader.scan_queue(cancel, |pair| wanted.takes(pair)));
            Answer::PairsFound { generation, positions: positions.map_err(Into::into) }
        }
        Question::SearchEntities { generation, typed } => {
            let positions = entities(shelf, &typed, cancel);
            Answer::EntitiesFound { generation, positions: positions.map_err(Into::into) }
        }
        _ => return None,
    };
    (!cancel.is_cancelled()).then_some(answer)
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

/// The pairs of a rule, or those that touch one of some entities, with a sample of them.
pub(super) fn group(
    shelf: &mut Shelf,
    rule: Option<&str>,
    entities: &[crate::ident::EntityId],
) -> Result<(Vec<u32>, Vec<PairRow>)> {
    let reader = shelf.reader()?;
    let positions = match rule {
        Some(rule) => reader.queue_of_rule(rule)?,
        None => reader.queue_of_entities(entities)?,
    };
    // Spread over the whole group, so that the sample shows its weak end too.
    let step = (positions.len() / SAMPLE).max(1);
    let spread: Vec<u32> = positions.iter().copied().step_by(step).take(SAMPLE).collect();
    Ok((positions, reader.pairs_at(&spread)?))
}

/// What was typed as a filter, in parts.
struct Wanted {
    rule: Option<String>,
    source: Vec<String>,
    kind: Option<String>,
    reason: Option<String>,
    words: Pattern,
}

impl Wanted {
    fn parse(typed: &str) -> Self {
        let mut wanted = Self { rule: None, source: Vec::new(), kind: None, reason: None, words: Pattern::new("") };
        let mut rest = Vec::new();
        for word in typed.split_whitespace() {
            match word.split_once(':') {
                Some(("rule", rule)) => wanted.rule = Some(rule.to_lowercase()),
                Some(("source", source)) => wanted.source.push(source.to_lowercase()),
                Some(("kind", kind)) => wanted.kind = Some(kind.to_lowercase()),
                Some(("is", reason @ ("audit" | "bridge" | "uncertain" | "reopened"))) => {
                    wanted.reason = Some(reason.to_owned());
                }
                Some(("is", _)) => {}
                _ => rest.push(word),
            }
        }
        wanted.words = Pattern::new(&rest.join(" "));
        wanted
    }

    fn takes(&self, pair: &PairScan) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        self.rule.as_ref().is_none_or(|rule| holds(&pair.rule, rule))
            && self.source.iter().all(|part| holds(&pair.left_source, part) || holds(&pair.right_source, part))
            && self.kind.as_ref().is_none_or(|kind| pair.kind.starts_with(kind.as_str()))
            && self.reason.as_ref().is_none_or(|reason| pair.reason == *reason)
            && (self.words.is_empty()
                || self.words.score(&format!("{} | {}", pair.left_label, pair.right_label)).is_some())
    }
}
