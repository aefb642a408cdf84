//! What stands after changes of mind, second opinions and settlements.

use fourfold::review::agreement::agreement;
use fourfold::review::{Outcome, Side, Verdict};
use proptest::prelude::*;

use super::support::{Stands, TestLog, decision, pair, stands};

#[test]
fn verdicts_become_constraints_and_relations() {
    let test = TestLog::new();
    let verdicts = [
        Verdict::Same,
        Verdict::Different,
        Verdict::Unsure,
        Verdict::ChildOf { child: Side::Right },
        Verdict::BillsFor { payer: Side::Left },
    ];
    for (n, verdict) in (0..).zip(verdicts) {
        test.log.append(&decision(pair(n, n), verdict, "jo", i64::from(n))).unwrap();
    }
    let effective = test.log.effective().unwrap();
    let must: Vec<_> = effective.must_link().map(|decided| decided.pair).collect();
    let cannot: Vec<_> = effective.cannot_link().map(|decided| decided.pair).collect();
    let relations: Vec<_> = effective.relations().map(|decided| (decided.pair, decided.verdict)).collect();
    let unsure: Vec<_> = effective.unsure().map(|standing| standing.pair().unwrap()).collect();
    assert_eq!(must, [pair(0, 0)]);
    assert_eq!(cannot, [pair(1, 1), pair(3, 3), pair(4, 4)], "a relation says that there are two");
    assert_eq!(relations, [(pair(3, 3), verdicts[3]), (pair(4, 4), verdicts[4])]);
    assert_eq!(unsure, [pair(2, 2)]);
    assert!(effective.is_answered(&pair(2, 2), "jo"), "unsure is an answer");
    assert!(!effective.is_answered(&pair(2, 2), "ann"), "and a question to the next");
    assert!(effective.is_answered(&pair(0, 0), "ann"));
    assert!(!effective.is_answered(&pair(9, 9), "jo"));
}

#[test]
fn two_reviewers_disagree_until_somebody_settles_it() {
    let test = TestLog::new();
    let say = |verdict, reviewer: &str, second, settles| {
        let mut decision = decision(pair(1, 1), verdict, reviewer, second);
        decision.settles = settles;
        test.log.append(&decision).unwrap();
        let effective = test.log.effective().unwrap();
        let disagreements = effective.disagreements().count();
        (effective.of(&pair(1, 1)).unwrap().outcome(), disagreements)
    };
    assert_eq!(say(Verdict::Same, "ann", 0, false), (Outcome::Agreed(Verdict::Same), 0));
    assert_eq!(say(Verdict::Unsure, "bo", 1, false), (Outcome::Agreed(Verdict::Same), 0), "abstaining is no dissent");
    assert_eq!(say(Verdict::Different, "cy", 2, false), (Outcome::Disagreed, 1));
    assert_eq!(test.log.effective().unwrap().must_link().count(), 0, "a disagreement binds nobody");
    assert_eq!(say(Verdict::Different, "dee", 3, true), (Outcome::Agreed(Verdict::Different), 0));
    assert_eq!(say(Verdict::Same, "ann", 4, false), (Outcome::Disagreed, 1), "a later word opens it again");
    let decided = say(Verdict::Different, "ann", 5, false);
    assert_eq!(decided, (Outcome::Agreed(Verdict::Different), 0), "whoever changes their mind ends it as well");
    let effective = test.log.effective().unwrap();
    let reviewers: Vec<_> = effective.cannot_link().flat_map(|decided| decided.reviewers).collect();
    assert_eq!(reviewers, ["ann", "dee"], "those who had the last word");
}

#[test]
fn opposite_directions_are_a_disagreement() {
    let test = TestLog::new();
    for (reviewer, child) in [("ann", Side::Left), ("bo", Side::Right)] {
        test.log.append(&decision(pair(1, 1), Verdict::ChildOf { child }, reviewer, 0)).unwrap();
    }
    assert_eq!(test.log.effective().unwrap().disagreements().count(), 1);
}

