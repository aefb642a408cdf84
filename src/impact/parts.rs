//! Into which groups does an entity fall, when some of its records must not be one?
//!
//! The pairs that hold the entity together are taken up again, the heaviest first, and joined unless that would bring
//! together what a verdict keeps apart: constrained agglomeration (Davidson and Ravi, 2005). Only the records of this
//! one entity are looked at, so a verdict costs the same however large the graph is.

use rustc_hash::FxHashMap;

use crate::ident::RecordKey;
use crate::resolve::evidence::units::Sets;
use crate::resolve::graph::PairStatus;
use crate::snapshot::PairRow;

/// Two records.
pub type Two = (RecordKey, RecordKey);

/// The groups, the largest first, each in the order of its keys. Records that no pair mentions stay with the largest.
#[must_use]
pub fn parts(members: &[RecordKey], inside: &[PairRow], must: &[Two], cannot: &[Two]) -> Vec<Vec<RecordKey>> {
    let mut members = members.to_vec();
    for pair in inside {
        members.extend([pair.key.left.clone(), pair.key.right.clone()]);
    }
    members.sort();
    members.dedup();
    let place: FxHashMap<&RecordKey, u32> = (0..).zip(&members).map(|(place, key)| (key, place)).collect();
    let numbers = |two: &Two| Some((*place.get(&two.0)?, *place.get(&two.1)?));
    let apart: Vec<(u32, u32)> = cannot.iter().filter_map(numbers).collect();
    let mut sets = Sets::new(members.len());
    let join = |sets: &mut Sets, one: u32, other: u32| {
        let (one, other) = (sets.find(one), sets.find(other));
        let clash = apart.iter().any(|(left, right)| {
            let (left, right) = (sets.find(*left), sets.find(*right));
            (left, right) == (one, other) || (right, left) == (one, other)
        });
        if !clash {
            sets.union(one, other);
        }
    };
    for (one, other) in must.iter().filter_map(numbers) {
        join(&mut sets, one, other);
    }
    let mut ties: Vec<&PairRow> =
        inside.iter().filter(|pair| matches!(pair.status, PairStatus::Matched | PairStatus::Accepted)).collect();
    ties.sort_by(|one, other| other.weight.total_cmp(&one.weight).then_with(|| one.key.cmp(&other.key)));
    let mut mentioned = vec![false; members.len()];
    for pair in ties {
        if let (Some(left), Some(right)) = (place.get(&pair.key.left), place.get(&pair.key.right)) {
            mentioned[*left as usize] = true;
            mentioned[*right as usize] = true;
            join(&mut sets, *left, *right);
        }
    }
    for (left, right) in &apart {
        mentioned[*left as usize] = true;
        mentioned[*right as usize] = true;
    }
    let mut groups: FxHashMap<u32, Vec<RecordKey>> = FxHashMap::default();
    let mut rest = Vec::new();
    for (number, key) in (0_u32..).zip(&members) {
        if mentioned[number as usize] {
            groups.entry(sets.find(number)).or_default().push(key.clone());
        } else {
            rest.push(key.clone());
        }
    }
    let mut groups: Vec<Vec<RecordKey>> = groups.into_values().collect();
    groups.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    match groups.first_mut() {
        Some(largest) => {
            largest.extend(rest);
            largest.sort();
        }
        None => groups.push(rest),
    }
    groups
}
