//! Which decisions were made on facts that have changed since, and which facts?

use rustc_hash::FxHashMap;
use serde::Serialize;
use sqlx::Row as _;

use futures_util::TryStreamExt as _;

use crate::error::Result;
use crate::ident::PairKey;
use crate::resolve::graph::ComparedField;

use super::chain::{read_anchors, value_hash};
use super::decision::Verdict;
use super::effective::{Effective, Opinion, Standing};
use super::row::damaged;
use super::store::ReviewLog;

/// A decision to ask again. It stays in force until somebody answers: what a person said is not dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reopened {
    /// The two records.
    pub pair: PairKey,
    /// What was said last.
    pub verdict: Verdict,
    /// Who said it.
    pub reviewer: String,
    /// Its row in this file.
    pub seq: i64,
    /// What has changed, in the order of the screen.
    pub changed: Vec<ChangedField>,
}

/// A field that is no longer what the reviewer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedField {
    /// The concept or column.
    pub field: String,
    /// Whether the left record's value changed.
    pub left: bool,
    /// Whether the right record's value changed.
    pub right: bool,
}

impl ReviewLog {
    /// The standing decisions whose compared fields have changed, in the order of [`Effective::standings`].
    ///
    /// `current` gives a pair's fields as they are now, spelled as they were when the decision was appended; `None`
    /// when a record is gone, which asks nothing. A field that is no longer compared asks nothing either.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn reopened(
        &self,
        effective: &Effective,
        current: &dyn Fn(&PairKey) -> Option<Vec<ComparedField>>,
    ) -> Result<Vec<Reopened>> {
        let latest: FxHashMap<i64, (usize, Standing<'_>, Opinion<'_>)> = effective
            .standings()
            .enumerate()
            .filter_map(|(place, standing)| {
                standing.opinions().last().map(|opinion| (opinion.seq, (place, standing, opinion)))
            })
            .collect();
        let mut found = self.read("read", &async |connection| {
            let mut found = Vec::new();
            let mut rows =
                sqlx::query("SELECT seq, fields, salt FROM entry NOT INDEXED WHERE fields IS NOT NULL ORDER BY seq")
                    .fetch(connection);
            while let Some(row) = rows.try_next().await? {
                let seq: i64 = row.try_get(0)?;
                let Some((place, standing, opinion)) = latest.get(&seq) else { continue };
                let Some(pair) = standing.pair() else { continue };
                let Some(now) = current(&pair) else { continue };
                let salt: Option<&[u8]> = row.try_get(2)?;
                let changed = changed_fields(row.try_get(1)?, salt.unwrap_or_default(), &now)
                    .ok_or_else(|| damaged(seq, "its compared fields"))?;
                if !changed.is_empty() {
                    let (verdict, reviewer) = (opinion.verdict, opinion.reviewer.to_owned());
                    found.push((*place, Reopened { pair, verdict, reviewer, seq, changed }));
                }
            }
            Ok(found)
        })?;
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, reopened)| reopened).collect())
    }
}

/// The fields whose values no longer have the hashes kept; `None` if these cannot be read.
fn changed_fields(kept: &str, salt: &[u8], now: &[ComparedField]) -> Option<Vec<ChangedField>> {
    let changed = read_anchors(kept)?.into_iter().filter_map(|anchor| {
        let field = now.iter().find(|field| field.field == anchor.field)?;
        let left = value_hash(salt, &field.field, &field.left) != anchor.left;
        let right = value_hash(salt, &field.field, &field.right) != anchor.right;
        (left || right).then_some(ChangedField { field: anchor.field, left, right })
    });
    Some(changed.collect())
}
