//! When did a run begin, how did it end, and what did it cost?
//!
//! Written down before the first step, so that a run that is killed is visible to the next one. A drift file that cannot be
//! written stops nobody's run: it is said, and the run goes on without.

use std::time::Instant;

use super::run::RunOutcome;
use crate::config::Workspace;
use crate::drift::store::{DriftStore, Outcome, RunRecord};
use crate::error::{ErrorKind, Result};
use crate::progress::Progress;

/// The entry of a run that is under way.
pub(super) struct Journal {
    store: Option<DriftStore>,
    record: RunRecord,
    clock: Instant,
    processor: Option<f64>,
}

impl Journal {
    /// Writes down that a run begins.
    pub(super) fn begin(
        workspace: &Workspace,
        run_id: &str,
        started: jiff::Timestamp,
        command: &str,
        progress: &dyn Progress,
    ) -> Self {
        let record = RunRecord::begin(run_id, started, command);
        let opened = DriftStore::open(&workspace.drift()).and_then(|store| store.put_run(&record).map(|()| store));
        let store = match opened {
            Ok(store) => Some(store),
            Err(error) => {
                let hint = error.hints.first().map_or(String::new(), |hint| format!("; {hint}"));
                progress.note(&format!("{}: this run leaves no baseline{hint}", error.message));
                None
            }
        };
        Self { store, record, clock: Instant::now(), processor: processor_seconds() }
    }

    /// The drift file; None when it cannot be written.
    pub(super) fn store(&self) -> Option<&DriftStore> {
        self.store.as_ref()
    }

    /// Writes down how it ended.
    pub(super) fn end(mut self, outcome: &Result<RunOutcome>, progress: &dyn Progress) {
        let record = &mut self.record;
        record.finished = Some(jiff::Timestamp::now().to_string());
        record.seconds = Some(self.clock.elapsed().as_secs_f64());
        record.processor_seconds = processor_seconds().zip(self.processor).map(|(now, before)| now - before);
        match outcome {
            Ok(outcome) => {
                record.tables = Some(outcome.counts.tables as u64);
                record.rows = Some(outcome.counts.rows);
                record.outcome = if outcome.is_frozen() { Outcome::Frozen } else { Outcome::Published };
                if let Some(report) = outcome.drift.as_ref().filter(|_| outcome.is_frozen()) {
                    let broken: Vec<String> =
                        report.broken.iter().map(|broken| format!("{}: {}", broken.what, broken.why)).collect();
                    record.message = broken.join("; ");
                }
            }
            Err(error) => {
                record.outcome = if error.kind == ErrorKind::Cancelled { Outcome::Cancelled } else { Outcome::Failed };
                record.message.clone_from(&error.message);
            }
        }
        if let Some(store) = &self.store
            && let Err(error) = store.put_run(&self.record)
        {
            progress.note(&error.message);
        }
    }
}

/// Processor time that this process has used, where the system tells it (Linux, in hundredths of a second).
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in parentheses and may hold blanks.
    let after = text.rsplit_once(')')?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
