//! How well does resolution find the truth behind the demo company?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fourfold::config::Config;
use fourfold::demo::{DemoOptions, generate};
use fourfold::ident::EntityKind;
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::graph::{EntityGraph, PairStatus};
use fourfold::resolve::{Decisions, ResolveInput, resolve};
use fourfold::warehouse::files::load_directory;
use fourfold::warehouse::{DuckDb, DuckDbOptions};

use crate::support::hand_map;

type Key = (String, String, String);

/// The truth of one kind: record to true entity; shared mailboxes, tests and the vendor's own records have none.
fn truth(path: &Path) -> BTreeMap<Key, String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader
        .records()
        .map(Result::unwrap)
        .filter(|row| !row[3].is_empty() && &row[3] != "internal")
        .map(|row| ((row[0].to_owned(), row[1].to_owned(), row[2].to_owned()), row[3].to_owned()))
        .collect()
}

/// Pairwise precision and recall, and the most true entities that one found entity spans.
#[derive(Debug)]
struct Score {
    precision: f64,
    recall: f64,
    spans: usize,
}

impl Score {
    fn f1(&self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall)
    }
}

fn found(graph: &EntityGraph, kind: EntityKind) -> BTreeMap<Key, String> {
    let links = graph.links.iter().filter(|link| link.kind == kind);
    links
        .map(|link| {
            let key = &link.record;
            ((key.source.0.clone(), key.table.clone(), key.pk.clone()), link.entity.0.clone())
        })
        .collect()
}

fn score(truth: &BTreeMap<Key, String>, found: &BTreeMap<Key, String>) -> Score {
    let pairs =
        |counts: &BTreeMap<(&str, &str), u64>| counts.values().map(|count| count * (count - 1) / 2).sum::<u64>();
    let (mut both, mut of_truth, mut of_found) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut spans: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (record, entity) in truth {
        let linked = found.get(record).unwrap_or_else(|| panic!("{record:?} is in no entity"));
        *both.entry((entity.as_str(), linked.as_str())).or_insert(0) += 1;
        *of_truth.entry((entity.as_str(), "")).or_insert(0) += 1;
        *of_found.entry(("", linked.as_str())).or_insert(0) += 1;
        spans.entry(linked).or_default().insert(entity);
    }
    let right = pairs(&both) as f64;
    Score {
        precision: right / pairs(&of_found) as f64,
        recall: right / pairs(&of_truth) as f64,
        spans: spans.values().map(BTreeSet::len).max().unwrap_or(0),
    }
}

#[test]
fn the_truth_of_two_thousand_accounts_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let options = DemoOptions { accounts: 2000, ..DemoOptions::default() };
    generate(directory.path(), &options, &Silent, &CancelToken::new()).unwrap();
    let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
    load_directory(&warehouse, &directory.path().join("week1"), &Silent, &CancelToken::new()).unwrap();
    let map = hand_map::map(&warehouse, &hand_map::demo());
    let input = ResolveInput {
        warehouse: &warehouse,
        map: &map,
        config: &Config::default(),
        decisions: &Decisions::default(),
        previous: None,
        threads: 0,
    };
    let graph = resolve(&input, &Silent, &CancelToken::new()).unwrap();
    for warning in &graph.warnings {
        println!("{warning}");
    }
    let mut scores = Vec::new();
    for (kind, file) in [(EntityKind::Account, "accounts.csv"), (EntityKind::Person, "people.csv")] {
        let score = score(&truth(&directory.path().join("truth").join(file)), &found(&graph, kind));
        if std::env::var_os("FF_DEBUG").is_some() {
            debug(&graph, &truth(&directory.path().join("truth").join(file)), kind);
        }
        println!(
            "{kind}s: precision {:.4}, recall {:.4}, F1 {:.4}; the widest entity spans {} true ones",
            score.precision,
            score.recall,
            score.f1(),
            score.spans
        );
        scores.push(score);
    }
    for score in &scores {
        assert!(score.f1() >= 0.95, "{score:?}");
        assert!(score.spans <= 2, "{score:?}");
    }
    for pair in &graph.pairs {
        assert!((pair.waterfall.weight() - pair.weight).abs() < 1e-6);
        assert!(pair.status != PairStatus::Accepted && pair.status != PairStatus::Refused);
    }
}

/// Scratch: what went wrong, by example.
pub fn debug(graph: &EntityGraph, truth: &BTreeMap<Key, String>, kind: EntityKind) {
    let found = found(graph, kind);
    let name = |record: &fourfold::ident::RecordKey| (record.source.0.clone(), record.table.clone(), record.pk.clone());
    let mut shown = [0, 0];
    for pair in graph.pairs.iter().filter(|pair| pair.kind == kind) {
        let (l, r) = (name(&pair.key.left), name(&pair.key.right));
        let (Some(a), Some(b)) = (truth.get(&l), truth.get(&r)) else { continue };
        let together = found[&l] == found[&r];
        let at = usize::from(a == b);
        if together == (a == b) || shown[at] >= 12 {
            continue;
        }
        shown[at] += 1;
        println!(
            "\n{} truth {a} {b} status {:?} weight {:.1} rule {}",
            if together { "WRONG" } else { "MISSED" },
            pair.status,
            pair.weight,
            pair.rule
        );
        for bar in &pair.waterfall.bars {
            println!("   {:18} {:7.2} {:28} | {} | {}", bar.comparison, bar.weight, bar.level, bar.left, bar.right);
        }
        for field in &pair.fields {
            println!("      {}: {} | {}", field.field, field.left, field.right);
        }
    }
    let mut by: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for (k, t) in truth {
        by.entry(t).or_default().insert(&found[k]);
    }
    let split: Vec<_> = by.iter().filter(|(_, e)| e.len() > 1).collect();
    println!("{} true {kind}s are split", split.len());
    for (t, e) in split.iter().take(8) {
        println!("-- {t} in {} parts", e.len());
        for (k, x) in truth.iter().filter(|(_, x)| x == *t) {
            let label = graph.entities.iter().find(|en| en.id.0 == found[k]).map(|en| en.label.clone());
            println!("   {x} {k:?} {} {label:?}", found[k]);
        }
    }
}
