//! Hubs never merge, bridges do not fuse, namesakes stay apart, subsidiaries are edges, decisions stand, and order, threads
//! and repetition never show.

use std::collections::{BTreeMap, BTreeSet};

use fourfold::config::{MatchRule, RuleField, RuleVerdict};
use fourfold::ident::{EntityId, EntityKind, PairKey, RecordKey};
use fourfold::resolve::graph::{EntityGraph, PairStatus};
use fourfold::resolve::{DecidedPair, Decisions};
use proptest::prelude::*;

use super::world::{World, accounts, bytes, record};

/// The entities of the accounts of each company.
fn by_company<'a>(world: &World, graph: &'a EntityGraph) -> BTreeMap<usize, BTreeSet<&'a EntityId>> {
    let found = accounts(graph);
    let mut companies: BTreeMap<usize, BTreeSet<&EntityId>> = BTreeMap::new();
    for row in &world.rows {
        if let Some(entity) = found.get(&record(row)) {
            companies.entry(row.company).or_default().insert(entity);
        }
    }
    companies
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn what_must_stay_apart_stays_apart(seed in 0..1_000_000_u64) {
        let world = World::new(seed);
        let graph = world.load().resolve(&Decisions::default(), 2);
        let of = by_company(&world, &graph);
        for (one, other) in world.namesakes.iter().chain(&world.children).chain([&world.bridged]) {
            prop_assert!(of[one].is_disjoint(&of[other]), "companies {one} and {other} are one entity");
        }
        for (at, client) in world.clients.iter().enumerate() {
            for other in world.clients[at + 1..].iter().chain([&world.agency]) {
                prop_assert!(of[client].is_disjoint(&of[other]), "clients {client} and {other} of one agency are one");
            }
        }
        // Subsidiaries are edges to their parent.
        for (child, parent) in &world.children {
            prop_assert!(graph.hierarchy.iter().any(|edge| edge.relation == "child_of"
                && of[child].contains(&edge.child)
                && of[parent].contains(&edge.parent)));
        }
        // The agency pays for its clients.
        let paid = world.clients.iter().filter(|client| {
            graph.hierarchy.iter().any(|edge| edge.relation == "bills_for"
                && of[*client].contains(&edge.child)
                && of[&world.agency].contains(&edge.parent))
        });
        prop_assert!(paid.count() * 10 >= world.clients.len() * 8, "{:?}", graph.hierarchy);
        // And most of what is one company is found to be one.
        let whole = of.iter().filter(|(company, entities)| **company != usize::MAX && entities.len() == 1).count();
        prop_assert!(whole * 100 >= of.len() * 85, "{whole} of {} companies are whole", of.len());
    }

    #[test]
    fn order_threads_and_repetition_never_show(seed in 0..1_000_000_u64, other in 1..1_000_000_u64) {
        let world = World::new(seed);
        let first = bytes(&world.load().resolve(&Decisions::default(), 1));
        for (order, threads) in [(other, 1), (other + 1, 2), (other + 2, 4)] {
            let again = bytes(&world.shuffled(order).load().resolve(&Decisions::default(), threads));
            prop_assert!(first == again, "another graph in order {order} with {threads} threads");
        }
    }

    #[test]
    fn decisions_are_hard(seed in 0..1_000_000_u64) {
        let world = World::new(seed);
        let loaded = world.load();
        let plain = loaded.resolve(&Decisions::default(), 2);
        let by = |key: &PairKey| DecidedPair { key: key.clone(), reviewer: "sam".to_owned() };
        let matched: Vec<&PairKey> = plain
            .pairs
            .iter()
            .filter(|pair| pair.status == PairStatus::Matched)
            .map(|pair| &pair.key)
            .step_by(7)
            .take(6)
            .collect();
        let found = accounts(&plain);
        let records: Vec<&RecordKey> = found.keys().copied().collect();
        let mut joined = Vec::new();
        for step in 0..4_u64 {
            let one = records[world.dice(step * 2 + 500, records.len() as u64) as usize];
            let other = records[world.dice(step * 2 + 501, records.len() as u64) as usize];
            if found[one] != found[other] {
                joined.push(PairKey::new(one.clone(), other.clone()));
            }
        }
        let decisions = Decisions {
            same: joined.iter().map(by).collect(),
            different: matched.iter().map(|key| by(key)).collect(),
            ..Decisions::default()
        };
        let decided = loaded.resolve(&decisions, 2);
        let entity: BTreeMap<(EntityKind, &RecordKey), &EntityId> =
            decided.links.iter().map(|link| ((link.kind, &link.record), &link.entity)).collect();
        for key in &matched {
            for kind in [EntityKind::Account, EntityKind::Person] {
                if let (Some(left), Some(right)) = (entity.get(&(kind, &key.left)), entity.get(&(kind, &key.right))) {
                    prop_assert!(left != right, "{key:?} was decided to be two");
                }
            }
        }
        let contradicted = decided.warnings.iter().any(|warning| warning.contains("contradict"));
        for key in &joined {
            let kind = EntityKind::Account;
            prop_assert!(
                contradicted || entity[&(kind, &key.left)] == entity[&(kind, &key.right)],
                "{key:?} was decided to be one"
            );
        }
    }
}

#[test]
fn a_rule_of_the_team_is_a_bar_and_moves_its_pairs() {
    let world = World::new(11);
    let mut loaded = world.load();
    let (one, other) = world.namesakes[0];
    let plain = loaded.resolve(&Decisions::default(), 1);
    assert!(by_company(&world, &plain)[&one].is_disjoint(&by_company(&world, &plain)[&other]));
    loaded.config.resolve.rules.push(MatchRule {
        name: "one name is one company".to_owned(),
        kind: EntityKind::Account,
        same: vec![RuleField::Name],
        differ: vec![RuleField::Domain],
        verdict: RuleVerdict::Same,
        bits: 60.0,
        examples: Vec::new(),
    });
    let ruled = loaded.resolve(&Decisions::default(), 1);
    let of = by_company(&world, &ruled);
    assert!(!of[&one].is_disjoint(&of[&other]), "the rule joins the namesakes");
    let pair = ruled
        .pairs
        .iter()
        .find(|pair| pair.waterfall.bars.iter().any(|bar| bar.comparison == "rule"))
        .expect("a pair shows the rule");
    assert!((pair.waterfall.weight() - pair.weight).abs() < 1e-6);
    assert!(
        pair.waterfall
            .bars
            .iter()
            .any(|bar| bar.left.contains("one name is one company") && (bar.weight - 60.0).abs() < 1e-9)
    );
    // A decision stands above the rule.
    let key = PairKey::new(
        RecordKey::new("salesforce", "account", world.account_of(one)),
        RecordKey::new("salesforce", "account", world.account_of(other)),
    );
    let apart = Decisions {
        different: vec![DecidedPair { key: key.clone(), reviewer: "sam".to_owned() }],
        ..Decisions::default()
    };
    let decided = loaded.resolve(&apart, 1);
    assert_ne!(accounts(&decided)[&key.left], accounts(&decided)[&key.right]);
}
