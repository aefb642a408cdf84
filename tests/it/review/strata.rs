//! The stratified draw, and what decisions say about weights.

use std::collections::BTreeSet;

use fourfold::engine::snapshot::bridges;
use fourfold::ident::EntityKind;
use fourfold::resolve::graph::PairStatus;
use fourfold::resolve::waterfall::{Bar, Waterfall};
use fourfold::review::Stratum;
use fourfold::review::calibrate::{Calibration, Example, fit_of, learn};
use fourfold::review::queue::{Candidate, Policy, order_with};
use fourfold::review::strata::{Band, Drawable, sample};
use proptest::prelude::*;

fn drawables(count: u64) -> Vec<Drawable> {
    (0..count)
        .map(|n| {
            let probability = (n % 100) as f64 / 100.0;
            Drawable {
                pair: n.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                band: Band::of(EntityKind::Account, probability >= 0.5, probability),
            }
        })
        .collect()
}

#[test]
fn every_stratum_gives_its_share_and_the_order_of_input_does_not_show() {
    let pairs = drawables(10_000);
    let drawn = sample(&pairs, 12, 0);
    assert_eq!(drawn.strata.len(), 4);
    assert_eq!(drawn.strata.iter().map(|(_, population, _)| population).sum::<u64>(), 10_000);
    assert!(drawn.strata.iter().all(|(_, _, drawn)| *drawn == 12));
    assert_eq!(drawn.places.len(), 48);
    let bands: BTreeSet<Band> = drawn.places[..4].iter().map(|place| pairs[*place].band).collect();
    assert_eq!(bands.len(), 4, "one of each stratum before the second of any");
    let mut turned = pairs.clone();
    turned.reverse();
    let again: Vec<u64> = sample(&turned, 12, 0).places.iter().map(|place| turned[*place].pair).collect();
    assert_eq!(again, drawn.places.iter().map(|place| pairs[*place].pair).collect::<Vec<_>>());
    let other: Vec<usize> = sample(&pairs, 12, 1).places;
    assert_ne!(other, drawn.places, "another seed draws others");
    let more: BTreeSet<usize> = sample(&pairs, 20, 0).places.into_iter().collect();
    assert!(drawn.places.iter().all(|place| more.contains(place)), "a larger sample holds the smaller one");
    assert!(sample(&pairs, 0, 0).places.is_empty());
}

#[test]
fn a_draw_speaks_for_its_stratum() {
    // The share of odd pairs in the draw is that of all, within what chance allows.
    let pairs = drawables(50_000);
    let drawn = sample(&pairs, 500, 7);
    let upper = drawn.places.iter().filter(|place| **place >= 25_000).count();
    assert!((900..=1_100).contains(&upper), "{upper} of {}", drawn.places.len());
}

#[test]
fn what_is_drawn_and_doubtful_keeps_its_place_and_counts_as_drawn() {
    let candidate = |pair: u64, probability: f64, bridge: bool| Candidate {
        pair,
        left: pair as u32 * 2,
        right: pair as u32 * 2 + 1,
        probability,
        money: pair as f64,
        fan_out: 0,
        bridge,
    };
    let candidates: Vec<Candidate> =
        (0..40).map(|n| candidate(n, if n < 30 { 0.5 } else { 1.0 }, n == 3 || n == 35)).collect();
    let asked = order_with(&candidates, &[35, 36, 37, 3, 5], |_| false, &Policy::default());
    let place = |candidate: u32| asked.iter().position(|question| question.candidate == candidate).unwrap();
    assert!(place(3) < 2 && place(35) < 2, "bridges come first, drawn or not: {asked:?}");
    assert_eq!(asked[place(35)].stratum, Stratum::Audit);
    assert_eq!(asked[place(4)].stratum, Stratum::Queue);
    assert_eq!(place(36), 9, "one in ten is from the draw alone");
    assert_eq!(asked.len(), 30 + 3, "each once");
}

#[test]
fn a_decided_pair_stays_in_the_stratum_the_engine_put_it_in() {
    let band = |status, probability| Band::of_status(EntityKind::Person, status, probability);
    assert_eq!(band(PairStatus::Accepted, 0.3), band(PairStatus::Review, 0.3));
    assert_eq!(band(PairStatus::Refused, 0.995), band(PairStatus::Matched, 0.995));
    assert_ne!(band(PairStatus::Matched, 0.3), band(PairStatus::Review, 0.3));
}

