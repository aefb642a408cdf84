//! The matcher: quality on generated tables, and properties that hold on any.

use std::collections::BTreeSet;

use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::matching::{
    Evidence, MatchColumn, MatchConcept, MatchOptions, MatchOutcome, MatchTable, infer, match_table, read,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const GIVEN: [&str; 16] = [
    "anna", "boris", "clara", "david", "elena", "felix", "greta", "henry", "irene", "jonas", "karla", "louis", "maria",
    "nils", "olga", "peter",
];
const FAMILY: [&str; 16] = [
    "adler", "berger", "conrad", "dietz", "engel", "fischer", "graf", "huber", "imhof", "jansen", "keller", "lorenz",
    "maurer", "neumann", "ott", "pfeiffer",
];
const TOWNS: [&str; 6] = ["basel", "bremen", "dresden", "linz", "leipzig", "zug"];

type Row = [String; 6];

/// People with a copy each for a third of them; the copy errs in one field.
fn people(count: usize, seed: u64) -> (Vec<Row>, BTreeSet<(String, String)>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows: Vec<Row> = Vec::new();
    let mut truth = BTreeSet::new();
    for number in 0..count {
        let (given, family) = (GIVEN[random.random_range(0..16)], FAMILY[random.random_range(0..16)]);
        let town = random.random_range(0..6usize);
        let row = [
            format!("r{number}"),
            given.to_owned(),
            family.to_owned(),
            format!(
                "{}-{:02}-{:02}",
                random.random_range(1940..2000),
                random.random_range(1..13),
                random.random_range(1..29)
            ),
            TOWNS[town].to_owned(),
            format!("{:04}", 1000 + town * 111),
        ];
        if number % 3 == 0 {
            let mut copy = row.clone();
            copy[0] = format!("c{number}");
            match random.random_range(0..3) {
                0 => copy[2].insert(1, 'x'),
                1 => copy[4] = String::new(),
                _ => copy[1].truncate(1),
            }
            truth.insert((row[0].clone(), copy[0].clone()));
            rows.push(copy);
        }
        rows.push(row);
    }
    (rows, truth)
}

fn table(rows: &[Row]) -> MatchTable {
    let mut table = MatchTable::new(rows.iter().map(|row| row[0].clone()).collect::<Vec<String>>(), "people");
    let concepts = [
        MatchConcept::GivenName,
        MatchConcept::FamilyName,
        MatchConcept::Date,
        MatchConcept::City,
        MatchConcept::PostalCode,
    ];
    for (at, concept) in concepts.into_iter().enumerate() {
        table.columns.push(MatchColumn::from_values(
            concept.name(),
            concept,
            rows.iter().map(|row| row[at + 1].as_str()),
        ));
    }
    table
}

fn run(table: &MatchTable, options: &MatchOptions) -> MatchOutcome {
    match_table(table, options, &Silent, &CancelToken::new()).unwrap()
}

fn found(table: &MatchTable, outcome: &MatchOutcome) -> BTreeSet<(String, String)> {
    let id = |row: u32| table.ids[row as usize].to_owned();
    outcome
        .matches
        .iter()
        .map(|pair| (id(pair.left), id(pair.right)))
        .map(|(one, other)| if one > other { (one, other) } else { (other, one) })
        .collect()
}

#[test]
fn duplicates_of_people_are_found_without_labels() {
    for (count, seed) in [(600, 1), (2400, 2)] {
        let (rows, truth) = people(count, seed);
        let table = table(&rows);
        let outcome = run(&table, &MatchOptions::default());
        let found = found(&table, &outcome);
        let right = found.intersection(&truth).count() as f64;
        let (precision, recall) = (right / found.len() as f64, right / truth.len() as f64);
        assert!(precision > 0.95 && recall > 0.95, "{count} people: precision {precision:.3}, recall {recall:.3}");
        assert!(outcome.estimates.precision > 0.9 && outcome.estimates.recall > 0.8, "{:?}", outcome.estimates);
    }
}

#[test]
fn bars_sum_to_the_weight() {
    let (rows, _) = people(300, 3);
    let table = table(&rows);
    let outcome = run(&table, &MatchOptions::default());
    assert!(!outcome.pairs.is_empty());
    for pair in &outcome.pairs {
        let waterfall = outcome.explain(&table, pair.left, pair.right);
        assert!((waterfall.weight() - pair.weight).abs() < 1e-9);
    }
}

/// Records of people with a street drawn apart from the town, and a mailbox made of the names; a copy for a third of them.
fn addresses(count: usize) -> (MatchTable, BTreeSet<(String, String)>) {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let mut rows: Vec<[String; 8]> = Vec::new();
    let mut truth = BTreeSet::new();
    for number in 0..count {
        let (given, family) = (GIVEN[random.random_range(0..16)], format!("family{}", random.random_range(0..60)));
        let year = random.random_range(1940..2000);
        let row = [
            format!("r{number}"),
            given.to_owned(),
            family.clone(),
            format!("{year}-{:02}-{:02}", random.random_range(1..13), random.random_range(1..29)),
            format!("{} elm road", random.random_range(1..2500)),
            format!("town{}", random.random_range(0..80)),
            format!("{given}.{family}@host{}.example", random.random_range(0..4)),
            format!("+4930{:08}", random.random_range(0..100_000_000)),
        ];
        if number % 3 == 0 {
            let mut copy = row.clone();
            copy[0] = format!("c{number}");
            match random.random_range(0..3) {
                0 => copy[3].clear(),
                1 => copy[4].clear(),
                _ => copy[7].clear(),
            }
            truth.insert((row[0].clone(), copy[0].clone()));
            rows.push(copy);
        }
        rows.push(row);
    }
    let concepts = [
        MatchConcept::GivenName,
        MatchConcept::FamilyName,
        MatchConcept::Date,
        MatchConcept::Street,
        MatchConcept::City,
        MatchConcept::Email,
        MatchConcept::Phone,
    ];
    let mut table = MatchTable::new(rows.iter().map(|row| row[0].clone()).collect::<Vec<String>>(), "people");
    for (at, concept) in concepts.into_iter().enumerate() {
        let values = rows.iter().map(|row| row[at + 1].as_str());
        table.columns.push(MatchColumn::from_values(concept.name(), concept, values));
    }
    (table, truth)
}

/// Streets are not told apart by their town here, and mailbox names are made of names: what two keys leave together is
/// counted in the table, so that little is compared in vain.
#[test]
fn passes_follow_what_keys_share_in_the_table() {
    let (table, truth) = addresses(9000);
    let outcome = run(&table, &MatchOptions { candidates_per_row: Some(3.0), ..MatchOptions::default() });
    let found = found(&table, &outcome);
    let right = found.intersection(&truth).count() as f64;
    assert!(right / truth.len() as f64 > 0.97, "{right} of {}", truth.len());
    assert!(outcome.candidates <= 15_000, "{} pairs by {:?}", outcome.candidates, outcome.passes);
}

#[test]
fn a_domain_is_mistyped_by_one_slip_and_not_by_two() {
    let mut table = MatchTable::new((0..8).map(|row| format!("r{row}")).collect::<Vec<String>>(), "mail");
    let mails = [
        "ann.lee@northwind.com",
        "ann.lee@nothwind.com",
        "bob.ray@work.example",
        "bob.ray@corp.example",
        "cora.lind@acme.com",
        "cora.lint@acme.com",
        "dora@acme.com",
        "",
    ];
    table.columns.push(MatchColumn::from_values("email", MatchConcept::Email, mails));
    let outcome = run(&table, &MatchOptions::default());
    let level = |left, right| outcome.explain(&table, left, right).bars[1].level.clone();
    assert_eq!(level(0, 1), "same mailbox name, mistyped domain");
    assert_eq!(level(2, 3), "same mailbox name, other domain");
    assert_eq!(level(4, 5), "one slip apart");
    assert_eq!(level(5, 6), "same domain");
    assert_eq!(level(6, 7), "one side empty");
}

#[test]
fn decisions_are_hard_and_evidence_has_its_bar() {
    let (rows, _) = people(300, 4);
    let table = table(&rows);
    let plain = run(&table, &MatchOptions::default());
    let parted = plain.matches[0];
    let apart = (0..300u32)
        .flat_map(|left| (left + 1..300).map(move |right| (left, right)))
        .find(|(left, right)| plain.clusters[*left as usize] != plain.clusters[*right as usize])
        .unwrap();
    let options = MatchOptions {
        cannot_link: vec![(parted.right, parted.left)],
        must_link: vec![apart],
        ..MatchOptions::default()
    };
    let decided = run(&table, &options);
    assert_ne!(decided.clusters[parted.left as usize], decided.clusters[parted.right as usize]);
    assert_eq!(decided.clusters[apart.0 as usize], decided.clusters[apart.1 as usize]);
    let evidence = Evidence {
        left: apart.0,
        right: apart.1,
        name: "cross id".to_owned(),
        weight: 60.0,
        detail: "kept in a custom field".to_owned(),
    };
    let shown = run(&table, &MatchOptions { evidence: vec![evidence], ..MatchOptions::default() });
    assert!(
        shown
            .explain(&table, apart.0, apart.1)
            .bars
            .iter()
            .any(|bar| bar.comparison == "cross id" && (bar.weight - 60.0).abs() < 1e-9)
    );
    assert_eq!(shown.clusters[apart.0 as usize], shown.clusters[apart.1 as usize]);
}

#[test]
fn sister_companies_at_one_address_stay_apart() {
    let words =
        ["Harrow", "Ingle", "Penhale", "Stanmore", "Thornby", "Oakham", "Wexcombe", "Ridley", "Marlow", "Denholm"];
    let kinds = ["Plastics", "Holdings", "Textiles"];
    let mut ids = Vec::new();
    let (mut names, mut streets, mut domains) = (Vec::new(), Vec::new(), Vec::new());
    for (number, word) in words.iter().enumerate() {
        for (sister, kind) in kinds.iter().enumerate() {
            for form in ["Ltd", "Limited"] {
                ids.push(format!("{word}-{kind}-{form}"));
                names.push(format!("{word} {kind} {form}"));
                streets.push(format!("{} Canal Street", 10 + number * 7));
                domains.push(format!("{}{}.com", word.to_lowercase(), ["", "group", "tex"][sister]));
            }
        }
    }
    let mut table = MatchTable::new(ids.clone(), "accounts");
    let column = |name: &str, concept, values: &[String]| {
        MatchColumn::from_values(name, concept, values.iter().map(String::as_str))
    };
    table.columns = vec![
        column("name", MatchConcept::CompanyName, &names),
        column("street", MatchConcept::Street, &streets),
        column("website", MatchConcept::Domain, &domains),
    ];
    let outcome = run(&table, &MatchOptions::default());
    let wrong: Vec<_> = outcome
        .matches
        .iter()
        .filter(|pair| {
            names[pair.left as usize].rsplit_once(' ').map(|(core, _)| core)
                != names[pair.right as usize].rsplit_once(' ').map(|(core, _)| core)
        })
        .collect();
    assert!(wrong.is_empty(), "{} sisters were merged", wrong.len());
    assert_eq!(outcome.matches.len(), words.len() * kinds.len());
}

#[test]
fn a_table_too_small_to_learn_from_says_so() {
    let (rows, _) = people(6, 5);
    assert!(!run(&table(&rows), &MatchOptions::default()).warnings.is_empty());
}

#[test]
fn files_are_read_with_quotes_and_name_the_line_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.csv");
    std::fs::write(&good, "id,name,note\r\n1,\"Acme, Inc\",\"said \"\"no\"\"\"\r\n2,Bolt Ltd,\"two\nlines\"\r\n")
        .unwrap();
    let table = read::read_table(&good).unwrap();
    assert_eq!(table.ids, ["1", "2"]);
    assert_eq!(
        (table.columns[0].text(0), table.columns[1].text(0), table.columns[1].text(1)),
        ("Acme, Inc", "said \"no\"", "two\nlines")
    );
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, "id,name\n1,a\n2,b,c\n").unwrap();
    let message = read::read_table(&bad).unwrap_err().message;
    assert!(message.contains("bad.csv, line 3"), "{message}");
    let lines = folder.path().join("rows.jsonl");
    std::fs::write(&lines, "{\"id\":1,\"name\":\"Acme\"}\n{\"id\":2,\"name\":null}\n").unwrap();
    let mut table = read::read_table(&lines).unwrap();
    infer::infer(&mut table, &[]);
    assert_eq!((table.ids.len(), table.columns[0].text(0)), (2, "Acme"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn order_of_input_and_threads_never_show(seed in 0u64..1000, count in 300usize..900) {
        let (rows, _) = people(count, seed);
        let first = table(&rows);
        let plain = run(&first, &MatchOptions { threads: 1, ..MatchOptions::default() });
        let mut shuffled = rows.clone();
        shuffled.reverse();
        shuffled.rotate_left(count / 3);
        let second = table(&shuffled);
        let other = run(&second, &MatchOptions { threads: 3, ..MatchOptions::default() });
        prop_assert_eq!(found(&first, &plain), found(&second, &other));
        for (one, another) in plain.model.comparisons.iter().zip(&other.model.comparisons) {
            for (left, right) in one.levels.iter().zip(&another.levels) {
                prop_assert!((left.m - right.m).abs() < 1e-9 && (left.u - right.u).abs() < 1e-9);
            }
        }
    }
}
