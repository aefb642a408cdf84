//! Where did the person stop, and what did they set out to do?
//!
//! What was decided is in the review log; this is the little beside it: the pair that was looked at, the filter, the
//! goal, the panel. It is written after every change, so that a kill loses none of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::state::State;
use super::state::review::Panel;

/// What is kept from one start to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The id of the pair that was looked at.
    pub pair: Option<String>,
    /// The filter in force.
    pub filter: String,
    /// How many verdicts the person set out to give.
    pub goal: Option<u64>,
    /// The panel below the fields.
    pub panel: Panel,
    /// Whether the queue beside the pair is hidden.
    pub hide_list: bool,
}

impl Memory {
    /// What is worth keeping of a state; None while it is not known yet.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let review = &state.review;
        if !review.decisions_known || review.resuming.is_some() {
            return None;
        }
        let pair = review.current().map(|pair| pair.row.key.id());
        let before = state.remembered.as_ref().and_then(|memory| memory.pair.clone());
        Some(Self {
            // While the pair is being loaded the last one stays.
            pair: pair.or(before),
            filter: review.filter.as_ref().map(|filter| filter.typed.clone()).unwrap_or_default(),
            goal: review.sitting.goal,
            panel: review.panel,
            hide_list: review.hide_list,
        })
    }

    /// The file beside a snapshot.
    #[must_use]
    pub fn beside(snapshot: &Path) -> PathBuf {
        snapshot.with_file_name("sitting.json")
    }

    /// Reads what is kept for a reviewer; what cannot be read is forgotten, since nothing depends on it.
    #[must_use]
    pub fn read(path: &Path, reviewer: &str) -> Option<Self> {
        all(path).remove(reviewer)
    }

    /// Writes it whole or not at all; what cannot be written is forgotten. What is kept for other reviewers stays.
    pub fn write(&self, path: &Path, reviewer: &str) {
        let mut kept = all(path);
        kept.insert(reviewer.to_owned(), self.clone());
        let Ok(text) = serde_json::to_string(&kept) else { return };
        let beside = path.with_extension(format!("json.{}.part", std::process::id()));
        if std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)).is_err() {
            let _ = std::fs::remove_file(&beside);
            tracing::debug!("the place in the queue could not be kept at {}", path.display());
        }
    }
}

fn all(path: &Path) -> BTreeMap<String, Memory> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
