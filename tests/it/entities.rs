//! Are entities found, named and kept apart as they should be, also on bad input?

use std::collections::{BTreeMap, BTreeSet};

use fourfold::chart::chart;
use fourfold::config::{Config, SourceSettings};
use fourfold::error::{Error, ErrorKind};
use fourfold::ident::{EntityId, EntityKind, RecordKey, Surface};
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::evidence::reliability;
use fourfold::resolve::evidence::{Hint, HintClass, Hints};
use fourfold::resolve::extract::metadata::{self, KeyNames};
use fourfold::resolve::extract::record::Field;
use fourfold::resolve::extract::set_aside::{is_test_name, like};
use fourfold::resolve::extract::words::{canonical_id, id_in_link, is_distinctive};
use fourfold::resolve::graph::{EntityGraph, HierarchyEdge};
use fourfold::resolve::hierarchy::edges::Edge;
use fourfold::resolve::hierarchy::ultimate::{ultimate_parents, without_circles};
use fourfold::resolve::identity::assign::assign;
use fourfold::resolve::identity::history::events;
use fourfold::resolve::{Decisions, PreviousEntity, PreviousGraph, ResolveInput, resolve};
use fourfold::warehouse::{DuckDb, DuckDbOptions, Warehouse};
use proptest::prelude::*;

fn key(number: u32) -> RecordKey {
    RecordKey::new("crm", "account", format!("{number:04}"))
}

fn keys(numbers: &[u32]) -> Vec<RecordKey> {
    let mut keys: Vec<RecordKey> = numbers.iter().map(|number| key(*number)).collect();
    keys.sort();
    keys
}

fn graph_of(entities: &[Vec<RecordKey>], ids: &[EntityId]) -> PreviousGraph {
    PreviousGraph {
        entities: entities
            .iter()
            .zip(ids)
            .map(|(members, id)| PreviousEntity {
                members: members.clone(),
                ..PreviousEntity::new(id.clone(), EntityKind::Account)
            })
            .collect(),
        retired: Vec::new(),
    }
}

fn named(entities: &[Vec<RecordKey>], previous: Option<&PreviousGraph>) -> Vec<EntityId> {
    assign(EntityKind::Account, entities, previous).ids
}

#[test]
fn a_rerun_keeps_every_name() {
    let entities = vec![keys(&[1, 2]), keys(&[3]), keys(&[4, 5, 6])];
    let ids = named(&entities, None);
    let before = graph_of(&entities, &ids);
    assert_eq!(named(&entities, Some(&before)), ids);
    assert!(ids.iter().all(|id| id.as_str().starts_with("acc_")));
    let names = assign(EntityKind::Account, &entities, Some(&before));
    assert!(events(Some(&before), &entities, &names).is_empty());
}

#[test]
fn a_split_leaves_the_name_with_the_larger_part_even_without_the_record_it_was_named_after() {
    let whole = vec![keys(&[1, 2, 3, 4, 5])];
    let ids = named(&whole, None);
    let before = graph_of(&whole, &ids);
    // Record 1 gave the name; it leaves.
    let parts = vec![keys(&[1, 2]), keys(&[3, 4, 5])];
    let names = assign(EntityKind::Account, &parts, Some(&before));
    assert_eq!(names.ids[1], ids[0]);
    assert_ne!(names.ids[0], ids[0]);
    let history = events(Some(&before), &parts, &names);
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].event.as_str(), &history[0].entity), ("split_from", &names.ids[0]));
    assert_eq!(history[0].other.as_ref(), Some(&ids[0]));
    assert_eq!(history[0].records, keys(&[1, 2]));
}

#[test]
fn a_merge_keeps_the_name_of_its_largest_part_and_says_what_ended() {
    let parts = vec![keys(&[1]), keys(&[2, 3])];
    let ids = named(&parts, None);
    let before = graph_of(&parts, &ids);
    let whole = vec![keys(&[1, 2, 3])];
    let names = assign(EntityKind::Account, &whole, Some(&before));
    assert_eq!(names.ids, [ids[1].clone()]);
    let history = events(Some(&before), &whole, &names);
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].event.as_str(), &history[0].entity), ("merged_into", &ids[0]));
    assert_eq!(history[0].other.as_ref(), Some(&ids[1]));
}

