//! What a person says of the tables: rules, decisions, pairs to score; and what the matcher says of its clusters.

use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::matching::{
    MatchColumn, MatchConcept, MatchOptions, MatchOutcome, MatchTable, Rules, labels, match_table,
};

/// Rows of given name, family name, birthday, town and tax number; every third has a copy with a slip.
fn rows(count: usize) -> Vec<[String; 6]> {
    const GIVEN: [&str; 11] =
        ["anna", "boris", "clara", "david", "elena", "felix", "greta", "henry", "irene", "jonas", "karla"];
    const FAMILY: [&str; 13] = [
        "adler", "berger", "conrad", "dietz", "engel", "fischer", "graf", "huber", "imhof", "jansen", "keller",
        "lorenz", "maurer",
    ];
    let mut rows = Vec::new();
    for number in 0..count {
        let row = [
            format!("r{number:04}"),
            GIVEN[number * 7 % 11].to_owned(),
            FAMILY[number * 5 % 13].to_owned(),
            format!("{}-{:02}-{:02}", 1940 + number * 17 % 60, 1 + number * 5 % 12, 1 + number * 11 % 28),
            ["basel", "bremen", "linz", "zug"][number * 3 % 4].to_owned(),
            format!("T{:05}", number * 7919 % 100_000),
        ];
        if number % 3 == 0 {
            let mut copy = row.clone();
            copy[0] = format!("c{number:04}");
            copy[2].insert(1, 'x');
            rows.push(copy);
        }
        rows.push(row);
    }
    rows
}

fn table(rows: &[[String; 6]]) -> MatchTable {
    let mut table = MatchTable::new(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), "people");
    let columns = [
        ("given", MatchConcept::GivenName),
        ("family", MatchConcept::FamilyName),
        ("born", MatchConcept::Date),
        ("town", MatchConcept::City),
        ("tax_id", MatchConcept::Identifier),
    ];
    for (at, (name, concept)) in columns.into_iter().enumerate() {
        table.columns.push(MatchColumn::from_values(name, concept, rows.iter().map(|row| row[at + 1].as_str())));
    }
    table
}

fn run(table: &MatchTable, options: &MatchOptions) -> MatchOutcome {
    match_table(table, options, &Silent, &CancelToken::new()).unwrap()
}

fn with_rules(text: &str) -> MatchOptions {
    MatchOptions { rules: Rules::parse(text, "rules.toml").unwrap(), ..MatchOptions::default() }
}

fn row_of(rows: &[[String; 6]], id: &str) -> u32 {
    rows.iter().position(|row| row[0] == id).unwrap() as u32
}

#[test]
fn rules_decide_pairs_and_show_as_a_bar() {
    let mut rows = rows(240);
    // Two people who share nothing but a tax number, and a copy that lives elsewhere.
    let (one, other) = (row_of(&rows, "r0001") as usize, row_of(&rows, "r0100") as usize);
    rows[one][5] = "T99999".to_owned();
    rows[other][5] = "T99999".to_owned();
    let copy = row_of(&rows, "c0030") as usize;
    let original = row_of(&rows, "r0030");
    rows[copy][4] = if rows[original as usize][4] == "zug" { "linz" } else { "zug" }.to_owned();
    let table = table(&rows);
    let plain = run(&table, &MatchOptions::default());
    assert_ne!(plain.clusters[one], plain.clusters[other]);
    assert_eq!(
        plain.clusters[copy], plain.clusters[original as usize],
        "a copy in another town is found without rules"
    );
    let ruled = run(
        &table,
        &with_rules(
            "[[must_match]]\nname = \"one tax number\"\nsame = [\"tax_id\"]\n\n\
             [[must_not_match]]\nname = \"other town\"\ndifferent = [\"city\"]\nsame = [\"born\"]\n",
        ),
    );
    assert_eq!(ruled.clusters[one], ruled.clusters[other]);
    assert_ne!(ruled.clusters[copy], ruled.clusters[original as usize], "a forbidden pair stays apart");
    let bars = ruled.explain(&table, one as u32, other as u32);
    assert!(bars.bars.iter().any(|bar| bar.comparison == "one tax number" && bar.level == "must match"), "{bars:?}");
    let bars = ruled.explain(&table, copy as u32, original);
    assert!(bars.bars.iter().any(|bar| bar.comparison == "other town" && bar.weight < -100.0), "{bars:?}");
    for pair in ruled.pairs.iter().take(200) {
        let sum = ruled.explain(&table, pair.left, pair.right).weight();
        assert!((sum - pair.weight).abs() < 1e-9, "bars sum to {sum}, the pair weighs {}", pair.weight);
    }
}

