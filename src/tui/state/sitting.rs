//! How is this sitting going: how many, how fast, how long still?

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::impact::Tally;
use crate::review::Verdict;

/// A pause longer than this does not count as work.
const PAUSE_SECONDS: i64 = 120;

/// Pace is measured over the last verdicts, so that it follows the person.
const WINDOW: usize = 30;

/// What was done in this sitting, also before the program was last started.
#[derive(Debug, Clone, Default)]
pub struct Sitting {
    /// Verdicts given and not taken back.
    pub decided: u64,
    /// Those that said `same`.
    pub same: u64,
    /// Those that said `different` or named a relation.
    pub apart: u64,
    /// Those that said `unsure`.
    pub unsure: u64,
    /// Pairs passed over.
    pub skipped: u64,
    /// How many verdicts the person set out to give; None without a goal.
    pub goal: Option<u64>,
    /// What the verdicts changed, all together.
    pub tally: Tally,
    /// What each verdict changed, so that an undo can take it back.
    effects: FxHashMap<u32, Tally>,
    moments: Vec<(Timestamp, u64)>,
}

impl Sitting {
    /// Counts verdicts given at one moment.
    pub fn add(&mut self, verdict: Verdict, count: u64, at: Timestamp) {
        self.decided += count;
        *self.bucket(verdict) += count;
        self.moments.push((at, count));
        if self.moments.len() > 4 * WINDOW {
            self.moments.drain(..2 * WINDOW);
        }
    }

    /// Adds what a verdict changed. Another verdict on the same pair takes its place.
    pub fn changed(&mut self, position: u32, change: Tally) {
        self.unchanged(position);
        self.tally.add(&change, 1);
        self.effects.insert(position, change);
    }

    /// Takes away what a verdict changed.
    pub fn unchanged(&mut self, position: u32) {
        if let Some(change) = self.effects.remove(&position) {
            self.tally.add(&change, -1);
        }
    }

    /// Verdicts still to give until the goal is reached; None without a goal.
    #[must_use]
    pub fn to_goal(&self) -> Option<u64> {
        self.goal.map(|goal| goal.saturating_sub(self.decided))
    }

    /// Takes verdicts back.
    pub fn take_back(&mut self, verdict: Verdict, count: u64) {
        self.decided = self.decided.saturating_sub(count);
        let bucket = self.bucket(verdict);
        *bucket = bucket.saturating_sub(count);
    }

    fn bucket(&mut self, verdict: Verdict) -> &mut u64 {
        match verdict {
            Verdict::Same => &mut self.same,
            Verdict::Unsure => &mut self.unsure,
            _ => &mut self.apart,
        }
    }

    /// Verdicts a minute over the last ones, pauses left out; None until there are three.
    #[must_use]
    pub fn per_minute(&self) -> Option<f64> {
        let start = self.moments.len().saturating_sub(WINDOW);
        let recent = self.moments.get(start..)?;
        if recent.len() < 3 {
            return None;
        }
        let mut seconds = 0.0;
        let mut count = 0;
        for pair in recent.windows(2) {
            let gap = pair[1].0.as_millisecond() - pair[0].0.as_millisecond();
            if gap <= PAUSE_SECONDS * 1_000 {
                seconds += gap as f64 / 1_000.0;
                // A batch is one act, however many pairs it closes.
                count += 1;
            }
        }
        (count > 0 && seconds > 0.0).then(|| f64::from(count) * 60.0 / seconds)
    }

    /// Seconds until the queue is empty at this pace.
    #[must_use]
    pub fn seconds_to_go(&self, left: u64) -> Option<u64> {
        self.per_minute().map(|pace| (left as f64 * 60.0 / pace).round() as u64)
    }
}
