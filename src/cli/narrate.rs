//! How is a person told what is going on, without touching standard output?

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::Error;
use crate::progress::Progress;

/// Progress on standard error: one moving line on a terminal, one plain line a step elsewhere.
pub(crate) struct Narrator {
    quiet: bool,
    terminal: bool,
    current: Mutex<Option<(String, Instant, ProgressBar)>>,
}

impl Narrator {
    /// A narrator; a quiet one tells only notes.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, terminal: std::io::stderr().is_terminal(), current: Mutex::new(None) }
    }

    /// Ends the running step's line.
    pub(crate) fn finish(&self) {
        let Ok(mut current) = self.current.lock() else { return };
        if let Some((name, started, bar)) = current.take() {
            bar.finish_and_clear();
            if !self.quiet {
                line(&format!("  {name:<28} {:>7.1} s", started.elapsed().as_secs_f64()));
            }
        }
    }
}

impl Drop for Narrator {
    fn drop(&mut self) {
        if let Ok(mut current) = self.current.lock()
            && let Some((_, _, bar)) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Narrator {
    fn step(&self, name: &str) {
        self.finish();
        let bar = if self.terminal && !self.quiet {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("  {msg:<28} {elapsed:>7} {wide_bar:.dim} {percent:>3}%") {
                bar.set_style(style.progress_chars("━━─"));
            }
            bar.set_message(printable(name));
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        } else {
            ProgressBar::hidden()
        };
        if let Ok(mut current) = self.current.lock() {
            *current = Some((printable(name), Instant::now(), bar));
        }
    }

    fn advance(&self, done: u64, total: u64) {
        if let Ok(current) = self.current.lock()
            && let Some((_, _, bar)) = current.as_ref()
        {
            bar.set_length(total.max(done));
            bar.set_position(done);
        }
    }

    fn note(&self, text: &str) {
        let text = format!("  note: {}", printable(text));
        match self.current.lock() {
            Ok(current) if self.terminal && !self.quiet => match current.as_ref() {
                Some((_, _, bar)) => bar.println(text),
                None => line(&text),
            },
            _ => line(&text),
        }
    }
}

/// Tells an error: what happened, why, what to do next.
pub(crate) fn error(error: &Error) {
    line(&format!("error: {}", printable(&error.message)));
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        line(&format!("  because: {}", printable(inner.to_string().trim())));
        cause = inner.source();
    }
    for hint in &error.hints {
        line(&format!("hint: {}", printable(hint)));
    }
}

/// One line on standard error; a closed standard error is not worth failing for.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Text without control characters, so that names from sources cannot command a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => ' ',
            control if control.is_control() => '\u{fffd}',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            other => other,
        })
        .collect()
}
