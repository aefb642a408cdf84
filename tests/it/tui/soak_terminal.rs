//! Random keys, random sizes and `kill -9` at random moments on a real terminal: nothing that was shown as decided is
//! lost, the log stays whole, and the next start knows all of it.
//!
//! `FOURFOLD_SOAK=100000 cargo test ... -- kills_at_random_moments` presses so many keys.

use std::time::Duration;

use fourfold::review::ReviewLog;
use fourfold::snapshot::Snapshot;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::company::company;
use super::terminal::Terminal;

/// Anything but leaving and going to the background.
const KEYS: &[&str] = &[
    "a", "a", "x", "u", " ", "c\x1b[C", "b\x1b[D", "s1", "z", "Z", "nnote\r", "w", "e", "i", "p", "m", "B\x1b", "Ba\r",
    "v\r", "v\x1b", "K\x1b", "t20\r", "l", "2", "y", "r", "R", "L", "[", "]", "/nor\r", "/\x15\r", "\x1b", ":un\x1b",
    "?j ", "1", "2", "3", "4", "2", "j", "k", "g", "G", "\t", "\r", "\x1b[A", "\x1b[B", "\x1b[6~", "\x1b[5~", "T",
    "\x0c", "\x12",
];

/// Keys that only add: what the screen says after them must be in the log.
const DECIDING: &[&str] = &["a", "x", "u", "j"];

fn keys_wanted() -> usize {
    std::env::var("FOURFOLD_SOAK").ok().and_then(|keys| keys.parse().ok()).unwrap_or(360)
}

/// The number before ` decided` on the screen.
fn decided(text: &str) -> Option<usize> {
    let before = text.split(" decided").next()?;
    let digits = |character: &char| character.is_ascii_digit() || *character == ' ';
    let number: String = before.chars().rev().take_while(digits).collect();
    let number: String = number.chars().rev().filter(char::is_ascii_digit).collect();
    text.contains(" decided").then(|| number.parse().ok()).flatten()
}

struct Log {
    pairs: usize,
    entries: usize,
}

fn log(terminal: &Terminal) -> Log {
    let log = ReviewLog::open_read_only(&terminal.directory.path().join("review.sqlite")).unwrap();
    let report = log.verify(None).unwrap();
    assert!(report.is_intact(), "{report:?}");
    Log { pairs: log.effective().unwrap().len(), entries: report.entries }
}

#[test]
fn kills_at_random_moments_lose_nothing() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let directory = tempfile::tempdir().unwrap();
    Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(300)).unwrap();
    let mut terminal = Terminal::start_in(directory);
    let (mut pressed, mut kills, mut entries) = (0, 0, 0);
    let wanted = keys_wanted();
    while pressed < wanted {
        terminal.wait("fourfold");
        let round = random.random_range(60..180.max(wanted / 40));
        for _ in 0..round {
            if random.random_range(0..30) == 0 {
                terminal.resize(random.random_range(20..220), random.random_range(5..60));
            }
            terminal.press(KEYS.choose(&mut random).unwrap());
            if random.random_range(0..8) == 0 {
                std::thread::sleep(Duration::from_millis(random.random_range(0..20)));
            }
            pressed += 1;
        }
        // Out of whatever is open, to the queue, and some verdicts that only add.
        terminal.resize(100, 30);
        terminal.press("\x1b\x1b\x1b\x1b");
        std::thread::sleep(Duration::from_millis(120));
        terminal.press("2");
        for _ in 0..random.random_range(3..9) {
            terminal.press(DECIDING.choose(&mut random).unwrap());
            pressed += 1;
        }
        std::thread::sleep(Duration::from_millis(random.random_range(0..60)));
        assert!(terminal.child.try_wait().unwrap().is_none(), "it ended by itself:\n{}", terminal.text());
        let shown = decided(&terminal.text());
        terminal.signal("KILL");
        terminal.leave();
        kills += 1;
        let now = log(&terminal);
        assert!(now.entries >= entries, "entries were lost: {} of {entries}", now.entries);
        entries = now.entries;
        if let Some(shown) = shown {
            assert!(
                now.pairs >= shown,
                "{shown} were shown as decided, {} are in the log:\n{}",
                now.pairs,
                terminal.text()
            );
        }
        let Terminal { directory, .. } = terminal;
        terminal = Terminal::start_in(directory);
        terminal.wait("source map");
        terminal.press("2");
        let known = format!("{} decided", now.pairs);
        terminal.until(&known, |text| decided(text) == Some(now.pairs));
    }
    println!("{pressed} keys, {kills} kills, {entries} entries in the log");
    terminal.press("\x1b\x1bq");
    terminal.leave();
}
