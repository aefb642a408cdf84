//! What would each verdict on a pair change: entities, conflicts, owners, revenue, plays?
//!
//! An estimate from the last run: which conflicts go because what they miss is on the other side, which come because
//! two surfaces then say different things of one customer. The next run says it exactly.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::parts::{Two, parts};
use crate::ident::{EntityKind, RecordKey, Surface};
use crate::snapshot::{ConflictRow, PairRow, PlayOutput};

/// Fields on which surfaces may disagree, with the kind of conflict that it then is.
const WATCHED: [(&str, &str); 6] = [
    ("status", "status_disagreement"),
    ("plan", "plan_mismatch"),
    ("currency", "currency_mismatch"),
    ("country", "country_mismatch"),
    ("owner", "owner_mismatch"),
    ("domain", "domain_mismatch"),
];

/// A conflict that comes, and the values that disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opens {
    /// The kind.
    pub kind: String,
    /// The field.
    pub field: String,
    /// The left value.
    pub left: String,
    /// The right value.
    pub right: String,
}

/// What a play says of both sides now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayChange {
    /// The play and its output: `pql score`.
    pub what: String,
    /// The left value; None when it says nothing of it.
    pub left: Option<String>,
    /// The right value.
    pub right: Option<String>,
}

/// What one verdict changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// Entities that become one with another.
    pub merged: u32,
    /// Entities that come into being.
    pub split: u32,
    /// Records whose entity changes.
    pub records: u64,
    /// For a split: the groups, the largest first.
    pub parts: Vec<Vec<RecordKey>>,
    /// Conflicts that close, counted by kind.
    pub closes: BTreeMap<String, u64>,
    /// Conflicts that open.
    pub opens: Vec<Opens>,
    /// Both owners, where they differ.
    pub owners: Option<(String, String)>,
    /// Revenue by currency of both sides: what stands on one customer afterwards, or on two.
    pub revenue: BTreeMap<String, (f64, f64)>,
    /// Plays that speak of both sides and will speak of one.
    pub plays: Vec<PlayChange>,
}

impl Effect {
    /// Whether nothing moves.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.merged == 0 && self.split == 0
    }

    /// Conflicts that close.
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.closes.values().sum()
    }
}

/// What `same` would change, and what `different` and the relations would.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blast {
    /// What `same` changes.
    pub same: Effect,
    /// What `different`, `child-of`, `bills-for` and `successor-of` change.
    pub apart: Effect,
}

/// What verdicts have tied and kept apart inside the entity, besides this pair.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    /// Records decided to be one.
    pub must: Vec<Two>,
    /// Records decided to be two.
    pub cannot: Vec<Two>,
}

/// Works out what verdicts on a pair change. `inside` are the pairs within the entity when both records are in one.
#[must_use]
pub fn blast(
    pair: &PairRow,
    left: &Facts,
    right: &Facts,
    inside: &[PairRow],
    held: &Held,
    surfaces: &BTreeMap<String, Surface>,
) -> Blast {
    if joined(left, right) {
        let members: Vec<RecordKey> = left.members.iter().map(|member| member.record.clone()).collect();
        let mut cannot = held.cannot.clone();
        cannot.push((pair.key.left.clone(), pair.key.right.clone()));
        let groups = parts(&members, inside, &held.must, &cannot);
        return Blast { same: Effect::default(), apart: split(left, groups) };
    }
    Blast { same: merge(pair, left, right, surfaces), apart: Effect::default() }
}

/// Whether both sides are one entity already.
fn joined(left: &Facts, right: &Facts) -> bool {
    let ids: BTreeSet<&str> = left.rows.iter().map(|row| row.id.as_str()).collect();
    right.rows.iter().any(|row| ids.contains(row.id.as_str()))
}

fn split(entity: &Facts, groups: Vec<Vec<RecordKey>>) -> Effect {
    if groups.len() < 2 {
        return Effect::default();
    }
    let part: BTreeMap<&RecordKey, usize> =
        (0..).zip(&groups).flat_map(|(number, group)| group.iter().map(move |key| (key, number))).collect();
    let mut closes = BTreeMap::new();
    for row in &entity.conflicts {
        let sides = [&row.conflict.side_a, &row.conflict.side_b].map(|side| part.get(&side.as_ref()?.record).copied());
        if let [Some(one), Some(other)] = sides
            && one != other
        {
            *closes.entry(row.conflict.kind.clone()).or_insert(0) += 1;
        }
    }
    let revenue = entity.revenue().into_iter().map(|(currency, amount)| (currency, (amount, 0.0))).collect();
    Effect {
        split: groups.len() as u32 - 1,
        records: groups.iter().skip(1).map(|group| group.len() as u64).sum(),
        parts: groups,
        closes,
        revenue,
        plays: plays(&entity.plays, &[]),
        ..Effect::default()
    }
}

