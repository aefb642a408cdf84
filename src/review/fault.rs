//! Why did `SQLite` refuse, and what does the reader do about it?

use std::path::Path;

use crate::error::{Error, ErrorKind};

/// What went wrong inside a transaction: `SQLite`'s word, which may be worth another try, or ours, which is final.
pub(super) enum Fault {
    Sql(sqlx::Error),
    Ours(Error),
}

impl From<sqlx::Error> for Fault {
    fn from(cause: sqlx::Error) -> Self {
        Self::Sql(cause)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Fault {
    /// The primary result code: 517 (`SQLITE_BUSY_SNAPSHOT`) and its kin all end in 5 (`SQLITE_BUSY`).
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Sql(sqlx::Error::Database(cause)) => {
                cause.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
            }
            _ => None,
        }
    }

    pub fn is_busy(&self) -> bool {
        matches!(self.code(), Some(5 | 6))
    }

    pub fn into_error(self, path: &Path, doing: &str) -> Error {
        let code = self.code();
        let cause = match self {
            Self::Ours(error) => return error,
            Self::Sql(cause) => cause,
        };
        let message = format!("cannot {doing} the review log {}", path.display());
        match code {
            Some(5 | 6) => Error::new(ErrorKind::Locked, format!("{message}: another program is writing to it"))
                .hint("Nothing was written. Try again when the other program has finished."),
            Some(8) => Error::new(ErrorKind::Log, format!("{message}: it cannot be written"))
                .hint("Check the permissions of the file and of its directory, or work with `--read-only`."),
            Some(11 | 26) => Error::new(ErrorKind::Log, format!("{message}: the file is damaged or no review log"))
                .hint("Restore it from a backup, or move it away and `fourfold log import` the last export."),
            Some(13) => Error::new(ErrorKind::Log, format!("{message}: the disk is full"))
                .hint("Nothing was written. Free some space and try again."),
            Some(14) => Error::new(ErrorKind::Log, format!("{message}: the file cannot be opened"))
                .hint("Check that the directory exists and may be written."),
            _ => Error::new(ErrorKind::Log, message),
        }
        .because(cause)
    }
}
