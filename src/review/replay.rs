//! How do a million entries become what stands, in a second or two?
//!
//! Decisions are read a thousand at a time, each as one short line: fetched row by row they take four times as long.
//! Who and what come from `context`, which has few rows. Order is by tick, then by what the entry says, so that logs
//! merged in either order replay alike.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::{Row as _, SqliteConnection};

use crate::error::Result;
use crate::ident::PairKey;

use super::decision::{Stratum, Verdict};
use super::effective::{Effective, NOBODY, StoredOpinion, Voice};
use super::fault::Fault;
use super::pairs::Pairs;
use super::row::{damaged, kind_of, pair_subject};
use super::store::ReviewLog;
use super::toggles::{Toggles, toggles};
use super::tombstone::{Erasure, Tombstones};

/// The next thousand entries after a row, one a line: row, tick, context and pair; and the last row among them. No pair
/// holds a line break: JSON spells it `\n`.
const PAGE: &str = "SELECT group_concat(line, char(10)), max(seq) FROM (SELECT seq, seq || ' ' || tick || ' ' || context \
    || ' ' || subject AS line FROM entry NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT 1000)";

/// The same for the entries on one pair.
const LINES_OF: &str = "SELECT group_concat(seq || ' ' || tick || ' ' || context || ' ' || subject, char(10)) FROM entry \
    WHERE subject = ?";

/// A decision on its way to becoming an opinion.
struct Vote {
    tick: i64,
    seq: i64,
    voice: u32,
    pair: u32,
}

impl ReviewLog {
    /// Replays the log: what stands now.
    ///
    /// # Errors
    /// `Log` if the log cannot be read or a row cannot be understood.
    pub fn effective(&self) -> Result<Effective> {
        self.read("replay", &async |connection| {
            let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM entry").fetch_one(&mut *connection).await?;
            let mut replay = Replay::begin(connection, usize::try_from(rows).unwrap_or_default()).await?;
            let mut after = 0_i64;
            loop {
                let (lines, last): (Option<String>, Option<i64>) =
                    sqlx::query_as(PAGE).bind(after).fetch_one(&mut *connection).await?;
                replay.take(lines.as_deref().unwrap_or_default(), after)?;
                match last {
                    Some(last) => after = last,
                    None => return Ok(replay.finish()),
                }
            }
        })
    }

    /// Replays the entries on some pairs alone: what stands for these, without the cost of a long log.
    ///
    /// # Errors
    /// As [`effective`](Self::effective).
    pub fn effective_of(&self, pairs: &[PairKey]) -> Result<Effective> {
        self.read("replay", &async |connection| {
            let mut replay = Replay::begin(connection, pairs.len()).await?;
            for subject in pairs.iter().map(pair_subject).collect::<BTreeSet<String>>() {
                let lines: Option<String> =
                    sqlx::query_scalar(LINES_OF).bind(subject).fetch_one(&mut *connection).await?;
                replay.take(lines.as_deref().unwrap_or_default(), 0)?;
            }
            Ok(replay.finish())
        })
    }
}

/// A replay under way.
struct Replay {
    effective: Effective,
    votes: Vec<Vote>,
    toggles: Toggles,
    /// The voice of each context.
    voices: FxHashMap<i64, u32>,
    /// Voices whose whole batch is undone.
    silent: FxHashSet<u32>,
}

impl Replay {
    async fn begin(connection: &mut SqliteConnection, room: usize) -> Result<Self, Fault> {
        let toggles = toggles(connection).await?;
        let (contexts, voices) = voices(connection).await?;
        let silent = (0_u32..).zip(&contexts).filter(|(_, voice)| toggles.batch_is_undone(&voice.batch));
        let silent = silent.map(|(number, _)| number).collect();
        let tombstones = tombstones(connection).await?;
        let effective = Effective { tombstones, contexts, pairs: Pairs::with_capacity(room), ..Effective::default() };
        Ok(Self { effective, votes: Vec::with_capacity(room), toggles, voices, silent })
    }

