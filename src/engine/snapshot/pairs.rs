//! In which order are pairs put before a person, and what is shown with each?

use rustc_hash::{FxHashMap, FxHashSet};

use super::addresses::Addresses;
use super::answered::Answers;
use super::bridges;
use super::published::Published;
use crate::engine::pair_rows;
use crate::error::{Context, ErrorKind, Result};
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::resolve::evidence::units::Sets;
use crate::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use crate::resolve::waterfall::Waterfall;
use crate::review::queue::{Candidate, Policy, Question, order_with, pair_number, worth};
use crate::review::strata::{self, Band, Drawable};
use crate::review::{ReviewLog, Stratum as Drawn};
use crate::snapshot::{EntityRow, QueuedPair, RecordNote, Stratum};

/// Matched pairs of one kind from which resolution keeps only those that tie records together: every one of them would
/// look like a bridge.
const THINNED: usize = 120_000;

/// A bridge this certain is not asked: one such answer in a thousand would be wrong.
const CERTAIN: f64 = 0.999;

/// What the queue is made from.
pub(super) struct Input<'a> {
    /// The published tables.
    pub published: &'a Published<'a>,
    /// Accounts and people.
    pub entities: &'a [EntityRow],
    /// How many rows hang on each entity.
    pub fan_out: &'a FxHashMap<String, u64>,
    /// What people decided.
    pub log: Option<&'a ReviewLog>,
    /// Where sources show their records.
    pub addresses: &'a Addresses,
    /// Pairs drawn from each stratum.
    pub drawn: u32,
}

/// The queue, what stands behind it, and the strata it was drawn from.
pub(super) struct Queue {
    /// Every pair: first those to ask, in the order to ask them, then the others.
    pub pairs: Vec<QueuedPair>,
    /// The strata of the random draw.
    pub strata: Vec<Stratum>,
}

/// What is known of a record by its key.
#[derive(Debug, Clone, Default)]
struct Known {
    entity: String,
    synced_at: Option<String>,
}

/// A pair by numbers.
#[derive(Debug, Clone, Copy)]
struct Numbered {
    records: (u32, u32),
    entities: (u32, u32),
}

/// Makes the queue.
pub(super) fn queue(input: &Input<'_>) -> Result<Queue> {
    let known = records(input.published)?;
    let pairs = read(input.published)?;
    let numbers = Numbers::of(&pairs, &known);
    let numbered: Vec<Numbered> = pairs.iter().map(|pair| numbers.pair(&pair.key)).collect();
    let answers = Answers::read(input.log, &pairs, &|record| numbers.record(record), &|record| numbers.entity(record))?;
    let bridges = find_bridges(&pairs, &numbered);
    let drawn = strata::sample(&drawables(&pairs), input.drawn, 0);
    let by_id: FxHashMap<&str, &EntityRow> = input.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
    let mut queued: Vec<QueuedPair> = Vec::with_capacity(pairs.len());
    let mut candidates = Vec::with_capacity(pairs.len());
    for (place, pair) in pairs.into_iter().enumerate() {
        let sides = [&pair.key.left, &pair.key.right].map(|record| known.get(record).cloned().unwrap_or_default());
        let rows = [&sides[0], &sides[1]].map(|side| by_id.get(side.entity.as_str()).copied());
        let inside = sides[0].entity == sides[1].entity;
        let money: f64 = rows.iter().take(if inside { 1 } else { 2 }).flatten().filter_map(|row| row.arr).sum();
        let fan_out: u64 = sides.iter().map(|side| input.fan_out.get(&side.entity).copied().unwrap_or(0)).sum();
        let candidate = Candidate {
            pair: pair_number(&pair.key),
            left: numbered[place].records.0,
            right: numbered[place].records.1,
            probability: pair.probability,
            money,
            fan_out: u32::try_from(fan_out).unwrap_or(u32::MAX),
            // What rests on facts that have changed is as pressing as what holds two groups together.
            bridge: bridges.contains(&place) || answers.reopened.contains_key(&pair.key),
        };
        queued.push(dress(pair, &candidate, &sides, rows, input.addresses));
        candidates.push(candidate);
    }
    let strata = drawn
        .strata
        .iter()
        .map(|(band, population, drawn)| Stratum {
            kind: band.kind,
            matched: band.matched,
            band: band.band,
            population: *population,
            drawn: *drawn,
        })
        .collect();
    let pairs = arrange(queued, &candidates, &drawn.places, &bridges, &numbered, &answers);
    Ok(Queue { pairs, strata })
}

