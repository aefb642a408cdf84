//! How are effects done at once and in order, without threads? For tests and for measurements.

use std::path::PathBuf;
use std::sync::Arc;

use super::lane::{Library, Shelf};
use super::{answering, around, search, storing};
use crate::progress::CancelToken;
use crate::tui::backend::Backend;
use crate::tui::effect::{Effect, Question};
use crate::tui::event::Answer;
use crate::tui::memory::Memory;

/// The workers' work, done by the caller.
pub struct Direct {
    shelf: Shelf,
    backend: Arc<dyn Backend>,
}

impl Direct {
    /// On a snapshot and a backend.
    #[must_use]
    pub fn new(snapshot: PathBuf, backend: Arc<dyn Backend>) -> Self {
        Self { shelf: Library::new(snapshot).shelf(), backend }
    }

    /// Does a question or a write; None for effects that are about the terminal, and for questions without an answer.
    pub fn perform(&mut self, effect: &Effect) -> Option<Answer> {
        let cancel = CancelToken::new();
        match effect {
            Effect::Store(ticket, write) => {
                Some(storing::store(&mut self.shelf, &*self.backend, *ticket, write.clone()))
            }
            Effect::Ask(question) => match question {
                Question::SearchPairs { .. } | Question::SearchEntities { .. } | Question::Group { .. } => {
                    search::answer(&mut self.shelf, question.clone(), &cancel)
                }
                Question::Decisions | Question::LogPage { .. } => {
                    answering::log(&mut self.shelf, &*self.backend, question.clone())
                }
                Question::Around(_) | Question::Sitting { .. } | Question::Propose => {
                    around::answer(&mut self.shelf, &*self.backend, question.clone(), &cancel)
                }
                Question::Trace { .. } => answering::trace(&*self.backend, question.clone(), &cancel),
                _ => answering::quick(&mut self.shelf, question.clone()),
            },
            Effect::Remember { reviewer, memory } => {
                memory.write(&Memory::beside(self.shelf.path()), reviewer);
                None
            }
            _ => None,
        }
    }
}