#[test]
fn a_limit_holds_what_a_column_says() {
    let rows = rows(240);
    let table = table(&rows);
    let held = run(&table, &with_rules("[[compare]]\ncolumn = \"born\"\nmost = 1.5\nleast = -0.5\n"));
    let pair = (row_of(&rows, "c0030"), row_of(&rows, "r0030"));
    let bars = held.explain(&table, pair.0, pair.1);
    let born = bars.bars.iter().find(|bar| bar.comparison == "born").unwrap();
    assert!((-0.5..=1.5).contains(&born.weight), "{born:?}");
    let plain = run(&table, &MatchOptions::default()).explain(&table, pair.0, pair.1);
    assert!(plain.bars.iter().find(|bar| bar.comparison == "born").unwrap().weight > 1.5);
}

#[test]
fn a_wrong_rules_file_is_named_with_line_and_column() {
    for (text, place, what) in [
        ("[[must_match]]\nsame = [\"a\"\n", "rules.toml:", ""),
        ("[[must_match]]\nsam = [\"a\"]\n", "rules.toml:2:1", "sam"),
        ("[columns]\norg = \"corporation\"\n", "rules.toml:2:7", "corporation"),
        ("[[must_match]]\nclose = [\"a\"]\n", "rules.toml:1:", "same"),
        ("[[block]]\nsame = []\n", "rules.toml:1:", "no column"),
        ("[[compare]]\ncolumn = \"a\"\nleast = 2\nmost = 1\n", "rules.toml:1:", "above"),
        ("[[must_not_match]]\nsame = [\"a\"]\nsources = [\"x\", \"y\", \"z\"]\n", "rules.toml:3:22", "two"),
    ] {
        let wrong = Rules::parse(text, "rules.toml").unwrap_err();
        assert!(wrong.message.starts_with(place) && wrong.message.contains(what), "{text:?}: {}", wrong.message);
        assert_eq!(wrong.exit_code(), 2);
    }
    let table = table(&rows(30));
    let options = with_rules("[[must_match]]\nsame = [\"vat\"]\n");
    let wrong = match_table(&table, &options, &Silent, &CancelToken::new()).unwrap_err();
    assert!(wrong.message.contains("rules.toml:2:9") && wrong.message.contains("`vat`"), "{}", wrong.message);
    let options = with_rules("[[source]]\nname = \"crm\"\nduplicates = false\n");
    let wrong = match_table(&table, &options, &Silent, &CancelToken::new()).unwrap_err();
    assert!(wrong.message.contains("no source `crm`"), "{}", wrong.message);
}

#[test]
fn a_source_without_duplicates_keeps_its_rows_apart() {
    let rows = rows(240);
    let table = table(&rows);
    let plain = run(&table, &MatchOptions::default());
    assert!(!plain.matches.is_empty());
    let unique = run(&table, &with_rules("[[source]]\nname = \"people\"\nduplicates = false\n"));
    assert!(unique.matches.is_empty(), "{} pairs inside a source that has none", unique.matches.len());
}

#[test]
fn decisions_are_read_or_refused_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.csv");
    let table = table(&rows(30));
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        labels::read_labels(&path, &table)
    };
    let good = read(
        "verdict,left_id,right_id\nsame,r0000,c0000\nDifferent,r0001,r0002\nunsure,r0003,r0004\nsame,r0001,gone\n",
    )
    .unwrap();
    assert_eq!((good.same.len(), good.different.len(), good.unknown), (1, 1, 1));
    for (text, what) in [
        ("left_id,right_id\nr0000,c0000\n", "line 1: there is no column `verdict`"),
        ("left_id,right_id,verdict\nr0000,c0000,perhaps\n", "line 2: `perhaps` is no verdict"),
        (
            "left_id,right_id,verdict\nr0000,c0000,same\nc0000,r0000,different\n",
            "one way in line 2 and the other way in line 3",
        ),
    ] {
        let wrong = read(text).unwrap_err();
        assert!(wrong.message.contains(what), "{}", wrong.message);
    }
}

