//! Which share of the true pairs is among the candidates, and how fast are candidates compared?

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use fourfold::progress::{CancelToken, Progress, Silent};
use fourfold::resolve::matching::{MatchOptions, infer, match_table, read};

/// Matches `records.csv` in a folder with every candidate kept, and counts true pairs by `truth_cluster.csv`.
pub fn reach(folder: &Path, candidates: Option<f64>) -> String {
    let mut table = read::read_table(&folder.join("records.csv")).unwrap();
    infer::infer(&mut table, &[]);
    let mut reader = csv::Reader::from_path(folder.join("truth_cluster.csv")).unwrap();
    let entity_of: HashMap<String, String> =
        reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for entity in entity_of.values() {
        *sizes.entry(entity).or_default() += 1;
    }
    let truth: u64 = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let options = MatchOptions { threads: 1, floor: 0.0, candidates_per_row: candidates, ..MatchOptions::default() };
    let outcome = match_table(&table, &options, &Silent, &CancelToken::new()).unwrap();
    let found = outcome
        .pairs
        .iter()
        .filter(|pair| entity_of[&table.ids[pair.left as usize]] == entity_of[&table.ids[pair.right as usize]])
        .count() as f64;
    // Once more with nothing kept below the usual floor, one step of which is timed.
    let options = MatchOptions { floor: 0.01, ..options };
    let clock = Clock::default();
    let again = match_table(&table, &options, &clock, &CancelToken::new()).unwrap();
    serde_json::json!({
        "rows": table.rows(),
        "candidates": outcome.candidates,
        "candidate_recall": found / truth.max(1) as f64,
        "passes": outcome.passes,
        "pairs_scored_per_second_and_core": again.candidates as f64 / clock.seconds_of("match: compare"),
    })
    .to_string()
}

/// When each step began.
#[derive(Default)]
struct Clock(Mutex<Vec<(String, Instant)>>);

impl Clock {
    /// How long a step took, which is until the next began.
    fn seconds_of(&self, step: &str) -> f64 {
        let steps = self.0.lock().unwrap();
        let at = steps.iter().position(|(name, _)| name == step).unwrap();
        steps[at + 1].1.duration_since(steps[at].1).as_secs_f64()
    }
}

impl Progress for Clock {
    fn step(&self, name: &str) {
        self.0.lock().unwrap().push((name.to_owned(), Instant::now()));
    }

    fn advance(&self, _done: u64, _total: u64) {}

    fn note(&self, _text: &str) {}
}
