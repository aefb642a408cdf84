//! What was acknowledged is there after `kill -9`, at whatever moment it comes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use fourfold::review::{EntryId, Filter, ReviewLog, Target, Verdict};
use rand::{RngExt as _, SeedableRng as _};

use super::support::{TestLog, at, decision, pair};

const LOG: &str = "FOURFOLD_TEST_CRASH_LOG";
const ROUND: &str = "FOURFOLD_TEST_CRASH_ROUND";

/// Not a test by itself: the process that is killed. It names each entry on standard output once it is acknowledged.
#[test]
fn writer_to_be_killed() {
    let Some(path) = std::env::var_os(LOG) else { return };
    let round: u32 = std::env::var(ROUND).unwrap().parse().unwrap();
    let log = ReviewLog::open(Path::new(&path)).unwrap();
    let acknowledge = |id: EntryId| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "ack {id}").unwrap();
        out.flush().unwrap();
    };
    for n in 0.. {
        let verdict = Verdict::ALL[n as usize % Verdict::ALL.len()];
        let entry = log.append(&decision(pair(round, n), verdict, "jo", 0)).unwrap();
        acknowledge(entry.id);
        if n % 3 == 0 {
            acknowledge(log.undo(&Target::Entry(entry.id), "jo", at(1)).unwrap().id);
        }
        if n % 5 == 0 {
            let batch: Vec<_> = (0..50).map(|m| decision(pair(n, m), verdict, "jo", 2)).collect();
            for entry in log.append_batch("batch", &batch).unwrap().1 {
                acknowledge(entry.id);
            }
        }
    }
}

#[test]
fn no_acknowledged_entry_is_lost_to_kill_9() {
    let test = TestLog::new();
    let seed = std::env::var("FOURFOLD_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(4);
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let mut acknowledged = Vec::new();
    for round in 0..8_u32 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "--test-threads=1", "review::crash::writer_to_be_killed"])
            .env(LOG, test.path())
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let patience: usize = random.random_range(1..120);
        let mut heard = heard_ids(&mut lines, patience);
        std::thread::sleep(Duration::from_micros(random.random_range(0..4000)));
        child.kill().unwrap();
        child.wait().unwrap();
        heard.extend(heard_ids(&mut lines, usize::MAX));
        assert!(!heard.is_empty(), "round {round} never wrote");
        acknowledged.extend(heard);

        let log = ReviewLog::open(&test.path()).unwrap();
        let report = log.verify(None).unwrap();
        assert!(report.is_intact(), "round {round}: {report:?}");
        let entries = log.history(&Filter { limit: usize::MAX, ..Filter::default() }).unwrap();
        let present: std::collections::HashSet<EntryId> = entries.iter().map(|entry| entry.id).collect();
        for id in &acknowledged {
            assert!(present.contains(id), "round {round}: {id} was acknowledged and is gone");
        }
        let batches: std::collections::HashMap<_, usize> = entries
            .iter()
            .filter_map(|entry| entry.decision()?.batch.clone())
            .fold(std::collections::HashMap::new(), |mut counts, batch| {
                *counts.entry(batch).or_default() += 1;
                counts
            });
        assert!(batches.values().all(|count| *count == 50), "a batch is there whole or not at all");
    }
}

/// The names on the next lines; the test harness may write before the first of them on the same line.
fn heard_ids(lines: &mut impl Iterator<Item = String>, most: usize) -> Vec<EntryId> {
    lines.filter_map(|line| line.split("ack ").nth(1).and_then(|id| EntryId::parse(id.trim()))).take(most).collect()
}