#[test]
fn decisions_correct_how_far_weights_are_believed() {
    let rows = rows(600);
    let table = table(&rows);
    let plain = run(&table, &MatchOptions::default());
    // Pairs the model is sure of turn out to be different: the rest of its kind is believed less.
    let copies: Vec<(u32, u32)> = (0..600)
        .step_by(3)
        .map(|number| (row_of(&rows, &format!("c{number:04}")), row_of(&rows, &format!("r{number:04}"))))
        .collect();
    let (decided, open) = copies.split_at(60);
    let taught = run(&table, &MatchOptions { cannot_link: decided.to_vec(), ..MatchOptions::default() });
    let mean = |outcome: &MatchOutcome| {
        open.iter().map(|(left, right)| outcome.explain(&table, *left, *right).weight()).sum::<f64>()
            / open.len() as f64
    };
    assert!(mean(&taught) < mean(&plain) - 1.0, "{} then {}", mean(&plain), mean(&taught));
    for (left, right) in decided {
        assert_ne!(taught.clusters[*left as usize], taught.clusters[*right as usize]);
    }
}

#[test]
fn given_pairs_are_scored_as_given() {
    let rows = rows(120);
    let table = table(&rows);
    let asked = vec![
        (row_of(&rows, "r0050"), row_of(&rows, "r0001")),
        (row_of(&rows, "c0030"), row_of(&rows, "r0030")),
        (row_of(&rows, "r0007"), row_of(&rows, "r0008")),
    ];
    let outcome = run(&table, &MatchOptions { only: Some(asked.clone()), ..MatchOptions::default() });
    let given: Vec<(u32, u32)> = outcome.matches.iter().map(|pair| (pair.left, pair.right)).collect();
    assert_eq!(given, asked, "all of them, in their order");
    let likely: Vec<bool> = outcome.matches.iter().map(|pair| pair.probability > 0.5).collect();
    assert_eq!(likely, [false, true, false]);
}

#[test]
fn a_cluster_says_what_holds_it_and_what_would_split_it() {
    let mut rows = rows(240);
    // Three spellings of one person, and one that only a decision ties to them.
    let original = rows[row_of(&rows, "r0030") as usize].clone();
    for (id, family) in [("x1", "fischer"), ("x2", "fischher")] {
        let mut copy = original.clone();
        copy[0] = id.to_owned();
        copy[2] = family.to_owned();
        rows.push(copy);
    }
    let table = table(&rows);
    let (one, far) = (row_of(&rows, "r0030"), row_of(&rows, "r0101"));
    let outcome = run(&table, &MatchOptions { must_link: vec![(one, far)], ..MatchOptions::default() });
    let explained = outcome.explain_cluster(one);
    assert!(explained.rows.contains(&far) && explained.rows.len() >= 3, "{explained:?}");
    assert_eq!(explained.holding.len(), explained.rows.len() - 1, "a tree holds them");
    for edge in explained.holding.iter().chain(&explained.against) {
        let sum = outcome.explain(&table, edge.left, edge.right).weight();
        assert!((sum - edge.weight).abs() < 1e-9, "an edge weighs what its bars sum to");
    }
    let split = explained.split.unwrap();
    assert_eq!(split.one, [far], "the row that only a decision ties is the first to leave");
    assert!(split.average < 0.0 && split.crossing == 0);
    let alone = (0..rows.len() as u32)
        .find(|row| outcome.clusters.iter().filter(|leader| **leader == outcome.clusters[*row as usize]).count() == 1)
        .unwrap();
    assert!(outcome.explain_cluster(alone).split.is_none());
}

#[test]
fn two_systems_with_codes_and_names_for_one_thing_are_understood() {
    let towns = ["Basel", "Bremen", "Linz", "Zug"];
    let codes = ["BS", "HB", "OO", "ZG"];
    let rows = rows(300);
    let mut left = rows.iter().filter(|row| row[0].starts_with('r')).cloned().collect::<Vec<_>>();
    let mut table = {
        let mut right = left.clone();
        for row in &mut right {
            row[0] = row[0].replace('r', "q");
        }
        let split = left.len();
        left.extend(right);
        let mut table = table(&left);
        table.groups[split..].fill(1);
        table.group_names = vec!["a".to_owned(), "b".to_owned()];
        table
    };
    let plants: Vec<String> = (0..left.len())
        .map(|row| {
            let town = (row % 300) * 7 % 4;
            if row < 300 { towns[town] } else { codes[town] }.to_owned()
        })
        .collect();
    table.columns[3] = MatchColumn::from_values("site", MatchConcept::Category, plants.iter().map(String::as_str));
    let outcome = run(&table, &MatchOptions { within_groups: false, ..MatchOptions::default() });
    let level = |left: u32, right: u32| {
        outcome.explain(&table, left, right).bars.into_iter().find(|bar| bar.comparison == "site").unwrap()
    };
    let (same, other) = (level(0, 300), level(0, 301));
    assert_eq!(same.level, "usual counterpart");
    assert_eq!(other.level, "different");
    assert!(same.weight > 0.5 && other.weight < -1.0, "{same:?} {other:?}");
}
