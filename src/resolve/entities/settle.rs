//! Which units are one entity, all evidence considered?
//!
//! The core is asked up to three times. The first answer tells how well the columns speak for the pairs that foreign ids
//! propose; from that follows what each column of ids is worth ([`crate::resolve::evidence::reliability`]), and the
//! second question carries those weights. The third extends them to the other records of the entities found.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::matcher::{Answer, Ask, Matcher, OutsideBar, prior};
use super::rows::Rows;
use super::rules::Stated;
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::resolve::evidence::units::{Sets, Units};
use crate::resolve::evidence::{Hints, reliability};
use crate::resolve::memory::Remembered;
use crate::resolve::waterfall::Waterfall;

/// A further foreign id that says the same adds this many bits.
const AGREEING_ID: f64 = 4.0;

/// How often a record rightly holds the id of another record than the one it is compared with: duplicates.
const DUPLICATES: f64 = 0.15;

/// A class of ids must be this good before its silence speaks against a pair.
const GOOD: f64 = 0.8;

/// A hint is carried to the other records of an entity of at most this many.
const FAR: usize = 24;

/// One kind's units put together.
#[derive(Debug)]
pub struct Settled {
    /// The entity of each unit; entities are counted from 0 in the order of their first unit.
    pub entity_of: Vec<u32>,
    /// The units of each entity, in order.
    pub entities: Vec<Vec<u32>>,
    /// The row of each unit in the answer.
    pub row_of: Vec<Option<u32>>,
    /// The unit of each row.
    pub units: Vec<u32>,
    /// The core's answer; None when there was nothing to compare, or when all of it was remembered.
    pub answer: Option<Answer>,
    /// What was remembered instead of asking.
    pub remembered: Option<Remembered>,
    /// The hints of each pair of rows by their name and whether they are doubtful.
    pub hinted: FxHashMap<(u32, u32), &'static str>,
    /// What the core warned of, and classes of ids that turned out bad.
    pub warnings: Vec<String>,
}

/// Says what speaks against a pair of units: name, words, bits. The last argument gives the bars of what was compared.
pub type Against<'a> = dyn Fn(u32, u32, &dyn Fn() -> Waterfall) -> Option<(&'static str, String, f64)> + 'a;

/// What is known about pairs beside the columns.
pub struct Known<'a> {
    /// Hints for pairs of units.
    pub hints: &'a Hints,
    /// A name for the table behind a unit: an id may point to one record of it.
    pub family: &'a dyn Fn(u32) -> u32,
    /// What speaks against a pair of units.
    pub against: &'a Against<'a>,
    /// What the team's own rules say.
    pub stated: &'a [Stated],
}

