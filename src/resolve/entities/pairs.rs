//! Which candidate pairs are worth keeping, and what does a reviewer see of them?

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolved;
use super::decisions::{Decisions, Positions};
use super::links::{TIE_WEIGHT, tie_rule};
use crate::ident::{EntityKind, PairKey};
use crate::resolve::evidence::units::{Sets, Tie, TieRule};
use crate::resolve::extract::record::Field;
use crate::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use crate::resolve::waterfall::{Bar, Waterfall, probability_of};

/// Matched pairs kept with their bars; beyond it each record keeps the pair that ties it, the least certain first.
const MOST_MATCHED: usize = 120_000;

/// Rejected pairs kept, the likeliest first: they show where the line runs.
const MOST_REJECTED: usize = 20_000;

struct Draft {
    left: u32,
    right: u32,
    status: PairStatus,
    rule: String,
    probability: f64,
}

/// The pairs of one kind, in no order. `families` are pairs of records that their source calls parent and child.
#[must_use]
pub fn of(
    resolved: &Resolved<'_>,
    decisions: &Decisions,
    families: &[(u32, u32)],
    review_floor: f64,
) -> Vec<CandidatePair> {
    let mut drafts = drafts(resolved, families, review_floor);
    thin(&mut drafts, PairStatus::Matched, MOST_MATCHED, resolved.settled.units.len());
    thin(&mut drafts, PairStatus::Rejected, MOST_REJECTED, 0);
    let mut pairs: BTreeMap<PairKey, CandidatePair> = BTreeMap::new();
    let survivor = |row: u32| resolved.units.survivor(resolved.settled.units[row as usize]);
    let built: Vec<CandidatePair> = drafts
        .into_par_iter()
        .filter_map(|draft| {
            let waterfall = explain(resolved, draft.left, draft.right)?;
            let records = (survivor(draft.left), survivor(draft.right));
            Some(build(resolved, records, draft.status, draft.rule, waterfall))
        })
        .collect();
    pairs.extend(built.into_iter().map(|pair| (pair.key.clone(), pair)));
    for tie in &resolved.units.ties {
        if tie.rule != TieRule::Version && pairs.len() < MOST_MATCHED * 2 {
            let rule = tie_rule(tie.rule).to_owned();
            let pair = build(resolved, (tie.record, tie.into), PairStatus::Matched, rule, tied(resolved, tie));
            pairs.insert(pair.key.clone(), pair);
        }
    }
    decide(resolved, decisions, &mut pairs);
    pairs.into_values().collect()
}

fn drafts(resolved: &Resolved<'_>, families: &[(u32, u32)], review_floor: f64) -> Vec<Draft> {
    let settled = &resolved.settled;
    let Some(answer) = &settled.answer else { return Vec::new() };
    let unit = |record: u32| resolved.units.of_record[record as usize];
    let families: FxHashSet<(u32, u32)> =
        families.iter().map(|(one, other)| (unit(*one).min(unit(*other)), unit(*one).max(unit(*other)))).collect();
    let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
    let mut drafts = Vec::new();
    for pair in answer.pairs().iter().chain(answer.matches()) {
        if !seen.insert((pair.left, pair.right)) {
            continue;
        }
        let (left, right) = (settled.units[pair.left as usize], settled.units[pair.right as usize]);
        let family = families.contains(&(left.min(right), left.max(right)));
        let status = if settled.entity_of[left as usize] == settled.entity_of[right as usize] {
            PairStatus::Matched
        } else if pair.probability >= review_floor && !family {
            PairStatus::Review
        } else {
            PairStatus::Rejected
        };
        let rule = match settled.hinted.get(&(pair.left, pair.right)) {
            _ if family => "hierarchy".to_owned(),
            Some(&"cross id") => "cross_id".to_owned(),
            Some(&"shared people") => "shared_people".to_owned(),
            Some(&"rule") => "rule".to_owned(),
            _ => answer.pass(pair).to_owned(),
        };
        drafts.push(Draft { left: pair.left, right: pair.right, status, rule, probability: pair.probability });
    }
    drafts
}

/// Keeps at most `most` pairs of a status. Of matched ones the pairs that hold entities together are kept first, and
/// among those the least certain; of others the likeliest.
fn thin(drafts: &mut Vec<Draft>, status: PairStatus, most: usize, rows: usize) {
    let (mut chosen, rest): (Vec<Draft>, Vec<Draft>) = drafts.drain(..).partition(|draft| draft.status == status);
    *drafts = rest;
    if chosen.len() > most {
        chosen.sort_by(|one, other| {
            other.probability.total_cmp(&one.probability).then((one.left, one.right).cmp(&(other.left, other.right)))
        });
        if status == PairStatus::Matched {
            let mut sets = Sets::new(rows);
            chosen.retain(|draft| sets.union(draft.left, draft.right));
            chosen.reverse();
        }
        chosen.truncate(most);
    }
    drafts.extend(chosen);
}

/// The bars of two rows, left and right in the order of their records' keys.
fn explain(resolved: &Resolved<'_>, left: u32, right: u32) -> Option<Waterfall> {
    let answer = resolved.settled.answer.as_ref()?;
    let key = |row: u32| resolved.extract.key(resolved.units.survivor(resolved.settled.units[row as usize]));
    let mut waterfall = answer.explain(left.min(right), left.max(right));
    if key(left.min(right)) > key(left.max(right)) {
        for bar in &mut waterfall.bars {
            std::mem::swap(&mut bar.left, &mut bar.right);
        }
    }
    Some(waterfall)
}

