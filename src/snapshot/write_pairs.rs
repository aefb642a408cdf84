//! How are the candidate pairs written?

use super::data::{PairBody, QueuedPair};
use super::write::{SnapshotWriter, cut, json};
use crate::error::Result;
use crate::resolve::graph::PairStatus;

/// Pairs held at once while writing.
const BATCH: usize = 2_000;

/// Whether the pair stands in the queue: resolution left it to a person, or something else asks for it, such as the
/// random draw.
pub(super) fn is_asked(pair: &QueuedPair) -> bool {
    !pair.reason.is_empty() && (pair.pair.status == PairStatus::Review || pair.reason != "uncertain")
}

/// The number of a pair in the snapshot: the 16 hexadecimal digits of its id.
pub(super) fn pair_number(id: &str) -> i64 {
    u64::from_str_radix(id.trim_start_matches('p'), 16).unwrap_or(0) as i64
}

impl SnapshotWriter {
    /// Writes pairs in the order they come: first the queue, then those that are not asked. May be called several
    /// times.
    ///
    /// # Errors
    /// As [`Snapshot::write`](super::Snapshot::write).
    pub fn pairs<'a>(&mut self, pairs: impl IntoIterator<Item = &'a QueuedPair>) -> Result<()> {
        let mut batch = Vec::with_capacity(BATCH);
        for pair in pairs {
            batch.push(pair);
            if batch.len() == BATCH {
                self.pair_batch(&batch)?;
                batch.clear();
            }
        }
        self.pair_batch(&batch)
    }

    fn pair_batch(&mut self, batch: &[&QueuedPair]) -> Result<()> {
        let mut rows = Vec::with_capacity(batch.len());
        for pair in batch {
            let position = i64::from(self.pairs_written);
            self.pairs_written += 1;
            if is_asked(pair) {
                self.queue_length = self.pairs_written;
                self.groups.count(pair);
                self.lines.push(pair);
            }
            rows.push((position, *pair, json(&body(pair))?));
        }
        self.insert("INSERT INTO pairs VALUES", 22, &rows, |query, (position, queued, _)| {
            let pair = &queued.pair;
            let (left, right) = (&pair.key.left, &pair.key.right);
            query
                .bind(*position)
                .bind(pair_number(&pair.key.id()))
                .bind(pair.kind.as_str())
                .bind(left.source.0.clone())
                .bind(left.table.clone())
                .bind(left.pk.clone())
                .bind(right.source.0.clone())
                .bind(right.table.clone())
                .bind(right.pk.clone())
                .bind(pair.weight)
                .bind(pair.probability)
                .bind(pair.status.as_str())
                .bind(pair.rule.clone())
                .bind(queued.priority)
                .bind(queued.money)
                .bind(queued.currency.clone())
                .bind(queued.reason.clone())
                .bind(queued.left_entity.0.clone())
                .bind(queued.right_entity.0.clone())
                .bind(cut(&queued.left_label))
                .bind(cut(&queued.right_label))
                .bind(i64::from(queued.cluster))
        })?;
        self.write_lines(false)?;
        self.insert("INSERT INTO pair_bodies VALUES", 2, &rows, |query, (position, _, body)| {
            query.bind(*position).bind(body.clone())
        })
    }
}

fn body(queued: &QueuedPair) -> PairBody {
    let mut fields = queued.pair.fields.clone();
    for field in &mut fields {
        field.left = cut(&field.left);
        field.right = cut(&field.right);
    }
    let mut waterfall = queued.pair.waterfall.clone();
    for bar in &mut waterfall.bars {
        bar.left = cut(&bar.left);
        bar.right = cut(&bar.right);
    }
    PairBody {
        waterfall,
        fields,
        left_note: queued.left_note.clone(),
        right_note: queued.right_note.clone(),
        evidence: queued.evidence.clone(),
        reopened: queued.reopened.clone(),
    }
}