#[test]
fn of_two_equals_the_older_name_wins() {
    let parts = vec![keys(&[1]), keys(&[2])];
    let ids = named(&parts, None);
    for (first, second, winner) in [("2026-01-01", "2025-01-01", 1), ("2025-01-01", "2026-01-01", 0)] {
        let mut before = graph_of(&parts, &ids);
        before.entities[0].born = Some(first.to_owned());
        before.entities[1].born = Some(second.to_owned());
        assert_eq!(named(&[keys(&[1, 2])], Some(&before)), [ids[winner].clone()]);
    }
}

#[test]
fn a_name_is_never_given_to_another_customer() {
    // Everything that bore the name leaves, and the record it was named after comes back on its own.
    let first = vec![keys(&[1, 2, 3])];
    let ids = named(&first, None);
    let second = vec![keys(&[2, 3]), keys(&[1])];
    let before = graph_of(&first, &ids);
    let now = named(&second, Some(&before));
    assert_eq!(now[0], ids[0]);
    assert_ne!(now[1], ids[0]);
}

/// One week's edit of a partition of records.
#[derive(Debug, Clone)]
enum Edit {
    Move(u32, u8),
    Drop(u32),
    Add(u32, u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..40_u32, 0..16_u8).prop_map(|(record, group)| Edit::Move(record, group)),
        (0..40_u32).prop_map(Edit::Drop),
        (0..40_u32, 0..16_u8).prop_map(|(record, group)| Edit::Add(record, group)),
    ]
}

fn groups(partition: &BTreeMap<u32, u8>) -> Vec<Vec<RecordKey>> {
    let mut groups: BTreeMap<u8, Vec<RecordKey>> = BTreeMap::new();
    for (record, group) in partition {
        groups.entry(*group).or_default().push(key(*record));
    }
    groups.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Ten weeks of records that come, go and move: names are unique, follow the majority, and do not depend on order.
    #[test]
    fn names_follow_the_records_over_ten_weeks(
        start in prop::collection::btree_map(0..40_u32, 0..16_u8, 1..40),
        weeks in prop::collection::vec(prop::collection::vec(edit(), 0..12), 10),
    ) {
        let mut partition = start;
        let mut entities = groups(&partition);
        let mut ids = named(&entities, None);
        for week in weeks {
            let before = graph_of(&entities, &ids);
            for edit in week {
                match edit {
                    Edit::Move(record, group) if partition.contains_key(&record) => { partition.insert(record, group); }
                    Edit::Add(record, group) => { partition.entry(record).or_insert(group); }
                    Edit::Drop(record) => { partition.remove(&record); }
                    Edit::Move(..) => {}
                }
            }
            let now = groups(&partition);
            let names = assign(EntityKind::Account, &now, Some(&before));

            // Every name is borne once.
            let distinct: BTreeSet<&EntityId> = names.ids.iter().collect();
            prop_assert_eq!(distinct.len(), now.len());

            // Whoever holds more than half of an old entity's records, and got more than half of its own records that
            // had a name from it, bears its name.
            for (new, records) in now.iter().enumerate() {
                for old in &before.entities {
                    let shared = records.iter().filter(|record| old.members.contains(record)).count();
                    let had_name = records
                        .iter()
                        .filter(|record| before.entities.iter().any(|entity| entity.members.contains(record)))
                        .count();
                    if shared * 2 > old.members.len() && shared * 2 > had_name {
                        prop_assert_eq!(&names.ids[new], &old.id);
                    }
                }
            }

            // A name is inherited only by someone who shares a record with it.
            for (new, records) in now.iter().enumerate() {
                if let Some(old) = before.entities.iter().find(|old| old.id == names.ids[new]) {
                    prop_assert!(records.iter().any(|record| old.members.contains(record)));
                }
            }

            // Order of entities and of the last run does not matter.
            let mut turned = now.clone();
            turned.reverse();
            let mut old_turned = before.clone();
            old_turned.entities.reverse();
            let mut again = assign(EntityKind::Account, &turned, Some(&old_turned)).ids;
            again.reverse();
            prop_assert_eq!(&again, &names.ids);

            // Every name that ended is accounted for, once.
            let history = events(Some(&before), &now, &names);
            for old in before.entities.iter().filter(|old| !names.ids.contains(&old.id)) {
                let endings = history
                    .iter()
                    .filter(|event| event.entity == old.id && (event.event == "merged_into" || event.event == "ended"))
                    .count();
                prop_assert_eq!(endings, 1);
            }
            entities = now;
            ids = names.ids;
        }
    }

    /// However parents are entered, no circle is left, every account keeps at most its edges, and the top has no parent.
    #[test]
    fn no_circle_survives(raw in prop::collection::vec((0..12_u32, 0..12_u32, 0..3_u8), 0..40)) {
        let edges: Vec<Edge> = raw
            .iter()
            .filter(|(child, parent, _)| child != parent)
            .map(|(child, parent, rank)| Edge {
                child: *child,
                parent: *parent,
                rank: *rank,
                relation: "child_of",
                basis: "crm.account.parent_id".to_owned(),
            })
            .collect();
        let distinct: BTreeSet<(u32, u32)> = edges.iter().map(|edge| (edge.child, edge.parent)).collect();
        let mut turned = edges.clone();
        turned.reverse();
        let (kept, dropped) = without_circles(edges);
        prop_assert_eq!(&without_circles(turned).0, &kept);
        let repeats_dropped = kept.len() as u64 + dropped;
        prop_assert!(repeats_dropped >= distinct.len() as u64);
        let named: Vec<HierarchyEdge> = kept
            .iter()
            .map(|edge| HierarchyEdge {
                child: EntityId::new(format!("acc_{:02}", edge.child)),
                parent: EntityId::new(format!("acc_{:02}", edge.parent)),
                relation: edge.relation.to_owned(),
                basis: edge.basis.clone(),
            })
            .collect();
        let tops = ultimate_parents(&named);
        for top in tops.values() {
            prop_assert!(!tops.contains_key(top), "{top} stands at the top and below someone");
        }
        for edge in &named {
            prop_assert!(tops.contains_key(&edge.child));
        }
    }
}

