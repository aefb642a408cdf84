//! What a verdict would change, what the neighbours say, and how an entity falls apart.

use fourfold::ident::{EntityId, EntityKind, PairKey, RecordKey, Surface};
use fourfold::impact::blast::{Held, blast};
use fourfold::impact::evidence::evidence;
use fourfold::impact::parts::parts;
use fourfold::impact::{Facts, Tally};
use fourfold::resolve::graph::PairStatus;
use fourfold::snapshot::{Edge, Neighbour, Neighbours, PairRow, Snapshot, SnapshotReader};
use proptest::prelude::*;

use super::company::{company, entity};
use super::drive::Drive;

fn record(number: usize) -> RecordKey {
    RecordKey::new("crm", "account", format!("{number:03}"))
}

fn tie(left: usize, right: usize, weight: f64) -> PairRow {
    PairRow {
        position: 0,
        key: PairKey::new(record(left), record(right)),
        kind: EntityKind::Account,
        weight,
        probability: 0.9,
        status: PairStatus::Matched,
        rule: "name".into(),
        priority: 1.0,
        money: None,
        currency: None,
        reason: String::new(),
        cluster: 0,
        left_entity: entity(0),
        right_entity: entity(0),
        left_label: String::new(),
        right_label: String::new(),
    }
}

#[test]
fn an_entity_falls_at_its_weakest_tie() {
    // Two triangles held together by one weak pair.
    let ties = [
        tie(1, 2, 9.0),
        tie(2, 3, 8.0),
        tie(1, 3, 7.0),
        tie(4, 5, 9.0),
        tie(5, 6, 8.0),
        tie(4, 6, 7.0),
        tie(3, 4, 1.0),
    ];
    let members: Vec<RecordKey> = (1..=7).map(record).collect();
    let groups = parts(&members, &ties, &[], &[(record(3), record(4))]);
    assert_eq!(groups, [[1, 2, 3, 7].map(record).to_vec(), [4, 5, 6].map(record).to_vec()], "7 stays with the largest");
    let groups = parts(&members, &ties, &[], &[(record(1), record(6))]);
    assert_eq!(groups.len(), 2, "far ends are parted at the weak pair: {groups:?}");
    assert!(groups[0].contains(&record(1)) && !groups[0].contains(&record(6)));
    let groups = parts(&members, &ties, &[(record(3), record(4))], &[(record(1), record(6))]);
    assert!(groups.iter().any(|group| group.contains(&record(3)) && group.contains(&record(4))), "a decision holds");
    assert_eq!(parts(&members, &ties, &[], &[]).len(), 1);
}

proptest! {
    #[test]
    fn whatever_is_kept_apart_is_apart_and_nobody_is_lost(
        edges in prop::collection::vec((0_usize..12, 0_usize..12, -3.0_f64..12.0), 0..40),
        apart in prop::collection::vec((0_usize..12, 0_usize..12), 0..6),
    ) {
        let ties: Vec<PairRow> =
            edges.iter().filter(|(one, other, _)| one != other).map(|(one, other, weight)| tie(*one, *other, *weight)).collect();
        let apart: Vec<_> = apart.iter().filter(|(one, other)| one != other).map(|(one, other)| (record(*one), record(*other))).collect();
        let members: Vec<RecordKey> = (0..12).map(record).collect();
        let groups = parts(&members, &ties, &[], &apart);
        let mut all: Vec<RecordKey> = groups.iter().flatten().cloned().collect();
        all.sort();
        prop_assert_eq!(all, members);
        for (one, other) in &apart {
            prop_assert!(!groups.iter().any(|group| group.contains(one) && group.contains(other)));
        }
        let mut turned = ties.clone();
        turned.reverse();
        prop_assert_eq!(groups, parts(&(0..12).rev().map(record).collect::<Vec<_>>(), &turned, &[], &apart));
    }
}

fn reader() -> (tempfile::TempDir, SnapshotReader) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    Snapshot::write(&path, &company(12)).unwrap();
    let reader = SnapshotReader::open(&path).unwrap();
    (directory, reader)
}

