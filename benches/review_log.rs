//! How long do the review log and its queue take when they are long?
//!
//! The bars: a million decisions replay in under 2 s, and a verdict is on disk before the next frame.

#![allow(clippy::expect_used, clippy::missing_panics_doc, missing_docs)]

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fourfold::ident::{EntityKind, PairKey, RecordKey};
use fourfold::resolve::graph::ComparedField;
use fourfold::review::implied::Implied;
use fourfold::review::queue::{Candidate, Policy, order};
use fourfold::review::{Filter, NewDecision, ReviewLog, Verdict};
use jiff::Timestamp;

const DECISIONS: u32 = 1_000_000;

fn decision(n: u32) -> NewDecision {
    let left = RecordKey::new("salesforce", "account", format!("0015g{n:010}AAA"));
    let right = RecordKey::new("stripe_eu", "customer", format!("cus_{n:014}"));
    let verdict = Verdict::ALL[n as usize % Verdict::ALL.len()];
    let reviewer = ["ann", "bo", "cy"][n as usize % 3];
    let mut decision =
        NewDecision::new(PairKey::new(left, right), EntityKind::Account, verdict, reviewer, Timestamp::UNIX_EPOCH);
    decision.weight_shown = Some(f64::from(n % 40) - 20.0);
    decision.fields = ["name", "domain", "phone", "country"]
        .into_iter()
        .map(|field| ComparedField {
            field: field.to_owned(),
            left: format!("{field} {n}"),
            right: format!("{field} {}", n + 1),
            personal: false,
        })
        .collect();
    decision
}

pub fn long_log(path: &Path) -> ReviewLog {
    let log = ReviewLog::open(path).expect("a new log");
    for start in (0..DECISIONS).step_by(50_000) {
        let decisions: Vec<NewDecision> = (start..start + 50_000).map(decision).collect();
        log.append_batch("bulk", &decisions).expect("room on the disk");
    }
    log
}

fn bench(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let log = long_log(&directory.path().join("review.db"));
    let mut group = criterion.benchmark_group("review_log");
    group.sample_size(10);
    group.bench_function("replay 1M decisions", |bencher| {
        bencher.iter(|| black_box(log.effective().expect("a sound log")).len());
    });
    group.bench_function("a page of 100 in the middle", |bencher| {
        let filter = Filter { before: Some(500_000), ..Filter::default() };
        bencher.iter(|| black_box(log.history(&filter).expect("a sound log")));
    });
    group.bench_function("append one, durable, behind 1M", |bencher| {
        bencher.iter_batched(|| decision(7), |decision| log.append(&decision).expect("room"), BatchSize::SmallInput);
    });
    group.bench_function("verify 1M", |bencher| bencher.iter(|| log.verify(None).expect("a sound log").is_intact()));
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
    group.bench_function("order 1M pairs", |bencher| {
        bencher.iter(|| black_box(order(&candidates, &Implied::default(), |_| false, &Policy::default())));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