fn dress(
    pair: CandidatePair,
    candidate: &Candidate,
    sides: &[Known; 2],
    rows: [Option<&EntityRow>; 2],
    addresses: &Addresses,
) -> QueuedPair {
    let label = |side: usize, shown: fn(&ComparedField) -> &String| {
        name_of(&pair.fields, shown).or_else(|| rows[side].map(|row| row.label.clone())).unwrap_or_default()
    };
    let note = |side: usize, record: &RecordKey| RecordNote {
        synced_at: sides[side].synced_at.clone(),
        url: addresses.of_record(record),
    };
    QueuedPair {
        priority: worth(candidate),
        money: (candidate.money > 0.0).then_some(candidate.money),
        currency: rows.iter().flatten().find_map(|row| row.arr.and(row.currency.clone())),
        reason: String::new(),
        cluster: 0,
        reopened: None,
        left_label: label(0, |field| &field.left),
        right_label: label(1, |field| &field.right),
        evidence: Vec::new(),
        left_entity: EntityId::new(sides[0].entity.clone()),
        right_entity: EntityId::new(sides[1].entity.clone()),
        left_note: note(0, &pair.key.left),
        right_note: note(1, &pair.key.right),
        pair,
    }
}

/// Puts the questions first, in the order of the queue, with the reason for each.
fn arrange(
    mut queued: Vec<QueuedPair>,
    candidates: &[Candidate],
    drawn: &[usize],
    bridges: &FxHashSet<usize>,
    numbered: &[Numbered],
    answers: &Answers,
) -> Vec<QueuedPair> {
    // Whatever resolution left for a person is asked; its own thresholds decided what that is.
    let policy = Policy { uncertain: (-1.0, 2.0), ..Policy::default() };
    let is_drawn: FxHashSet<usize> = drawn.iter().copied().collect();
    let wanted = |place: usize| {
        let pair = &queued[place].pair;
        pair.status == PairStatus::Review
            || is_drawn.contains(&place)
            || candidates[place].bridge
            || answers.reopened.contains_key(&pair.key)
    };
    let answered = |place: usize| {
        let Numbered { records, entities } = numbered[place];
        !wanted(place) || answers.settles(&queued[place].pair, records, entities)
    };
    let asked = order_with(candidates, drawn, answered, &policy);
    let clusters = clusters(&asked, numbered);
    for (question, cluster) in asked.iter().zip(clusters) {
        let pair = &mut queued[question.candidate as usize];
        pair.cluster = cluster;
        pair.reopened = answers.reopened.get(&pair.pair.key).cloned();
        pair.reason = reason(pair, *question, bridges.contains(&(question.candidate as usize)));
    }
    let mut slots: Vec<Option<QueuedPair>> = queued.into_iter().map(Some).collect();
    let mut arranged: Vec<QueuedPair> =
        asked.iter().filter_map(|question| slots[question.candidate as usize].take()).collect();
    arranged.extend(slots.into_iter().flatten());
    arranged
}

/// Why a pair is asked: every reason there is, the gravest first.
fn reason(pair: &QueuedPair, question: Question, bridge: bool) -> String {
    let mut reasons = Vec::new();
    if pair.reopened.is_some() {
        reasons.push("reopened");
    }
    if bridge {
        reasons.push("bridge");
    }
    if question.stratum == Drawn::Audit {
        reasons.push("audit");
    }
    if reasons.is_empty() {
        reasons.push("uncertain");
    }
    reasons.join("+")
}

