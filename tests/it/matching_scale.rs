//! The data path of the matcher: what is read, normalised and streamed is the same however it is cut into parts.

use std::collections::BTreeSet;
use std::fmt::Write;

use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::matching::compare::slips::{may_be_alike, slips};
use fourfold::resolve::matching::{
    MatchColumn, MatchConcept, MatchOptions, MatchOutcome, MatchTable, match_table, read,
};
use fourfold::resolve::normalise::{company_key, company_name};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A CSV text longer than several of the stretches it is read in, with every kind of quoted cell.
fn long_csv(seed: u64, rows: usize) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut text = "id,name,note,town\n".to_owned();
    for row in 0..rows {
        let note = match random.random_range(0..9) {
            0 => "\"two\nlines, one cell\"".to_owned(),
            1 => "\"said \"\"no\"\" twice\"".to_owned(),
            2 => "6\" pipe".to_owned(),
            3 => "\"\"".to_owned(),
            4 => "\"\"\"\n\"\"\"".to_owned(),
            5 => "  spaced  ".to_owned(),
            6 => "Zürich, ".trim_end_matches(", ").to_owned(),
            7 => format!("\"{}\"", "long ".repeat(random.random_range(1..400))),
            _ => random.random_range(0..50u32).to_string(),
        };
        let ending = if row % 7 == 0 { "\r\n" } else { "\n" };
        let _ = write!(text, "r{row},name {},{note},\"town {}\"{ending}", row % 911, row % 13);
    }
    text
}

#[test]
fn a_long_file_is_read_as_the_csv_library_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    for seed in 0..4 {
        let text = long_csv(seed, 9000);
        std::fs::write(&path, &text).unwrap();
        let table = read::read_table(&path).unwrap();
        let expected: Vec<csv::StringRecord> =
            csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap();
        assert_eq!(table.rows(), expected.len());
        for (row, record) in expected.iter().enumerate() {
            assert_eq!(&table.ids[row], &record[0]);
            for (at, column) in table.columns.iter().enumerate() {
                assert_eq!(column.text(row), record[at + 1].trim(), "row {row}, column {}", column.name);
            }
        }
    }
}

#[test]
fn a_row_of_the_wrong_width_far_down_is_named_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    let mut text = "id,name\n".to_owned();
    for row in 0..90_000 {
        let _ = writeln!(text, "{row},someone");
    }
    text.push_str("90000,one,too many\n");
    std::fs::write(&path, &text).unwrap();
    let message = read::read_table(&path).unwrap_err().message;
    assert!(message.contains("bad.csv, line 90002"), "{message}");
}

const WORDS: [&str; 34] = [
    "Acme",
    "acme",
    "The",
    "Müller",
    "GmbH",
    "G.m.b.H.",
    "Inc",
    "Inc.",
    "S.r.l.",
    "B.V.",
    "Holdings",
    "Intl",
    "&",
    "Co.",
    "KG",
    "AG",
    "SiemensAG",
    "O'Neil",
    "A",
    "T",
    "3M",
    "dba",
    "formerly",
    "(formerly Bolt)",
    "- EMEA",
    ", Germany",
    ", LLC",
    "OOO",
    "Romashka",
    "and",
    "N.V",
    "Société",
    "A-B",
    "&amp;",
];

fn slow_key(text: &str) -> String {
    let name = company_name(text);
    let core: Vec<&str> =
        name.core.iter().map(|word| fourfold::resolve::normalise::company::common_word(word)).collect();
    let core = core.join(" ");
    if name.legal_form.is_empty() { core } else { format!("{core}|{}", name.legal_form) }
}

/// People of few names and towns, so that blocks are crowded; every third has a copy with a slip.
fn crowd(rows: usize, seed: u64) -> Vec<[String; 6]> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut made: Vec<[String; 6]> = Vec::new();
    while made.len() < rows {
        let number = made.len();
        let word = |random: &mut ChaCha8Rng, many: u32| format!("na{}me", random.random_range(0..many));
        let town = random.random_range(0..9u32);
        let row = [
            format!("r{number}"),
            word(&mut random, 40),
            word(&mut random, 120),
            format!("19{}-0{}-1{}", random.random_range(50..70u32), random.random_range(1..9u32), town),
            format!("town{town}"),
            // Everybody in one company: a key that names nobody.
            format!(
                "person{}@{}",
                random.random_range(0..rows),
                if number.is_multiple_of(3) { "big.example" } else { "b.example" }
            ),
        ];
        if random.random_range(0..3) == 0 {
            let mut copy = row.clone();
            copy[0] = format!("c{number}");
            copy[random.random_range(1..4usize)].push('x');
            made.push(copy);
        }
        made.push(row);
    }
    made
}