#[test]
fn a_merge_says_what_moves_and_an_undo_takes_it_back() {
    let (_directory, reader) = reader();
    let row = reader.pairs_at(&[0]).unwrap().remove(0);
    let (left, right) = (
        Facts::read(&reader, &[entity(0)]).unwrap(),
        Facts::read(&reader, std::slice::from_ref(&row.right_entity)).unwrap(),
    );
    let surfaces = reader.surfaces().unwrap();
    assert_eq!(surfaces.get("stripe_eu"), Some(&Surface::Billing));
    let found = blast(&row, &left, &right, &[], &Held::default(), &surfaces);
    assert_eq!(found.same.merged, 1);
    assert_eq!(found.same.revenue.get("EUR"), Some(&(84_200.0, 83_300.0)));
    assert_eq!(found.same.plays.len(), 1, "{:?}", found.same.plays);
    assert!(found.apart.is_empty());
    let tally = Tally::of(&found.same);
    let mut total = Tally::default();
    total.add(&tally, 1);
    total.add(&tally, 1);
    assert_eq!((total.merged, total.revenue["EUR"]), (2, 335_000.0));
    total.add(&tally, -1);
    total.add(&tally, -1);
    assert!(total.is_empty(), "{total:?}");
}

fn with(neighbours: &[(&str, &[(&str, Option<&str>)])]) -> Facts {
    let mut facts = Facts::default();
    for (relation, items) in neighbours {
        let items: Vec<Neighbour> = items
            .iter()
            .map(|(id, more)| {
                let day = more.filter(|more| more.starts_with("20")).map(str::to_owned);
                let behind = more.filter(|more| more.starts_with("per")).map(str::to_owned);
                Neighbour { id: (*id).into(), label: format!("name of {id}"), behind, day }
            })
            .collect();
        facts.neighbours.push(Neighbours {
            entity: entity(0),
            relation: (*relation).into(),
            total: items.len() as u64,
            items,
        });
    }
    facts
}

fn two(kind: EntityKind) -> PairRow {
    PairRow { right_entity: entity(1), kind, ..tie(1, 2, 1.0) }
}

#[test]
fn neighbours_on_both_sides_speak_for_one_entity() {
    let left = with(&[
        ("domain", &[("a.example", None), ("b.example", None)]),
        ("user_of_account", &[("per_1", None), ("per_2", None)]),
        ("invoice_of_account", &[("i1", Some("2025-01-03")), ("i2", Some("2025-06-03"))]),
        ("ticket_of_account", &[("t1", Some("per_3")), ("t2", Some("per_9"))]),
    ]);
    let right = with(&[
        ("domain", &[("b.example", None)]),
        ("user_of_account", &[("per_2", None), ("per_3", None)]),
        ("invoice_of_account", &[("i3", Some("2025-08-01"))]),
    ]);
    let found = evidence(&two(EntityKind::Account), &left, &right, &[]);
    let of = |kind: &str| found.iter().find(|evidence| evidence.kind == kind).unwrap();
    assert_eq!((of("domain").text.as_str(), of("domain").speaks_for), ("both use b.example", Some(true)));
    assert_eq!(of("contact").text, "one person belongs to both");
    assert_eq!(of("contact").personal, ["name of per_2"], "names stand apart, to be masked");
    assert!(of("invoice").text.ends_with("one begins where the other ends"), "{}", of("invoice").text);
    assert_eq!(of("ticket").text, "1 tickets of the left were opened by people of the right");
}

