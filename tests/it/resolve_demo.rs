//! How well does resolution find the truth behind the demo company?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fourfold::config::Config;
use fourfold::demo::{DemoOptions, generate};
use fourfold::ident::EntityKind;
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::graph::{EntityGraph, PairStatus};
use fourfold::resolve::{Decisions, ResolveInput, resolve};
use fourfold::warehouse::{DuckDb, DuckDbOptions};
use fourfold::warehouse::files::load_directory;

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
    let pairs = |counts: &BTreeMap<(&str, &str), u64>| counts.values().map(|count| count * (count - 1) / 2).sum::<u64>();
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
    for (kind, file) in [(EntityKind::Account, "accounts.csv"), (EntityKind::Person, "people.csv")] {
        let score = score(&truth(&directory.path().join("truth").join(file)), &found(&graph, kind));
        println!(
            "{kind}s: precision {:.4}, recall {:.4}, F1 {:.4}; the widest entity spans {} true ones",
            score.precision,
            score.recall,
            score.f1(),
            score.spans
        );
        assert!(score.f1() >= 0.95, "{kind}s: {score:?}");
        assert!(score.spans <= 2, "{kind}s: {score:?}");
    }
    for pair in &graph.pairs {
        assert!((pair.waterfall.weight() - pair.weight).abs() < 1e-6);
        assert!(pair.status != PairStatus::Accepted && pair.status != PairStatus::Refused);
    }
}
