//! How well does resolution find the truth behind the demo company, and does it say the same every time?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use fourfold::chart::chart;
use fourfold::chart::source_map::SourceMap;
use fourfold::config::{Config, SourceSettings};
use fourfold::demo::{DemoOptions, generate};
use fourfold::ident::{EntityId, EntityKind, PairKey, RecordKey, Surface};
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::graph::{EntityGraph, PairStatus};
use fourfold::resolve::{DecidedPair, DecidedRelation, Decisions, PreviousGraph, ResolveInput, resolve};
use fourfold::warehouse::files::load_directory;
use fourfold::warehouse::{DuckDb, DuckDbOptions};

/// A demo company loaded and charted.
struct Company {
    directory: tempfile::TempDir,
    warehouse: DuckDb,
    config: Config,
    map: SourceMap,
}

impl Company {
    fn new(accounts: usize, week: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = DemoOptions { accounts, ..DemoOptions::default() };
        generate(directory.path(), &options, &Silent, &CancelToken::new()).unwrap();
        Self::load(directory, week)
    }

    fn load(directory: tempfile::TempDir, week: &str) -> Self {
        let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
        load_directory(&warehouse, &directory.path().join(week), &Silent, &CancelToken::new()).unwrap();
        let mut config = Config::default();
        for (name, surface) in [
            ("salesforce", Surface::Crm),
            ("stripe_us", Surface::Billing),
            ("stripe_eu", Surface::Billing),
            ("zendesk", Surface::Support),
            ("product", Surface::Product),
        ] {
            let settings = SourceSettings { surface, schema: None, system: None, tables: BTreeMap::new() };
            config.sources.insert(name.to_owned(), settings);
        }
        let map = chart(&warehouse, &config, &Silent, &CancelToken::new()).unwrap().map;
        Self { directory, warehouse, config, map }
    }

    fn resolve(&self, decisions: &Decisions, previous: Option<&PreviousGraph>, threads: usize) -> EntityGraph {
        let input = ResolveInput {
            warehouse: &self.warehouse,
            map: &self.map,
            config: &self.config,
            decisions,
            previous,
            threads,
        };
        resolve(&input, &Silent, &CancelToken::new()).unwrap()
    }

    fn truth(&self, file: &str) -> Vec<csv::StringRecord> {
        let path: &Path = &self.directory.path().join("truth").join(file);
        csv::Reader::from_path(path).unwrap().records().map(Result::unwrap).collect()
    }
}

/// Two thousand accounts, resolved once for all tests of this file.
fn large() -> &'static (Company, EntityGraph) {
    static LARGE: OnceLock<(Company, EntityGraph)> = OnceLock::new();
    LARGE.get_or_init(|| {
        let company = Company::new(2000, "week1");
        let graph = company.resolve(&Decisions::default(), None, 0);
        (company, graph)
    })
}

/// The true entity of each record of a kind; shared mailboxes, tests and the vendor's own records have none.
fn truth(company: &Company, kind: EntityKind) -> BTreeMap<RecordKey, String> {
    let file = if kind == EntityKind::Account { "accounts.csv" } else { "people.csv" };
    company
        .truth(file)
        .iter()
        .filter(|row| !row[3].is_empty() && &row[3] != "internal")
        .map(|row| (RecordKey::new(&row[0], &row[1], &row[2]), row[3].to_owned()))
        .collect()
}

