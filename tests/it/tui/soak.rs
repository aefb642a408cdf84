//! Random keys and random sizes: no panic, no lost decision.

use std::time::{Duration, Instant};

use fourfold::review::ReviewLog;
use fourfold::tui::event::Event;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::company::company;
use super::drive::Drive;

/// Every key that does something, the deciding ones more often. Leaving is left out.
const KEYS: &[&str] = &[
    "a",
    "a",
    "x",
    "x",
    "u",
    "<space>",
    "c",
    "b",
    "s",
    "z",
    "Z",
    "n",
    "w",
    "e",
    "i",
    "B",
    "v",
    "p",
    "m",
    "K",
    "t",
    "l",
    "o",
    "y",
    "r",
    "R",
    "t",
    "L",
    "[",
    "]",
    "/",
    ":",
    "?",
    "1",
    "2",
    "2",
    "2",
    "3",
    "4",
    "5",
    "6",
    "j",
    "k",
    "h",
    "g",
    "G",
    "<tab>",
    "<backtab>",
    "<enter>",
    "<enter>",
    "<esc>",
    "<esc>",
    "<up>",
    "<down>",
    "<left>",
    "<right>",
    "<pageup>",
    "<pagedown>",
    "<backspace>",
    "<ctrl-r>",
    "T",
    "M",
    "<ctrl-l>",
    "7",
    "ü",
];

#[test]
fn random_keys_and_sizes_do_no_harm() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let mut drive = Drive::new(&company(60), (80, 24), "mono");
    // `FOURFOLD_SOAK=100000` presses so many, however long it takes.
    let wanted: Option<u64> = std::env::var("FOURFOLD_SOAK").ok().and_then(|keys| keys.parse().ok());
    let until = Instant::now() + Duration::from_secs(8);
    let began = Instant::now();
    let mut pressed = 0_u64;
    let mut before = None;
    while wanted.map_or(Instant::now() < until, |wanted| pressed < wanted) {
        if random.random_range(0..40) == 0 {
            let size = (random.random_range(0..220), random.random_range(0..70));
            drive.event(Event::Resize(size.0, size.1));
        }
        let key = KEYS.choose(&mut random).unwrap();
        let name = if *key == "<space>" { " " } else { key };
        drive.keys(name);
        drive.outside.clear();
        pressed += 1;
        if pressed == 2_000 {
            before = resident();
        }
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("{pressed} keys in {:?}, {before} MB after 2 000 of them, {after} MB at the end", began.elapsed());
        // The review log itself grows by every verdict; beside it memory must stay where it is.
        assert!(after < before + 60 + pressed / 5_000, "memory grew from {before} to {after} MB");
    }
    assert!(pressed > 500, "only {pressed} keys in the time given");
    drive.keys("<esc><esc><esc>");
    assert!(drive.state.storing.is_empty() && drive.state.review.pending.is_empty());
    let log = ReviewLog::open_read_only(&drive.log).unwrap();
    assert!(log.verify(None).unwrap().is_intact());
    // What the screen counts as decided is what stands in the log, pair by pair.
    let effective = log.effective().unwrap();
    let shown: usize = drive.state.review.verdicts.len();
    assert_eq!(shown, effective.len(), "after {pressed} keys");
    for standing in effective.standings() {
        let pair = standing.pair().unwrap();
        let row = drive
            .state
            .review
            .verdicts
            .values()
            .filter(|given| standing.opinions().last().is_some_and(|last| last.verdict == given.verdict));
        assert!(row.count() > 0, "{pair:?}");
    }
}

/// Resident memory in MB, where the system tells it.
pub fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_000)
}