fn merge(pair: &PairRow, left: &Facts, right: &Facts, surfaces: &BTreeMap<String, Surface>) -> Effect {
    let mut revenue: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (currency, amount) in left.revenue() {
        revenue.entry(currency).or_default().0 = amount;
    }
    for (currency, amount) in right.revenue() {
        revenue.entry(currency).or_default().1 = amount;
    }
    let account = pair.kind == EntityKind::Account;
    let owner = |facts: &Facts| {
        ["owner", "owner_email"].iter().find_map(|field| facts.value(field)).map(|(value, _)| value.to_owned())
    };
    let owners = owner(left).zip(owner(right)).filter(|(one, other)| !same_text(one, other));
    Effect {
        merged: 1,
        records: left.records().min(right.records()),
        closes: closes(left, right, surfaces),
        opens: if account { opens(left, right) } else { Vec::new() },
        owners,
        revenue,
        plays: plays(&left.plays, &right.plays),
        ..Effect::default()
    }
}

/// Conflicts that are gone once both are one: those between their records, and those that miss what the other has.
fn closes(left: &Facts, right: &Facts, surfaces: &BTreeMap<String, Surface>) -> BTreeMap<String, u64> {
    let keys = |facts: &Facts| facts.members.iter().map(|member| member.record.clone()).collect::<BTreeSet<_>>();
    let (lefts, rights) = (keys(left), keys(right));
    let across = |row: &ConflictRow| {
        let side = |side: &Option<crate::chart::conflict::Side>| {
            side.as_ref().map(|side| (lefts.contains(&side.record), rights.contains(&side.record)))
        };
        match (side(&row.conflict.side_a), side(&row.conflict.side_b)) {
            (Some(one), Some(other)) => (one.0 && other.1) || (one.1 && other.0),
            _ => false,
        }
    };
    let missing = |kind: &str, other: &Facts| match kind {
        "won_not_billed" => other.is_on(Surface::Billing, surfaces),
        "billed_not_won" => other.is_on(Surface::Crm, surfaces),
        _ => false,
    };
    let mut closes = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (side, other) in [(left, right), (right, left)] {
        for row in &side.conflicts {
            let gone = across(row) || missing(&row.conflict.kind, other);
            if gone && seen.insert(row.conflict.id.as_str()) {
                *closes.entry(row.conflict.kind.clone()).or_insert(0) += 1;
            }
        }
    }
    closes
}

/// Fields of which two sources then say different things.
fn opens(left: &Facts, right: &Facts) -> Vec<Opens> {
    let mut opens = Vec::new();
    for (field, kind) in WATCHED {
        let (Some((one, from)), Some((other, of))) = (left.value(field), right.value(field)) else { continue };
        // Two records of one source are a duplicate, not a disagreement of surfaces.
        let same_source = from.is_some() && from == of;
        let known = [left, right].iter().any(|side| side.conflicts.iter().any(|row| row.conflict.kind == kind));
        if !same_text(one, other) && !same_source && !known {
            opens.push(Opens {
                kind: kind.to_owned(),
                field: field.to_owned(),
                left: one.to_owned(),
                right: other.to_owned(),
            });
        }
    }
    opens
}

fn same_text(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn plays(left: &[PlayOutput], right: &[PlayOutput]) -> Vec<PlayChange> {
    let mut changes: BTreeMap<String, PlayChange> = BTreeMap::new();
    let what = |row: &PlayOutput| {
        if row.output.is_empty() || row.output == row.play {
            row.play.clone()
        } else {
            format!("{} {}", row.play, row.output)
        }
    };
    for (side, rows) in [(0, left), (1, right)] {
        for row in rows {
            let what = what(row);
            let change = changes.entry(what.clone()).or_insert(PlayChange { what, left: None, right: None });
            let slot = if side == 0 { &mut change.left } else { &mut change.right };
            if slot.is_none() {
                *slot = Some(row.value.clone());
            }
        }
    }
    changes.into_values().filter(|change| change.left != change.right).collect()
}
