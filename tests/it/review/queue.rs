//! The right pair first, and none whose answer is known.

use fourfold::review::Stratum;
use fourfold::review::implied::{Implication, Implied};
use fourfold::review::queue::{Candidate, Policy, Question, is_audited, order, pair_number, uncertainty, worth};
use proptest::prelude::*;

use super::support::pair;

fn candidate(n: u64, probability: f64, money: f64, fan_out: u32) -> Candidate {
    let records = (u32::try_from(n).unwrap() * 2, u32::try_from(n).unwrap() * 2 + 1);
    Candidate { pair: n, left: records.0, right: records.1, probability, money, fan_out, bridge: false }
}

fn without_audit() -> Policy {
    Policy { audit_rate: 0.0, ..Policy::default() }
}

fn asked(candidates: &[Candidate], policy: &Policy) -> Vec<u64> {
    let questions = order(candidates, &Implied::default(), |_| false, policy);
    questions.iter().map(|question| candidates[question.candidate as usize].pair).collect()
}

#[test]
fn worth_is_uncertainty_times_money_times_fan_out() {
    let candidates = [
        candidate(1, 0.5, 1_000.0, 0),
        candidate(2, 0.9, 1_000.0, 0),
        candidate(3, 0.5, 50_000.0, 0),
        candidate(4, 0.5, 1_000.0, 9),
        candidate(5, 0.999, 1e9, 1000),
    ];
    assert_eq!(asked(&candidates, &without_audit()), [3, 4, 1, 2], "a certain pair is not asked for any money");
    assert!((uncertainty(0.5) - 1.0).abs() < 1e-12);
    assert!(uncertainty(0.0).abs() < 1e-12 && uncertainty(1.0).abs() < 1e-12);
}

#[test]
fn bridges_come_first_even_when_they_look_certain() {
    let mut candidates = vec![candidate(1, 0.5, 1e9, 100), candidate(2, 0.99, 0.0, 0)];
    candidates[1].bridge = true;
    assert_eq!(asked(&candidates, &without_audit()), [2, 1]);
}

#[test]
fn what_is_implied_or_answered_is_not_asked() {
    let ask = |left, right| Candidate { left, right, ..candidate(u64::from(left * 10 + right), 0.5, 0.0, 0) };
    let candidates = [ask(0, 2), ask(0, 3), ask(1, 3), ask(2, 4), ask(5, 6)];
    let (implied, contradictions) = Implied::new(&[(0, 1), (1, 2)], &[(2, 3)]);
    assert_eq!(contradictions, Vec::<usize>::new());
    let questions = order(&candidates, &implied, |place| place == 4, &without_audit());
    assert_eq!(questions, [Question { candidate: 3, stratum: Stratum::Queue }]);
}

#[test]
fn a_contradiction_is_named_and_ignored() {
    let (implied, contradictions) = Implied::new(&[(0, 1), (1, 2)], &[(5, 6), (0, 2), (2, 7)]);
    assert_eq!(contradictions, [1]);
    assert_eq!(implied.says(0, 2), Some(Implication::Same));
    assert_eq!(implied.says(1, 7), Some(Implication::Different));
    assert_eq!(implied.says(1, 5), None);
}

#[test]
fn the_random_draw_is_marked_spread_and_for_good() {
    let candidates: Vec<Candidate> = (0..2_000)
        .map(|n| {
            let number = pair_number(&pair(n, n));
            let probability = if n % 2 == 0 { 0.5 } else { 0.001 };
            Candidate { pair: number, left: n * 2, right: n * 2 + 1, ..candidate(0, probability, 0.0, 0) }
        })
        .collect();
    let policy = Policy { audit_rate: 0.05, audit_every: 10, ..Policy::default() };
    let questions = order(&candidates, &Implied::default(), |_| false, &policy);
    let drawn: Vec<usize> = (0..questions.len()).filter(|n| questions[*n].stratum == Stratum::Audit).collect();
    assert!((60..=140).contains(&drawn.len()), "{} of 2,000 at 5 %", drawn.len());
    assert_eq!(drawn[..3], [9, 19, 29], "one in ten, from the start");
    let certain = questions.iter().filter(|question| candidates[question.candidate as usize].probability < 0.01);
    assert!(certain.clone().count() > 20, "certain pairs are drawn too");
    assert!(certain.clone().all(|question| question.stratum == Stratum::Audit), "and asked for no other reason");
    for question in &questions {
        let drawn = is_audited(candidates[question.candidate as usize].pair, &policy);
        assert_eq!(drawn, question.stratum == Stratum::Audit);
    }
    let other = Policy { seed: 1, ..policy };
    let differs =
        candidates.iter().filter(|candidate| is_audited(candidate.pair, &policy) != is_audited(candidate.pair, &other));
    assert!(differs.count() > 50, "another seed, another sample");
}