#[test]
fn ids_are_equal_however_systems_quote_them() {
    let long = canonical_id("0015500000Xyy06AAB").unwrap();
    assert_eq!(canonical_id(" 0015500000Xyy06 ").unwrap(), long);
    assert_eq!(canonical_id("\"0015500000Xyy06AAB\"").unwrap(), long);
    assert_eq!(
        canonical_id("{6F9619FF-8B86-D011-B42D-00CF4FC964FF}"),
        canonical_id("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
    );
    assert_eq!(canonical_id("12345.0").as_deref(), Some("12345"));
    assert_eq!(canonical_id("00123").as_deref(), Some("00123"));
    assert_eq!(canonical_id("  "), None);
    assert_eq!(id_in_link("https://acme.my.salesforce.com/0015500000Xyy06"), Some("0015500000Xyy06"));
    assert_eq!(id_in_link("https://dashboard.stripe.com/customers/cus_4fdA9xYz?tab=1"), Some("cus_4fdA9xYz"));
    assert_eq!(id_in_link("0015500000Xyy06"), None);
    assert!(!is_distinctive("42") && !is_distinctive("20260101") && !is_distinctive("enterprise"));
    assert!(is_distinctive("cus_4fdA9") && is_distinctive("370326104793"));
}

#[test]
fn only_whole_test_names_are_tests() {
    for name in ["Test", "TEST ACCOUNT 2", "test-customer", "Demo Org", "Sandbox", "QA Tenant", "DO NOT USE"] {
        assert!(is_test_name(name), "{name}");
    }
    for name in ["Testo Industries", "Demos Ltd", "Test Rite International", "Sandbox Games", "New Company", "Account"]
    {
        assert!(!is_test_name(name), "{name}");
    }
}

#[test]
fn a_star_stands_for_any_text() {
    assert!(like("internal - sandbox", "internal*"));
    assert!(like("qa.acme.com", "*.acme.com"));
    assert!(like("a-b-c", "a*b*c"));
    assert!(like("anything", "*"));
    assert!(!like("acme.com", "*.acme.com"));
    assert!(!like("abc", "a*b"));
    assert!(like("aa", "a*a") && !like("a", "a*a"));
}

#[test]
fn metadata_gives_ids_names_and_domains_under_any_spelling_of_the_key() {
    let mut names = KeyNames::default();
    let mut cells = Vec::new();
    metadata::cells(
        r#"{"SalesForce-Account_ID":"0015500000Xyy06","company name":"Acme GmbH","Website":"acme.de",
            "contact":{"Email":"jo@acme.de"},"account_owner":"rep@us.example","n":7,"note":"two words","off":false}"#,
        &mut names,
        &mut cells,
    );
    let of =
        |field| cells.iter().filter(|cell| cell.field == field).map(|cell| cell.value.as_ref()).collect::<Vec<_>>();
    assert_eq!(of(Field::Identifier), ["0015500000Xyy06", "7"]);
    assert_eq!(of(Field::Name), ["Acme GmbH"]);
    assert_eq!(of(Field::Website), ["acme.de"]);
    assert_eq!(of(Field::Email), ["jo@acme.de"]);
    let mut again = Vec::new();
    metadata::cells(r#"[{"key":"salesforceaccountid","value":"0015500000Xyy06"}]"#, &mut names, &mut again);
    assert_eq!(again[0].column, cells[0].column, "one key, however it is spelt");
    for broken in ["", "{", "nonsense", "{\"a\":", "[[[[[[[[[]]]]]]]]]"] {
        let before = again.len();
        metadata::cells(broken, &mut names, &mut again);
        assert_eq!(again.len(), before, "{broken}");
    }
}

fn hints(count: u32, doubtful: bool) -> Hints {
    Hints {
        classes: vec![HintClass { name: "cross id", detail: "x".to_owned(), doubtful, declared: true, given: None }],
        hints: (0..count).map(|left| Hint { left, right: left + 1000, class: 0 }).collect(),
    }
}

#[test]
fn a_column_of_ids_is_trusted_as_far_as_the_rest_agrees() {
    let share = |ratio: &[f64]| reliability::shares(&hints(ratio.len() as u32, false), ratio)[0];
    let good = share(&[9.0; 200]);
    let bad = share(&[-9.0; 200]);
    let mut mixed = vec![9.0; 150];
    mixed.extend([-9.0; 50]);
    let mixed = share(&mixed);
    assert!(good > 0.99, "{good}");
    assert!(bad < 0.05, "{bad}");
    assert!((0.70..0.80).contains(&mixed), "three of four are right: {mixed}");
    // Pairs about which the columns say nothing leave the expectation as it is.
    let silent = share(&[0.0; 50]);
    assert!((silent - 0.95).abs() < 0.01, "{silent}");
    // One contradiction does not condemn a column, nor does a lot of agreement make it infallible.
    assert!(share(&[-30.0]) > 0.5);
    assert!(share(&vec![30.0; 100_000]) < 0.999);
}

#[test]
fn a_hint_lifts_the_prior_to_its_share_whatever_the_prior_is() {
    for prior in [-20.0, -10.0, -3.0] {
        let total: f64 = prior + reliability::weight(0.9, prior);
        let probability = 1.0 / (1.0 + (-total).exp2());
        assert!((probability - 0.9).abs() < 1e-9);
    }
}

/// A Salesforce schema with these rows, charted and resolved.
fn resolved(statements: &[&str]) -> Result<EntityGraph, Error> {
    let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
    warehouse.execute("CREATE SCHEMA salesforce", &[]).unwrap();
    for statement in statements {
        warehouse.execute(statement, &[]).unwrap();
    }
    let mut config = Config::default();
    let settings = SourceSettings { surface: Surface::Crm, schema: None, system: None, tables: BTreeMap::new() };
    config.sources.insert("salesforce".to_owned(), settings);
    let map = chart(&warehouse, &config, &Silent, &CancelToken::new())?.map;
    let input = ResolveInput {
        warehouse: &warehouse,
        map: &map,
        config: &config,
        decisions: &Decisions::default(),
        previous: None,
        threads: 1,
    };
    resolve(&input, &Silent, &CancelToken::new())
}

const ACCOUNT: &str = "CREATE TABLE salesforce.account (id VARCHAR, name VARCHAR, website VARCHAR, parent_id VARCHAR, \
                       master_record_id VARCHAR, is_deleted BOOLEAN, owner_id VARCHAR, billing_city VARCHAR, \
                       _fivetran_synced TIMESTAMP)";

fn account(id: &str, name: &str, parent: &str, merged_into: &str) -> String {
    let text = |value: &str| if value.is_empty() { "NULL".to_owned() } else { format!("'{value}'") };
    format!(
        "INSERT INTO salesforce.account VALUES ({}, {}, NULL, {}, {}, {}, NULL, NULL, TIMESTAMP '2026-01-05 12:00:00')",
        text(id),
        text(name),
        text(parent),
        text(merged_into),
        !merged_into.is_empty()
    )
}

fn entity<'a>(graph: &'a EntityGraph, pk: &str) -> &'a str {
    graph.links.iter().find(|link| link.record.pk == pk).map(|link| link.entity.as_str()).unwrap()
}

