//! Which lane does what?

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::input::Wake;
use super::lane::{Lane, Library};
use super::{answering, around, search, storing};
use crate::progress::CancelToken;
use crate::tui::backend::Backend;
use crate::tui::effect::{Question, Ticket, Write};
use crate::tui::event::{Answer, Failure};
use crate::tui::memory::Memory;

/// All lanes.
pub(super) struct Workers {
    /// Pages and pairs: a millisecond each.
    quick: Lane<Question>,
    /// Searches over everything: the newest one counts.
    search: Lane<Question>,
    /// The review log, read.
    log: Lane<Question>,
    /// What stands around pairs: a few milliseconds each, more for large entities.
    around: Lane<Question>,
    /// What decisions say about the weights, and what the sitting so far has changed: seconds.
    weights: Lane<Question>,
    /// Where the person stopped, kept for the next start: the newest one counts.
    memory: Lane<(String, Memory)>,
    /// The warehouse, which may take its time.
    trace: Lane<Question>,
    /// The review log, written: the one writer.
    store: Lane<(Ticket, Write)>,
}

impl Workers {
    /// Starts them.
    pub(super) fn start(snapshot: PathBuf, backend: Arc<dyn Backend>, events: &Sender<Wake>) -> Self {
        let library = Library::new(snapshot);
        let fault = |_: &Question| Some(Answer::Note("a fault in fourfold: the log file says more".to_owned()));
        let mut shelf = library.shelf();
        let quick = Lane::start("quick", false, events, move |job, _| answering::quick(&mut shelf, job), fault);
        let mut shelf = library.shelf();
        let search =
            Lane::start("search", true, events, move |job, cancel| search::answer(&mut shelf, job, cancel), fault);
        let (mut shelf, reads) = (library.shelf(), backend.clone());
        let log = Lane::start("log", false, events, move |job, _| answering::log(&mut shelf, &*reads, job), fault);
        let (mut shelf, reads) = (library.shelf(), backend.clone());
        let around = Lane::start(
            "around",
            false,
            events,
            move |job, cancel| around::answer(&mut shelf, &*reads, job, cancel),
            fault,
        );
        let (mut shelf, reads) = (library.shelf(), backend.clone());
        let weights = Lane::start(
            "weights",
            true,
            events,
            move |job, cancel| around::answer(&mut shelf, &*reads, job, cancel),
            fault,
        );
        let kept = Memory::beside(library.shelf().path());
        let keep = move |(reviewer, memory): (String, Memory), _: &CancelToken| {
            memory.write(&kept, &reviewer);
            None
        };
        let memory = Lane::start("memory", true, events, keep, |_| None);
        let walks = backend.clone();
        let trace =
            Lane::start("trace", true, events, move |job, cancel| answering::trace(&*walks, job, cancel), fault);
        let mut shelf = library.shelf();
        let store = Lane::start(
            "store",
            false,
            events,
            move |(ticket, write), _| Some(storing::store(&mut shelf, &*backend, ticket, write)),
            |(ticket, _)| {
                let message = "a fault in fourfold while storing; the log file says more".to_owned();
                let failure = Failure { message, hints: Vec::new(), missing: false };
                Some(Answer::Stored { ticket: *ticket, outcome: Err(failure) })
            },
        );
        Self { quick, search, log, around, weights, memory, trace, store }
    }

    /// Hands a question to its lane.
    pub(super) fn ask(&self, question: Question) {
        match question {
            Question::SearchPairs { .. } | Question::SearchEntities { .. } => self.search.send(question),
            Question::Around(_) | Question::Group { .. } => self.around.send(question),
            Question::Sitting { .. } | Question::Propose => self.weights.send(question),
            Question::Decisions | Question::LogPage { .. } => self.log.send(question),
            Question::Trace { .. } => self.trace.send(question),
            _ => self.quick.send(question),
        }
    }

    /// Keeps where the person is.
    pub(super) fn remember(&self, reviewer: String, memory: Memory) {
        self.memory.send((reviewer, memory));
    }

    /// Hands a write to the writer.
    pub(super) fn store(&self, ticket: Ticket, write: Write) {
        self.store.send((ticket, write));
    }
}

impl Drop for Workers {
    /// What was handed to the writer is written, whatever ends the program.
    fn drop(&mut self) {
        self.store.finish();
        self.memory.finish();
    }
}
