//! How does work run beside the screen: one thread a lane, one job after the other, never two writers?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::input::Wake;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::CancelToken;
use crate::snapshot::SnapshotReader;
use crate::tui::event::{Answer, Event};

/// A thread that does one job after the other.
pub(super) struct Lane<Job> {
    jobs: Option<Sender<(Job, CancelToken)>>,
    running: Mutex<CancelToken>,
    /// Whether a new job makes the one before it pointless.
    newest_only: bool,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl<Job: Send + 'static> Lane<Job> {
    /// Starts a lane. `work` turns a job into an answer; should it panic, `rescue` says what to answer.
    pub(super) fn start(
        name: &str,
        newest_only: bool,
        events: &Sender<Wake>,
        mut work: impl FnMut(Job, &CancelToken) -> Option<Answer> + Send + 'static,
        rescue: impl Fn(&Job) -> Option<Answer> + Send + 'static,
    ) -> Self {
        let (jobs, waiting) = channel::<(Job, CancelToken)>();
        let events = events.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Ok((job, cancel)) = waiting.recv() {
                if cancel.is_cancelled() {
                    continue;
                }
                let fallback = rescue(&job);
                let answer = catch_unwind(AssertUnwindSafe(|| work(job, &cancel))).unwrap_or(fallback);
                if let Some(answer) = answer
                    && events.send(Wake::Event(Event::Answer(answer))).is_err()
                {
                    return;
                }
            }
        });
        Self { jobs: Some(jobs), running: Mutex::new(CancelToken::new()), newest_only, thread: thread.ok() }
    }

    /// Hands a job over. Never waits.
    pub(super) fn send(&self, job: Job) {
        let token = CancelToken::new();
        if self.newest_only {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.cancel();
            *running = token.clone();
        }
        if let Some(jobs) = &self.jobs {
            // A lane that has ended ended with the program.
            let _ = jobs.send((job, token));
        }
    }

    /// Waits until every job handed over is done.
    pub(super) fn finish(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The snapshot that every lane reads: the same one, or none.
#[derive(Clone)]
pub(super) struct Library {
    path: PathBuf,
    /// Which opening it is; grows when a newer run is loaded.
    epoch: Arc<AtomicU64>,
    /// The run that was opened. A lane that finds another one must not mix the two.
    run: Arc<Mutex<String>>,
}

/// One lane's way into the snapshot.
pub(super) struct Shelf {
    library: Library,
    open: Option<(u64, SnapshotReader)>,
}

impl Library {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, epoch: Arc::new(AtomicU64::new(0)), run: Arc::default() }
    }

    pub(super) fn shelf(&self) -> Shelf {
        Shelf { library: self.clone(), open: None }
    }

    /// The run that was opened last.
    fn run(&self) -> String {
        self.run.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shelf {
    /// Where the snapshot is.
    pub(super) fn path(&self) -> &Path {
        &self.library.path
    }

    /// The run that is shown.
    pub(super) fn run(&self) -> String {
        self.library.run()
    }

    /// Opens the newest snapshot, for this lane and, from now on, for all.
    pub(super) fn open_newest(&mut self) -> Result<&SnapshotReader> {
        self.open = None;
        let reader = SnapshotReader::open(&self.library.path)?;
        let run = identity(&reader)?;
        *self.library.run.lock().unwrap_or_else(PoisonError::into_inner) = run;
        let epoch = self.library.epoch.fetch_add(1, Ordering::SeqCst) + 1;
        let (_, reader) = self.open.insert((epoch, reader));
        Ok(reader)
    }

    /// The snapshot that is shown.
    pub(super) fn reader(&mut self) -> Result<&SnapshotReader> {
        let epoch = self.library.epoch.load(Ordering::SeqCst);
        if self.open.as_ref().is_none_or(|(opened, _)| *opened != epoch) {
            self.open = None;
            let reader = SnapshotReader::open(&self.library.path)?;
            if identity(&reader)? != self.library.run() {
                return Err(Error::new(ErrorKind::Locked, "a newer run was published meanwhile")
                    .hint("ctrl-r loads it; your decisions stay"));
            }
            self.open = Some((epoch, reader));
        }
        match &self.open {
            Some((_, reader)) => Ok(reader),
            None => Err(Error::internal("the snapshot is not open")),
        }
    }
}

/// What tells one run from another.
pub(super) fn identity(reader: &SnapshotReader) -> Result<String> {
    let run = reader.run()?;
    Ok(format!("{}|{}|{}", run.id, run.finished_at, reader.pair_count()))
}