fn found(graph: &EntityGraph, kind: EntityKind) -> BTreeMap<RecordKey, EntityId> {
    let links = graph.links.iter().filter(|link| link.kind == kind);
    links.map(|link| (link.record.clone(), link.entity.clone())).collect()
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

fn score(truth: &BTreeMap<RecordKey, String>, found: &BTreeMap<RecordKey, EntityId>) -> Score {
    let pairs =
        |counts: &BTreeMap<(&str, &str), u64>| counts.values().map(|count| count * (count - 1) / 2).sum::<u64>();
    let (mut both, mut of_truth, mut of_found) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut spans: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (record, entity) in truth {
        let linked = found.get(record).unwrap_or_else(|| panic!("{record} is in no entity")).as_str();
        *both.entry((entity.as_str(), linked)).or_insert(0) += 1;
        *of_truth.entry((entity.as_str(), "")).or_insert(0) += 1;
        *of_found.entry(("", linked)).or_insert(0) += 1;
        spans.entry(linked).or_default().insert(entity);
    }
    let right = pairs(&both) as f64;
    Score {
        precision: right / pairs(&of_found) as f64,
        recall: right / pairs(&of_truth) as f64,
        spans: spans.values().map(BTreeSet::len).max().unwrap_or(0),
    }
}

/// The true entity that most records of each found entity belong to.
fn majority(company: &Company, graph: &EntityGraph) -> BTreeMap<EntityId, String> {
    let mut counts: BTreeMap<EntityId, BTreeMap<String, u64>> = BTreeMap::new();
    for kind in [EntityKind::Account, EntityKind::Person] {
        let found = found(graph, kind);
        for (record, entity) in truth(company, kind) {
            *counts.entry(found[&record].clone()).or_default().entry(entity).or_default() += 1;
        }
    }
    let most = |counts: BTreeMap<String, u64>| counts.into_iter().max_by_key(|(_, count)| *count).unwrap().0;
    counts.into_iter().map(|(entity, counts)| (entity, most(counts))).collect()
}

#[test]
fn the_truth_of_two_thousand_accounts_is_found() {
    let (company, graph) = large();
    for kind in [EntityKind::Account, EntityKind::Person] {
        let score = score(&truth(company, kind), &found(graph, kind));
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
}

#[test]
fn users_invoices_subscriptions_and_tickets_find_their_owners() {
    let (company, graph) = large();
    let majority = majority(company, graph);
    let mut found: BTreeMap<(RecordKey, String), BTreeSet<&str>> = BTreeMap::new();
    for relation in &graph.relations {
        let owner = majority.get(&relation.entity).map_or("", String::as_str);
        found.entry((relation.record.clone(), relation.relation.clone())).or_default().insert(owner);
    }
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in company.truth("relations.csv").iter().filter(|row| &row[4] != "internal") {
        let key = (RecordKey::new(&row[0], &row[1], &row[2]), row[3].to_owned());
        let right = found.get(&key).is_some_and(|owners| owners.len() == 1 && owners.contains(&row[4]));
        let count = counts.entry(row[3].to_owned()).or_default();
        count.0 += u64::from(right);
        count.1 += 1;
    }
    assert!(counts.len() >= 5, "{counts:?}");
    for (relation, (right, all)) in counts {
        let share = right as f64 / all as f64;
        println!("{relation}: {right} of {all} right, {:.1} %", share * 100.0);
        assert!(share >= 0.95, "{relation}: {right} of {all}");
    }
}

#[test]
fn parents_and_payers_are_edges() {
    let (company, graph) = large();
    let majority = majority(company, graph);
    let name = |id: &EntityId| majority.get(id).cloned().unwrap_or_default();
    let found: BTreeSet<(String, String, String)> =
        graph.hierarchy.iter().map(|edge| (name(&edge.child), name(&edge.parent), edge.relation.clone())).collect();
    let true_edges: BTreeSet<(String, String, String)> = company
        .truth("hierarchy.csv")
        .iter()
        .map(|row| (row[0].to_owned(), row[1].to_owned(), row[2].to_owned()))
        .collect();
    for relation in ["child_of", "bills_for"] {
        let of = |edges: &BTreeSet<(String, String, String)>| {
            edges.iter().filter(|edge| edge.2 == relation).cloned().collect::<BTreeSet<_>>()
        };
        let (found, wanted) = (of(&found), of(&true_edges));
        let right = found.intersection(&wanted).count();
        println!("{relation}: {right} right of {} found, {} true", found.len(), wanted.len());
        assert!(right as f64 >= 0.9 * wanted.len() as f64, "{relation}: {right} of {}", wanted.len());
        assert!(right as f64 >= 0.9 * found.len() as f64, "{relation}: {right} of {} found", found.len());
    }
}

#[test]
fn every_pair_explains_itself_and_every_record_has_one_link() {
    let (_, graph) = large();
    for pair in &graph.pairs {
        assert!((pair.waterfall.weight() - pair.weight).abs() < 1e-6, "{pair:?}");
        assert!(pair.key.left < pair.key.right);
        assert!(pair.status != PairStatus::Accepted && pair.status != PairStatus::Refused);
        assert!(pair.fields.iter().any(|field| !field.left.is_empty() || !field.right.is_empty()), "{pair:?}");
    }
    assert!(graph.pairs.iter().any(|pair| pair.status == PairStatus::Review), "nothing left to ask");
    let members: usize = graph.entities.iter().map(|entity| entity.members.len()).sum();
    let distinct: BTreeSet<&RecordKey> = graph.links.iter().map(|link| &link.record).collect();
    assert_eq!((members, distinct.len()), (graph.links.len(), graph.links.len()));
    assert!(
        graph.entities.iter().all(|entity| !entity.label.is_empty() && !entity.label.chars().any(char::is_control))
    );
    let rules: BTreeSet<&str> = graph.links.iter().map(|link| link.rule.as_str()).collect();
    for rule in ["match", "cross_id", "tombstone", "single"] {
        assert!(rules.contains(rule), "{rule} explains no link: {rules:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_keeps_every_name() {
    let company = Company::new(120, "week1");
    let first = company.resolve(&Decisions::default(), None, 1);
    let second = company.resolve(&Decisions::default(), None, 2);
    assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&second).unwrap());
    let previous = PreviousGraph::of(&first.entities);
    let third = company.resolve(&Decisions::default(), Some(&previous), 0);
    assert_eq!(first.entities, third.entities);
    assert!(third.history.is_empty(), "{:?}", third.history);
}

#[test]
fn a_week_later_customers_keep_their_names() {
    let before = Company::new(120, "week1");
    let first = before.resolve(&Decisions::default(), None, 0);
    let after = Company::load(before.directory, "week2");
    let previous = PreviousGraph::of(&first.entities);
    let second = after.resolve(&Decisions::default(), Some(&previous), 0);
    let (old, new) = (found(&first, EntityKind::Account), found(&second, EntityKind::Account));
    let stayed = new.iter().filter(|(record, _)| old.contains_key(record)).count();
    let kept = new.iter().filter(|(record, entity)| old.get(record) == Some(entity)).count();
    assert!(kept as f64 >= 0.97 * stayed as f64, "{kept} of {stayed} records kept the name of their entity");
    assert!(second.history.iter().any(|event| event.event == "born"), "new customers came");
    let ids: BTreeSet<&EntityId> = second.entities.iter().map(|entity| &entity.id).collect();
    assert_eq!(ids.len(), second.entities.len());
}

#[test]
fn decisions_stand() {
    let company = Company::new(120, "week1");
    let plain = company.resolve(&Decisions::default(), None, 0);
    let by = |key: &PairKey| DecidedPair { key: key.clone(), reviewer: "sam".to_owned() };
    let matched = plain
        .pairs
        .iter()
        .find(|pair| pair.kind == EntityKind::Account && pair.status == PairStatus::Matched && pair.rule != "tombstone")
        .unwrap();
    let tombstone = plain.pairs.iter().find(|pair| pair.rule == "tombstone").unwrap();
    let before = found(&plain, EntityKind::Account);
    let mut apart = before.iter();
    let (one, of_one) = apart.next().unwrap();
    let (other, _) = apart.find(|(_, entity)| *entity != of_one).unwrap();
    let (child, parent) = {
        let mut rest = apart.filter(|(_, entity)| *entity != of_one);
        (rest.next().unwrap().0.clone(), rest.next_back().unwrap().0.clone())
    };
    let decisions = Decisions {
        same: vec![by(&PairKey::new(one.clone(), other.clone()))],
        different: vec![by(&matched.key), by(&tombstone.key)],
        bills_for: vec![DecidedRelation { subject: parent.clone(), object: child.clone(), reviewer: "sam".to_owned() }],
        ..Decisions::default()
    };
    let decided = company.resolve(&decisions, None, 0);
    let after = found(&decided, EntityKind::Account);
    assert_eq!(after[one], after[other]);
    for pair in [matched, tombstone] {
        assert_ne!(after[&pair.key.left], after[&pair.key.right], "{} {}", pair.key.left, pair.key.right);
    }
    let status = |key: &PairKey| decided.pairs.iter().find(|pair| pair.key == *key).map(|pair| pair.status);
    assert_eq!(status(&PairKey::new(one.clone(), other.clone())), Some(PairStatus::Accepted));
    assert_eq!(status(&matched.key), Some(PairStatus::Refused));
    let link = decided.links.iter().find(|link| link.record == *one).unwrap();
    assert_eq!((link.rule.as_str(), link.decided_by.as_str()), ("decision", "sam"));
    let edge =
        decided.hierarchy.iter().find(|edge| edge.relation == "bills_for" && edge.basis.contains("sam")).unwrap();
    assert_eq!((&edge.child, &edge.parent), (&after[&child], &after[&parent]));
}
