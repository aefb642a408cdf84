//! How do a million entries become what stands, in a second or two?
//!
//! Decisions are read a thousand at a time, each as one short line: fetched row by row they take four times as long. Who
//! and what come from `context`, which has few rows. Order is by tick, then by what the entry says, so that logs merged
//! in either order replay alike.

use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::{Row as _, SqliteConnection};

use crate::error::Result;

use super::decision::{Stratum, Verdict};
use super::effective::{Effective, NOBODY, StoredOpinion, Voice};
use super::link::last_seq;
use super::pairs::Pairs;
use super::row::{damaged, kind_of};
use super::store::{Fault, ReviewLog};
use super::tombstone::{Erasure, Tombstones};

/// Entries in one line-by-line page.
const PAGE: i64 = 1000;

/// The decisions of a page: their row, tick, context and pair. No pair holds a line break: JSON spells it `\n`.
const LINES: &str = "SELECT group_concat(line, char(10)) FROM (SELECT seq || ' ' || tick || ' ' || context || ' ' \
    || subject AS line FROM entry NOT INDEXED WHERE seq > ? AND seq <= ?)";

/// A decision on its way to becoming an opinion.
struct Vote {
    tick: i64,
    seq: i64,
    voice: u32,
    pair: u32,
}

/// Undos and redos that still count, the latest of each target.
#[derive(Default)]
struct Toggles {
    entries: FxHashMap<i64, Toggle>,
    batches: FxHashMap<String, Toggle>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Toggle {
    tick: i64,
    hash: Vec<u8>,
    undo: bool,
}

impl ReviewLog {
    /// Replays the log: what stands now.
    ///
    /// # Errors
    /// `Log` if the log cannot be read or a row cannot be understood.
    pub fn effective(&self) -> Result<Effective> {
        self.read("replay", replay)
    }
}

async fn replay(connection: &mut SqliteConnection) -> Result<Effective, Fault> {
    let toggles = toggles(connection).await?;
    let (contexts, voice_of) = voices(connection).await?;
    let undone_batches: FxHashSet<u32> = (0_u32..)
        .zip(&contexts)
        .filter(|(_, voice)| toggles.batches.get(&voice.batch).is_some_and(|toggle| toggle.undo))
        .map(|(number, _)| number)
        .collect();
    let mut effective = Effective { tombstones: tombstones(connection).await?, contexts, ..Effective::default() };
    let last = last_seq(connection).await?;
    let mut votes = Vec::with_capacity(usize::try_from(last).unwrap_or_default());
    effective.pairs = Pairs::with_capacity(votes.capacity());
    for start in (0..last).step_by(PAGE as usize) {
        let page: Option<String> =
            sqlx::query_scalar(LINES).bind(start).bind(start + PAGE).fetch_one(&mut *connection).await?;
        for line in page.as_deref().unwrap_or_default().lines() {
            let (seq, tick, context, subject) = read_line(line).ok_or_else(|| damaged(start + 1, "its page"))?;
            let Some(voice) = voice_of.get(&context).copied() else { continue };
            let undone = match toggles.entries.get(&seq) {
                None => undone_batches.contains(&voice),
                Some(toggle) => {
                    let batch = &effective.contexts[voice as usize].batch;
                    toggles.batches.get(batch).map_or(toggle, |other| other.max(toggle)).undo
                }
            };
            if !undone {
                let pair = effective.pairs.intern(subject).ok_or_else(|| damaged(seq, "its number"))?;
                votes.push(Vote { tick, seq, voice, pair });
            }
        }
    }
    if !votes.is_sorted_by(|one, other| one.tick < other.tick) {
        restore_order(&mut effective, &mut votes);
    }
    count(&mut effective, &votes);
    Ok(effective)
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

/// The latest undo or redo of each decision and each batch.
async fn toggles(connection: &mut SqliteConnection) -> Result<Toggles, Fault> {
    let rows = sqlx::query(
        "SELECT toggle.tick, toggle.hash, context.action = 'undo', target.seq, context.batch FROM context \
         CROSS JOIN entry AS toggle ON toggle.context = context.id LEFT JOIN entry AS target \
         ON target.hash = toggle.target WHERE context.action IN ('undo', 'redo')",
    )
    .fetch_all(connection)
    .await?;
    let mut toggles = Toggles::default();
    for row in rows {
        let toggle = Toggle { tick: row.try_get(0)?, hash: row.try_get(1)?, undo: row.try_get(2)? };
        let batch: String = row.try_get(4)?;
        match row.try_get::<Option<i64>, _>(3)? {
            Some(seq) => keep_latest(toggles.entries.entry(seq), toggle),
            None if !batch.is_empty() => keep_latest(toggles.batches.entry(batch), toggle),
            // It names a decision of a log that is not here.
            None => {}
        }
    }
    Ok(toggles)
}

fn keep_latest<K>(slot: std::collections::hash_map::Entry<'_, K, Toggle>, toggle: Toggle) {
    slot.and_modify(|known| *known = toggle.clone().max(known.clone())).or_insert(toggle);
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
