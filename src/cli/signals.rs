//! What happens on Ctrl-C?
//!
//! The first one asks the task to stop at its next safe point and stops the running statement; the second one ends the
//! process at once. Nothing half-done is ever published, so both are safe.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::{Context, ErrorKind, Result};
use crate::progress::CancelToken;
use crate::warehouse::Canceller;

/// Watches for Ctrl-C and for a request to terminate while it lives.
pub(crate) struct Interrupts {
    token: CancelToken,
    done: Arc<AtomicBool>,
}

impl Interrupts {
    /// Starts to watch.
    ///
    /// # Errors
    /// `Internal` when the handlers cannot be set.
    pub(crate) fn watch() -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Registered first, so that it runs first and sees the flag as the first signal left it.
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&asked))
                .context(ErrorKind::Internal, || "cannot watch for Ctrl-C".to_owned())?;
            signal_hook::flag::register(signal, Arc::clone(&asked))
                .context(ErrorKind::Internal, || "cannot watch for Ctrl-C".to_owned())?;
        }
        Ok(Self { token: CancelToken::sharing(asked), done: Arc::new(AtomicBool::new(false)) })
    }

    /// The flag that tasks look at.
    pub(crate) fn token(&self) -> CancelToken {
        self.token.clone()
    }

    /// Stops the running statement too when the flag is raised.
    pub(crate) fn stop_statements(&self, canceller: Canceller) {
        let (token, done) = (self.token.clone(), Arc::clone(&self.done));
        std::thread::spawn(move || {
            while !done.load(Ordering::Relaxed) {
                if token.is_cancelled() {
                    canceller();
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        });
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
    }
}