fn pair(name: f64, domain: f64) -> Waterfall {
    let bar = |comparison: &str, weight| Bar {
        comparison: comparison.into(),
        left: "a".into(),
        right: "b".into(),
        level: "same".into(),
        weight,
    };
    Waterfall { bars: vec![bar("prior", -6.0), bar("name", name), bar("domain", domain)] }
}

#[test]
fn a_comparison_that_misleads_is_weighed_less() {
    // The domain says yes throughout; the name alone tells.
    let examples: Vec<Example> = (0..200)
        .map(|n| {
            let same = n % 2 == 0;
            (pair(if same { 5.0 } else { -3.0 }, 9.0), same)
        })
        .collect();
    let learned = learn(&examples).unwrap();
    let (before, after) = (fit_of(&examples, &Calibration::default()), fit_of(&examples, &learned));
    assert_eq!(before.wrong, 100 * usize::from(pair(-3.0, 9.0).weight() >= 0.0));
    assert!(after.surprise < before.surprise, "{before:?} {after:?} {learned:?}");
    assert!(
        learned.factors["name"] > 1.0 && learned.factors.get("domain").is_none_or(|factor| *factor <= 1.0),
        "{learned:?}"
    );
    assert!(!learned.factors.contains_key("prior"));
}

#[test]
fn few_decisions_teach_nothing_and_right_weights_stay() {
    let few: Vec<Example> = (0..9).map(|n| (pair(5.0, 4.0), n < 5)).collect();
    assert_eq!(learn(&few), None, "four of one answer are too few");
    // Decisions drawn with the very odds that the weights state.
    let mut seen = 0_u64;
    let examples: Vec<Example> = (0..400)
        .map(|n| {
            let waterfall = pair(f64::from(n % 9), f64::from(n % 7) - 1.0);
            seen = seen.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let chance = (seen >> 11) as f64 / (1_u64 << 53) as f64;
            let same = chance < waterfall.probability();
            (waterfall, same)
        })
        .collect();
    let learned = learn(&examples).unwrap();
    let (before, after) = (fit_of(&examples, &Calibration::default()), fit_of(&examples, &learned));
    assert!(before.surprise - after.surprise < 0.02, "nothing is to be gained: {before:?} {after:?} {learned:?}");
    let earlier = Calibration { shift: 1.0, factors: [("name".to_owned(), 2.0)].into() };
    let both = Calibration { shift: -0.5, factors: [("name".to_owned(), 0.5), ("city".to_owned(), 1.2)].into() };
    let both = both.after(&earlier);
    assert_eq!((both.shift, both.factors["name"], both.factors["city"]), (0.5, 1.0, 1.2));
}

#[test]
fn bridges_are_what_alone_holds_two_groups() {
    let triangles = [(1, 2), (2, 3), (1, 3), (4, 5), (5, 6), (4, 6), (3, 4)];
    assert_eq!(bridges::find(&triangles), [6]);
    assert!(bridges::find(&[(1, 2)]).is_empty(), "two single records are no groups");
    assert!(bridges::find(&[(1, 2), (2, 3), (2, 3), (3, 4)]).is_empty(), "a second pair holds it up");
    assert_eq!(bridges::find(&[(1, 2), (2, 3), (3, 4)]), [1], "a chain falls in its middle");
    let long: Vec<(u32, u32)> = (0..200_000).map(|n| (n, n + 1)).collect();
    assert_eq!(bridges::find(&long).len(), 199_998, "a long chain needs no deep stack");
}

proptest! {
    #[test]
    fn without_a_bridge_its_two_groups_part(edges in prop::collection::vec((0_u32..14, 0_u32..14), 1..30)) {
        let edges: Vec<(u32, u32)> = edges.into_iter().filter(|(one, other)| one != other).collect();
        let component = |without: Option<usize>, from: u32| {
            let mut seen = BTreeSet::from([from]);
            loop {
                let before = seen.len();
                for (place, (one, other)) in edges.iter().enumerate() {
                    if Some(place) != without && (seen.contains(one) || seen.contains(other)) {
                        seen.extend([*one, *other]);
                    }
                }
                if seen.len() == before {
                    return seen;
                }
            }
        };
        let found = bridges::find(&edges);
        for (place, (left, right)) in edges.iter().enumerate() {
            let (one, other) = (component(Some(place), *left), component(Some(place), *right));
            let is_bridge = !one.contains(right) && one.len() >= 2 && other.len() >= 2;
            prop_assert_eq!(found.contains(&place), is_bridge, "{} of {:?}", place, &edges);
        }
    }
}
