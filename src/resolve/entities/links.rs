//! Why does a record belong to its entity?

use rustc_hash::FxHashMap;

use super::Resolved;
use super::decisions::Decisions;
use crate::ident::RecordKey;
use crate::resolve::evidence::units::TieRule;
use crate::resolve::graph::Link;

/// The weight in bits of what a source itself says: as good as certain, but a decision stands above it.
pub const TIE_WEIGHT: f64 = 30.0;

/// The rule of a link that an id of another system proposed.
pub const CROSS_ID: &str = "cross_id";

/// The name of a tie's rule in links.
#[must_use]
pub fn tie_rule(rule: TieRule) -> &'static str {
    match rule {
        TieRule::Merged => "tombstone",
        TieRule::Converted | TieRule::Version => "cross_id",
    }
}

/// One link for every record, in no order.
#[must_use]
pub fn of(
    resolved: &Resolved<'_>,
    decisions: &Decisions,
    strongest: &FxHashMap<u32, (f64, &'static str)>,
) -> Vec<Link> {
    let ties = ties(resolved);
    let decided = decided(decisions);
    let mut links = Vec::with_capacity(resolved.extract.records.len());
    for record in 0..resolved.extract.records.len() as u32 {
        let key = resolved.extract.key(record);
        let unit = resolved.units.of_record[record as usize];
        let alone = resolved.settled.entities[resolved.entity(record) as usize].len() == 1;
        let tie = ties.get(&record).copied();
        let (rule, weight) = match (tie, strongest.get(&unit)) {
            (Some(rule), _) if alone || resolved.is_redirected(record) => (tie_rule(rule), Some(TIE_WEIGHT)),
            (_, Some((weight, rule))) if !alone => (*rule, Some(*weight)),
            _ if alone => ("single", None),
            _ => ("match", None),
        };
        let reviewer = decided.get(&key).filter(|_| !alone || tie.is_some());
        links.push(Link {
            entity: resolved.id(record).clone(),
            kind: resolved.kind,
            rule: if reviewer.is_some() { "decision" } else { rule }.to_owned(),
            weight,
            decided_by: reviewer.map_or("engine", |name| name).to_owned(),
            record: key,
        });
    }
    links
}

/// The strongest pair that ties each unit to another of its entity: bits and rule.
#[must_use]
pub fn strongest(resolved: &Resolved<'_>) -> FxHashMap<u32, (f64, &'static str)> {
    let mut best: FxHashMap<u32, (f64, &'static str)> = FxHashMap::default();
    let settled = &resolved.settled;
    if let Some(remembered) = &settled.remembered {
        let rule = |by_id: bool| if by_id { CROSS_ID } else { "match" };
        best.extend(remembered.strongest.iter().map(|(unit, bits, by_id)| (*unit, (*bits, rule(*by_id)))));
    }
    let Some(answer) = &settled.answer else { return best };
    for pair in answer.matches().iter().chain(answer.pairs()) {
        let (left, right) = (settled.units[pair.left as usize], settled.units[pair.right as usize]);
        if settled.entity_of[left as usize] != settled.entity_of[right as usize] {
            continue;
        }
        let by_id = settled.hinted.get(&(pair.left, pair.right)) == Some(&"cross id");
        let rule = if by_id { CROSS_ID } else { "match" };
        for unit in [left, right] {
            let slot = best.entry(unit).or_insert((pair.weight, rule));
            if pair.weight > slot.0 {
                *slot = (pair.weight, rule);
            }
        }
    }
    best
}

/// Why each record is tied into its unit: its own redirect first.
fn ties(resolved: &Resolved<'_>) -> FxHashMap<u32, TieRule> {
    let mut ties = FxHashMap::default();
    for tie in &resolved.units.ties {
        ties.insert(tie.record, tie.rule);
    }
    for tie in &resolved.units.ties {
        ties.entry(tie.into).or_insert(tie.rule);
    }
    ties
}

fn decided(decisions: &Decisions) -> FxHashMap<RecordKey, String> {
    let mut decided = FxHashMap::default();
    for pair in decisions.together() {
        for key in [pair.key.left, pair.key.right] {
            decided.entry(key).or_insert_with(|| pair.reviewer.clone());
        }
    }
    decided
}