#[test]
fn a_clock_that_went_back_does_not_reorder_what_was_said() {
    let test = TestLog::new();
    test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 100)).unwrap();
    test.log.append(&decision(pair(1, 1), Verdict::Different, "jo", 50)).unwrap();
    assert_eq!(test.log.effective().unwrap().of(&pair(1, 1)).unwrap().outcome(), Outcome::Agreed(Verdict::Different));
}

#[test]
fn reviewers_are_compared_on_what_both_judged_unprompted() {
    let test = TestLog::new();
    // Cohen's own sort of table: 20 both same, 5 and 10 apart, 15 both different; kappa 0.4.
    let cells = [
        (Verdict::Same, Verdict::Same, 20),
        (Verdict::Same, Verdict::Different, 5),
        (Verdict::Different, Verdict::Same, 10),
        (Verdict::Different, Verdict::Different, 15),
    ];
    let mut decisions = Vec::new();
    let mut next = 0;
    for (one, other, count) in cells {
        for _ in 0..count {
            decisions.push(decision(pair(next, next), one, "ann", 0));
            decisions.push(decision(pair(next, next), other, "bo", 1));
            next += 1;
        }
    }
    let mut settled = decision(pair(20, 20), Verdict::Same, "cy", 2);
    settled.settles = true;
    decisions.push(settled);
    test.log.append_batch("both", &decisions).unwrap();
    let agreements = agreement(&test.log.effective().unwrap());
    assert_eq!(agreements.len(), 1, "who only settled is not compared");
    let found = &agreements[0];
    assert_eq!((found.one.as_str(), found.other.as_str(), found.pairs, found.agreed), ("ann", "bo", 50, 35));
    assert!((found.kappa.unwrap() - 0.4).abs() < 1e-9);
    assert!((found.standard_error.unwrap() - 0.1296).abs() < 1e-3);
}

#[test]
fn kappa_is_silent_where_chance_explains_everything() {
    let test = TestLog::new();
    for reviewer in ["ann", "bo"] {
        test.log.append(&decision(pair(1, 1), Verdict::Same, reviewer, 0)).unwrap();
    }
    assert_eq!(agreement(&test.log.effective().unwrap())[0].kappa, None);
}

/// The same rules, told in the plainest way: go through everything again for every pair.
fn by_hand(steps: &[(u32, Verdict, usize, bool)], reviewers: &[&str]) -> Stands {
    let mut stands = Stands::new();
    for n in steps.iter().map(|step| step.0) {
        let said: Vec<_> = steps.iter().filter(|step| step.0 == n).collect();
        let mut latest: Vec<&(u32, Verdict, usize, bool)> = Vec::new();
        for step in &said {
            latest.retain(|known| known.2 != step.2);
            latest.push(step);
        }
        let from = latest.iter().rposition(|step| step.3).unwrap_or(0);
        let mut answers: Vec<Verdict> = latest[from..].iter().map(|step| step.1).collect();
        answers.retain(|verdict| *verdict != Verdict::Unsure);
        answers.sort();
        answers.dedup();
        let outcome = match answers.as_slice() {
            [] => Outcome::Unsure,
            [verdict] => Outcome::Agreed(*verdict),
            _ => Outcome::Disagreed,
        };
        let mut opinions: Vec<_> = latest.iter().map(|step| (reviewers[step.2].to_owned(), step.1)).collect();
        opinions.sort();
        stands.insert(pair(n, n), (outcome, opinions));
    }
    stands
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn replay_follows_the_rules(
        steps in prop::collection::vec(
            (0_u32..4, prop::sample::select(Verdict::ALL.to_vec()), 0_usize..3, prop::bool::weighted(0.1)), 0..30),
    ) {
        let test = TestLog::new();
        let reviewers = ["ann", "bo", "cy"];
        let decisions: Vec<_> = steps.iter().map(|(n, verdict, reviewer, settles)| {
            let mut decision = decision(pair(*n, *n), *verdict, reviewers[*reviewer], 0);
            decision.settles = *settles;
            decision
        }).collect();
        if !decisions.is_empty() {
            test.log.append_batch("steps", &decisions).unwrap();
        }
        prop_assert_eq!(stands(&test.log.effective().unwrap()), by_hand(&steps, &reviewers));
    }
}
