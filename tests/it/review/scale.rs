//! A long log stays quick. The bounds are wide, for slow and busy machines; `benches/review_log.rs` measures.

use std::time::{Duration, Instant};

use fourfold::review::implied::Implied;
use fourfold::review::queue::{Candidate, Policy, order};
use fourfold::review::{Filter, Verdict};

use super::support::{TestLog, decision, pair};

#[test]
fn a_hundred_thousand_decisions_replay_in_a_moment() {
    let test = TestLog::new();
    for batch in 0..4 {
        let decisions: Vec<_> = (0..25_000)
            .map(|n| decision(pair(batch * 25_000 + n, n), Verdict::ALL[n as usize % 9], "jo", i64::from(n)))
            .collect();
        test.log.append_batch("bulk", &decisions).unwrap();
    }
    let begun = Instant::now();
    let effective = test.log.effective().unwrap();
    let took = begun.elapsed();
    assert_eq!(effective.len(), 100_000);
    assert!(took < Duration::from_secs(4), "replay took {took:?}");
    let begun = Instant::now();
    let page = test.log.history(&Filter { before: Some(50_000), ..Filter::default() }).unwrap();
    let took = begun.elapsed();
    assert_eq!((page.len(), page[0].seq), (100, 49_999));
    assert!(took < Duration::from_secs(1), "a page took {took:?}");
}

#[test]
fn a_million_pairs_are_put_in_order() {
    let candidates: Vec<Candidate> = (0..1_000_000_u32)
        .map(|n| Candidate {
            pair: u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            left: n,
            right: n + 1_000_000,
            probability: f64::from(n % 1_000) / 1_000.0,
            money: f64::from(n % 977) * 100.0,
            fan_out: n % 13,
            bridge: n % 5_000 == 0,
        })
        .collect();
    let must: Vec<(u32, u32)> = (0..50_000).map(|n| (n * 20, n * 20 + 1_000_000)).collect();
    let begun = Instant::now();
    let (implied, _) = Implied::new(&must, &[]);
    let questions = order(&candidates, &implied, |_| false, &Policy::default());
    let took = begun.elapsed();
    assert!(questions.len() > 900_000);
    assert!(took < Duration::from_secs(8), "ordering took {took:?}");
}
