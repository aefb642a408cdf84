//! Who stands at the top, and which edges run in a circle?

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::edges::Edge;
use crate::ident::EntityId;
use crate::resolve::graph::HierarchyEdge;

/// Keeps each edge once and drops those that would close a circle of `child_of`, the less sure ones first. Says how many
/// were dropped.
#[must_use]
pub fn without_circles(mut edges: Vec<Edge>) -> (Vec<Edge>, u64) {
    edges.sort_by(|one, other| {
        (one.rank, one.relation, one.child, one.parent, &one.basis).cmp(&(
            other.rank,
            other.relation,
            other.child,
            other.parent,
            &other.basis,
        ))
    });
    let mut above: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut kept: Vec<Edge> = Vec::with_capacity(edges.len());
    let mut known: FxHashSet<(u32, u32, &'static str)> = FxHashSet::default();
    let mut dropped = 0;
    for edge in edges {
        if known.contains(&(edge.child, edge.parent, edge.relation)) {
            continue;
        }
        if edge.relation == "child_of" {
            if reaches(&above, edge.parent, edge.child) {
                dropped += 1;
                continue;
            }
            above.entry(edge.child).or_default().push(edge.parent);
        }
        known.insert((edge.child, edge.parent, edge.relation));
        kept.push(edge);
    }
    (kept, dropped)
}

/// Whether `to` stands above `from`, or is it.
fn reaches(above: &FxHashMap<u32, Vec<u32>>, from: u32, to: u32) -> bool {
    let mut stack = vec![from];
    let mut seen = rustc_hash::FxHashSet::default();
    while let Some(at) = stack.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            stack.extend(above.get(&at).into_iter().flatten().copied());
        }
    }
    false
}

/// The account at the top of each account that has one above it, by `child_of`. Of several parents the one whose name
/// sorts first is followed; a circle ends where it would begin again.
#[must_use]
pub fn ultimate_parents(edges: &[HierarchyEdge]) -> BTreeMap<EntityId, EntityId> {
    let mut parent: BTreeMap<&EntityId, &EntityId> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.relation == "child_of") {
        let slot = parent.entry(&edge.child).or_insert(&edge.parent);
        if edge.parent < **slot {
            *slot = &edge.parent;
        }
    }
    parent
        .keys()
        .map(|child| {
            let mut seen = std::collections::BTreeSet::from([*child]);
            let mut top = *child;
            while let Some(next) = parent.get(top) {
                if !seen.insert(*next) {
                    break;
                }
                top = *next;
            }
            ((*child).clone(), top.clone())
        })
        .filter(|(child, top)| child != top)
        .collect()
}
