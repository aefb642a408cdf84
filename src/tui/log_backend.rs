//! How does the terminal UI reach the review log and the engine of a real workspace?

use std::path::Path;

use jiff::Timestamp;

use super::backend::{Backend, Change, TraceView};
use crate::error::{Error, ErrorKind, Result};
use crate::ident::{EntityId, PairKey, RecordKey};
use crate::impact::Proposal;
use crate::progress::CancelToken;
use crate::review::{Effective, Entry, Filter, NewDecision, ReviewLog, Target, Verdict};

/// Walks a cell back to its rows; the engine hands one in.
pub type Tracer = Box<dyn Fn(&EntityId, &str, u64, &CancelToken) -> Result<TraceView> + Send + Sync>;

/// Takes over what decisions say about the weights; the engine hands one in.
pub type Calibrator = Box<dyn Fn(&Proposal, &str, Timestamp) -> Result<String> + Send + Sync>;

/// The backend of a real workspace: its review log, and the engine's walk.
pub struct LogBackend {
    log: Option<ReviewLog>,
    tracer: Option<Tracer>,
    calibrator: Option<Calibrator>,
}

impl LogBackend {
    /// Opens the log for reading and writing, and makes it when it is not there.
    ///
    /// # Errors
    /// As [`ReviewLog::open`].
    pub fn open(log: &Path) -> Result<Self> {
        Ok(Self { log: Some(ReviewLog::open(log)?), tracer: None, calibrator: None })
    }

    /// Opens the log for reading; without a log there are simply no decisions.
    ///
    /// # Errors
    /// As [`ReviewLog::open_read_only`], but for a log that does not exist.
    pub fn open_read_only(log: &Path) -> Result<Self> {
        match ReviewLog::open_read_only(log) {
            Ok(log) => Ok(Self { log: Some(log), tracer: None, calibrator: None }),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Self { log: None, tracer: None, calibrator: None }),
            Err(error) => Err(error),
        }
    }

    /// Adds the walk back to the rows.
    #[must_use]
    pub fn with_tracer(mut self, tracer: Tracer) -> Self {
        self.tracer = Some(tracer);
        self
    }

    /// Adds what takes over calibrated weights.
    #[must_use]
    pub fn with_calibrator(mut self, calibrator: Calibrator) -> Self {
        self.calibrator = Some(calibrator);
        self
    }

    fn log(&self) -> Result<&ReviewLog> {
        self.log.as_ref().filter(|log| log.is_writable()).ok_or_else(|| {
            Error::new(ErrorKind::Log, "the review log is open for reading only")
                .hint("start again without `--read-only` to decide")
        })
    }

    /// What a target is about, with the verdicts that stand after it was changed.
    fn change(log: &ReviewLog, target: &Target) -> Result<Change> {
        let entries = match target {
            Target::Entry(id) => vec![log.find(&id.to_string())?],
            Target::Batch(batch) => {
                let filter =
                    Filter { batch: Some(batch.clone()), decisions_only: true, limit: usize::MAX, ..Filter::default() };
                log.history(&filter)?
            }
        };
        let mut pairs: Vec<PairKey> =
            entries.iter().filter_map(|entry| entry.decision().and_then(|decision| decision.pair.clone())).collect();
        let what = match (pairs.len(), entries.first().and_then(Entry::decision)) {
            (1, Some(decision)) => decision.verdict.as_str().to_owned(),
            (count, _) => format!("{count} verdicts"),
        };
        pairs.sort();
        let pairs = pairs.into_iter().map(|pair| Ok((pair.clone(), standing(log, pair)?))).collect::<Result<_>>()?;
        Ok(Change { pairs, what })
    }
}

/// The newest verdict on a pair that is in force.
fn standing(log: &ReviewLog, pair: PairKey) -> Result<Option<Verdict>> {
    let filter = Filter { pair: Some(pair), decisions_only: true, limit: 50, ..Filter::default() };
    let entries = log.history(&filter)?;
    Ok(entries.iter().find(|entry| !entry.undone).and_then(Entry::decision).map(|decision| decision.verdict))
}

impl Backend for LogBackend {
    fn trace(&self, entity: &EntityId, field: &str, offset: u64, cancel: &CancelToken) -> Result<TraceView> {
        match &self.tracer {
            Some(tracer) => tracer(entity, field, offset, cancel),
            None => Err(Error::new(ErrorKind::Warehouse, "no warehouse is connected")
                .hint("what is shown comes from the last run; `fourfold trace` walks to the rows")),
        }
    }

    fn append(&self, decision: &NewDecision) -> Result<Entry> {
        self.log()?.append(decision)
    }

    fn append_batch(&self, name: &str, decisions: &[NewDecision]) -> Result<()> {
        self.log()?.append_batch(name, decisions).map(drop)
    }

    fn undo(&self, target: Option<&Target>, reviewer: &str, at: Timestamp) -> Result<Option<Change>> {
        let log = self.log()?;
        let latest = match target {
            Some(target) => Some(target.clone()),
            None => log.undoable(reviewer)?,
        };
        let Some(target) = latest else { return Ok(None) };
        log.undo(&target, reviewer, at)?;
        Self::change(log, &target).map(Some)
    }

    fn redo(&self, reviewer: &str, at: Timestamp) -> Result<Option<Change>> {
        let log = self.log()?;
        let Some(target) = log.redoable(reviewer)? else { return Ok(None) };
        log.redo(&target, reviewer, at)?;
        Self::change(log, &target).map(Some)
    }

    fn skip(&self, pair: &PairKey, reviewer: &str, at: Timestamp) -> Result<()> {
        self.log()?.skip(pair, reviewer, at).map(drop)
    }

    fn reveal_logged(&self, record: &RecordKey, field: &str, reviewer: &str, at: Timestamp) -> Result<()> {
        self.log()?.reveal(record, field, reviewer, at).map(drop)
    }

    fn accept(&self, proposal: &Proposal, reviewer: &str, at: Timestamp) -> Result<String> {
        self.log()?;
        match &self.calibrator {
            Some(calibrator) => calibrator(proposal, reviewer, at),
            None => Err(Error::config("this workspace keeps no calibration")),
        }
    }

    fn effective(&self) -> Result<Effective> {
        self.log.as_ref().map_or_else(|| Ok(Effective::default()), ReviewLog::effective)
    }

    fn log_page(&self, filter: &Filter) -> Result<Vec<Entry>> {
        self.log.as_ref().map_or_else(|| Ok(Vec::new()), |log| log.history(filter))
    }
}