/// The cluster of each question, counted from 1 in the order of the queue: questions whose entities hang together.
fn clusters(asked: &[Question], numbered: &[Numbered]) -> Vec<u32> {
    let largest = numbered.iter().map(|pair| pair.entities.0.max(pair.entities.1)).max().unwrap_or(0);
    let mut sets = Sets::new(largest as usize + 1);
    for question in asked {
        let (left, right) = numbered[question.candidate as usize].entities;
        sets.union(left, right);
    }
    let mut names: FxHashMap<u32, u32> = FxHashMap::default();
    asked
        .iter()
        .map(|question| {
            let root = sets.find(numbered[question.candidate as usize].entities.0);
            let next = names.len() as u32 + 1;
            *names.entry(root).or_insert(next)
        })
        .collect()
}

/// The places of matched pairs that alone hold two groups of records together, and are not quite certain.
fn find_bridges(pairs: &[CandidatePair], numbered: &[Numbered]) -> FxHashSet<usize> {
    let mut found = FxHashSet::default();
    for kind in [EntityKind::Account, EntityKind::Person] {
        let places: Vec<usize> = (0..pairs.len())
            .filter(|place| {
                let pair = &pairs[*place];
                pair.kind == kind && matches!(pair.status, PairStatus::Matched | PairStatus::Accepted)
            })
            .collect();
        if places.len() >= THINNED {
            continue;
        }
        let edges: Vec<(u32, u32)> = places.iter().map(|place| numbered[*place].records).collect();
        found.extend(bridges::find(&edges).into_iter().map(|edge| places[edge]).filter(|place| {
            let pair = &pairs[*place];
            pair.status == PairStatus::Matched && pair.probability < CERTAIN
        }));
    }
    found
}

/// Pairs that may be drawn.
fn drawables(pairs: &[CandidatePair]) -> Vec<Drawable> {
    pairs
        .iter()
        .map(|pair| Drawable {
            pair: pair_number(&pair.key),
            band: Band::of_status(pair.kind, pair.status, pair.probability),
        })
        .collect()
}

/// Records and entities by numbers, in the order of the pairs.
struct Numbers {
    records: FxHashMap<RecordKey, u32>,
    /// The entity of each record.
    entities: Vec<u32>,
}

impl Numbers {
    fn of(pairs: &[CandidatePair], known: &FxHashMap<RecordKey, Known>) -> Self {
        let mut numbers = Self { records: FxHashMap::default(), entities: Vec::new() };
        let mut names: FxHashMap<&str, u32> = FxHashMap::default();
        let mut next_entity = 0;
        for pair in pairs {
            for record in [&pair.key.left, &pair.key.right] {
                if numbers.records.contains_key(record) {
                    continue;
                }
                numbers.records.insert(record.clone(), numbers.entities.len() as u32);
                let entity = known.get(record).map_or("", |known| known.entity.as_str());
                // A record without an entity stands for itself.
                let number = match names.get(entity).filter(|_| !entity.is_empty()) {
                    Some(number) => *number,
                    None => {
                        names.insert(entity, next_entity);
                        next_entity += 1;
                        next_entity - 1
                    }
                };
                numbers.entities.push(number);
            }
        }
        numbers
    }

    fn record(&self, record: &RecordKey) -> Option<u32> {
        self.records.get(record).copied()
    }

    fn entity(&self, record: &RecordKey) -> Option<u32> {
        self.entities.get(self.record(record)? as usize).copied()
    }

    fn pair(&self, key: &PairKey) -> Numbered {
        let both = |of: &dyn Fn(&RecordKey) -> Option<u32>| {
            (of(&key.left).unwrap_or_default(), of(&key.right).unwrap_or_default())
        };
        Numbered { records: both(&|record| self.record(record)), entities: both(&|record| self.entity(record)) }
    }
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

fn read(published: &Published<'_>) -> Result<Vec<CandidatePair>> {
    let rows = published.select(
        "pairs",
        &[&pair_rows::BOTH[..], &["kind", "status", "rule", "waterfall", "fields"]].concat(),
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
                key: pair_rows::pair(&rows, row, 0),
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
