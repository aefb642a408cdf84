//! How much of planted drift is told, and how much is told that is none?
//!
//! The demo's second week is made for several seeds and strengths, and as weeks in which nothing goes wrong, with and
//! without growth. What the chart alone can see is compared, which is every type that is planted: recall and precision by
//! type. `SEEDS=10 cargo bench --bench drift` looks at more companies. The bars: recall at least 0.95 on clear drift, at
//! most one false finding a week on harmless weeks; the program fails when one is missed.

#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fourfold::config::{Config, DriftSettings};
use fourfold::demo::{self, DemoOptions, Strength, Week};
use fourfold::drift::baseline::Baseline;
use fourfold::drift::cause::group;
use fourfold::drift::detect::{Comparison, detect};
use fourfold::drift::measure::{foreign_keys, tables_of};
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::files::{LoadOptions, load_directory_with};
use fourfold::warehouse::{DuckDb, DuckDbOptions};

const SOURCES: [(&str, &str); 5] = [
    ("product", "product"),
    ("salesforce", "crm"),
    ("stripe_us", "billing"),
    ("stripe_eu", "billing"),
    ("zendesk", "support"),
];
const WEEK: i64 = 7 * 86_400;

/// Kind, source, table, column.
type Place = [String; 4];

/// What is told of one type.
#[derive(Default)]
struct Tally {
    planted: usize,
    found: usize,
    told: usize,
    right: usize,
}

fn main() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let accounts: usize = std::env::var("ACCOUNTS").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let mut tallies: BTreeMap<Strength, BTreeMap<String, Tally>> = BTreeMap::new();
    let mut weeks = 0;
    let mut harmless: Vec<(String, usize)> = Vec::new();
    for seed in 1..=seeds {
        let options = DemoOptions { accounts, seed, ..DemoOptions::default() };
        let mut first = None;
        for (strength, growth) in [
            (Strength::Clear, 0),
            (Strength::Faint, 0),
            (Strength::Gross, 0),
            (Strength::Harmless, 0),
            (Strength::Harmless, 15),
        ] {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let data = directory.path().join("data");
            let week = Week { strength, growth };
            demo::generate_with(&data, &options, week, &Silent, &CancelToken::new()).expect("the demo is made");
            let as_of =
                options.today.to_zoned(jiff::tz::TimeZone::UTC).expect("a day").timestamp().as_second() + 6 * 3600;
            let before = first.get_or_insert_with(|| baseline(&data.join("week1"), as_of, "1"));
            let now = baseline(&data.join("week2"), as_of + WEEK, "2");
            let settings = DriftSettings::default();
            let findings = detect(&Comparison { before, now: &now, past: &[], settings: &settings, reopened: 0 });
            let truth = truth(&data.join("truth/drift.csv"));
            let causes = group(findings.clone());
            if strength == Strength::Harmless {
                weeks += 1;
                harmless
                    .extend(causes.iter().map(|cause| (format!("seed {seed}, growth {growth} %: {}", cause.title), 1)));
                continue;
            }
            let told: BTreeSet<Place> = findings
                .iter()
                .map(|finding| {
                    [
                        finding.kind.as_str().to_owned(),
                        finding.source.clone(),
                        finding.table.clone(),
                        finding.column.clone(),
                    ]
                })
                .collect();
            let by_type = tallies.entry(strength).or_default();
            for place in &truth {
                let tally = by_type.entry(place[0].clone()).or_default();
                tally.planted += 1;
                tally.found += usize::from(told.contains(place));
                if strength >= Strength::Clear && !told.contains(place) {
                    println!("seed {seed}, {strength:?}: not told: {}", place.join(" "));
                }
            }
            for cause in &causes {
                let first = &cause.findings[0];
                let right = cause.findings.iter().any(|finding| {
                    truth.contains(&[
                        finding.kind.as_str().to_owned(),
                        finding.source.clone(),
                        finding.table.clone(),
                        finding.column.clone(),
                    ])
                });
                let tally = by_type.entry(first.kind.as_str().to_owned()).or_default();
                tally.told += 1;
                tally.right += usize::from(right);
                if !right {
                    println!("seed {seed}, {strength:?}: told and not planted: {}", cause.title);
                }
            }
        }
    }
    report(&tallies, weeks, &harmless);
}

fn report(tallies: &BTreeMap<Strength, BTreeMap<String, Tally>>, weeks: usize, harmless: &[(String, usize)]) {
    let mut failed = false;
    for (strength, by_type) in tallies {
        println!(
            "\n{strength:?} drift\n{:<18} {:>8} {:>8} {:>8} {:>10}",
            "type", "planted", "told", "recall", "precision"
        );
        let (mut planted, mut found, mut told, mut right) = (0, 0, 0, 0);
        let share = |part: usize, all: usize| {
            if all == 0 { "-".to_owned() } else { format!("{:.2}", part as f64 / all as f64) }
        };
        for (kind, tally) in by_type {
            println!(
                "{kind:<18} {:>8} {:>8} {:>8} {:>10}",
                tally.planted,
                tally.found,
                share(tally.found, tally.planted),
                share(tally.right, tally.told)
            );
            planted += tally.planted;
            found += tally.found;
            told += tally.told;
            right += tally.right;
        }
        println!("{:<18} {planted:>8} {found:>8} {:>8} {:>10}", "all", share(found, planted), share(right, told));
        if *strength >= Strength::Clear && (found as f64) < 0.95 * planted as f64 {
            failed = true;
        }
    }
    println!("\n{} false causes in {weeks} harmless weeks", harmless.len());
    for (title, _) in harmless {
        println!("  {title}");
    }
    if harmless.len() > weeks {
        failed = true;
    }
    if failed {
        println!("a bar is missed");
        std::process::exit(1);
    }
}

/// What the chart of one week's exports keeps.
fn baseline(directory: &Path, as_of: i64, run: &str) -> Baseline {
    let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).expect("an embedded engine");
    let cancel = CancelToken::new();
    load_directory_with(&warehouse, directory, &LoadOptions::default(), &Silent, &cancel).expect("the week is loaded");
    let sources = SOURCES.map(|(name, surface)| format!("[sources.{name}]\nsurface = \"{surface}\"\n"));
    let config = Config::parse(&sources.concat(), "fourfold.toml").expect("the configuration is read");
    let chart = fourfold::chart::chart(&warehouse, &config, &Silent, &cancel).expect("the week is charted");
    Baseline {
        run_id: run.to_owned(),
        engine: "duckdb".to_owned(),
        as_of,
        tables: tables_of(&chart.map, &chart.keys),
        joins: foreign_keys(&chart.map, &chart.foreign_keys),
        ..Baseline::default()
    }
}

fn truth(path: &Path) -> Vec<Place> {
    let mut reader = csv::Reader::from_path(path).expect("the truth is there");
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row of the truth");
            [0, 1, 2, 3].map(|at| record.get(at).unwrap_or_default().to_owned())
        })
        .collect()
}