/// Puts units together.
///
/// # Errors
/// As the core; `Cancelled`.
pub fn settle(
    rows: Rows,
    units: &Units,
    known: &Known<'_>,
    ask: &Ask,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Settled> {
    let Rows { columns, units: unit_of, row_of } = rows;
    let mut settled = Settled {
        entity_of: Vec::new(),
        entities: Vec::new(),
        row_of,
        units: unit_of,
        answer: None,
        remembered: None,
        hinted: FxHashMap::default(),
        warnings: Vec::new(),
    };
    if settled.units.len() > 1 {
        let first = Matcher::new(columns).ask(ask, &[], progress, cancel)?;
        let mut bars = bars(&first, &mut settled, known);
        let answer = if bars.is_empty() {
            first
        } else {
            let second = first.again().ask(ask, &bars, progress, cancel)?;
            let through = carried(&second, &bars);
            if through.is_empty() {
                second
            } else {
                bars.extend(through);
                second.again().ask(ask, &bars, progress, cancel)?
            }
        };
        settled.warnings.extend(answer.warnings().iter().cloned());
        settled.answer = Some(answer);
    }
    number(&mut settled, units.len());
    Ok(settled)
}

/// Puts units together as a remembered answer says, which must speak of as many units.
#[must_use]
pub fn recall(rows: Rows, remembered: Remembered) -> Settled {
    let entities = remembered.entity_of.iter().max().map_or(0, |last| *last as usize + 1);
    let mut members = vec![Vec::new(); entities];
    for (unit, entity) in remembered.entity_of.iter().enumerate() {
        members[*entity as usize].push(unit as u32);
    }
    Settled {
        entity_of: remembered.entity_of.clone(),
        entities: members,
        row_of: rows.row_of,
        units: rows.units,
        answer: None,
        hinted: FxHashMap::default(),
        warnings: remembered.warnings.clone(),
        remembered: Some(remembered),
    }
}

/// The bars that the second question carries.
fn bars(first: &Answer, settled: &mut Settled, known: &Known<'_>) -> Vec<OutsideBar> {
    let hints = known.hints;
    let mut ratios = Vec::with_capacity(hints.hints.len());
    let mut kept = Hints { classes: hints.classes.clone(), hints: Vec::new() };
    // Two rows, and the bits that the hint stands in for: the prior, and what the hint presupposes.
    let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
    for hint in &hints.hints {
        let rows = (settled.row_of[hint.left as usize], settled.row_of[hint.right as usize]);
        let (Some(left), Some(right)) = rows else { continue };
        let (left, right) = (left.min(right), left.max(right));
        let waterfall = first.explain(left, right);
        let prior = prior(&waterfall);
        let given = kept.classes[hint.class as usize].given;
        let given: f64 =
            waterfall.bars.iter().filter(|bar| Some(bar.comparison.as_str()) == given).map(|bar| bar.weight).sum();
        ratios.push(waterfall.weight() - prior - given);
        pairs.push((left, right, prior + given));
        kept.hints.push(*hint);
    }
    let shares = reliability::shares(&kept, &ratios);
    warn_of_bad_ids(&kept, &shares, settled);
    let mut bars: Vec<OutsideBar> = Vec::new();
    let mut at = 0;
    while at < pairs.len() {
        let (left, right, _) = pairs[at];
        let end = at + pairs[at..].iter().take_while(|pair| (pair.0, pair.1) == (left, right)).count();
        let mut classes: Vec<(u32, f64)> = (at..end).map(|hint| (kept.hints[hint].class, pairs[hint].2)).collect();
        classes.sort_by(|one, other| {
            shares[other.0 as usize].total_cmp(&shares[one.0 as usize]).then(one.0.cmp(&other.0))
        });
        for (rank, (class, instead)) in classes.iter().enumerate() {
            let share = shares[*class as usize];
            let of = &kept.classes[*class as usize];
            let weight = match rank {
                _ if share < reliability::COINCIDENCE => continue,
                0 => reliability::weight(share, *instead),
                _ if share > GOOD => AGREEING_ID,
                _ => continue,
            };
            settled.hinted.entry((left, right)).or_insert(of.name);
            bars.push(OutsideBar { left, right, name: of.name, detail: of.detail.clone(), weight });
        }
        at = end;
    }
    bars.extend(against(first, settled, known, &kept, &shares));
    for said in known.stated {
        let rows = (settled.row_of[said.left as usize], settled.row_of[said.right as usize]);
        let (Some(left), Some(right)) = rows else { continue };
        let (left, right) = (left.min(right), left.max(right));
        if said.weight > 0.0 {
            settled.hinted.entry((left, right)).or_insert("rule");
        }
        bars.push(OutsideBar { left, right, name: "rule", detail: said.rule.clone(), weight: said.weight });
    }
    bars
}

/// What a hint about one row says about the rows that are one with it: whoever is named by an id is named in all of its
/// records. Without this, a record that is tied to an entity by nothing but an id would be outvoted by the entity's
/// other records, of which it knows nothing.
fn carried(answer: &Answer, bars: &[OutsideBar]) -> Vec<OutsideBar> {
    let clusters = answer.clusters();
    let mut rows_of: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (row, leader) in clusters.iter().enumerate() {
        rows_of.entry(*leader).or_default().push(row as u32);
    }
    let told: FxHashSet<(u32, u32)> =
        bars.iter().filter(|bar| bar.weight > 0.0).map(|bar| (bar.left, bar.right)).collect();
    let mut best: BTreeMap<(u32, u32), &OutsideBar> = BTreeMap::new();
    for bar in bars.iter().filter(|bar| bar.weight > 0.0) {
        let sides = [bar.left, bar.right].map(|row| &rows_of[&clusters[row as usize]]);
        if clusters[bar.left as usize] == clusters[bar.right as usize] || sides.iter().any(|side| side.len() > FAR) {
            continue;
        }
        for one in sides[0] {
            for other in sides[1] {
                let pair = (*one.min(other), *one.max(other));
                let slot = best.entry(pair).or_insert(bar);
                if bar.weight > slot.weight {
                    *slot = bar;
                }
            }
        }
    }
    best.into_iter()
        .filter(|(pair, _)| !told.contains(pair))
        .map(|((left, right), bar)| OutsideBar {
            left,
            right,
            name: bar.name,
            detail: format!("through another record: {}", bar.detail),
            weight: bar.weight,
        })
        .collect()
}

/// What speaks against the candidate pairs: ids that point to another record, and what the caller knows.
fn against(first: &Answer, settled: &Settled, known: &Known<'_>, hints: &Hints, shares: &[f64]) -> Vec<OutsideBar> {
    let mut points: FxHashMap<(u32, u32), (FxHashSet<u32>, f64)> = FxHashMap::default();
    for hint in &hints.hints {
        let class = &hints.classes[hint.class as usize];
        let share = shares[hint.class as usize];
        if class.name != "cross id" || class.doubtful || share < GOOD {
            continue;
        }
        for (from, to) in [(hint.left, hint.right), (hint.right, hint.left)] {
            let slot = points.entry((from, (known.family)(to))).or_default();
            slot.0.insert(to);
            slot.1 = slot.1.max(share);
        }
    }
    let elsewhere = |from: u32, to: u32| {
        points.get(&(from, (known.family)(to))).filter(|(targets, _)| !targets.contains(&to)).map(|(_, share)| *share)
    };
    let mut bars = Vec::new();
    for pair in first.pairs() {
        let (one, other) = (settled.units[pair.left as usize], settled.units[pair.right as usize]);
        let shares = [elsewhere(one, other), elsewhere(other, one)];
        if let Some(share) = shares.into_iter().flatten().max_by(f64::total_cmp) {
            bars.push(OutsideBar {
                left: pair.left,
                right: pair.right,
                name: "cross id",
                detail: "holds the id of another record".to_owned(),
                weight: (1.0 - share + DUPLICATES).log2(),
            });
        }
        if let Some((name, detail, weight)) = (known.against)(one, other, &|| first.explain(pair.left, pair.right)) {
            bars.push(OutsideBar { left: pair.left, right: pair.right, name, detail, weight });
        }
    }
    bars
}

fn warn_of_bad_ids(hints: &Hints, shares: &[f64], settled: &mut Settled) {
    let mut counts = vec![0_u64; hints.classes.len()];
    for hint in &hints.hints {
        counts[hint.class as usize] += 1;
    }
    for ((class, share), count) in hints.classes.iter().zip(shares).zip(counts) {
        if class.declared && !class.doubtful && count >= 10 && *share < 0.7 {
            settled.warnings.push(format!(
                "ids are often stale: {} is right for about {:.0} % of {count} pairs",
                class.detail,
                share * 100.0
            ));
        }
    }
}

/// Numbers the entities in the order of their first unit.
fn number(settled: &mut Settled, units: usize) {
    let mut sets = Sets::new(units);
    if let Some(answer) = &settled.answer {
        for (row, leader) in answer.clusters().iter().enumerate() {
            sets.union(settled.units[row], settled.units[*leader as usize]);
        }
    }
    settled.entity_of = vec![0; units];
    for unit in 0..units as u32 {
        let leader = sets.find(unit);
        if leader == unit {
            settled.entity_of[unit as usize] = settled.entities.len() as u32;
            settled.entities.push(vec![unit]);
        } else {
            let entity = settled.entity_of[leader as usize];
            settled.entity_of[unit as usize] = entity;
            settled.entities[entity as usize].push(unit);
        }
    }
}
