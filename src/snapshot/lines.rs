//! How is a queue of a million pairs searched in a blink?
//!
//! What a search looks at is kept a second time, in few large rows: a thousand pairs each, one a line. Reading them
//! costs a tenth of reading a million rows, and what a search does not look at is not read at all.

use futures_util::TryStreamExt as _;

use super::data::QueuedPair;
use super::groups::between;
use super::read::SnapshotReader;
use super::write::SnapshotWriter;
use crate::error::{Error, Result};
use crate::progress::CancelToken;

/// Pairs in one row.
const BLOCK: usize = 1_000;

/// Longer names are cut for the search.
const LONGEST: usize = 200;

/// What a search looks at, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairLine<'a> {
    /// The place in the queue.
    pub position: u32,
    /// `account` or `person`.
    pub kind: &'a str,
    /// The two sources: `salesforce+stripe_eu`.
    pub sources: &'a str,
    /// What proposed the pair.
    pub rule: &'a str,
    /// Why it is asked.
    pub reason: &'a str,
    /// The number of its cluster.
    pub cluster: &'a str,
    /// Both records in words, and their keys.
    pub text: &'a str,
}

/// Lines on their way to disk.
#[derive(Debug, Default)]
pub(super) struct Lines {
    first: u32,
    count: usize,
    text: String,
    full: Vec<(u32, String)>,
}

impl Lines {
    pub(super) fn push(&mut self, pair: &QueuedPair) {
        let key = &pair.pair.key;
        let parts = [
            pair.pair.kind.as_str(),
            &between(pair),
            &pair.pair.rule,
            &pair.reason,
            &pair.cluster.to_string(),
            &format!("{} | {} {} {}", pair.left_label, pair.right_label, key.left.pk, key.right.pk),
        ]
        .map(plain);
        if self.count > 0 {
            self.text.push('\n');
        }
        self.text.push_str(&parts.join("\t"));
        self.count += 1;
        if self.count == BLOCK {
            self.close();
        }
    }

    fn close(&mut self) {
        if self.count > 0 {
            self.full.push((self.first, std::mem::take(&mut self.text)));
            self.first += self.count as u32;
            self.count = 0;
        }
    }
}

/// In lower case and on one line.
fn plain(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST).collect();
    cut.to_lowercase().replace(|character: char| character.is_control(), " ")
}

impl SnapshotWriter {
    /// Writes full rows of lines; at the end also the last one.
    pub(super) fn write_lines(&mut self, last: bool) -> Result<()> {
        if last {
            self.lines.close();
        }
        let full = std::mem::take(&mut self.lines.full);
        self.insert("INSERT INTO pair_lines VALUES", 2, &full, |query, (first, text)| {
            query.bind(i64::from(*first)).bind(text.clone())
        })
    }
}

impl SnapshotReader {
    /// Shows every pair of the queue to `keep`, in order, and returns the positions of those it keeps.
    ///
    /// # Errors
    /// `Cancelled` when the token was pulled; otherwise as [`run`](Self::run).
    pub fn scan_queue(&self, cancel: &CancelToken, mut keep: impl FnMut(&PairLine<'_>) -> bool) -> Result<Vec<u32>> {
        let mut connection = self.connection();
        let mut kept = Vec::new();
        let done = self.wait(async {
            let mut rows = sqlx::query_as::<_, (u32, String)>("SELECT first, text FROM pair_lines ORDER BY first")
                .fetch(&mut *connection);
            while let Some((first, text)) = rows.try_next().await? {
                for (position, line) in (first..).zip(text.split('\n')) {
                    if cancel.is_cancelled() {
                        return Ok(false);
                    }
                    if read(position, line).is_some_and(|line| keep(&line)) {
                        kept.push(position);
                    }
                }
            }
            Ok(true)
        })?;
        if done { Ok(kept) } else { Err(Error::cancelled()) }
    }
}

fn read(position: u32, line: &str) -> Option<PairLine<'_>> {
    let mut parts = line.splitn(6, '\t');
    let mut next = || parts.next();
    let (kind, sources, rule, reason) = (next()?, next()?, next()?, next()?);
    Some(PairLine { position, kind, sources, rule, reason, cluster: next()?, text: next()? })
}