/// The bars of a pair that its own source calls one.
fn tied(resolved: &Resolved<'_>, tie: &Tie) -> Waterfall {
    let prior = -(resolved.units.len().max(2) as f64).log2();
    let words = match tie.rule {
        TieRule::Merged => "the source merged one into the other",
        TieRule::Converted => "the source converted one into the other",
        TieRule::Version => "the source holds the same record twice",
    };
    let bar = |comparison: &str, level: &str, weight| Bar {
        comparison: comparison.to_owned(),
        left: String::new(),
        right: String::new(),
        level: level.to_owned(),
        weight,
    };
    let name = if tie.rule == TieRule::Merged { "tombstone" } else { "cross id" };
    Waterfall { bars: vec![bar("prior", "any two records", prior), bar(name, words, TIE_WEIGHT - prior)] }
}

fn build(
    resolved: &Resolved<'_>,
    (one, other): (u32, u32),
    status: PairStatus,
    rule: String,
    waterfall: Waterfall,
) -> CandidatePair {
    let (left, right) =
        if resolved.extract.key(one) <= resolved.extract.key(other) { (one, other) } else { (other, one) };
    let weight = waterfall.weight();
    CandidatePair {
        key: PairKey::new(resolved.extract.key(left), resolved.extract.key(right)),
        kind: resolved.kind,
        weight,
        probability: probability_of(weight),
        status,
        rule,
        waterfall,
        fields: compared(resolved, left, right),
    }
}

/// Both records' values side by side, as the sources wrote them.
fn compared(resolved: &Resolved<'_>, left: u32, right: u32) -> Vec<ComparedField> {
    const FIELDS: &[(&str, &[Field], bool)] = &[
        ("name", &[Field::Name, Field::GivenName, Field::FamilyName], false),
        ("former name", &[Field::FormerName], false),
        ("domain", &[Field::Website, Field::Domain], false),
        ("email", &[Field::Email], true),
        ("phone", &[Field::Phone], false),
        ("address", &[Field::Street, Field::PostalCode, Field::City, Field::Region], false),
        ("country", &[Field::Country], false),
        ("company", &[Field::CompanyName], false),
        ("account", &[Field::AccountId], false),
        ("title", &[Field::Title], false),
        ("role", &[Field::Role], false),
        ("industry", &[Field::Industry], false),
        ("plan", &[Field::Plan], false),
        ("owner", &[Field::Owner], false),
        ("status", &[Field::Status], false),
        ("ids", &[Field::Identifier], false),
        ("parent", &[Field::ParentId], false),
        ("created", &[Field::CreatedAt], false),
    ];
    // Of a person everything that leads to them is personal, not what leads to the company.
    const OF_PEOPLE: &[&str] = &["name", "email", "phone", "address", "title"];
    let person = resolved.kind == EntityKind::Person;
    let shown = |record: u32, fields: &[Field]| {
        let record = &resolved.extract.records[record as usize];
        let full_name = record.first(Field::Name).is_some();
        let mut parts: Vec<&str> = Vec::new();
        for field in fields {
            if full_name && matches!(field, Field::GivenName | Field::FamilyName) {
                continue;
            }
            for value in record.values(*field) {
                if !parts.contains(&value) {
                    parts.push(value);
                }
            }
        }
        let separator = if fields.first() == Some(&Field::Name) && !full_name { " " } else { ", " };
        parts.join(separator)
    };
    FIELDS
        .iter()
        .map(|(name, fields, personal)| ComparedField {
            field: (*name).to_owned(),
            left: shown(left, fields),
            right: shown(right, fields),
            personal: *personal || (person && OF_PEOPLE.contains(name)),
        })
        .filter(|field| !(field.left.is_empty() && field.right.is_empty()))
        .collect()
}

/// Marks what reviewers decided, adding pairs that no pass proposed.
fn decide(resolved: &Resolved<'_>, decisions: &Decisions, pairs: &mut BTreeMap<PairKey, CandidatePair>) {
    let keys = (0..resolved.extract.records.len() as u32).map(|record| (record, resolved.extract.key(record)));
    let positions = Positions::of(decisions, keys);
    let mut verdicts: FxHashMap<PairKey, PairStatus> = FxHashMap::default();
    for pair in decisions.together() {
        verdicts.insert(pair.key, PairStatus::Accepted);
    }
    for pair in decisions.apart() {
        verdicts.insert(pair.key, PairStatus::Refused);
    }
    for (key, status) in verdicts {
        if let Some(pair) = pairs.get_mut(&key) {
            pair.status = status;
            continue;
        }
        let Some((left, right)) = positions.pair(&key) else { continue };
        let row = |record: u32| resolved.settled.row_of[resolved.units.of_record[record as usize] as usize];
        let waterfall = match (row(left), row(right)) {
            (Some(one), Some(other)) if one != other => explain(resolved, one, other),
            _ => None,
        };
        let pair = build(resolved, (left, right), status, "decision".to_owned(), waterfall.unwrap_or_default());
        pairs.insert(key, pair);
    }
}