#[test]
fn tombstones_lead_through_chains_circles_and_purged_records() {
    let id = |number: u32| format!("0015g00000Aaa{number:02}AAA");
    let rows = [
        account(&id(1), "Copperline Logistics", "", ""),
        account(&id(2), "Wholly Other Name", "", &id(1)),
        account(&id(3), "Third Name", "", &id(2)[..15]),
        // Two that point at each other.
        account(&id(4), "Northgate Foods", "", &id(5)),
        account(&id(5), "Brightwater Dental", "", &id(4)),
        // Two whose survivor was purged.
        account(&id(6), "Harbour Optics", "", &id(90)),
        account(&id(7), "Meridian Textiles", "", &id(90)),
        // One that stands alone, below one that was merged away.
        account(&id(8), "Sable Energy", &id(2), ""),
    ];
    let statements: Vec<&str> = std::iter::once(ACCOUNT).chain(rows.iter().map(String::as_str)).collect();
    let graph = resolved(&statements).unwrap();
    let of = |number: u32| entity(&graph, &id(number));
    assert_eq!((of(2), of(3)), (of(1), of(1)));
    assert_eq!(of(4), of(5));
    assert_eq!(of(6), of(7));
    let distinct: BTreeSet<&str> = [1, 4, 6, 8].into_iter().map(of).collect();
    assert_eq!(distinct.len(), 4);
    let link = graph.links.iter().find(|link| link.record.pk == id(3)).unwrap();
    assert_eq!(link.rule, "tombstone");
    let edges: Vec<(&str, &str)> =
        graph.hierarchy.iter().map(|edge| (edge.child.as_str(), edge.parent.as_str())).collect();
    assert_eq!(edges, [(of(8), of(1))], "the parent is reached through its tombstone");
    assert_eq!(graph.hierarchy[0].basis, "salesforce.account.parent_id");
}