    /// Takes entries, one a line, that came after a row.
    fn take(&mut self, lines: &str, after: i64) -> Result<()> {
        for line in lines.lines() {
            let (seq, tick, context, subject) = read_line(line).ok_or_else(|| damaged(after + 1, "its page"))?;
            let Some(voice) = self.voices.get(&context).copied() else { continue };
            let batch = &self.effective.contexts[voice as usize].batch;
            if !self.toggles.entry_is_undone(seq, batch).unwrap_or_else(|| self.silent.contains(&voice)) {
                let pair = self.effective.pairs.intern(subject).ok_or_else(|| damaged(seq, "its number"))?;
                self.votes.push(Vote { tick, seq, voice, pair });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Effective {
        if !self.votes.is_sorted_by(|one, other| one.tick < other.tick) {
            restore_order(&mut self.effective, &mut self.votes);
        }
        count(&mut self.effective, &self.votes);
        self.effective
    }
}

fn read_line(line: &str) -> Option<(i64, i64, i64, &str)> {
    let mut parts = line.splitn(4, ' ');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (seq, tick, context) = (number()?, number()?, number()?);
    Some((seq, tick, context, parts.next()?))
}

/// Puts decisions of several logs in the one order they all agree on, and numbers the pairs by it.
fn restore_order(effective: &mut Effective, votes: &mut [Vote]) {
    let Effective { pairs, contexts, .. } = effective;
    let key = |vote: &Vote| {
        let voice = &contexts[vote.voice as usize];
        (&voice.reviewer, pairs.get(vote.pair), voice.verdict, voice.settles)
    };
    votes.sort_by(|one, other| one.tick.cmp(&other.tick).then_with(|| key(one).cmp(&key(other))));
    let mut in_order = Pairs::with_capacity(pairs.len());
    for vote in votes.iter_mut() {
        let text = pairs.get(vote.pair).unwrap_or_default();
        vote.pair = in_order.intern(text).unwrap_or_default();
    }
    effective.pairs = in_order;
}

/// Keeps each reviewer's latest vote on each pair.
fn count(effective: &mut Effective, votes: &[Vote]) {
    effective.first = vec![NOBODY; effective.pairs.len()];
    effective.opinions = Vec::with_capacity(votes.len());
    let Effective { first, opinions, contexts, .. } = effective;
    let reviewer = |voice: u32| &contexts[voice as usize].reviewer;
    for (rank, vote) in (0_u32..).zip(votes) {
        let mut opinion = StoredOpinion { seq: vote.seq, rank, voice: vote.voice, next: NOBODY };
        let mut at = first[vote.pair as usize];
        while let Some(known) = opinions.get(at as usize).copied() {
            if known.voice == vote.voice || reviewer(known.voice) == reviewer(vote.voice) {
                opinion.next = known.next;
                break;
            }
            at = known.next;
        }
        if at == NOBODY {
            opinion.next = first[vote.pair as usize];
            first[vote.pair as usize] = opinions.len() as u32;
            opinions.push(opinion);
        } else {
            opinions[at as usize] = opinion;
        }
    }
}

/// Who decided what, and which context says it.
async fn voices(connection: &mut SqliteConnection) -> Result<(Vec<Voice>, FxHashMap<i64, u32>), Fault> {
    let rows = sqlx::query(
        "SELECT id, reviewer, kind, verdict, stratum, settles, batch, rule FROM context WHERE action = 'decide' \
         ORDER BY id",
    )
    .fetch_all(connection)
    .await?;
    let (mut voices, mut numbers) = (Vec::with_capacity(rows.len()), FxHashMap::default());
    for row in rows {
        let id: i64 = row.try_get(0)?;
        let kind = kind_of(row.try_get(2)?).ok_or_else(|| damaged(id, "the kind in its context"))?;
        let verdict = Verdict::parse(row.try_get(3)?).ok_or_else(|| damaged(id, "the verdict in its context"))?;
        let stratum = Stratum::parse(row.try_get(4)?).ok_or_else(|| damaged(id, "the stratum in its context"))?;
        numbers.insert(id, voices.len() as u32);
        voices.push(Voice {
            reviewer: row.try_get(1)?,
            kind,
            verdict,
            stratum,
            settles: row.try_get(5)?,
            batch: row.try_get(6)?,
            rule: row.try_get(7)?,
        });
    }
    Ok((voices, numbers))
}

/// What the erasures left behind.
pub(super) async fn tombstones(connection: &mut SqliteConnection) -> Result<Tombstones, Fault> {
    let mut tombstones = Tombstones::default();
    for (seq, erasure) in erasures(connection).await? {
        tombstones.add(&erasure).ok_or_else(|| damaged(seq, "its tombstones"))?;
    }
    Ok(tombstones)
}

/// Every erasure with its row.
pub(super) async fn erasures(connection: &mut SqliteConnection) -> Result<Vec<(i64, Erasure)>, Fault> {
    let rows = sqlx::query(
        "SELECT entry.seq, entry.detail FROM context CROSS JOIN entry ON entry.context = context.id \
         WHERE context.action = 'erase' ORDER BY entry.seq",
    )
    .fetch_all(connection)
    .await?;
    let mut erasures = Vec::with_capacity(rows.len());
    for row in rows {
        let seq: i64 = row.try_get(0)?;
        let detail: Option<String> = row.try_get(1)?;
        let erasure = serde_json::from_str(detail.as_deref().unwrap_or_default());
        erasures.push((seq, erasure.map_err(|cause| damaged(seq, "its list of entries").because(cause))?));
    }
    Ok(erasures)
}
