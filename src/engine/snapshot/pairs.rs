//! In which order are pairs put before a person, and what is shown with each?

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::published::Published;
use crate::error::{Context, ErrorKind, Result};
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use crate::resolve::waterfall::Waterfall;
use crate::review::Stratum;
use crate::review::implied::Implied;
use crate::review::queue::{Candidate, Policy, order, pair_number, worth};
use crate::snapshot::{EntityRow, Evidence, QueuedPair, RecordNote};

/// What is known of a record by its key.
#[derive(Debug, Clone, Default)]
struct Known {
    entity: String,
    synced_at: Option<String>,
}

/// Every pair: first those to ask, in the order to ask them, then the others.
pub(super) fn queue(published: &Published<'_>, entities: &[EntityRow]) -> Result<Vec<QueuedPair>> {
    let known = records(published)?;
    let hangs = related(published)?;
    let by_id: FxHashMap<&str, &EntityRow> = entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
    let pairs = read(published)?;
    let mut numbers: BTreeMap<RecordKey, u32> = BTreeMap::new();
    for pair in &pairs {
        for record in [&pair.key.left, &pair.key.right] {
            let next = numbers.len() as u32;
            numbers.entry(record.clone()).or_insert(next);
        }
    }
    let mut queued: Vec<QueuedPair> = Vec::with_capacity(pairs.len());
    let mut candidates = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let sides = [&pair.key.left, &pair.key.right].map(|record| known.get(record).cloned().unwrap_or_default());
        let rows = [&sides[0], &sides[1]].map(|side| by_id.get(side.entity.as_str()).copied());
        let money: f64 = rows.iter().flatten().filter_map(|row| row.arr).sum();
        let fan_out: usize =
            sides.iter().map(|side| hangs.get(&side.entity).map_or(0, |counts| counts.values().sum::<usize>())).sum();
        let candidate = Candidate {
            pair: pair_number(&pair.key),
            left: numbers[&pair.key.left],
            right: numbers[&pair.key.right],
            probability: pair.probability,
            money,
            fan_out: u32::try_from(fan_out).unwrap_or(u32::MAX),
            bridge: false,
        };
        let label = |side: usize, shown: fn(&ComparedField) -> &String| {
            name_of(&pair.fields, shown).or_else(|| rows[side].map(|row| row.label.clone())).unwrap_or_default()
        };
        queued.push(QueuedPair {
            priority: worth(&candidate),
            money: (money > 0.0).then_some(money),
            currency: rows.iter().flatten().find_map(|row| row.arr.and(row.currency.clone())),
            reason: "uncertain".to_owned(),
            left_label: label(0, |field| &field.left),
            right_label: label(1, |field| &field.right),
            evidence: evidence(&sides, &hangs),
            left_entity: EntityId::new(sides[0].entity.clone()),
            right_entity: EntityId::new(sides[1].entity.clone()),
            left_note: RecordNote { synced_at: sides[0].synced_at.clone(), url: None },
            right_note: RecordNote { synced_at: sides[1].synced_at.clone(), url: None },
            pair,
        });
        candidates.push(candidate);
    }
    Ok(arrange(queued, &candidates))
}

/// Puts the questions first, in the order of the queue.
fn arrange(queued: Vec<QueuedPair>, candidates: &[Candidate]) -> Vec<QueuedPair> {
    // Whatever resolution left for a person is asked; its own thresholds decided what that is.
    let policy = Policy { uncertain: (0.0, 1.0), audit_rate: 0.0, ..Policy::default() };
    let implied = Implied::default();
    let asked = order(candidates, &implied, |place| queued[place].pair.status != PairStatus::Review, &policy);
    let mut slots: Vec<Option<QueuedPair>> = queued.into_iter().map(Some).collect();
    let mut arranged = Vec::with_capacity(slots.len());
    for question in asked {
        if let Some(mut pair) = slots[question.candidate as usize].take() {
            if question.stratum == Stratum::Audit {
                "audit".clone_into(&mut pair.reason);
            }
            arranged.push(pair);
        }
    }
    arranged.extend(slots.into_iter().flatten());
    arranged
}

fn name_of(fields: &[ComparedField], shown: fn(&ComparedField) -> &String) -> Option<String> {
    ["name", "email", "domain"].iter().find_map(|wanted| {
        fields.iter().find(|field| field.field == *wanted).map(shown).filter(|value| !value.is_empty()).cloned()
    })
}