/// Whether decisions imply something, by walking the graph anew for every question.
fn by_hand(same: &[(u32, u32)], different: &[(u32, u32)], one: u32, other: u32) -> Option<Implication> {
    let group = |start: u32| {
        let mut group = std::collections::BTreeSet::from([start]);
        while let Some(next) =
            same.iter().find_map(|(left, right)| match (group.contains(left), group.contains(right)) {
                (true, false) => Some(*right),
                (false, true) => Some(*left),
                _ => None,
            })
        {
            group.insert(next);
        }
        group
    };
    let (left, right) = (group(one), group(other));
    if left.contains(&other) {
        return Some(Implication::Same);
    }
    let apart = different
        .iter()
        .any(|(a, b)| (left.contains(a) && right.contains(b)) || (left.contains(b) && right.contains(a)));
    apart.then_some(Implication::Different)
}

proptest! {
    #[test]
    fn implications_are_those_of_the_graph(
        same in prop::collection::vec((0_u32..9, 0_u32..9), 0..8),
        different in prop::collection::vec((0_u32..9, 0_u32..9), 0..6),
    ) {
        let (implied, contradictions) = Implied::new(&same, &different);
        let kept: Vec<(u32, u32)> = (0..).zip(&different)
            .filter(|(place, _)| !contradictions.contains(place)).map(|(_, pair)| *pair).collect();
        for (place, (one, other)) in (0..).zip(&different) {
            let joined = by_hand(&same, &[], *one, *other) == Some(Implication::Same);
            prop_assert_eq!(contradictions.contains(&place), joined);
        }
        for one in 0..9 {
            for other in 0..9 {
                prop_assert_eq!(implied.says(one, other), by_hand(&same, &kept, one, other));
            }
        }
    }

    #[test]
    fn answers_one_by_one_imply_what_they_do_at_once(
        steps in prop::collection::vec((any::<bool>(), 0_u32..8, 0_u32..8), 0..12),
    ) {
        let mut implied = Implied::default();
        let (mut same, mut different) = (Vec::new(), Vec::new());
        for (join, one, other) in steps {
            if join && implied.same(one, other) {
                same.push((one, other));
            } else if !join && implied.different(one, other) {
                different.push((one, other));
            }
        }
        let (at_once, contradictions) = Implied::new(&same, &different);
        prop_assert!(contradictions.is_empty());
        for one in 0..8 {
            for other in 0..8 {
                prop_assert_eq!(implied.says(one, other), at_once.says(one, other));
            }
        }
    }

    #[test]
    fn the_order_of_candidates_does_not_show(
        parts in prop::collection::vec((0.0_f64..1.0, 0_u32..4, 0_u32..3, any::<bool>()), 0..60),
        rotate in 0_usize..60,
    ) {
        let candidates: Vec<Candidate> = (0..).zip(&parts).map(|(n, (probability, money, fan_out, bridge))| {
            Candidate { bridge: *bridge, ..candidate(n, *probability, f64::from(*money), *fan_out) }
        }).collect();
        let policy = Policy { audit_rate: 0.2, audit_every: 3, ..Policy::default() };
        let mut turned = candidates.clone();
        turned.rotate_left(rotate.min(candidates.len()));
        let questions = asked(&candidates, &policy);
        prop_assert_eq!(&questions, &asked(&turned, &policy));
        let kept: Vec<&Candidate> = questions.iter().filter_map(|pair| {
            candidates.iter().find(|candidate| candidate.pair == *pair && !is_audited(candidate.pair, &policy))
        }).collect();
        for two in kept.windows(2) {
            let rank = |candidate: &Candidate| (!candidate.bridge, -worth(candidate));
            prop_assert!(rank(two[0]) <= rank(two[1]));
        }
    }
}