#[test]
fn neighbours_that_differ_speak_against_it() {
    let left = with(&[("domain", &[("a.example", None)])]);
    let mut right = with(&[("domain", &[("b.example", None)])]);
    let found = evidence(&two(EntityKind::Account), &left, &right, &[]);
    assert_eq!(found[0].speaks_for, Some(false));
    // An edge between the two: parent and child are two accounts.
    let row = |id: EntityId| fourfold::snapshot::EntityRow {
        id,
        kind: EntityKind::Account,
        label: "x".into(),
        arr: None,
        currency: None,
        status: String::new(),
        sources: Vec::new(),
        record_count: 1,
    };
    let mut left = left;
    left.rows.push(row(entity(0)));
    right.rows.push(row(entity(1)));
    left.edges.push(Edge {
        child: entity(0),
        parent: entity(1),
        relation: "child_of".into(),
        basis: "salesforce.account.parent_id".into(),
    });
    let found = evidence(&two(EntityKind::Account), &left, &right, &[]);
    let edge = found.iter().find(|evidence| evidence.kind == "hierarchy").unwrap();
    assert_eq!(edge.text, "the left stands below the right (salesforce.account.parent_id)");
    assert_eq!(edge.speaks_for, Some(false));
    let people = evidence(
        &two(EntityKind::Person),
        &with(&[("account_of_user", &[("acc_1", None)])]),
        &with(&[("account_of_user", &[("acc_2", None)])]),
        &[],
    );
    assert_eq!(people[0].speaks_for, Some(false));
    let refused = PairRow { status: PairStatus::Refused, right_entity: entity(1), ..tie(3, 4, 2.0) };
    let found = evidence(&two(EntityKind::Account), &Facts::default(), &Facts::default(), &[refused]);
    assert!(found[0].text.contains("1 decided different"), "{}", found[0].text);
}

#[test]
fn the_surroundings_come_by_themselves_and_follow_the_verdicts() {
    let mut data = company(12);
    // Pair 1 shares its left entity with pair 0: a verdict on 0 changes what 1 is about.
    data.pairs[1].left_entity = entity(0);
    let mut drive = Drive::new(&data, (200, 60), "mono");
    drive.keys("2");
    assert!(drive.shows("one person belongs to both"), "{}", drive.text());
    assert!(drive.shows("2 accounts become one"), "{}", drive.text());
    assert!(!drive.shows("Noor Haddad"), "people in the evidence are masked");
    drive.keys("R");
    assert!(drive.shows("Noor Haddad"), "{}", drive.text());
    drive.keys("a");
    assert_eq!(drive.state.review.here(), Some(1));
    assert!(drive.shows("with 1 more, by your verdicts"), "{}", drive.text());
    assert!(drive.shows("3 accounts become one"), "{}", drive.text());
    let around = drive.state.review.around().unwrap();
    assert_eq!(around.prior.len(), 1, "the verdict on pair 0 bears on it");
    assert_eq!(drive.state.review.sitting.tally.merged, 1);
    drive.keys("a");
    assert_eq!(drive.state.review.sitting.tally.merged, 2);
    drive.keys("zz");
    assert!(drive.state.review.sitting.tally.is_empty(), "{:?}", drive.state.review.sitting.tally);
    assert!(drive.shows("2 accounts become one"));
}

#[test]
fn a_pair_inside_an_entity_says_how_it_would_split() {
    let mut data = company(12);
    for (index, (left, right)) in [(1, 2), (2, 3), (4, 5), (3, 4)].into_iter().enumerate() {
        let pair = &mut data.pairs[index];
        pair.pair.key = PairKey::new(record(left), record(right));
        pair.pair.status = PairStatus::Matched;
        pair.reason = if index == 3 { "bridge".into() } else { String::new() };
        (pair.left_entity, pair.right_entity) = (entity(0), entity(0));
    }
    data.pairs.swap(0, 3);
    let mut drive = Drive::new(&data, (200, 60), "mono");
    drive.keys("2");
    assert!(drive.shows("the account splits in 2: 5 and 2 records"), "{}", drive.text());
    assert!(drive.shows("one of 4 ties inside the entity, and the only one"), "{}", drive.text());
    drive.keys("x");
    assert_eq!(drive.state.review.sitting.tally.split, 1);
    assert!(drive.shows("1 entity splits"), "{}", drive.text());
}
