//! How far is a long task, and has anyone asked it to stop?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// A shared flag that asks a long task to stop at its next safe point.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token nobody has pulled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A token over a flag that something else raises, such as a signal handler.
    #[must_use]
    pub fn sharing(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }

    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether someone asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Call at every safe point.
    ///
    /// # Errors
    /// `Cancelled` once someone asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

/// Where a long task says how far it is. Faces implement it; rooms only call it.
pub trait Progress: Send + Sync {
    /// A new step begins, such as `resolve: compare`.
    fn step(&self, name: &str);
    /// `done` of `total` units of the current step; a total of 0 means unknown.
    fn advance(&self, done: u64, total: u64);
    /// Something worth telling that does not stop the task.
    fn note(&self, text: &str);
}

/// Says nothing: for tests and for callers who do not care.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _name: &str) {}
    fn advance(&self, _done: u64, _total: u64) {}
    fn note(&self, _text: &str) {}
}