/// Which entity each record is linked to, and when it was last synced.
fn records(published: &Published<'_>) -> Result<FxHashMap<RecordKey, Known>> {
    let mut known: FxHashMap<RecordKey, Known> = FxHashMap::default();
    let rows = published.select("links", &["source", "table", "pk", "entity_id"], &[], "")?;
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).unwrap_or_default();
        known.entry(RecordKey::new(cell(0), cell(1), cell(2))).or_default().entity = cell(3).to_owned();
    }
    let rows = published.select(
        "lineage_cells",
        &["source", "table", "pk", "synced_at"],
        &[],
        "WHERE parts = 0 AND synced_at IS NOT NULL AND pk IS NOT NULL GROUP BY 1, 2, 3, 4",
    )?;
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).unwrap_or_default();
        if let Some(record) = known.get_mut(&RecordKey::new(cell(0), cell(1), cell(2))) {
            record.synced_at = record.synced_at.take().max(rows.text(row, 3).map(str::to_owned));
        }
    }
    Ok(known)
}

/// How many users, invoices, tickets … hang on each entity.
fn related(published: &Published<'_>) -> Result<FxHashMap<String, BTreeMap<String, usize>>> {
    let mut hangs: FxHashMap<String, BTreeMap<String, usize>> = FxHashMap::default();
    let rows = published.select("relations", &["entity_id", "relation"], &[], "")?;
    for row in 0..rows.len() {
        if let (Some(entity), Some(relation)) = (rows.text(row, 0), rows.text(row, 1)) {
            *hangs.entry(entity.to_owned()).or_default().entry(relation.to_owned()).or_default() += 1;
        }
    }
    Ok(hangs)
}

/// What hangs on the two entities, in words.
fn evidence(sides: &[Known; 2], hangs: &FxHashMap<String, BTreeMap<String, usize>>) -> Vec<Evidence> {
    if sides[0].entity == sides[1].entity {
        return Vec::new();
    }
    let empty = BTreeMap::new();
    let counts = [&sides[0], &sides[1]].map(|side| hangs.get(&side.entity).unwrap_or(&empty));
    [
        ("user_of_account", "users"),
        ("subscription_of_account", "subscriptions"),
        ("invoice_of_account", "invoices"),
        ("ticket_of_account", "tickets"),
        ("opportunity_of_account", "deals"),
        ("ticket_of_person", "tickets"),
    ]
    .iter()
    .filter_map(|(relation, word)| {
        let [left, right] = counts.map(|counts| counts.get(*relation).copied().unwrap_or(0));
        (left + right > 0).then(|| Evidence {
            kind: (*word).to_owned(),
            text: format!("{left} {word} hang on the left, {right} on the right"),
            speaks_for: None,
        })
    })
    .collect()
}

fn read(published: &Published<'_>) -> Result<Vec<CandidatePair>> {
    let rows = published.select(
        "pairs",
        &[
            "left_source",
            "left_table",
            "left_pk",
            "right_source",
            "right_table",
            "right_pk",
            "kind",
            "status",
            "rule",
            "waterfall",
            "fields",
        ],
        &["weight", "probability"],
        "ORDER BY pair_id",
    )?;
    let broken = || "a published pair cannot be read".to_owned();
    (0..rows.len())
        .map(|row| {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default();
            let waterfall: Waterfall = serde_json::from_str(cell(9)).context(ErrorKind::Data, broken)?;
            let fields: Vec<ComparedField> = serde_json::from_str(cell(10)).context(ErrorKind::Data, broken)?;
            Ok(CandidatePair {
                key: PairKey::new(RecordKey::new(cell(0), cell(1), cell(2)), RecordKey::new(cell(3), cell(4), cell(5))),
                kind: if cell(6) == "person" { EntityKind::Person } else { EntityKind::Account },
                weight: rows.float(row, 11).unwrap_or(0.0),
                probability: rows.float(row, 12).unwrap_or(0.0),
                status: [
                    PairStatus::Matched,
                    PairStatus::Review,
                    PairStatus::Rejected,
                    PairStatus::Accepted,
                    PairStatus::Refused,
                ]
                .into_iter()
                .find(|status| status.as_str() == cell(7))
                .unwrap_or(PairStatus::Rejected),
                rule: cell(8).to_owned(),
                waterfall,
                fields,
            })
        })
        .collect()
}