fn table(rows: &[[String; 6]]) -> MatchTable {
    let mut table = MatchTable::new(rows.iter().map(|row| row[0].clone()).collect::<Vec<String>>(), "people");
    let concepts = [
        MatchConcept::GivenName,
        MatchConcept::FamilyName,
        MatchConcept::Date,
        MatchConcept::City,
        MatchConcept::Email,
    ];
    for (at, concept) in concepts.into_iter().enumerate() {
        let values = rows.iter().map(|row| row[at + 1].as_str());
        table.columns.push(MatchColumn::from_values(concept.name(), concept, values));
    }
    table
}

fn run(table: &MatchTable, options: &MatchOptions) -> MatchOutcome {
    match_table(table, options, &Silent, &CancelToken::new()).unwrap()
}

/// The candidate pairs with their weights, told by ids.
fn told(table: &MatchTable, outcome: &MatchOutcome) -> BTreeSet<(String, String, i64)> {
    outcome
        .pairs
        .iter()
        .map(|pair| {
            let (one, other) = (table.ids[pair.left as usize].to_owned(), table.ids[pair.right as usize].to_owned());
            (one.clone().min(other.clone()), one.max(other), (pair.weight * 1e6).round() as i64)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]
    #[test]
    fn blocks_show_each_pair_once_in_any_order_on_any_threads(seed in 0u64..1000) {
        let rows = crowd(2600, seed);
        let first = table(&rows);
        let plain = run(&first, &MatchOptions { threads: 1, ..MatchOptions::default() });
        prop_assert!(plain.passes.len() > 2, "blocks, not every pair: {:?}", plain.passes);
        let mut turned = rows.clone();
        turned.reverse();
        turned.rotate_left(777);
        let second = table(&turned);
        let other = run(&second, &MatchOptions { threads: 3, ..MatchOptions::default() });
        prop_assert_eq!(plain.candidates, other.candidates);
        prop_assert_eq!(told(&first, &plain), told(&second, &other));
        let distinct: BTreeSet<(u32, u32)> = plain.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        prop_assert_eq!(distinct.len(), plain.pairs.len());
        for pair in plain.pairs.iter().step_by(17) {
            prop_assert!((plain.explain(&first, pair.left, pair.right).weight() - pair.weight).abs() < 1e-9);
        }
    }

    /// Pairs that cannot reach the floor are given up early: what stays must be what a full look finds.
    #[test]
    fn giving_up_early_loses_no_pair_above_the_floor(seed in 0u64..1000) {
        let rows = crowd(2000, seed);
        let table = table(&rows);
        let usual = run(&table, &MatchOptions::default());
        let all = run(&table, &MatchOptions { floor: 0.0, ..MatchOptions::default() });
        prop_assert_eq!(all.pairs.len() as u64, all.candidates);
        let above: Vec<(u32, u32)> = all
            .pairs.iter().filter(|pair| pair.probability >= 0.01).map(|pair| (pair.left, pair.right)).collect();
        let kept: Vec<(u32, u32)> = usual.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        prop_assert_eq!(above, kept);
    }
}

proptest! {
    #[test]
    fn the_short_path_to_a_company_key_gives_the_same_key(parts in proptest::collection::vec(0..WORDS.len(), 1..7)) {
        let name = parts.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" ").replace(" ,", ",");
        let mut key = String::new();
        company_key(&name, &mut key);
        prop_assert_eq!(&key, &slow_key(&name), "{}", name);
    }

    #[test]
    fn slips_are_the_alignment_distance_where_it_is_small(left in "[abc]{0,7}", right in "[abc]{0,7}", most in 1usize..3) {
        let whole = rapidfuzz::distance::osa::distance(left.bytes(), right.bytes());
        prop_assert_eq!(slips(&left, &right, most), whole.min(most + 1), "{} {}", left, right);
    }

    #[test]
    fn what_may_not_be_alike_is_not(left in "[a-e]{0,9}", right in "[a-e]{0,9}") {
        let alike = rapidfuzz::distance::jaro_winkler::similarity(left.bytes(), right.bytes());
        for least in [0.8, 0.88, 0.92] {
            prop_assert!(alike < least || may_be_alike(&left, &right, least), "{} {}: {}", left, right, alike);
        }
    }
}