#[test]
fn rows_that_cannot_be_named_are_left_aside_and_said_so() {
    let rows = [
        account("", "Nameless Key", "", ""),
        account("0015g00000Aaa01AAA", "Copperline Logistics", "", ""),
        account("0015g00000Aaa01AAA", "Copperline Logistics GmbH", "", ""),
        account("0015g00000Aaa02AAA", "'' ; drop table salesforce.account; --", "0015g00000Aaa02AAA", ""),
        account("0015g00000Aaa03AAA", "\u{1b}[31m\u{202e}evil", "0015g00000Aaa02AAA", ""),
        account("0015g00000Aaa04AAA", &"long ".repeat(100_000), "missing", ""),
    ];
    let statements: Vec<&str> = std::iter::once(ACCOUNT).chain(rows.iter().map(String::as_str)).collect();
    let graph = resolved(&statements).unwrap();
    assert_eq!(graph.links.len(), 4);
    let warned = |words: &str| graph.warnings.iter().any(|warning| warning.contains(words));
    assert!(warned("1 rows of salesforce.account have no key"), "{:?}", graph.warnings);
    assert!(warned("1 rows of salesforce.account repeat a key"), "{:?}", graph.warnings);
    assert!(warned("too few"), "{:?}", graph.warnings);
    for entity in &graph.entities {
        assert!(!entity.label.chars().any(char::is_control) && entity.label.chars().count() <= 120);
    }
    assert_eq!(graph.hierarchy.len(), 1, "nobody is its own parent, and a missing parent is none");
}

#[test]
fn empty_tables_and_empty_maps_resolve_to_nothing() {
    let graph = resolved(&[ACCOUNT]).unwrap();
    assert!(graph.entities.is_empty() && graph.links.is_empty() && graph.pairs.is_empty());
    assert!(resolved(&[]).unwrap().entities.is_empty());
}

#[test]
fn masked_names_stop_the_run() {
    let rows: Vec<String> =
        (0..80).map(|number| account(&format!("0015g00000A{number:04}AAA"), "*****", "", "")).collect();
    let statements: Vec<&str> = std::iter::once(ACCOUNT).chain(rows.iter().map(String::as_str)).collect();
    let error = resolved(&statements).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Data);
    assert!(error.message.contains("salesforce.account"), "{}", error.message);
    assert!(!error.hints.is_empty());
}
