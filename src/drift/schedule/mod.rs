//! How does a run happen every week without anybody thinking of it?
//!
//! Each unit takes every step, writes the report and fails when something asks for attention. Two runs never overlap: the
//! workspace's lock names its owner, and each scheduler is told besides.

mod airflow;
mod cron;
mod github;
mod quote;
mod systemd;

pub use airflow::airflow;
pub use cron::cron;
pub use github::github;
pub use systemd::{Units, systemd};

use crate::error::{Error, Result};

/// When and where to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The workspace.
    pub root: String,
    /// The program.
    pub program: String,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute, 0 to 59.
    pub minute: u8,
    /// The day of the week, Sunday being 0; every day when absent.
    pub weekday: Option<u8>,
    /// Where the workspace lies inside its git repository; empty at its top, and where there is none.
    pub subdirectory: String,
    /// The environment variable with the warehouse's URL, where the workspace needs one.
    pub url_env: Option<String>,
}

/// The days as schedulers write them.
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Plan {
    /// Checks that nothing in it could end a line of a unit.
    ///
    /// # Errors
    /// `Config` when a path has a line break or another control character.
    pub fn check(&self) -> Result<()> {
        for text in [&self.root, &self.program, &self.subdirectory] {
            if text.chars().any(char::is_control) {
                return Err(Error::config("a path with a control character cannot be scheduled")
                    .hint("move the workspace to a path without line breaks"));
            }
        }
        if self.subdirectory.contains("${{") {
            return Err(Error::config(format!("GitHub would read {:?} as an expression", self.subdirectory))
                .hint("move the workspace to a directory without ${{ in its name"));
        }
        let variable = self.url_env.as_deref().unwrap_or("X");
        let fits = variable.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
        if variable.is_empty() || !fits || variable.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Error::config(format!("{variable:?} is no name of an environment variable")));
        }
        Ok(())
    }

    /// The five fields of cron.
    fn cron_fields(&self) -> String {
        let day = self.weekday.map_or_else(|| "*".to_owned(), |day| day.to_string());
        format!("{} {} * * {day}", self.minute, self.hour)
    }
}

/// A day of the week by its English name or the beginning of it.
#[must_use]
pub fn weekday(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    DAYS.iter().position(|day| word.starts_with(&day.to_lowercase())).map(|day| day as u8)
}
